import CrateFormats
import CrateValues

extension Files {
    /// What a reader of the file at `path` may reach: files beside it and below, and the file itself.
    func surroundings(of path: String) -> Surroundings {
        let (directory, system, isConfined) = (workingDirectory, system, isConfined)
        return Surroundings(
            neighbour: { (location) throws(FormatError) in
                try Files(workingDirectory: directory, system: system, isConfined: isConfined).neighbour(location, of: path)
            },
            openFile: { () throws(FormatError) in
                do throws(CrateError) { return try Files(workingDirectory: directory, system: system, isConfined: isConfined).openForReading(path) } catch {
                    throw FormatError(.system, "file", "can't be opened again")
                }
            },
            programs: system.programs)
    }

    /// A descriptor, which the caller closes.
    private func openForReading(_ path: String) throws(CrateError) -> Int32 {
        let full = try resolved(path)
        return try named(path) { () throws(SystemError) in try calls.open(full, .read) }
    }

    /// The bytes of the file at `location`, relative to the folder of `path`. Every part is looked at: a link could lead anywhere.
    private func neighbour(_ location: String, of path: String) throws(FormatError) -> Bytes {
        func refusal(_ kind: FormatError.Kind, _ reason: String) -> FormatError {
            FormatError(kind, "file", reason, at: .member(location), hint: kind == .unsafe ? "only files beside it are read" : nil)
        }
        let parts = location.pathParts(keepingEmpty: true)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != ".." }) else { throw refusal(.unsafe, "names a file outside of its folder") }
        var found = Path.parent(path)
        for part in parts {
            found = Path.join(found, String(part))
            switch try? status(found)?.kind {
            case .symbolicLink: throw refusal(.unsafe, "needs a file that is a link")
            case .file, .directory: continue
            default: throw refusal(.malformed, "needs a file that is not there")
            }
        }
        do { return try read(found) } catch { throw refusal(.system, "needs a file that can't be read") }
    }
}
