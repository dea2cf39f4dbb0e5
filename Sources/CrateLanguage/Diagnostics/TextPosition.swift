/// Where a byte of a source stands for a reader.
public struct TextPosition: Sendable, Hashable {
    /// From 1.
    public let line: Int
    /// In Characters, from 1.
    public let column: Int
}

extension Source {
    /// The line and column of the byte at `offset`; an offset past the end means the end.
    public func position(at offset: Int) -> TextPosition {
        let offset = min(max(offset, 0), bytes.count)
        var line = 1
        for byte in bytes[..<offset] where byte == UInt8(ascii: "\n") { line += 1 }
        let start = lineRange(at: offset).lowerBound
        return TextPosition(line: line, column: String(decoding: bytes[start..<offset], as: UTF8.self).count + 1)
    }

    /// The bytes of the line around `offset`, without its end.
    func lineRange(at offset: Int) -> Range<Int> {
        let offset = min(max(offset, 0), bytes.count)
        let start = bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        var end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    /// Its lines without their ends, LF or CR LF; behind the last end an empty one.
    public var lines: [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
    }

    /// Whether the first line ends with CR LF.
    public var endsLinesWithReturn: Bool { bytes.firstIndex(of: UInt8(ascii: "\n")).map { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") } ?? false }

    /// The text of a span.
    public func text(_ span: Span) -> String {
        let start = min(max(span.start, 0), bytes.count)
        return String(decoding: bytes[start..<min(max(span.end, start), bytes.count)], as: UTF8.self)
    }
}

/// The lines of a source, for those who ask for many.
public struct LineTable: Sendable {
    /// The first byte of each line.
    public let starts: [Int]

    public init(_ source: Source) {
        starts = [0] + source.bytes.indices.filter { source.bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    /// The line of a byte, from 1.
    public func line(at offset: Int) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }
}

extension Location {
    public var position: TextPosition { source.position(at: span.start) }

    /// Behind its last byte.
    public var endPosition: TextPosition { source.position(at: max(span.start, span.end)) }
}
