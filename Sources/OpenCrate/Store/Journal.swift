import CrateFormats
import CrateValues
import Glibc

/// The append-only record of what was done to one version.
///
/// A line is appended before its operation is done and ends with a newline once it is done: that newline is the
/// acknowledgement. So at most the last line is undecided, and only when its writer was stopped there; whoever comes next looks at
/// the file and either ends the line or cuts it off. Operations take their turns under the journal's lock.
final class Journal {
    let path: String
    let files: Files
    /// Names this process's operations.
    let run: String
    /// Nanoseconds that one waits for others.
    private let patience: Int
    /// Asked about a line that was not ended.
    private let outcome: (JournalEntry) throws(CrateError) -> Outcome
    private var handle: Int32?
    private var tail: Tail?
    private var cache = JournalCache()

    /// What became of what a line says.
    enum Outcome {
        case notDone, done
        /// A loss of power took the state before, which was to be kept.
        case doneWithoutKeeping
    }

    /// What the next line follows.
    struct Tail {
        /// Bytes up to and including the last newline.
        var size = 0
        var digest = SHA256Digest.hex(of: [] as [UInt8])
        var nextNumber = 0
    }

    init(_ path: String, files: Files, run: String, patience: Int, outcome: @escaping (JournalEntry) throws(CrateError) -> Outcome) {
        self.path = path
        self.files = files
        self.run = run
        self.patience = patience
        self.outcome = outcome
    }

    deinit { close() }

    /// Lets go of the file, which is about to be moved or was.
    func close() {
        if let handle { try? files.calls.close(handle) }
        handle = nil
        tail = nil
        cache = JournalCache()
    }

    var exists: Bool {
        get throws(CrateError) { try files.status(path) != nil }
    }

    /// Records `entry`, does the operation, and acknowledges it. When the operation fails the line goes again, unless what it
    /// says has come true all the same.
    ///
    /// - Parameter content: an open file or folder that is to be on the disk, as the line is, before the operation.
    func commit(_ entry: JournalEntry, with content: Int32? = nil, _ operation: () throws(CrateError) -> Void) throws(CrateError) {
        try locked { (handle) throws(CrateError) in
            var entry = entry
            let tail = try settled(handle)
            let line = try line(&entry, after: tail)
            do throws(CrateError) {
                try append(line, to: handle)
                try files.named(path) { () throws(SystemError) in
                    if let content { try files.synchronize(content, and: handle) } else { try files.synchronize(handle) }
                }
                try operation()
            } catch {
                self.tail = nil
                _ = try? settled(handle)
                throw error
            }
            acknowledge(entry, line, tail, handle)
        }
    }

    /// Records what has been done already, each on a line of its own.
    func record(_ entries: [JournalEntry]) throws(CrateError) {
        try locked { (handle) throws(CrateError) in
            let start = try settled(handle)
            var tail = start
            var bytes: [UInt8] = []
            var written: [JournalEntry] = []
            for entry in entries {
                var entry = entry
                let line = try line(&entry, after: tail)
                bytes += line + [UInt8(ascii: "\n")]
                tail = Tail(size: tail.size + line.count + 1, digest: SHA256Digest.hex(of: line), nextNumber: entry.number + 1)
                written.append(entry)
            }
            do throws(CrateError) {
                try append(bytes, to: handle)
                try files.named(path) { () throws(SystemError) in try files.synchronize(handle) }
            } catch {
                self.tail = nil
                throw error
            }
            self.tail = tail
            cache.add(written, after: start.size, end: tail.size)
        }
    }

    /// Decides about a last line that its writer did not end. Where there is none, nobody is waited for.
    ///
    /// - Parameter patience: nanoseconds, when others than the journal's.
    func settle(patience: Int? = nil) throws(CrateError) {
        guard try lines().hasOpenEnd else { return }
        try locked(patience) { (handle) throws(CrateError) in _ = try settled(handle) }
    }

    /// Keeps the journal under `aside` and begins it anew with `entry`. Done again after an interruption it comes to the same.
    func restart(with entry: JournalEntry, keeping aside: String, patience: Int? = nil) throws(CrateError) {
        try locked(patience) { (handle) throws(CrateError) in
            var entry = entry
            let tail = try settled(handle)
            let line = try line(&entry, after: Tail(digest: tail.digest))
            let (full, asideFull) = (try files.resolved(path), try files.resolved(aside))
            if try files.status(aside) == nil, (try? files.calls.makeHardLink(asideFull, to: full)) == nil { try files.copy(path, to: aside) }
            try files.named(aside) { () throws(SystemError) in try files.synchronizeFolder(of: asideFull) }
            try files.write(path) { (sink) throws(FormatError) in try sink.write(line + [UInt8(ascii: "\n")]) }
        }
        close()
    }

    /// The lines as they are now.
    func lines() throws(CrateError) -> JournalLines {
        guard try exists else { return JournalLines(Bytes([])) }
        try requireFile()
        return JournalLines(try files.read(path, isMapped: false))
    }

    private func requireFile() throws(CrateError) {
        guard try files.status(path, followingLinks: true)?.kind == .file else {
            throw .invalid(what: "journal", reason: "`\(path)` is no file", hint: "take it away; `verify adopt: true` then makes the journal anew")
        }
    }

    /// The newest line that names `file`, and one that is being written; without reading the whole again while nobody else wrote.
    func newest(of file: String) throws(CrateError) -> JournalCache.Found {
        guard let status = try files.status(path) else { return .init() }
        if cache.end != status.size || cache.identity != status.identity { cache = JournalCache(try lines(), identity: status.identity) }
        return try cache.newest(of: file)
    }
}

extension Journal {
    /// Runs `body` with the journal open and no other process in it.
    private func locked(_ patience: Int? = nil, _ body: (Int32) throws(CrateError) -> Void) throws(CrateError) {
        while true {
            let handle = try opened()
            let lock = try FileLock(handle, path, what: "the journal `\(path)`", files, patience: patience ?? self.patience)
            // One that can't be given back is freed with the file.
            defer { if !lock.release() { close() } }
            // Another process may have moved the journal away before it was locked.
            let there = try files.status(path)
            let own = try files.named(path) { () throws(SystemError) in try files.calls.status(ofOpen: handle) }
            if there?.identity == own.identity, own.linkCount > 0 { return try body(handle) }
            close()
        }
    }

    private func opened() throws(CrateError) -> Int32 {
        if let handle { return handle }
        let isNew = try !exists
        if !isNew { try requireFile() }
        let full = try files.resolved(path)
        let handle = try files.named(path) { () throws(SystemError) in try files.calls.open(full, .append(truncating: false)) }
        self.handle = handle
        if isNew { try files.named(path) { () throws(SystemError) in try files.synchronizeFolder(of: full) } }
        return handle
    }

    private func settled(_ handle: Int32) throws(CrateError) -> Tail {
        let size = try files.named(path) { () throws(SystemError) in try files.calls.status(ofOpen: handle) }.size
        if let tail, tail.size == size { return tail }
        let lines = JournalLines(try files.read(path, isMapped: false))
        var tail = lines.tail
        if let line = lines.endedWrongly, let entry = JournalEntry(line: line) {
            try files.named(path) { () throws(SystemError) in try files.calls.truncate(handle, to: tail.size + line.count) }
            try append([UInt8(ascii: "\n")], to: handle)
            tail = Tail(size: lines.bytes.count, digest: SHA256Digest.hex(of: line), nextNumber: entry.number + 1)
        } else if lines.hasOpenEnd {
            let entry = lines.pending
            let outcome = if let entry { try outcome(entry) } else { Outcome.notDone }
            if let entry, outcome != .notDone {
                try append([UInt8(ascii: "\n")], to: handle)
                tail = Tail(size: lines.bytes.count + 1, digest: SHA256Digest.hex(of: lines.openEnd), nextNumber: entry.number + 1)
                if outcome == .doneWithoutKeeping { tail = try noteLost(entry, handle, tail) }
            } else {
                try files.named(path) { () throws(SystemError) in try files.calls.truncate(handle, to: tail.size) }
            }
        }
        self.tail = tail
        return tail
    }

    private func noteLost(_ entry: JournalEntry, _ handle: Int32, _ tail: Tail) throws(CrateError) -> Tail {
        var lost = JournalEntry(.collect)
        lost.kept = entry.kept
        let line = try line(&lost, after: tail)
        try append(line + [UInt8(ascii: "\n")], to: handle)
        return Tail(size: tail.size + line.count + 1, digest: SHA256Digest.hex(of: line), nextNumber: lost.number + 1)
    }

    private func line(_ entry: inout JournalEntry, after tail: Tail) throws(CrateError) -> [UInt8] {
        let clock = files.system.clock
        entry.number = tail.nextNumber
        entry.before = tail.digest
        entry.run = run
        entry.time = clock.now()
        return try entry.line(localTime: clock.local(entry.time))
    }

    private func append(_ bytes: [UInt8], to handle: Int32) throws(CrateError) {
        try files.named(path) { () throws(SystemError) in
            try bytes.span.bytes.withUnsafeBytes { (buffer) throws(SystemError) in try files.calls.writeAll(handle, buffer) }
        }
    }

    /// The operation is done whether or not this can be written: the next one sees that it is.
    private func acknowledge(_ entry: JournalEntry, _ line: [UInt8], _ before: Tail, _ handle: Int32) {
        let end = before.size + line.count + 1
        guard (try? append([UInt8(ascii: "\n")], to: handle)) != nil else {
            tail = nil
            return
        }
        tail = Tail(size: end, digest: SHA256Digest.hex(of: line), nextNumber: entry.number + 1)
        cache.add([entry], after: before.size, end: end)
    }
}
