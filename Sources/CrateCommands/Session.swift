import CrateLanguage
import CrateValues
import OpenCrate

/// Where a session's words go. The shell gives a real one; tests collect.
public protocol Output: AnyObject {
    /// `print`, shown values, trees: standard output.
    func show(_ text: String)
    /// Log lines, notes, progress: standard error.
    func report(_ text: String)
    /// Columns of the terminal, or 80.
    var width: Int { get }
    /// Whether `show` and `report` may use colour.
    var showsColour: Bool { get }
    var reportsColour: Bool { get }
}

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

    public init(workingDirectory: String, environment: [String: String]) {
        self.workingDirectory = workingDirectory
        self.environment = environment
    }
}

/// The only mutable state of a run: variables, the open snapshot, the random state. Shell, scripts and `-c` share it.
public final class Session {
    public let output: any Output
    public let configuration: SessionConfiguration
    /// Files by path, for functions outside a snapshot.
    public let files: Files

    public init(configuration: SessionConfiguration, output: any Output) {
        self.configuration = configuration
        self.output = output
        files = Files(workingDirectory: configuration.workingDirectory)
    }

    /// The one entry: parses and runs `source`, sending what it shows to `output`.
    public func evaluate(_ source: Source) -> Outcome { .finished(nil) }

    /// Asks the running program to stop at the next statement, iteration or chunk. Safe in a signal handler.
    public func interrupt() {}
}
