import CrateFormats
import CrateValues

/// The day and time of the run.
public protocol WallClock: Sendable {
    /// Nanoseconds since 1970, UTC.
    func now() -> Int
    /// Civil time of the user's zone, with its offset.
    func local(_ nanoseconds: Int) -> Timestamp
}

/// Where random names come from.
public protocol Entropy: Sendable {
    func next() -> UInt64
}

/// The world outside the engine: files, clock, entropy, other programs and processes, all replaceable.
public struct OperatingSystem: Sendable {
    public var files: any FileSystem
    public var clock: any WallClock
    public var entropy: any Entropy
    public var programs: any Programs
    public var processes: any Processes
    /// Told of long work; `nil` when nobody watches.
    public var progress: Progress?

    public init(
        files: any FileSystem = PosixFileSystem(), clock: any WallClock = PosixClock(), entropy: any Entropy = SystemEntropy(),
        programs: any Programs = PosixPrograms(), processes: any Processes = PosixProcesses()
    ) {
        self.files = files
        self.clock = clock
        self.entropy = entropy
        self.programs = programs
        self.processes = processes
    }
}
