import CrateFormats
import CrateValues
import Glibc

/// Held while an artifact is written, so that its writers take their turns. Frees itself when its holder is gone.
///
/// A small file in the hidden folder that says who has it. It is locked where the file system can lock; elsewhere its being there is the
/// lock, and one whose process is gone is taken away.
final class ArtifactLock {
    /// Nanoseconds for which writers wait before they give up and say who has the lock.
    static let standardPatience = 60_000_000_000
    private static let turn = 20_000_000

    private let files: Files
    /// Resolved.
    private let path: String
    /// `nil` when the file's being there is the lock.
    private var handle: Int32?

    /// - Parameters:
    ///   - path: of the lock file; its folder is there.
    ///   - what: what is locked, for the message of `busy`.
    init(_ path: String, what: String, _ files: Files, patience: Int) throws(CrateError) {
        self.files = files
        self.path = try files.resolved(path)
        var waited = 0
        while true {
            do throws(SystemError) {
                if let handle = try ArtifactLock.take(self.path, files) {
                    self.handle = handle
                    return
                }
            } catch {
                guard error.isUnsupported else { throw CrateError(error, path: path) }
                _ = try ArtifactLock.makeSubstitute(path + ArtifactLock.substituteEnding, what: what, files, patience: patience - waited)
                handle = nil
                return
            }
            if waited >= patience { throw .busy(what: what, holder: ArtifactLock.holder(path, files)?.text(files) ?? "another process") }
            try files.named(path) { () throws(SystemError) in try files.calls.pause(nanoseconds: ArtifactLock.turn) }
            waited += ArtifactLock.turn
        }
    }

    deinit {
        guard let handle else {
            try? files.calls.unlink(path + ArtifactLock.substituteEnding)
            return
        }
        // Removed before it is free: whoever opened it meanwhile sees that it has no name any more.
        try? files.calls.unlink(path)
        try? files.calls.close(handle)
    }

    /// `nil` when another process has it.
    private static func take(_ path: String, _ files: Files) throws(SystemError) -> Int32? {
        let calls = files.calls
        let handle = try calls.open(path, .append(truncating: false))
        do {
            let isLocked = try calls.lock(handle, waiting: false)
            let status = try calls.status(ofOpen: handle)
            if isLocked, status.linkCount > 0 {
                // A killed holder's words may still be there. Emptied without need, the file would be flushed when it is closed: ext4 takes
                // that for a file being replaced.
                if status.size > 0 { try calls.truncate(handle, to: 0) }
                try LockHolder.own(files).bytes.span.bytes.withUnsafeBytes { (buffer) throws(SystemError) in try calls.writeAll(handle, buffer) }
                return handle
            }
        } catch {
            try? calls.close(handle)
            throw error
        }
        try calls.close(handle)
        return nil
    }

    /// Makes the lock file that stands for a lock, waiting for one that a living process has. Gives its path, resolved.
    static func makeSubstitute(_ path: String, what: String, _ files: Files, patience: Int) throws(CrateError) -> String {
        let full = try files.resolved(path)
        var waited = 0
        while true {
            let isMade = try files.named(path) { () throws(SystemError) in try make(full, files) }
            if isMade { return full }
            let holder = holder(path, files)
            if let holder, holder.isGone(files) {
                try removeAbandoned(full, holder, files)
                continue
            }
            if waited >= patience {
                throw .busy(what: what, holder: (holder?.text(files) ?? "another process") + "; if it is gone, remove `\(path)`")
            }
            try files.named(path) { () throws(SystemError) in try files.calls.pause(nanoseconds: turn) }
            waited += turn
        }
    }

    private static func make(_ full: String, _ files: Files) throws(SystemError) -> Bool {
        let calls = files.calls
        let handle: Int32
        do { handle = try calls.open(full, .createNew) } catch {
            if error.code == EEXIST { return false }
            throw error
        }
        defer { try? calls.close(handle) }
        try LockHolder.own(files).bytes.span.bytes.withUnsafeBytes { (buffer) throws(SystemError) in try calls.writeAll(handle, buffer) }
        return true
    }

    /// Two may find the same lock abandoned: it is moved aside first, and looked at again, so that neither takes away the other's new one.
    private static func removeAbandoned(_ full: String, _ found: LockHolder, _ files: Files) throws(CrateError) {
        let aside = full + "." + String(files.system.entropy.next(), radix: 36)
        guard (try? files.calls.rename(full, to: aside, .keep)) != nil else { return }
        if holder(aside, files) != found { try? files.calls.rename(aside, to: full, .keep) } else { try? files.calls.unlink(aside) }
    }

    /// Whether a process has the lock at `path`, and which. One that nobody has any more is removed.
    static func look(_ path: String, _ files: Files) throws(CrateError) -> (isHeld: Bool, holder: LockHolder?) {
        let (full, calls) = (try files.resolved(path), files.calls)
        let holder = holder(path, files)
        let handle: Int32
        do { handle = try calls.open(full, .read) } catch {
            if error.code == ENOENT { return (false, nil) }
            throw CrateError(error, path: path)
        }
        defer { try? calls.close(handle) }
        do throws(SystemError) {
            if try !calls.lock(handle, waiting: false) { return (true, holder) }
            if !path.hasSuffix(substituteEnding) {
                try? calls.unlink(full)
                return (false, nil)
            }
        } catch {
            if !error.isUnsupported { throw CrateError(error, path: path) }
        }
        // Only its being there says anything.
        guard path.hasSuffix(substituteEnding), holder?.isGone(files) != true else {
            try? calls.unlink(full)
            return (false, nil)
        }
        return (true, holder)
    }

    /// Ends the name of a file that stands for a lock.
    private static let substituteEnding = ".held"

    private static func holder(_ path: String, _ files: Files) -> LockHolder? { (try? files.read(path, isMapped: false)).flatMap { LockHolder($0) } }
}

/// Who has a lock, as its file says.
struct LockHolder: Equatable {
    var process: ProcessIdentity
    /// Nanoseconds since 1970, UTC.
    var since: Int

    static func own(_ files: Files) -> LockHolder { LockHolder(process: files.system.processes.current, since: files.system.clock.now()) }

    private init(process: ProcessIdentity, since: Int) {
        self.process = process
        self.since = since
    }

    init?(_ bytes: Bytes) {
        guard case .mapping(let fields)? = try? JSON.decode(bytes), let number = fields.integer("pid"), let host = fields.text("host") else { return nil }
        process = ProcessIdentity(number: number, host: host, started: fields.integer("started") ?? 0, command: fields.text("command") ?? "")
        since = fields.integer("since") ?? 0
    }

    var bytes: [UInt8] {
        let sink = MemorySink()
        let document = Document.object([
            ("pid", .integer(process.number)), ("host", .string(process.host)), ("started", .integer(process.started)),
            ("command", .string(process.command)), ("since", .integer(since)),
        ])
        // Numbers and texts can always be written.
        try? JSON.encode(document, to: sink)
        return sink.array
    }

    /// Whether its process has ended. Of other hosts nothing is known.
    func isGone(_ files: Files) -> Bool {
        process.host == files.system.processes.current.host && !files.system.processes.isAlive(process)
    }

    func text(_ files: Files) -> String { "\(process.text) since \(files.system.clock.local(since).dayAndTime)" }
}
