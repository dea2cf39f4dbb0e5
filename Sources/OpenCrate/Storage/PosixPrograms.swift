import CrateFormats
import CrateValues
import Glibc

/// Real child processes, and temporary files for them.
public struct PosixPrograms: Programs {
    private let environment: [String: String]
    private let stopRequested: @Sendable () -> Bool
    /// All that a program is given of the environment; others could change what it does or writes.
    private static let inherited = ["HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR"]

    /// - Parameters:
    ///   - environment: of which `PATH` says where programs are looked for (the system's folders when it is missing), and `TMPDIR` where
    ///     temporary files stand.
    ///   - stopRequested: asked while a program is waited for; true stops it.
    public init(
        environment: [String: String] = [:], stopRequested: @escaping @Sendable () -> Bool = { false }
    ) {
        self.environment = environment
        self.stopRequested = stopRequested
    }

    public func start(_ command: ProgramCommand) throws(FormatError) -> any RunningProgram {
        guard let path = find(command.name) else {
            throw FormatError(
                .missingLibrary, command.name, "is needed for this, and is not installed", hint: "apt-get install \(command.package)")
        }
        return try PosixProgram(path, command, environment: variables, stopRequested: stopRequested)
    }

    public func startAgain(_ arguments: [String], in folder: String) throws(FormatError) -> any RunningProgram {
        let command = ProgramCommand("crate", arguments, package: "crate", memory: PosixPrograms.ownMemory)
        return try PosixProgram("/proc/self/exe", command, in: folder, environment: variables + given(PosixPrograms.ofSanitizers), stopRequested: stopRequested)
    }

    /// Bytes; far more than is needed, and than a sanitizer reserves.
    private static let ownMemory = 1 << 46

    /// Without them, one that was told not to look for leaks does so in every child.
    private static let ofSanitizers = ["ASAN_OPTIONS", "TSAN_OPTIONS"]

    private var variables: [String] { given(PosixPrograms.inherited) + ["LC_ALL=C"] }

    private func given(_ names: [String]) -> [String] { names.compactMap { name in environment[name].map { "\(name)=\($0)" } } }

    /// A relative part of `PATH` would start what lies in the current folder.
    private func find(_ name: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) { return nil }
        let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").filter(\.isAbsolutePath)
        return folders.map { "\($0)/\(name)" }.first { path in
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
        }
    }

    /// On disk where that can be, since videos are large.
    public func scratchFile() throws(FormatError) -> OpenFile {
        let folder = environment["TMPDIR"].flatMap { $0.isAbsolutePath ? $0 : nil } ?? "/tmp"
        // O_TMPFILE is a C macro of several parts that Swift does not import.
        let nameless = 0o20_000_000 | O_DIRECTORY
        var file = open(folder, nameless | O_RDWR | O_CLOEXEC, 0o600)
        if file < 0 { file = GNUCalls.memoryFile() }
        guard file >= 0 else { throw FormatError(.system, "file", "a temporary file can't be made: error \(errno)") }
        return OpenFile(file)
    }
}
