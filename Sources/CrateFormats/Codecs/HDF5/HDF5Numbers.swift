import CrateValues

/// What HDF5's structures are made of.
extension ByteReader {
    /// A little-endian number of `width` bytes, 0 to 8.
    mutating func unsigned(_ width: Int) throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for place in 0..<width { value |= UInt64(try byte()) << UInt64(8 * place) }
        return value
    }

    /// A size or count of `width` bytes.
    mutating func size(_ width: Int) throws(FormatError) -> Int {
        let value = try unsigned(width)
        guard let size = Int(exactly: value) else { throw malformed("holds the impossible size \(value)") }
        return size
    }

    /// An address of `width` bytes; `nil` for the undefined one, all of whose bits are set.
    mutating func address(_ width: Int) throws(FormatError) -> Int? {
        let value = try unsigned(width)
        if value == UInt64.max >> UInt64(64 - 8 * width) { return nil }
        guard let address = Int(exactly: value) else { throw malformed("holds the impossible address \(value)") }
        return address
    }

    /// An address that must be there.
    mutating func definedAddress(_ width: Int) throws(FormatError) -> Int {
        guard let address = try address(width) else { throw malformed("lacks an address") }
        return address
    }

    mutating func requireSignature(_ signature: StaticString) throws(FormatError) {
        for index in 0..<signature.utf8CodeUnitCount where try byte() != signature.utf8Start[index] {
            throw malformed("has no \(signature) where one must be")
        }
    }

    /// Takes a version that must be one of `versions`.
    @discardableResult
    mutating func version(_ versions: ClosedRange<UInt8>, of structure: String) throws(FormatError) -> UInt8 {
        let version = try byte()
        guard versions.contains(version) else { throw error(.unsupported, "has a \(structure) of the unknown version \(version)") }
        return version
    }

    /// Skips to a multiple of 8 bytes after `start`.
    mutating func alignToEight(from start: Int) throws(FormatError) { try skip((start - position) & 7) }

    /// The bytes up to the next NUL, which is taken and left out.
    mutating func nulTerminated() throws(FormatError) -> String {
        var text: [UInt8] = []
        while case let byte = try byte(), byte != 0 { text.append(byte) }
        return String(decoding: text, as: UTF8.self)
    }

    /// `count` bytes as a name, up to a NUL.
    mutating func name(_ count: Int) throws(FormatError) -> String {
        String(decoding: try bytes(count).array.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Takes the checksum that stands here and holds it against the bytes from `start` to here.
    mutating func requireChecksum(from start: Int) throws(FormatError) {
        let computed = bytes.slice(start..<position).map { $0.withBytes { HDF5Checksum.lookup3($0) } }
        guard try littleEndian(UInt32.self) == computed else { throw malformed("does not match its checksum") }
    }
}
