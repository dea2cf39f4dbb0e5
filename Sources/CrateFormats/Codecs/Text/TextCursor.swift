/// Walks over the bytes of a short text.
struct TextCursor {
    let bytes: [UInt8]
    var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
    var isAtDigit: Bool { peek.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false }
    var rest: ArraySlice<UInt8> { bytes[position...] }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    /// Goes past a sign, and answers whether it was a minus.
    mutating func takeSign() -> Bool {
        if take(UInt8(ascii: "-")) { return true }
        _ = take(UInt8(ascii: "+"))
        return false
    }

    /// The digits from here, without underscores, which are passed over if they are allowed.
    mutating func takeDigits(underscores: Bool) -> String {
        var digits = ""
        while let byte = peek {
            if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
                digits.unicodeScalars.append(Unicode.Scalar(byte))
            } else if !(underscores && byte == UInt8(ascii: "_")) {
                break
            }
            position += 1
        }
        return digits
    }

    /// A number of so many decimal digits; takes as many as it can.
    mutating func takeNumber(digits: ClosedRange<Int>) -> Int? {
        let start = position
        var value = 0
        while position - start < digits.upperBound, let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            position += 1
        }
        return position - start >= digits.lowerBound ? value : nil
    }

    /// Whether there is a rest, and all of it are digits of `radix` or underscores.
    func restIs(digitsOf radix: Int) -> Bool {
        !rest.isEmpty && rest.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (byte.hexadecimalDigit ?? radix) < radix
        }
    }
}
