import CrateValues

/// What a reader or writer may reach beside its bytes. It never holds a path.
public struct Surroundings: Sendable {
    /// Gives the bytes of a file in the same folder or below, by its path relative to that folder; whoever gives them refuses paths
    /// and links that lead out. `nil` when the bytes lie in no folder.
    public var neighbour: (@Sendable (_ location: String) throws(FormatError) -> Bytes)?
    /// Opens the file itself for a program that must seek in it, and gives a descriptor that the caller closes. `nil` when the bytes
    /// are no file.
    public var openFile: (@Sendable () throws(FormatError) -> Int32)?
    /// Starts other programs; `nil` where none may be.
    public var programs: (any Programs)?
    /// Called for each frame of a video that is written; `nil` when nobody counts.
    public var frameTaken: (@Sendable () -> Void)?
    /// Told how many more bytes of an archive's members have been packed; `nil` when nobody counts.
    public var bytesPacked: (@Sendable (Int) -> Void)?

    public init(
        neighbour: (@Sendable (_ location: String) throws(FormatError) -> Bytes)? = nil,
        openFile: (@Sendable () throws(FormatError) -> Int32)? = nil,
        programs: (any Programs)? = nil
    ) {
        self.neighbour = neighbour
        self.openFile = openFile
        self.programs = programs
    }

    /// Bytes in memory alone.
    public static let none = Surroundings()
}
