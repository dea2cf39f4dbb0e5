import CrateFormats
import CrateValues

/// One line of a version's journal: one operation.
struct JournalEntry {
    enum Operation: String, CaseIterable {
        case save, restore, delete, backup, undo
        /// `setup … replace: true` emptied the version; what was there is kept with its journal.
        case replace
        /// A file was found, not written: by a rebuilt journal, or by `verify` with `adopt`.
        case found
        /// The journal was made anew from the files.
        case rebuilt
        /// Kept states were dropped: all of the lines before it, or the one that it names.
        case collect
    }

    /// Counts from 0.
    var number = 0
    /// Nanoseconds since 1970, UTC.
    var time = 0
    /// Names the run: all operations of one process.
    var run = ""
    var operation: Operation
    var kind: String?
    /// The artifact's name; of a backup the artifact's too.
    var name: String?
    /// What changes, relative to the version's folder: `texts/greeting.txt`.
    var file: String?
    /// `nil` when nothing is there afterwards.
    var state: FileState?
    /// A backup's label.
    var tag: String?
    /// Under which name in `kept` the state before is.
    var kept: String?
    /// The digest of the state before, when the journal knew it.
    var keptDigest: String?
    /// Bytes of the state before. Lines without it are from before drops were journaled: what they kept may be gone.
    var keptSize: Int?
    /// The number of the operation that is taken back.
    var undoes: Int?
    /// Shared by the operations of one transaction.
    var transaction: String?
    /// SHA-256 of the line before, without its newline; of nothing for the first.
    var before = ""

    /// Whether it names `file`: names that differ in how an accent is spelled are two files.
    func isAbout(_ file: String) -> Bool { self.file.map(ExactText.init) == ExactText(file) }

    /// Tells the line from all others.
    var position: String { "\(number) \(before)" }

    init(_ operation: Operation, kind: String? = nil, name: String? = nil, file: String? = nil, tag: String? = nil) {
        self.operation = operation
        self.kind = kind
        self.name = name
        self.file = file
        self.tag = tag
    }
}

extension JournalEntry {
    /// The line, without its newline.
    func line(localTime: Timestamp) throws(CrateError) -> [UInt8] {
        var pairs: [(String, Document)] = [
            ("number", .integer(number)), ("time", .string(localTime.withOffset)), ("at", .integer(time)), ("run", .string(run)),
            ("operation", .string(operation.rawValue)),
        ]
        for (key, text) in [("kind", kind), ("name", name), ("file", file), ("tag", tag), ("kept", kept), ("kept_sha256", keptDigest), ("transaction", transaction)] {
            if let text { pairs.append((key, .string(text))) }
        }
        if let keptSize { pairs.append(("kept_size", .integer(keptSize))) }
        if let undoes { pairs.append(("undoes", .integer(undoes))) }
        if let state {
            pairs += [("size", .integer(state.size)), ("modified", .integer(state.modified)), ("sha256", .string(state.digest))]
        }
        pairs.append(("before", .string(before)))
        do { return try JournalEntry.sealed(pairs) } catch { throw .format(error, path: "journal") }
    }

    /// An object on one line, without its newline, that ends with a check of its own bytes.
    static func sealed(_ pairs: [(String, Document)]) throws(FormatError) -> [UInt8] {
        let sink = MemorySink()
        try JSON.encode(.object(pairs), to: sink)
        let own = sink.array.dropLast()
        return own + Array(#", "check": "\#(check(own))"}"#.utf8)
    }

    /// The first digits of the digest of a line up to its check. The next line's `before` covers a line, too, but the last has none.
    private static func check(_ own: some Swift.Collection<UInt8>) -> Substring { SHA256Digest.hex(of: Array(own)).prefix(8) }

    /// Whether the line's bytes are those that were written.
    static func isSound(_ line: Bytes) -> Bool {
        let bytes = line.array
        let length = #", "check": "00000000"}"#.utf8.count
        guard bytes.count > length else { return false }
        let own = bytes.dropLast(length)
        return bytes.suffix(length).elementsEqual(#", "check": "\#(check(own))"}"#.utf8)
    }

    /// Reads a line; `nil` for one that is torn or not of this form.
    init?(line: Bytes) {
        guard let document = try? JSON.decode(line), case .mapping(let fields) = document, case .string(let word)? = fields["operation"],
            let operation = Operation(rawValue: word), case .integer(let number)? = fields["number"], number >= 0
        else { return nil }
        self.init(operation, kind: fields.text("kind"), name: fields.text("name"), file: fields.text("file"), tag: fields.text("tag"))
        self.number = number
        time = fields.integer("at") ?? 0
        run = fields.text("run") ?? ""
        kept = fields.text("kept")
        keptDigest = fields.text("kept_sha256")
        keptSize = fields.integer("kept_size")
        transaction = fields.text("transaction")
        undoes = fields.integer("undoes")
        before = fields.text("before") ?? ""
        if let size = fields.integer("size"), let modified = fields.integer("modified"), let digest = fields.text("sha256") {
            state = FileState(size: size, modified: modified, digest: digest)
        }
        if !isSafe { return nil }
    }

    /// A journal that was tampered with must not lead outside of its folders.
    private var isSafe: Bool {
        func isPlain(_ name: Substring) -> Bool { !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(0) }
        let parts = file?.pathParts(keepingEmpty: true) ?? []
        return parts.allSatisfy(isPlain) && (file == nil || parts.count == 2) && (kept.map { isPlain($0[...]) && !$0.utf8.contains(UInt8(ascii: "/")) } ?? true)
    }
}

extension Document.Mapping {
    func text(_ key: String) -> String? { if case .string(let text)? = self[key] { text } else { nil } }
    func integer(_ key: String) -> Int? { if case .integer(let number)? = self[key] { number } else { nil } }
}

extension Timestamp {
    /// `2025-11-16T11:44:43.000123+01:00`
    var withOffset: String {
        let offset = time?.offsetMinutes ?? 0
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let microseconds = String((time?.nanosecond ?? 0) / 1000)
        let clock = dayAndTime.split(separator: " ").joined(separator: "T") + "." + String(repeating: "0", count: max(0, 6 - microseconds.utf8.count)) + microseconds
        return clock + (offset < 0 ? "-" : "+") + two(abs(offset) / 60) + ":" + two(abs(offset) % 60)
    }
}

extension JournalEntry {
    /// What every line that names `file` holds, and no other: inside a text the quotes would be escaped.
    static func mark(of file: String) throws(CrateError) -> [UInt8] {
        let sink = MemorySink()
        do { try JSON.encode(.object([("file", .string(file))]), to: sink) } catch { throw .format(error, path: file) }
        return Array(sink.array.dropFirst().dropLast())
    }
}
