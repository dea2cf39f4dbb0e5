import CrateFormats
import CrateValues

/// Files on the disk as members of an archive that is to be written: a list, and who gives their bytes when they are written.
struct Packing {
    let archive: Archive
    let surroundings: Surroundings
}

extension Files {
    /// All that is below `folder`, by paths relative to it.
    func packing(ofFolder folder: String) throws(CrateError) -> Packing {
        let members = try walk(folder).map { $0.member(below: "") }
        return packing(members) { Path.join(folder, $0) }
    }

    /// Files, and folders with all they hold, under the paths given. An absolute path and one that leads upwards give their last part.
    func packing(ofFiles paths: [String]) throws(CrateError) -> Packing {
        var members: [Archive.Member] = []
        var places: [ExactText: String] = [:]
        for path in paths {
            let name = path.isAbsolutePath || path.pathParts().contains("..") ? Path.name(path) : path
            guard let status = try status(path, followingLinks: true) else { throw .notFound(what: "file", path: path, hint: nil) }
            let found =
                status.kind == .directory
                ? try walk(path).map { $0.member(below: name) }
                : [Archive.Member(name, size: status.size, isExecutable: status.permissions & 0o100 != 0, content: .outside)]
            for member in found {
                places[ExactText(member.name)] = status.kind == .directory ? Path.join(path, String(Substring(member.name.utf8.dropFirst(name.utf8.count + 1)))) : path
            }
            members += found
        }
        let table = places
        return packing(members) { table[ExactText($0)] ?? $0 }
    }

    /// - Parameter place: where the file of a member's name is.
    private func packing(_ members: [Archive.Member], _ place: @escaping @Sendable (String) -> String) -> Packing {
        let (directory, system) = (workingDirectory, system)
        var surroundings = Surroundings(neighbour: { (name) throws(FormatError) in
            do throws(CrateError) {
                return try Files(workingDirectory: directory, system: system).read(place(name))
            } catch {
                throw FormatError(.system, "file", "can't be read", at: .member(place(name)))
            }
        })
        surroundings.bytesPacked = system.progress?.bytesPacked
        return Packing(archive: Archive(members: members), surroundings: surroundings)
    }
}

extension TreeEntry {
    fileprivate func member(below folder: String) -> Archive.Member {
        let name = Path.join(folder, path)
        return switch kind {
        case .file: Archive.Member(name, size: size, isExecutable: isExecutable, content: .outside)
        case .folder: Archive.Member(name, .folder)
        case .link(let target): Archive.Member(name, .symbolicLink(target))
        }
    }
}
