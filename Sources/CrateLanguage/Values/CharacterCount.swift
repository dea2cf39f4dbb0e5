extension String {
    /// The number of characters, as `count` gives it; text of ASCII alone is not searched for their borders.
    public var characterCount: Int {
        var text = self
        let isPlain = text.withUTF8 { bytes in
            var bits: UInt8 = 0
            var hasReturn = false
            for byte in bytes {
                bits |= byte
                // CR and LF together are one character.
                hasReturn = hasReturn || byte == UInt8(ascii: "\r")
            }
            return bits < 0x80 && !hasReturn
        }
        return isPlain ? utf8.count : count
    }
}
