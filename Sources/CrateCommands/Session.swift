import CrateLanguage
import CrateValues
import OpenCrate

/// What a session is told from outside: nothing below the shell reads clock, environment or current folder itself.
public struct SessionConfiguration {
    public var workingDirectory: String
    public var environment: [String: String]
    /// Arguments after the script's name.
    public var arguments: [String] = []
    /// The script's path, when a file runs; `setup` takes its name from it.
    public var scriptPath: String?
    /// The run's seed for random draws without one of their own; `nil` draws one.
    public var seed: UInt64?
    /// The wish to stop; a signal handler raises it. It ends programs and long writes.
    public let interruption: Interruption
    /// Whether the program may reach nothing outside of the working directory.
    public var isSandboxed = false
    /// Files, clock and entropy.
    public var system: OperatingSystem

    public init(workingDirectory: String, environment: [String: String]) {
        let interruption = Interruption()
        self.interruption = interruption
        system = OperatingSystem(
            files: PosixFileSystem { interruption.passOn() }, programs: PosixPrograms(environment: environment) { interruption.passOn() })
        self.workingDirectory = workingDirectory
        self.environment = environment
    }

    /// Moves the session to another folder, which must be an absolute path without links, and refuses changes outside of it.
    public mutating func move(into folder: String) {
        workingDirectory = folder
        system.files = ProtectiveFileSystem(system.files, folder: folder)
    }

    /// Sees how far long work is, if anyone does.
    public var progress: Progress? { system.progress }

    /// Lets `progress` see how far long work is.
    public mutating func watch(_ progress: Progress) {
        let interruption = interruption
        system.progress = progress
        system.files = PosixFileSystem(progress: progress) { interruption.passOn() }
    }

    /// Fixes what differs from run to run: the seed of random draws and the clock.
    public mutating func makeRepeatable() {
        if seed == nil { seed = 1 }
        system.clock = SteppingClock()
    }
}

/// The only mutable state of a run: variables, the open snapshot, the random state. Shell, scripts and `-c` share it.
public final class Session {
    public let output: any Output
    public let configuration: SessionConfiguration
    /// Files by path, for functions outside a snapshot.
    public let files: Files
    /// The open version; `nil` before `setup`.
    public internal(set) var snapshot: Snapshot?
    /// The seed of random draws that name none of their own.
    public let seed: UInt64

    /// Values of the prompt; `nil` elsewhere.
    public internal(set) var kept: KeptValues?
    public internal(set) var statements: KeptValues?

    /// Whether what was drawn depends on the run's seed.
    public var hasDrawn: Bool { random.wasDrawn }

    /// Whether something was left out of the value that was shown last.
    public internal(set) var wasFolded = false

    /// Kinds that `handler` blocks made, by name.
    var handlers: [String: HandlerDefinition] = [:]
    lazy var registry = Registry(session: self)
    lazy var interpreter = Interpreter(host: self, interruption: configuration.interruption)
    let random: RandomState
    private var openCrate: Crate?

    public init(configuration: SessionConfiguration, output: any Output) {
        self.output = output
        self.configuration = configuration
        seed = configuration.seed ?? configuration.system.entropy.next()
        random = RandomState(seed: seed)
        files = Files(workingDirectory: configuration.workingDirectory, system: configuration.system, isConfined: configuration.isSandboxed)
    }

    /// The one entry: parses and runs `source`, sending what it shows to `output`.
    ///
    /// - Parameters:
    ///   - isInteractive: an unfinished text is `incomplete` instead of a syntax error.
    ///   - isInterrupted: whether the wish to stop has come with it.
    public func evaluate(_ source: Source, isInteractive: Bool = false, isInterrupted: Bool = false) -> Outcome {
        // A Ctrl-C that came while a line was edited is not meant for the next statement.
        if isInteractive { configuration.interruption.lower() }
        if isInterrupted { configuration.interruption.raise() }
        wasFolded = false
        let interruption = configuration.interruption
        let outcome = ArrayWork.stopping(when: { interruption.passOn() }) { interpreter.run(source, isInteractive: isInteractive) }
        if case .failed(let failure) = outcome { keep(failure) }
        return outcome
    }

    /// What ended a run belongs into its log; the screen shows it in colour.
    private func keep(_ failure: Failure) {
        guard let snapshot, failure.kind != "syntax" else { return }
        try? snapshot.log(.error, failure.render(colour: false), isEchoed: false)
    }

    /// Whether `text` ends inside a block, bracket or string, so that more lines must follow; runs nothing.
    public func isIncomplete(_ text: String) -> Bool { interpreter.isIncomplete(Source(name: "", text: text)) }

    /// Asks the running program to stop at the next statement, iteration or chunk. Safe in a signal handler.
    public func interrupt() { configuration.interruption.raise() }

    /// A value as the prompt shows it after `Out [n]:`; text is quoted there, so that `"1"` and `1` differ.
    public func render(_ value: Value) -> String {
        if case .string = value { value.nestedDescription } else { value.description }
    }
}

// MARK: What commands need

extension Session {
    /// The project, opened on first use.
    func crate() throws(Failure) -> Crate {
        if let openCrate { return openCrate }
        let crate = try throwing { () throws(CrateError) in try Crate(at: ".", files: files) }
        crate.echo = { [output] record in output.report(record.consoleLine(inColour: output.reportsColour) + "\n") }
        openCrate = crate
        return crate
    }

    /// The open version, or an error that names what needs it.
    func currentSnapshot(_ operation: String) throws(Failure) -> Snapshot {
        guard let snapshot else { throw Failure(CrateError.notSetUp(operation: operation)) }
        return snapshot
    }

    func log(_ level: LogLevel, _ message: String) throws(Failure) {
        let snapshot = try currentSnapshot("`\(level.name)`")
        try throwing { () throws(CrateError) in try snapshot.log(level, message) }
    }

    /// The script's file name without its extension, for a `setup` without a name.
    func scriptName() throws(Failure) -> String {
        guard let path = configuration.scriptPath, let file = path.pathParts().last else {
            throw Failure("argument", "`setup` needs a name here", hint: "setup \"my-run\"; only a script's file can lend its own name")
        }
        return ArtifactName(String(file)).stem
    }
}
