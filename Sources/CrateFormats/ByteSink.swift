import CrateValues

/// Where a codec writes, front to back: memory or a file that appears only when it is complete.
public protocol ByteSink: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError)
}

extension ByteSink {
    public func write(_ bytes: [UInt8]) throws(FormatError) { try bytes.span.bytes.withUnsafeBytes { (buffer) throws(FormatError) in try write(buffer) } }
    public func write(_ text: String) throws(FormatError) {
        try text.utf8.span.bytes.withUnsafeBytes { (buffer) throws(FormatError) in try write(buffer) }
    }
    public func write(_ bytes: Bytes) throws(FormatError) { try bytes.withBytes { (buffer) throws(FormatError) in try write(buffer) } }
}

/// Collects what a codec writes in memory.
public final class MemorySink: ByteSink {
    public private(set) var array: [UInt8] = []
    public init() {}
    public func write(_ bytes: UnsafeRawBufferPointer) { array.append(contentsOf: bytes) }
}
