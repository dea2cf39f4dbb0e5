import Foundation
import Testing

/// The program under test: `CRATE_BINARY`, or what was built beside the tests.
enum Program {
    static func path() throws -> String {
        if let given = ProcessInfo.processInfo.environment["CRATE_BINARY"] { return given }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let candidates = ["release", "debug"].map { root.appending(path: ".build/\($0)/crate").path }
        return try #require(candidates.first { access($0, X_OK) == 0 }, "build crate first, or name it in CRATE_BINARY")
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], input: String = "", in folder: Folder? = nil, environment: [String: String] = [:]
    ) throws -> Finished {
        try run(path: path(), arguments, input: input, in: folder, environment: environment)
    }

    /// Runs any program to its end; output goes through files, so that none is too long.
    static func run(
        path: String, _ arguments: [String], input: String = "", in folder: Folder? = nil, environment: [String: String] = [:]
    ) throws -> Finished {
        let scratch = try Folder()
        try scratch.write("in", input)
        let output = try scratch.open("out", O_WRONLY | O_CREAT)
        let errors = try scratch.open("err", O_WRONLY | O_CREAT)
        let child = try ChildProcess(
            path, arguments, environment: environment, folder: folder?.path, input: try scratch.open("in", O_RDONLY), output: output,
            errors: errors)
        let status = child.wait()
        return Finished(status: status, output: try scratch.read("out"), errors: try scratch.read("err"))
    }

    struct Finished {
        let status: Int32
        let output: String
        let errors: String
    }
}

/// A process started with chosen descriptors for its three streams, which it takes over.
struct ChildProcess {
    let id: pid_t

    struct CannotStart: Error { let code: Int32 }

    /// - Parameter terminal: becomes the controlling terminal of a session of its own.
    init(
        _ path: String, _ arguments: [String], environment: [String: String], folder: String?, input: Int32 = -1, output: Int32 = -1,
        errors: Int32 = -1, terminal: String? = nil
    ) throws {
        defer { for stream in Set([input, output, errors]) where stream >= 0 { close(stream) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let terminal {
            posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
            for stream: Int32 in [1, 2] { posix_spawn_file_actions_adddup2(&actions, 0, stream) }
        }
        for (stream, target): (Int32, Int32) in [(input, 0), (output, 1), (errors, 2)] where stream >= 0 {
            posix_spawn_file_actions_adddup2(&actions, stream, target)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.takeDefaults(&attributes, ownSession: terminal != nil)

        // Only `env` can change the folder between fork and exec; it becomes the program, so the id is right.
        let command = (folder.map { ["/usr/bin/env", "-C", $0, path] } ?? [path]) + arguments
        var id: pid_t = 0
        var code: Int32
        repeat {
            code = Self.withStrings(command) { words in
                Self.withStrings(Self.merged(environment)) { posix_spawn(&id, command[0], &actions, &attributes, words, $0) }
            }
            // A script just written is busy while the child of a test running beside this one is between fork and exec.
        } while code == ETXTBSY && sched_yield() == 0
        guard code == 0 else { throw CannotStart(code: code) }
        self.id = id
    }

    /// The exit status; 128 + n when signal n ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    }

    /// Signals as a shell gives them, whatever the test runner ignores.
    private static func takeDefaults(_ attributes: inout posix_spawnattr_t, ownSession: Bool) {
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGPIPE, SIGQUIT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let newSession: Int32 = ownSession ? 0x80 : 0  // POSIX_SPAWN_SETSID
        posix_spawnattr_setflags(&attributes, Int16(Int32(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | newSession))
    }

    /// A small environment of its own, so that the tester's settings change nothing.
    private static func merged(_ own: [String: String]) -> [String] {
        let given = ProcessInfo.processInfo.environment
        var variables = ["PATH": given["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"]
        variables.merge(own) { $1 }
        return variables.map { "\($0)=\($1)" }
    }

    private static func withStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}

/// A folder of one test, removed with it.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/crate-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
    func read(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: file(name), atomically: false, encoding: .utf8)
        return file(name)
    }

    func open(_ name: String, _ flags: Int32) throws -> Int32 {
        let descriptor = Glibc.open(file(name), flags | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        return descriptor
    }

    /// Every file below, by its path from here.
    func files() -> [String] { FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String }.sorted() ?? [] }
}
