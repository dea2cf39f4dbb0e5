import CrateValues

/// One block of 512 bytes that stands before a member's data, as POSIX' ustar and GNU's tar have it.
struct TarHeader {
    static let blockSize = 512

    /// The path, with the prefix that ustar keeps apart.
    let name: String
    let mode: Int
    let size: Int
    let modified: Int?
    let type: UInt8
    let linkName: String
    /// Whether further blocks with a sparse file's map follow.
    let hasMoreMap: Bool

    /// Positions and lengths of the fields.
    enum Field {
        static let name = 0..<100
        static let mode = 100..<108
        static let owner = 108..<116
        static let group = 116..<124
        static let size = 124..<136
        static let modified = 136..<148
        static let checksum = 148..<156
        static let type = 156
        static let linkName = 157..<257
        static let magic = 257..<265
        static let prefix = 345..<500
        static let hasMoreMap = 482
    }

    static let posixMagic = Array("ustar\u{0}00".utf8)
    static let gnuMagic = Array("ustar  \u{0}".utf8)

    /// - Parameter place: where the block stands, for errors.
    init(_ block: Bytes, place: Int) throws(FormatError) {
        let bytes = block.array
        guard bytes.count == TarHeader.blockSize else { throw FormatError(.truncated, "tar", "ends inside a header", at: .byte(place)) }
        guard TarHeader.hasItsChecksum(bytes) else {
            throw FormatError(.malformed, "tar", "has a header that does not match its checksum", at: .byte(place))
        }
        func number(_ field: Range<Int>, _ what: String) throws(FormatError) -> Int {
            if let number = TarNumber.read(bytes[field]) { return number }
            throw FormatError(.malformed, "tar", "has a header whose \(what) is no number", at: .byte(place + field.lowerBound))
        }
        let name = TarHeader.text(bytes[Field.name])
        // GNU keeps other things where ustar has the prefix.
        let prefix = bytes[Field.magic].elementsEqual(TarHeader.posixMagic) ? TarHeader.text(bytes[Field.prefix]) : ""
        self.name = prefix.isEmpty ? name : "\(prefix)/\(name)"
        mode = try number(Field.mode, "mode")
        size = try number(Field.size, "size")
        modified = TarNumber.read(bytes[Field.modified])
        type = bytes[Field.type]
        linkName = TarHeader.text(bytes[Field.linkName])
        hasMoreMap = type == UInt8(ascii: "S") && bytes[Field.hasMoreMap] != 0
        guard size >= 0 else { throw FormatError(.malformed, "tar", "has a member of \(size) bytes", at: .byte(place)) }
    }

    /// The sum of all bytes, with spaces for the checksum itself. Old programs took the bytes for signed ones.
    private static func hasItsChecksum(_ bytes: [UInt8]) -> Bool {
        guard let written = TarNumber.read(bytes[Field.checksum]) else { return false }
        var (sum, signedSum) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            let counted = Field.checksum.contains(index) ? UInt8(ascii: " ") : byte
            sum += Int(counted)
            signedSum += Int(Int8(bitPattern: counted))
        }
        return written == sum || written == signedSum
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String { Array(field.prefix { $0 != 0 }).withUnsafeBytes { ArchiveName.text($0) } }
}

/// Numbers as tar writes them: octal digits, or for larger ones GNU's big-endian bytes behind a set bit.
enum TarNumber {
    /// Empty fields are 0; `nil` for what is no number or does not fit 64 bits.
    static func read(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 { return readBytes(field) }
        let digits = field.drop { $0 == UInt8(ascii: " ") || $0 == 0 }.prefix { $0 != UInt8(ascii: " ") && $0 != 0 }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit), number < 1 << 59 else { return nil }
            number = number << 3 | Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    private static func readBytes(_ field: ArraySlice<UInt8>) -> Int? {
        // The bit behind the mark is the sign.
        var number = (field.first ?? 0) & 0x40 == 0 ? Int((field.first ?? 0) & 0x3F) : Int((field.first ?? 0) & 0x3F) - 0x40
        for byte in field.dropFirst() {
            let (product, overflow) = number.multipliedReportingOverflow(by: 256)
            if overflow { return nil }
            number = product | Int(byte)
        }
        return number
    }

    /// `number` in octal with a NUL behind it; `nil` when it has no room in `width` bytes.
    static func octal(_ number: Int, width: Int) -> [UInt8]? {
        guard number >= 0 else { return nil }
        let digits = String(number, radix: 8).utf8
        guard digits.count < width else { return nil }
        return [UInt8](repeating: UInt8(ascii: "0"), count: width - 1 - digits.count) + digits + [0]
    }
}
