/// The sizes that sound files claim. libsndfile quietly cuts them to what is there, so they are looked up again to tell a
/// file that ends early.
enum AudioHeader {
    /// A sentence when the header of a RIFF, AIFF or AU file claims more sample data than the file holds; else `nil`.
    static func missingData(_ file: UnsafeRawBufferPointer) -> String? {
        if tag(file, 0) == "RIFF" { return chunk("data", in: file, isBigEndian: false) }
        if tag(file, 0) == "FORM" { return chunk("SSND", in: file, isBigEndian: true) }
        if tag(file, 0) == ".snd", let start = number(file, 4, isBigEndian: true), let size = number(file, 8, isBigEndian: true) {
            // All ones is AU's way to say "to the end".
            return size == 0xFFFF_FFFF ? nil : compare(claimed: size, present: file.count - start)
        }
        return nil
    }

    private static func chunk(_ wanted: String, in file: UnsafeRawBufferPointer, isBigEndian: Bool) -> String? {
        var position = 12
        while let name = tag(file, position), let size = number(file, position + 4, isBigEndian: isBigEndian) {
            if name == wanted { return compare(claimed: size, present: file.count - position - 8) }
            position += 8 + size + size % 2
        }
        return nil
    }

    private static func compare(claimed: Int, present: Int) -> String? {
        claimed <= present ? nil : "ends early: \(max(present, 0)) of \(claimed) bytes of sound are there"
    }

    private static func tag(_ file: UnsafeRawBufferPointer, _ position: Int) -> String? {
        guard position >= 0, position + 4 <= file.count else { return nil }
        return String(decoding: file[position..<(position + 4)], as: UTF8.self)
    }

    private static func number(_ file: UnsafeRawBufferPointer, _ position: Int, isBigEndian: Bool) -> Int? {
        guard position >= 0, position + 4 <= file.count else { return nil }
        let value = file.loadUnaligned(fromByteOffset: position, as: UInt32.self)
        return Int(isBigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value))
    }
}
