import CrateLanguage
import Glibc
import OpenCrate

/// What a replay needs of the session that it replays.
extension Session {
    /// Of the open version; `nil` before `setup`.
    public var versionName: String? { snapshot?.versionName }

    /// Nanoseconds since 1970, UTC.
    public var now: Int { configuration.system.clock.now() }

    /// Copies what was in the working folder before `time`, without the project's own folders, to `folder`. Links are left out.
    ///
    /// - Parameter most: bytes. False when there are more, and nothing was copied.
    public func copyFolder(to folder: String, before time: Int, most: Int) throws(Failure) -> Bool {
        try throwing { () throws(CrateError) in
            let entries = try files.list(".").filter { entry in
                !entry.isSymbolicLink && entry.modified < Double(time) / 1e9 && !["./snapshots", "./.opencrate"].contains(entry.path)
            }
            var size = 0
            for entry in entries {
                size += entry.isDirectory ? try files.list(entry.path, recursive: true).reduce(0) { $0 + $1.size } : entry.size
                if size > most { return false }
            }
            // Pipes and the like can't be copied; what needs them will say so.
            for entry in entries {
                do throws(CrateError) { try files.copy(entry.path, to: folder + "/" + entry.path) } catch {
                    if case .system(_, _, ECANCELED) = error { throw error }
                }
            }
            return true
        }
    }
}
