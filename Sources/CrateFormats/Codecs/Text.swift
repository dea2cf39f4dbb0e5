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
        if firstInvalidUTF8(body) == nil { return (body, .utf8) }
        return (fromLatin1(bytes), .latin1)
    }

    /// Where `bytes` first stop being UTF-8; `nil` when all of them are.
    static func firstInvalidUTF8(_ bytes: Bytes) -> Int? {
        bytes.withBytes { buffer in
            do throws(UTF8.ValidationError) {
                _ = try UTF8Span(validating: buffer.bindMemory(to: UInt8.self).span)
                return nil
            } catch {
                return error.byteOffsets.lowerBound
            }
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
        var decoder = UTF16()
        var units = UTF16Units(bytes: bytes, isBigEndian: isBigEndian)
        while true {
            switch decoder.decode(&units) {
            case .scalarValue(let scalar): utf8.append(contentsOf: UTF8.encode(scalar) ?? .init())
            case .emptyInput: return Bytes(utf8)
            case .error: throw FormatError(.malformed, "text", "half of a surrogate pair in UTF-16 text", at: .byte(units.position - 2))
            }
        }
    }
}

/// The code units after the byte order mark.
private struct UTF16Units: IteratorProtocol {
    let bytes: Bytes
    let isBigEndian: Bool
    var position = 2

    init(bytes: Bytes, isBigEndian: Bool) { self.bytes = bytes; self.isBigEndian = isBigEndian }

    mutating func next() -> UInt16? {
        guard position + 1 < bytes.count else { return nil }
        defer { position += 2 }
        return bytes.withBytes { buffer in
            let unit = buffer.loadUnaligned(fromByteOffset: position, as: UInt16.self)
            return isBigEndian ? UInt16(bigEndian: unit) : UInt16(littleEndian: unit)
        }
    }
}
