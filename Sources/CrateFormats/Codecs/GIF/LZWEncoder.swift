/// The encoder for `LZWDecoder`.
struct LZWEncoder {
    private var blocks = LZWBlocks()
    private var strings = LZWStrings()
    private let clearCode: Int
    /// The next code to get a meaning.
    private var next: Int
    private var width: Int

    private init(minimumCodeSize: Int) {
        clearCode = 1 << minimumCodeSize
        next = clearCode + 2
        width = minimumCodeSize + 1
    }

    /// The code size, the codes in sub-blocks of up to 255 bytes, and the empty block at the end.
    ///
    /// - Parameter indexes: at least one, all below 2 to the power of `minimumCodeSize`.
    static func encode(_ indexes: [UInt8], minimumCodeSize: Int, to output: inout [UInt8]) {
        output.append(UInt8(minimumCodeSize))
        var encoder = LZWEncoder(minimumCodeSize: minimumCodeSize)
        encoder.blocks.append(encoder.clearCode, width: encoder.width, to: &output)
        encoder.encode(indexes, to: &output)
        encoder.blocks.append(encoder.clearCode + 1, width: encoder.width, to: &output)
        encoder.blocks.finish(&output)
    }

    private mutating func encode(_ indexes: [UInt8], to output: inout [UInt8]) {
        guard let first = indexes.first else { return }
        var current = Int(first)
        for index in indexes.dropFirst() {
            if let longer = strings.find(current, index, orInsert: next) {
                current = longer
                continue
            }
            emit(current, to: &output)
            if next > LZWDecoder.mostCodes - 1 { restart(&output) }
            current = Int(index)
        }
        emit(current, to: &output)
    }

    /// The decoder learns a code only with the one after, so the width grows one code later than the table does.
    private mutating func emit(_ code: Int, to output: inout [UInt8]) {
        blocks.append(code, width: width, to: &output)
        next += 1
        if next > 1 << width, width < LZWDecoder.mostBits { width += 1 }
    }

    private mutating func restart(_ output: inout [UInt8]) {
        blocks.append(clearCode, width: width, to: &output)
        strings.clear()
        next = clearCode + 2
        width = clearCode.trailingZeroBitCount + 1
    }
}

/// Codes by the code before and one more byte: a hash table with open addressing, less than half full.
private struct LZWStrings {
    private static let slotBits: UInt32 = 14
    private static let empty = UInt32.max
    /// Code before (12 bits), byte (8 bits), code (12 bits).
    private var slots = [UInt32](repeating: empty, count: 1 << Int(slotBits))

    mutating func clear() {
        for slot in slots.indices { slots[slot] = LZWStrings.empty }
    }

    /// The code of a string that is known; otherwise gives it the code `new`.
    mutating func find(_ prefix: Int, _ byte: UInt8, orInsert new: Int) -> Int? {
        let key = UInt32(truncatingIfNeeded: prefix) << 8 | UInt32(byte)
        var slot = Int((key &* 0x9E37_79B1) >> (32 - LZWStrings.slotBits))
        while slots[slot] != LZWStrings.empty {
            if slots[slot] >> 12 == key { return Int(slots[slot] & 0xFFF) }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = key << 12 | UInt32(truncatingIfNeeded: new)
        return nil
    }
}

/// Codes into bytes, and bytes into blocks that begin with their length.
private struct LZWBlocks {
    private var buffer: UInt32 = 0
    private var available = 0
    /// Where the open block's length stands; `nil` before the first byte.
    private var lengthPlace: Int?

    mutating func append(_ code: Int, width: Int, to output: inout [UInt8]) {
        buffer |= UInt32(truncatingIfNeeded: code) << UInt32(available)
        available += width
        while available >= 8 {
            append(UInt8(truncatingIfNeeded: buffer), to: &output)
            buffer >>= 8
            available -= 8
        }
    }

    mutating func finish(_ output: inout [UInt8]) {
        if available > 0 { append(UInt8(truncatingIfNeeded: buffer), to: &output) }
        output.append(0)
    }

    private mutating func append(_ byte: UInt8, to output: inout [UInt8]) {
        if let place = lengthPlace, output[place] < 255 {
            output[place] += 1
        } else {
            lengthPlace = output.count
            output.append(1)
        }
        output.append(byte)
    }
}
