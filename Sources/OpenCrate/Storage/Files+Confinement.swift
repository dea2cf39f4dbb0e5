extension Files {
    /// Refuses what is outside of the working directory, also by way of `..` and links. What a link leads to may change between this look and
    /// its use: it holds scripts back, not other programs.
    func confine(_ full: String, named path: String) throws(CrateError) {
        let root = try canonical(workingDirectory, path)
        let place = try canonical(full, path)
        if (place + "/").utf8.starts(with: (root == "/" ? root : root + "/").utf8) { return }
        throw .invalid(what: "path", reason: "`\(path)` is outside of the project", hint: "with --sandbox only files below the current folder are read and written")
    }

    /// Without links, `.` and `..`. Parts that are not there are taken as they are.
    private func canonical(_ full: String, _ path: String) throws(CrateError) -> String {
        var parts: [Substring] = []
        var rest = Array(full.pathParts().reversed())
        var links = 0
        while let part = rest.popLast() {
            if part == "." { continue }
            if part == ".." {
                parts.removeLast(parts.isEmpty ? 0 : 1)
                continue
            }
            let place = "/" + (parts + [part]).joined(separator: "/")
            let status = try named(path) { () throws(SystemError) in try calls.status(place, followingLinks: false) }
            guard status?.kind == .symbolicLink else {
                parts.append(part)
                continue
            }
            links += 1
            if links > 40 { throw .invalid(what: "path", reason: "`\(path)` goes through too many links", hint: nil) }
            let target = try named(path) { () throws(SystemError) in try calls.readLink(place) }
            if target.isAbsolutePath { parts = [] }
            rest += target.pathParts().reversed()
        }
        return "/" + parts.joined(separator: "/")
    }
}
