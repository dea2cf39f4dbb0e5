// The text of `"\\(x) of \\(y)"`, the busiest maker of strings: short ones are put together on the stack.

extension Interpreter {
    private static var shortest: Int { 128 }

    /// The text of the site's operands.
    func joinedText(_ site: UnsafeMutablePointer<CallSite>, _ base: UnsafeMutablePointer<Value>, _ constants: UnsafeMutablePointer<Value>) throws(Failure) -> String {
        let short: String? = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.shortest) { buffer in
            var text = ShortText(buffer: buffer)
            for number in site.pointee.operands where !text.append(operand(number, base, constants)) { return nil }
            return String(decoding: buffer[..<text.count], as: UTF8.self)
        }
        if let short { return short }
        return try Self.longText(site.pointee.operands.map { operand($0, base, constants).pointee })
    }

    private static func longText(_ pieces: [Value]) throws(Failure) -> String {
        var text = ""
        for piece in pieces {
            let part = if case .string(let string) = piece { string } else { piece.description }
            try Limits.checkText(text.utf8.count, adding: part.utf8.count)
            text.append(part)
        }
        return text
    }
}

/// Bytes in a buffer of fixed size.
private struct ShortText {
    let buffer: UnsafeMutableBufferPointer<UInt8>
    var count = 0

    /// False when the piece does not fit or is no string or int.
    mutating func append(_ piece: UnsafeMutablePointer<Value>) -> Bool {
        switch piece.pointee {
        case .string(let text):
            guard text.utf8.count <= buffer.count - count else { return false }
            count += text.copyBytes(to: buffer, from: count)
            return true
        case .int(let number): return append(number)
        default: return false
        }
    }

    private mutating func append(_ number: Int) -> Bool {
        // The longest int has 20 characters.
        guard buffer.count - count >= 20 else { return false }
        if number < 0 { appendByte(UInt8(ascii: "-")) }
        var rest = number.magnitude
        let first = count
        repeat {
            let (tens, digit) = rest.quotientAndRemainder(dividingBy: 10)
            appendByte(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            rest = tens
        } while rest > 0
        buffer[first..<count].reverse()
        return true
    }

    private mutating func appendByte(_ byte: UInt8) {
        buffer[count] = byte
        count &+= 1
    }
}
