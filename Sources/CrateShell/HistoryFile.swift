import Glibc
import LineEditor

/// What was typed at the prompt, kept between sessions: one JSON object a line, `{"statement": "…"}`, each added with one
/// write, so that several shells can share the file without waiting for each other. Private to its owner.
///
/// A file that has grown to its bound is put aside under another name, in place of the one before: what is kept is bounded, and no
/// shell ever rewrites what another one adds to.
struct HistoryFile {
    private let path: String
    private var olderPath: String { path + ".old" }
    private static let opening = "{\"statement\": "
    /// Bytes of a file's end that a new session recalls.
    private static let recalled = 1_048_576
    /// Bytes that a file may grow to.
    private static let bound = 4_194_304

    /// `nil` where there is no home to keep it in, or `CRATE_HISTORY` is `off`.
    init?(environment: [String: String]) {
        if ["off", "0", "no"].contains(environment["CRATE_HISTORY"]) { return nil }
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let folder = state ?? environment["HOME"].map({ $0 + "/.local/state" }), folder.hasPrefix("/") else { return nil }
        path = folder + "/opencrate/history.jsonl"
    }

    /// Oldest first. Lines that don't hold a statement are passed over.
    func read() -> [String] {
        let newer = lines(of: path)
        let bytes = newer.reduce(0) { $0 + $1.utf8.count }
        return ((bytes < Self.recalled ? lines(of: olderPath) : []) + newer).compactMap { line in
            // Of one that was cut, nothing is known.
            line.hasPrefix(Self.opening) && JSONText.isValue(String(line)) ? JSONText.unquoted(line.dropFirst(Self.opening.count)) : nil
        }
    }

    private func lines(of path: String) -> [Substring] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        lseek(descriptor, max(0, size - Self.recalled), SEEK_SET)
        return String(decoding: readAll(descriptor) ?? [], as: UTF8.self).split(separator: "\n")
    }

    /// A history that can't be written is no reason to stop anyone's work. A statement that begins with a blank is not kept.
    func add(_ statement: String) {
        if HistoryFile.isPrivate(statement) { return }
        var descriptor = openForAppending()
        if descriptor < 0, errno == ENOENT {
            makePrivateFolders(above: path)
            descriptor = openForAppending()
        }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        writeAll((endsInLine(descriptor) ? "\n" : "") + Self.opening + JSONText.quoted(statement) + "}\n", to: descriptor)
        if lseek(descriptor, 0, SEEK_END) > Self.bound { putAside(descriptor) }
    }

    /// Whether the person asked for the statement not to be kept.
    static func isPrivate(_ statement: String) -> Bool { statement.first == " " }

    private func openForAppending() -> Int32 { open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600) }

    /// Whether the last line has no end: its writer was killed, the disk was full, or an editor leaves it so.
    private func endsInLine(_ descriptor: Int32) -> Bool {
        var last: UInt8 = 0
        let size = lseek(descriptor, 0, SEEK_END)
        return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
    }

    /// One shell does it: the lock is not waited for, and the file must still be the one that is full.
    private func putAside(_ descriptor: Int32) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
        var (mine, there) = (stat(), stat())
        guard fstat(descriptor, &mine) == 0, stat(path, &there) == 0, mine.st_ino == there.st_ino, mine.st_dev == there.st_dev else { return }
        rename(path, olderPath)
    }
}
