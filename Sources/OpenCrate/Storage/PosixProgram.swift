import CrateFormats
import CrateValues
import Glibc

/// A child process. Its streams are sockets: they are closed in other children from the start, and writing to a child that has gone raises
/// no signal.
final class PosixProgram: RunningProgram {
    private let name: String
    let id: pid_t
    private var input: OpenFile?
    private let output: OpenFile
    private var errors: OpenFile?
    private var complaint: [UInt8] = []
    private var status: Int?
    private let stopRequested: @Sendable () -> Bool
    /// Bytes of standard error that are kept.
    private static let longestComplaint = 4096

    init(
        _ path: String, _ command: ProgramCommand, in folder: String? = nil, environment: [String], stopRequested: @escaping @Sendable () -> Bool
    ) throws(FormatError) {
        name = command.name
        self.stopRequested = stopRequested
        let (input, childInput) = try PosixProgram.streams()
        let (output, childOutput) = try PosixProgram.streams()
        let (errors, childErrors) = try PosixProgram.streams()
        (self.input, self.output, self.errors) = (input, output, errors)
        id = try ChildStart(files: [childInput, childOutput, childErrors] + command.files)
            .start(path, [command.name] + command.arguments, in: folder, environment: environment)
        GNUCalls.limit(id, memory: command.memory)
    }

    deinit { stop() }

    private static func streams() throws(FormatError) -> (ours: OpenFile, theirs: OpenFile) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw FormatError(.system, "program", "no stream to it can be made: error \(errno)")
        }
        return (OpenFile(ends[0]), OpenFile(ends[1]))
    }

    // MARK: Streams

    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) -> Bool {
        var done = 0
        while done < bytes.count {
            guard let input else { return false }
            try wait(for: POLLOUT, on: input)
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = send(input.descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, flags)
            if count >= 0 { done += count } else if errno != EINTR && errno != EAGAIN { return false }
        }
        return true
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
        while true {
            try wait(for: POLLIN, on: output)
            let count = recv(output.descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count >= 0 { return count }
            // A child that was killed while it had input left resets the stream: that is its end.
            if errno != EINTR && errno != EAGAIN { return 0 }
        }
    }

    func finish() throws(FormatError) -> ProgramEnding {
        input = nil
        while let errors { try wait(for: POLLIN, on: errors) }
        let status = reap()
        return ProgramEnding(status: status, complaint: complaint)
    }

    /// Returns when `stream` is ready, having taken in what came on standard error meanwhile, so that the child never waits for that.
    /// In short turns, since a signal that comes just before a blocking call does not wake it.
    private func wait(for event: Int32, on stream: OpenFile) throws(FormatError) {
        while true {
            if stopRequested() {
                stop()
                throw FormatError(.interrupted, name, "was interrupted")
            }
            var requests = [
                pollfd(fd: stream.descriptor, events: Int16(event), revents: 0), pollfd(fd: errors?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&requests, 2, 100) > 0 else { continue }
            if requests[1].revents != 0 { takeComplaint() }
            if requests[0].revents != 0 { return }
        }
    }

    private func takeComplaint() {
        guard let errors else { return }
        withUnsafeTemporaryAllocation(byteCount: 1 << 12, alignment: 1) { buffer in
            let count = recv(errors.descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                complaint += buffer.prefix(min(count, PosixProgram.longestComplaint - complaint.count))
            } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                self.errors = nil
            }
        }
    }

    // MARK: The end

    func stop() {
        if status == nil {
            kill(id, SIGKILL)
            _ = reap()
        }
        (input, errors) = (nil, nil)
    }

    /// The exit status; the process is gone afterwards.
    private func reap() -> Int {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(id, &raw, 0) < 0, errno == EINTR {}
        let ending = raw & 0x7F == 0 ? Int(raw >> 8 & 0xFF) : 128 + Int(raw & 0x7F)
        status = ending
        return ending
    }
}

/// Starting a child process with chosen descriptors and nothing else of ours.
private struct ChildStart {
    /// By their numbers in the child.
    let files: [OpenFile]
    /// Above every number that the child is given, so that none is overwritten before it is copied.
    private static let firstFree: Int32 = 32

    func start(_ path: String, _ words: [String], in folder: String?, environment: [String]) throws(FormatError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var held: [OpenFile] = []
        for (number, file) in files.enumerated() {
            let copy = fcntl(file.descriptor, F_DUPFD_CLOEXEC, ChildStart.firstFree)
            guard copy >= 0 else { throw refusal(words, errno) }
            held.append(OpenFile(copy))
            posix_spawn_file_actions_adddup2(&actions, copy, Int32(number))
        }
        if let folder, !GNUCalls.changeFolder(folder, &actions) { throw refusal(words, ENOSYS) }
        // Those that another part of the process has left open for children.
        GNUCalls.closeFrom(Int32(files.count), &actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        setSignals(&attributes)
        var id: pid_t = 0
        let code = withExtendedLifetime(held) {
            withStrings(words) { words in withStrings(environment) { posix_spawn(&id, path, &actions, &attributes, words, $0) } }
        }
        guard code == 0 else { throw refusal(words, code) }
        return id
    }

    /// Signals act as usual in the child, and Ctrl-C is ours alone: a process group of its own does not get it.
    private func setSignals(_ attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    }

    private func refusal(_ words: [String], _ code: Int32) -> FormatError {
        FormatError(.system, words.first ?? "program", "can't be started: error \(code)")
    }

    private func withStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
