import Glibc

/// What was typed at the prompt, kept between sessions: one JSON object a line, `{"statement": "…"}`, each added with one
/// write, so that several shells can share the file without locking. Private to its owner.
struct HistoryFile {
    private let path: String
    private static let opening = "{\"statement\": "
    /// Bytes of the file's end that a new session recalls.
    private static let recalled = 1_048_576

    /// `nil` where there is no home to keep it in.
    init?(environment: [String: String]) {
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let folder = state ?? environment["HOME"].map({ $0 + "/.local/state" }), folder.hasPrefix("/") else { return nil }
        path = folder + "/opencrate/history.jsonl"
    }

    /// Oldest first. Lines that don't hold a statement are passed over.
    func read() -> [String] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        lseek(descriptor, max(0, size - Self.recalled), SEEK_SET)
        let lines = String(decoding: readAll(descriptor) ?? [], as: UTF8.self).split(separator: "\n")
        return lines.compactMap { line in
            line.hasPrefix(Self.opening) ? JSONText.unquoted(line.dropFirst(Self.opening.count)) : nil
        }
    }

    /// A history that can't be written is no reason to stop anyone's work.
    func add(_ statement: String) {
        var descriptor = openForAppending()
        if descriptor < 0, errno == ENOENT {
            makeFolders()
            descriptor = openForAppending()
        }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        writeAll(Self.opening + JSONText.quoted(statement) + "}\n", to: descriptor)
    }

    private func openForAppending() -> Int32 { open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600) }

    private func makeFolders() {
        for (index, character) in zip(path.indices, path) where character == "/" && index != path.startIndex {
            mkdir(String(path[..<index]), 0o700)
        }
    }
}
