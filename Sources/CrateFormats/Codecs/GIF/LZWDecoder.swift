/// Lempel, Ziv and Welch's compression as GIF has it: codes of growing width, the lowest bits first.
enum LZWDecoder {
    enum Failure: Error {
        /// The codes end, or say so, before all bytes are there.
        case endsEarly
        /// A code that nothing has defined yet.
        case unknownCode
    }

    static let mostCodes = 4096
    static let mostBits = 12

    /// Fills the first `count` bytes of `output`, which has at least so many; codes beyond them are left alone.
    ///
    /// Each code's string is the string before it and the byte that follows, and these stand next to each other in the
    /// output already: so the table holds positions there, and a string is one copy.
    static func decode(_ codes: [UInt8], minimumCodeSize: Int, count: Int, into output: inout [UInt8]) throws(Failure) {
        var table = LZWTable(minimumCodeSize: minimumCodeSize)
        var bits = LZWBits(codes)
        var filled = 0
        while filled < count {
            guard let code = bits.next(table.width) else { throw .endsEarly }
            if code == table.clearCode {
                table.clear()
                continue
            }
            if code == table.clearCode + 1 { throw .endsEarly }
            table.define()
            let start = filled
            if code < table.clearCode {
                output[filled] = UInt8(truncatingIfNeeded: code)
                filled += 1
            } else {
                guard code < table.next else { throw .unknownCode }
                let (from, length) = table[code]
                // Byte by byte, since a string may reach into the bytes it makes.
                let end = min(filled + length, count)
                output.withUnsafeMutableBufferPointer { bytes in
                    var source = from
                    while filled < end {
                        bytes[filled] = bytes[source]
                        source += 1
                        filled += 1
                    }
                }
            }
            table.last = (start, filled - start)
        }
    }
}

/// Where each code's string stands in the output.
private struct LZWTable {
    let clearCode: Int
    /// The first code without a meaning.
    private(set) var next: Int
    /// Bits of the next code.
    private(set) var width: Int
    /// The string of the code before; its length is 0 at the start and after a clear code.
    var last: (start: Int, length: Int) = (0, 0)
    private var strings: [(start: Int, length: Int)]

    init(minimumCodeSize: Int) {
        clearCode = 1 << minimumCodeSize
        next = clearCode + 2
        width = minimumCodeSize + 1
        strings = Array(repeating: (0, 0), count: LZWDecoder.mostCodes)
    }

    subscript(code: Int) -> (start: Int, length: Int) { strings[code] }

    mutating func clear() {
        next = clearCode + 2
        width = clearCode.trailingZeroBitCount + 1
        last = (0, 0)
    }

    /// Gives the next code its meaning: the string before and one byte more, which is about to be written after it.
    mutating func define() {
        guard last.length > 0, next < LZWDecoder.mostCodes else { return }
        strings[next] = (last.start, last.length + 1)
        next += 1
        if next == 1 << width, width < LZWDecoder.mostBits { width += 1 }
    }
}

/// Codes out of bytes.
private struct LZWBits {
    private let bytes: [UInt8]
    private var position = 0
    private var buffer: UInt32 = 0
    private var available = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// `nil` when fewer than `width` bits are left.
    mutating func next(_ width: Int) -> Int? {
        while available < width {
            guard position < bytes.count else { return nil }
            buffer |= UInt32(bytes[position]) << UInt32(available)
            position += 1
            available += 8
        }
        let code = Int(buffer & (1 << UInt32(width) - 1))
        buffer >>= UInt32(width)
        available -= width
        return code
    }
}
