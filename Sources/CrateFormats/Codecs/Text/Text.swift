import CrateValues

/// Plain text: UTF-8 with or without a byte order mark, UTF-16 with one, and Latin-1 as the last resort.
public enum Text {
    public enum Encoding: String, Sendable {
        case utf8 = "UTF-8"
        case utf16LittleEndian = "UTF-16LE"
        case utf16BigEndian = "UTF-16BE"
        /// A guess: any bytes can be read as Latin-1.
        case latin1 = "ISO-8859-1"
    }

    public struct Decoded: Sendable {
        public var text: String
        public var encoding: Encoding
        /// Whether the encoding is a guess, so that the text may be wrong.
        public var isGuess: Bool { encoding == .latin1 }
    }

    /// The text of `bytes`, without its byte order mark. Line ends stay as they are.
    public static func decode(_ bytes: Bytes) throws(FormatError) -> Decoded {
        let (utf8, encoding) = try normalized(bytes)
        // Validated above, so nothing is repaired here.
        return Decoded(text: utf8.withBytes { String(decoding: $0, as: UTF8.self) }, encoding: encoding)
    }

    /// `text` as UTF-8, without a byte order mark.
    public static func encode(_ text: String, to sink: any ByteSink) throws(FormatError) {
        try sink.write(text)
    }

    /// `bytes` as valid UTF-8 without a byte order mark; shares them when they already are.
    static func normalized(_ bytes: Bytes) throws(FormatError) -> (Bytes, Encoding) {
        let mark = bytes.withBytes { Array($0.prefix(3)) }
        if mark.starts(with: [0xFF, 0xFE]) { return (try fromUTF16(bytes, isBigEndian: false), .utf16LittleEndian) }
        if mark.starts(with: [0xFE, 0xFF]) { return (try fromUTF16(bytes, isBigEndian: true), .utf16BigEndian) }
        let body = mark == [0xEF, 0xBB, 0xBF] ? bytes.slice(3..<bytes.count) ?? bytes : bytes
        if body.withBytes({ firstInvalidUTF8($0) }) == nil { return (body, .utf8) }
        return (fromLatin1(bytes), .latin1)
    }

    /// Where `bytes` first stop being UTF-8; `nil` when all of them are.
    static func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.bindMemory(to: UInt8.self).span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    private static func fromLatin1(_ bytes: Bytes) -> Bytes {
        var utf8: [UInt8] = []
        utf8.reserveCapacity(bytes.count)
        bytes.withBytes { buffer in
            for byte in buffer {
                if byte < 0x80 { utf8.append(byte) } else { utf8.append(0xC0 | byte >> 6); utf8.append(0x80 | byte & 0x3F) }
            }
        }
        return Bytes(utf8)
    }

    private static func fromUTF16(_ bytes: Bytes, isBigEndian: Bool) throws(FormatError) -> Bytes {
        guard bytes.count.isMultiple(of: 2) else {
            throw FormatError(.truncated, "text", "UTF-16 text ends in the middle of a character", at: .byte(bytes.count - 1))
        }
        var utf8: [UInt8] = []
        utf8.reserveCapacity(bytes.count)
        try bytes.withBytes { (buffer) throws(FormatError) in
            func unit(_ position: Int) -> UInt32 {
                guard position < buffer.count else { return 0 }
                let (first, second) = (UInt32(buffer[position]), UInt32(buffer[position + 1]))
                return isBigEndian ? first << 8 | second : second << 8 | first
            }
            var position = 2  // behind the byte order mark
            while position < buffer.count {
                let (high, low) = (unit(position), unit(position + 2))
                let isPair = high & 0xFC00 == 0xD800 && low & 0xFC00 == 0xDC00
                guard let scalar = Unicode.Scalar(isPair ? 0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF) : high) else {
                    throw FormatError(.malformed, "text", "half of a surrogate pair in UTF-16 text", at: .byte(position))
                }
                utf8.append(contentsOf: UTF8.encode(scalar) ?? .init())
                position += isPair ? 4 : 2
            }
        }
        return Bytes(utf8)
    }
}
