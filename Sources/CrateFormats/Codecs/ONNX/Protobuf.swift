import CrateValues

/// Protocol Buffers' wire format, field by field. Facts: the encoding page of Protocol Buffers' documentation.
struct ProtobufReader {
    private var reader: ByteReader

    init(_ bytes: Bytes, format: String, origin: Int = 0) { reader = ByteReader(bytes, format: format, origin: origin) }

    func malformed(_ reason: String) -> FormatError { reader.malformed(reason) }

    /// The next field, whether known to the caller or not; `nil` at the end.
    mutating func next() throws(FormatError) -> ProtobufField? {
        if reader.isAtEnd { return nil }
        let key = try varint()
        guard let number = Int(exactly: key >> 3), (1...0x1FFF_FFFF).contains(number) else {
            throw malformed("has the impossible field number \(key >> 3)")
        }
        let start = reader.origin + reader.position
        switch key & 7 {
        case 0: return ProtobufField(number, .varint(try varint()), reader.format, start)
        case 1: return ProtobufField(number, .fixed(try reader.bytes(8)), reader.format, start)
        case 2:
            let count = try varint()
            guard let size = Int(exactly: count), size <= reader.remaining else {
                throw reader.error(.truncated, "has a field of \(count) bytes, \(reader.remaining) are left")
            }
            let place = reader.origin + reader.position
            return ProtobufField(number, .bytes(try reader.bytes(size)), reader.format, place)
        case 5: return ProtobufField(number, .fixed(try reader.bytes(4)), reader.format, start)
        default: throw malformed("has a field of the kind \(key & 7), which is not used any more")
        }
    }

    /// Seven bits per byte, the lowest first; at most ten bytes.
    mutating func varint() throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 70, by: 7) {
            let byte = try reader.byte()
            if shift == 63, byte > 1 { throw malformed("has a number of more than 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw malformed("has a number of more than 64 bits")
    }

    var isAtEnd: Bool { reader.isAtEnd }
}

/// One field of a message.
struct ProtobufField {
    enum Payload {
        case varint(UInt64)
        /// 4 or 8 bytes.
        case fixed(Bytes)
        case bytes(Bytes)
    }

    let number: Int
    let payload: Payload
    private let format: String
    /// Where the payload begins in the file.
    private let position: Int

    init(_ number: Int, _ payload: Payload, _ format: String, _ position: Int) {
        self.number = number
        self.payload = payload
        self.format = format
        self.position = position
    }

    private func unexpected(_ wanted: String) -> FormatError {
        FormatError(.malformed, format, "has something other than \(wanted) in field \(number)", at: .byte(position))
    }

    func bytes() throws(FormatError) -> Bytes {
        guard case .bytes(let bytes) = payload else { throw unexpected("bytes") }
        return bytes
    }

    func message() throws(FormatError) -> ProtobufReader { ProtobufReader(try bytes(), format: format, origin: position) }

    func text() throws(FormatError) -> String {
        let bytes = try bytes()
        guard let text = bytes.withBytes({ String(validating: $0, as: UTF8.self) }) else { throw unexpected("UTF-8 text") }
        return text
    }

    /// A signed number of 32 or 64 bits; negative ones are always written with 64.
    func integer() throws(FormatError) -> Int {
        guard case .varint(let value) = payload else { throw unexpected("a number") }
        return Int(truncatingIfNeeded: value)
    }

    /// Appends the numbers of a repeated field, which may stand alone or packed.
    func appendIntegers(to numbers: inout [UInt64]) throws(FormatError) {
        if case .varint(let value) = payload { return numbers.append(value) }
        var packed = try message()
        while !packed.isAtEnd { numbers.append(try packed.varint()) }
    }

    /// The bytes of a repeated field of numbers with `size` bytes each, alone or packed.
    func fixedNumbers(size: Int) throws(FormatError) -> Bytes {
        switch payload {
        case .fixed(let bytes) where bytes.count == size: return bytes
        case .bytes(let bytes) where bytes.count % size == 0: return bytes
        default: throw unexpected("numbers of \(size) bytes")
        }
    }
}
