import CrateValues

/// A cursor over untrusted bytes: every read is checked against what is left, and a failure names the position.
///
/// Taking `bytes` slices the region that is read and copies nothing.
public struct ByteReader {
    /// What is read.
    public let bytes: Bytes
    /// The format's name, for errors.
    public let format: String
    /// Where the next byte is taken, from the start of `bytes`.
    public private(set) var position: Int
    /// What is added to `position` in errors: where `bytes` starts in its file.
    public let origin: Int

    // The region's memory stands still while the region lives, and `bytes` keeps it alive.
    private let base: UnsafePointer<UInt8>?

    public init(_ bytes: Bytes, format: String, at position: Int = 0, origin: Int = 0) {
        self.bytes = bytes
        self.format = format
        self.position = min(max(position, 0), bytes.count)
        self.origin = origin
        base = bytes.withBytes { $0.baseAddress?.assumingMemoryBound(to: UInt8.self) }
    }

    /// Bytes that are left.
    public var remaining: Int { bytes.count - position }
    public var isAtEnd: Bool { position == bytes.count }
    /// The position in the file, for errors.
    public var place: FormatError.Place { .byte(origin + position) }

    // MARK: Errors

    /// An error at the present position.
    public func error(_ kind: FormatError.Kind, _ reason: String, hint: String? = nil) -> FormatError {
        FormatError(kind, format, reason, at: place, hint: hint)
    }

    public func malformed(_ reason: String) -> FormatError { error(.malformed, reason) }

    // MARK: Moving

    public mutating func seek(to position: Int) throws(FormatError) {
        guard position >= 0, position <= bytes.count else { throw error(.truncated, "points to byte \(position), past the end") }
        self.position = position
    }

    public mutating func skip(_ count: Int) throws(FormatError) { _ = try advance(count) }

    /// Moves on by `count` and gives the old position.
    private mutating func advance(_ count: Int) throws(FormatError) -> Int {
        guard count >= 0, count <= remaining else {
            throw error(.truncated, "needs \(count) bytes, \(remaining) are left")
        }
        defer { position += count }
        return position
    }

    // MARK: Numbers

    /// The next byte without taking it; `nil` at the end.
    public func peek() -> UInt8? { position < bytes.count ? base?[position] : nil }

    public mutating func byte() throws(FormatError) -> UInt8 {
        guard position < bytes.count, let base else { throw error(.truncated, "ends early") }
        defer { position += 1 }
        return base[position]
    }

    public mutating func littleEndian<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(FormatError) -> Number {
        Number(littleEndian: try loadBytes(of: type))
    }

    public mutating func bigEndian<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(FormatError) -> Number {
        Number(bigEndian: try loadBytes(of: type))
    }

    private mutating func loadBytes<Number: FixedWidthInteger>(of type: Number.Type) throws(FormatError) -> Number {
        let start = try advance(MemoryLayout<Number>.size)
        guard let base else { return 0 }
        return UnsafeRawPointer(base + start).loadUnaligned(as: type)
    }

    /// A count or offset; one that doesn't fit a signed 64-bit integer is malformed.
    public mutating func count<Number: FixedWidthInteger>(_ type: Number.Type) throws(FormatError) -> Int {
        let value = try littleEndian(type)
        guard let count = Int(exactly: value), count >= 0 else { throw malformed("holds the impossible length \(value)") }
        return count
    }

    // MARK: Stretches

    /// The next `count` bytes, shared and not copied.
    public mutating func bytes(_ count: Int) throws(FormatError) -> Bytes {
        let start = try advance(count)
        guard let slice = bytes.slice(start..<position) else { throw error(.truncated, "ends early") }
        return slice
    }

    /// The next `count` bytes as text, refused when they aren't UTF-8.
    public mutating func utf8(_ count: Int) throws(FormatError) -> String {
        let start = try advance(count)
        guard let text = validatedText(start..<position) else {
            throw FormatError(.malformed, format, "holds text that is not UTF-8", at: .byte(origin + start))
        }
        return text
    }

    /// The bytes up to the next newline, which is taken and left out.
    public mutating func line() throws(FormatError) -> Bytes {
        let start = position
        while let byte = peek(), byte != 0x0A { position += 1 }
        guard let line = bytes.slice(start..<position), !isAtEnd else { throw error(.truncated, "ends inside a line") }
        position += 1
        return line
    }

    private func validatedText(_ range: Range<Int>) -> String? {
        guard let base, !range.isEmpty else { return "" }
        return String(validating: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count), as: UTF8.self)
    }
}
