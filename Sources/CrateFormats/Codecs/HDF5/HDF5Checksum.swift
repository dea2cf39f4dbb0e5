import CrateValues

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
