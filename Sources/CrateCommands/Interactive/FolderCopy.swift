import CrateLanguage
import Glibc
import OpenCrate

/// What lies directly in a folder at one moment, without what the project and unfinished work have there.
public struct FolderState: Sendable {
    fileprivate struct Entry: Equatable {
        let size: Int
        let modified: Double
    }

    fileprivate let entries: [String: Entry]
}

/// What a replay needs of the session that it replays.
extension Session {
    /// Of the open version; `nil` before `setup`.
    public var versionName: String? { snapshot?.versionName }

    /// Of the working folder. `nil` when it holds more than can be looked at before the first prompt.
    public func folderState() -> FolderState? {
        guard let found = try? files.list("."), found.count <= 2000 else { return nil }
        var entries: [String: FolderState.Entry] = [:]
        for file in found where !file.isSymbolicLink && !["./snapshots", "./.opencrate"].contains(file.path) {
            entries[file.path] = .init(size: file.isDirectory ? 0 : file.size, modified: file.modified)
        }
        return FolderState(entries: entries)
    }

    /// Copies what was in the working folder at an earlier moment and was not changed since to `folder`. Links are left out.
    ///
    /// - Parameter most: bytes. False when there are more, and nothing was copied.
    public func copyFolder(to folder: String, asOf state: FolderState, most: Int) throws(Failure) -> Bool {
        let now = folderState()?.entries ?? [:]
        let paths = state.entries.filter { now[$0.key] == $0.value }.keys.sorted()
        return try throwing { () throws(CrateError) in
            var size = 0
            for path in paths {
                size += try files.size(of: path, orFile: state.entries[path]?.size ?? 0)
                if size > most { return false }
            }
            // Pipes and the like can't be copied; what needs them will say so.
            for path in paths {
                do throws(CrateError) { try files.copy(path, to: folder + "/" + path) } catch {
                    if case .system(_, _, ECANCELED) = error { throw error }
                }
            }
            return true
        }
    }
}

extension Files {
    /// Bytes of all files below a folder, or of the file.
    fileprivate func size(of path: String, orFile size: Int) throws(CrateError) -> Int {
        guard try info(path)?.isDirectory == true else { return size }
        return try list(path, recursive: true).reduce(0) { $0 + ($1.isDirectory ? 0 : $1.size) }
    }
}
