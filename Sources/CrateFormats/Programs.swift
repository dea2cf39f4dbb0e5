import CrateValues
import Glibc

/// Starts other programs, for formats that they know better. Given from outside, like files and clock.
public protocol Programs: Sendable {
    /// Throws `.missingLibrary` when there is no such program, `.system` when it can't be started.
    func start(_ command: ProgramCommand) throws(FormatError) -> any RunningProgram

    /// An empty file without a name, for writing and then reading.
    func scratchFile() throws(FormatError) -> OpenFile

    /// Starts the program that is running once more, as a process of its own.
    ///
    /// - Parameter folder: its working directory.
    func startAgain(_ arguments: [String], in folder: String) throws(FormatError) -> any RunningProgram
}

extension Programs {
    public func startAgain(_ arguments: [String], in folder: String) throws(FormatError) -> any RunningProgram {
        throw FormatError(.system, "program", "can't be started once more here")
    }
}

/// What to start, and how. There is no shell in between.
public struct ProgramCommand: Sendable {
    /// The program's name alone, such as "ffmpeg".
    public var name: String
    public var arguments: [String]
    /// What the program finds open as descriptors 3, 4 …; beside its three streams it has no others.
    public var files: [OpenFile]
    /// The package to install when it is missing.
    public var package: String
    /// Bytes of memory that it may ask for.
    public var memory: Int

    public init(_ name: String, _ arguments: [String], files: [OpenFile] = [], package: String, memory: Int) {
        self.name = name
        self.arguments = arguments
        self.files = files
        self.package = package
        self.memory = memory
    }
}

/// A program at work: what is written it reads from its standard input, and what it prints can be read. It is stopped when its last
/// owner lets go of it. All calls but `stop` throw `.interrupted` when the user asks to stop meanwhile.
public protocol RunningProgram: AnyObject {
    /// False when it does not read any more.
    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) -> Bool
    /// Bytes read, waiting until there are some; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int
    /// Ends its input and waits until it has ended, which it may not while it has more to print than was read.
    func finish() throws(FormatError) -> ProgramEnding
    /// Ends it at once.
    func stop()
}

/// How a program ended.
public struct ProgramEnding: Sendable {
    /// 0 for success; 128 + n when signal n ended it, as shells count.
    public var status: Int
    /// The beginning of what it wrote on standard error, as it came.
    public var complaint: [UInt8]

    public init(status: Int, complaint: [UInt8]) {
        self.status = status
        self.complaint = complaint
    }
}

/// An open file, closed when its last owner lets go of it.
public final class OpenFile: Sendable {
    public let descriptor: Int32

    /// Takes over the descriptor.
    public init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    public func size() throws(FormatError) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("fstat") }
        return Int(status.st_size)
    }

    /// The content, mapped.
    public func contents() throws(FormatError) -> Bytes {
        let count = try size()
        guard count > 0 else { return Bytes([]) }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else { throw failure("mmap") }
        return Bytes(ByteRegion(mapped: start, count: count))
    }

    private func failure(_ call: String) -> FormatError { FormatError(.system, "file", "\(call) was refused with error \(errno)") }
}

extension OpenFile: ByteSink {
    /// Adds bytes at the end.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FormatError(.system, "file", "a temporary file can't be written: \(errno == ENOSPC ? "no space is left" : "error \(errno)")") }
            done += count
        }
    }
}
