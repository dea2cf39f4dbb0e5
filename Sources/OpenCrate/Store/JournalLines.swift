import CrateValues
import Glibc

/// A journal's bytes, looked at line by line. What is after the last newline is not acknowledged.
struct JournalLines {
    let bytes: Bytes
    /// Bytes up to and including the last newline.
    private let end: Int

    init(_ bytes: Bytes) {
        self.bytes = bytes
        end = bytes.withBytes { all in (all.lastIndex(of: JournalLines.newline) ?? -1) + 1 }
    }

    private static let newline = UInt8(ascii: "\n")

    /// Whether a last line was begun and not ended.
    var hasOpenEnd: Bool { end < bytes.count }
    var openEnd: Bytes { bytes.slice(end..<bytes.count) ?? Bytes([]) }
    /// The line that was begun and not ended, when it is whole.
    var pending: JournalEntry? { hasOpenEnd ? JournalEntry(line: endedWrongly ?? openEnd) : nil }

    /// The last line, whole, when another byte than a newline ends it: it was acknowledged, and that byte is damaged.
    var endedWrongly: Bytes? {
        guard hasOpenEnd, let line = bytes.slice(end..<(bytes.count - 1)), JournalEntry.isSound(line) else { return nil }
        return line
    }

    /// All acknowledged lines, first to last, without their newlines.
    var all: [Bytes] {
        var lines: [Bytes] = []
        var start = 0
        while start < end, let stop = lineEnd(from: start) {
            if let line = bytes.slice(start..<stop) { lines.append(line) }
            start = stop + 1
        }
        return lines
    }

    /// All acknowledged lines that can be read, first to last.
    var entries: [JournalEntry] { all.compactMap { JournalEntry(line: $0) } }

    /// The last acknowledged line.
    var last: JournalEntry? { lastLine.flatMap { JournalEntry(line: $0) } }

    private var lastLine: Bytes? {
        guard end > 0 else { return nil }
        let start = bytes.withBytes { all in (all[..<(end - 1)].lastIndex(of: JournalLines.newline) ?? -1) + 1 }
        return bytes.slice(start..<(end - 1))
    }

    var tail: Journal.Tail {
        guard let line = lastLine else { return Journal.Tail() }
        let number = JournalEntry(line: line)?.number ?? entries.last?.number ?? -1
        return Journal.Tail(size: end, digest: SHA256Digest.hex(of: line), nextNumber: number + 1)
    }

    /// The last acknowledged line that holds `text`.
    func last(holding text: [UInt8]) -> JournalEntry? { newest(1, holding: text).first }

    /// The last `count` acknowledged lines that hold `text`, newest first.
    func newest(_ count: Int, holding text: [UInt8]) -> [JournalEntry] {
        var found: [Range<Int>] = []
        bytes.withBytes { all in
            var start = 0
            while start < end, let hit = GNUCalls.find(text, in: all, start..<end), let stop = lineEnd(from: hit) {
                found.append(((all[..<hit].lastIndex(of: JournalLines.newline) ?? -1) + 1)..<stop)
                start = stop + 1
            }
        }
        return found.suffix(count).reversed().compactMap { bytes.slice($0) }.compactMap { JournalEntry(line: $0) }
    }

    private func lineEnd(from start: Int) -> Int? {
        bytes.withBytes { all in
            guard let base = all.baseAddress, let hit = memchr(base + start, Int32(JournalLines.newline), end - start) else { return nil }
            return UnsafeRawPointer(hit) - base
        }
    }

    /// Where a line is not as written or does not follow from the one before, counted from 1; `nil` when the chain is whole.
    var firstBreak: Int? {
        var before = SHA256Digest.hex(of: [] as [UInt8])
        for (index, line) in all.enumerated() {
            guard JournalEntry.isSound(line), let entry = JournalEntry(line: line), entry.before == before || (index == 0 && entry.operation == .replace) else { return index + 1 }
            before = SHA256Digest.hex(of: line)
        }
        return nil
    }
}

/// What a process knows of a journal without reading it again.
struct JournalCache {
    /// What is known of one file.
    struct Found {
        var entry: JournalEntry?
        /// The line that is being written, when it names the file.
        var pending: JournalEntry?

        /// Whether both are of the same lines.
        static func == (a: Found, b: Found) -> Bool { a.entry?.position == b.entry?.position && a.pending?.position == b.pending?.position }
    }

    private let lines: JournalLines
    private var added: [ExactText: JournalEntry] = [:]
    private let pending: JournalEntry?
    /// The journal's size up to which it is known.
    private(set) var end: Int
    /// Of the journal's file: it may be another one by now.
    let identity: UInt64

    init(_ lines: JournalLines = JournalLines(Bytes([])), identity: UInt64 = 0) {
        self.lines = lines
        self.identity = identity
        pending = lines.pending
        end = lines.bytes.count
    }

    /// Takes in lines that were written behind the first `start` bytes. When another process wrote between what is known and these, all is read again.
    mutating func add(_ entries: [JournalEntry], after start: Int, end: Int) {
        guard self.end == start else { return }
        for entry in entries { if let file = entry.file { added[ExactText(file)] = entry } }
        self.end = end
    }

    func newest(of file: String) throws(CrateError) -> Found {
        let pending = pending?.isAbout(file) == true ? pending : nil
        if let entry = added[ExactText(file)] { return Found(entry: entry, pending: pending) }
        return Found(entry: lines.last(holding: try JournalEntry.mark(of: file)), pending: pending)
    }
}
