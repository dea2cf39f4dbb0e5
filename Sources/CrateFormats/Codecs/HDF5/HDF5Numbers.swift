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

/// The checksums of structures and of filtered chunks.
enum HDF5Checksum {
    /// Bob Jenkins' hash "lookup3", his function hashlittle, with an initial value of 0.
    static func lookup3(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var (a, b, c) = (0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count), UInt32(0), UInt32(0))
        (b, c) = (a, a)
        var position = 0
        func word(_ offset: Int) -> UInt32 {
            var value: UInt32 = 0
            for place in 0..<4 where position + offset + place < bytes.count {
                value |= UInt32(bytes[position + offset + place]) << UInt32(8 * place)
            }
            return value
        }
        while bytes.count - position > 12 {
            a &+= word(0)
            b &+= word(4)
            c &+= word(8)
            mix(&a, &b, &c)
            position += 12
        }
        guard position < bytes.count else { return c }
        a &+= word(0)
        b &+= word(4)
        c &+= word(8)
        finish(&a, &b, &c)
        return c
    }

    private static func rotated(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }

    private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
        a = (a &- c) ^ rotated(c, 4)
        c = c &+ b
        b = (b &- a) ^ rotated(a, 6)
        a = a &+ c
        c = (c &- b) ^ rotated(b, 8)
        b = b &+ a
        a = (a &- c) ^ rotated(c, 16)
        c = c &+ b
        b = (b &- a) ^ rotated(a, 19)
        a = a &+ c
        c = (c &- b) ^ rotated(b, 4)
        b = b &+ a
    }

    private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
        c = (c ^ b) &- rotated(b, 14)
        a = (a ^ c) &- rotated(c, 11)
        b = (b ^ a) &- rotated(a, 25)
        c = (c ^ b) &- rotated(b, 16)
        a = (a ^ c) &- rotated(c, 4)
        b = (b ^ a) &- rotated(a, 14)
        c = (c ^ b) &- rotated(b, 24)
    }

    /// Fletcher's sum over big-endian 16-bit words, modulo 65,535.
    static func fletcher32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var (first, second) = (UInt64(0), UInt64(0))
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let low = index + 1 < bytes.count ? bytes[index + 1] : 0
            first += UInt64(bytes[index]) << 8 | UInt64(low)
            second += first
            // Far from an overflow: a block adds less than 2^48.
            if index & 0xFFFE == 0xFFFE { (first, second) = (folded(first), folded(second)) }
        }
        return UInt32(folded(second)) << 16 | UInt32(folded(first))
    }

    /// The reference folds carries back in, so that a multiple of 65,535 other than 0 stays 65,535.
    private static func folded(_ sum: UInt64) -> UInt64 { sum == 0 ? 0 : (sum - 1) % 65_535 + 1 }
}
