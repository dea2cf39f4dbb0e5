import CrateValues

/// What is wrong, said so that it can be put right.
extension JSONReader {
    func malformed(_ reason: String, at offset: Int, hint: String? = nil) -> FormatError {
        FormatError(.malformed, "JSON", reason, at: place(offset), hint: hint)
    }

    /// The input ends too early. Among JSON Lines it is only the line that does, which is as wrong as any other mistake.
    func truncated(_ whereabouts: String) -> FormatError {
        end < bytes.count
            ? malformed("the line ends \(whereabouts)", at: end)
            : FormatError(.truncated, "JSON", "the text ends \(whereabouts)", at: place(end))
    }

    func place(_ offset: Int) -> FormatError.Place { .line(in: bytes, at: offset) }

    func trailing() -> FormatError {
        if isComment { return comment() }
        return malformed("text after the end of the value", at: position, hint: "a file of one value per line is named `.jsonl`")
    }

    func missingComma(closing: UInt8, openedAt: Int) -> FormatError {
        let bracket = Character(Unicode.Scalar(closing))
        guard position < end else {
            guard case .line(let line, _) = place(openedAt) else { return truncated("too early") }
            return truncated("before the `\(bracket)` that closes line \(line)'s `\(Character(Unicode.Scalar(bytes[openedAt])))`")
        }
        if isComment { return comment() }
        return malformed("expected `,` or `\(bracket)`", at: position)
    }

    func missingKey() -> FormatError {
        switch peek() {
        case _ where position >= end: truncated("where a key should stand")
        case _ where isComment: comment()
        case UInt8(ascii: "'"): malformed("a key in single quotes", at: position, hint: "JSON takes double quotes only")
        default: malformed("expected a key in double quotes", at: position)
        }
    }

    func missingValue() -> FormatError {
        guard position < end else { return truncated("where a value should stand") }
        if isComment { return comment() }
        switch bytes[position] {
        case UInt8(ascii: "'"): return malformed("a string in single quotes", at: position, hint: "JSON takes double quotes only")
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return malformed("expected a value", at: position)
        case UInt8(ascii: "+"), UInt8(ascii: "."): return malformed("a number begins with a digit or `-`", at: position)
        default: break
        }
        let replacements = ["True": "true", "False": "false", "None": "null", "nan": "NaN", "inf": "Infinity", "undefined": "null"]
        let word = word(at: position)
        if let replacement = replacements[word] { return malformed("`\(word)` is not JSON", at: position, hint: "write `\(replacement)`") }
        return malformed(word.isEmpty ? "expected a value" : "`\(word)` is not a value", at: position)
    }

    private var isComment: Bool {
        let byte = peek()
        return byte == UInt8(ascii: "#") || byte == UInt8(ascii: "/")
    }

    private func comment() -> FormatError {
        malformed("a comment", at: position, hint: "JSON has none; YAML does")
    }

    /// The letters from `offset`, at most 20.
    private func word(at offset: Int) -> String {
        let letters = bytes[offset..<min(end, offset + 20)].prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        return String(decoding: letters, as: UTF8.self)
    }
}

extension FormatError.Place {
    /// The line and the column (in characters, both from 1) of the byte at `offset`.
    static func line(in bytes: UnsafeRawBufferPointer, at offset: Int) -> FormatError.Place {
        var line = 1
        var column = 1
        for byte in bytes[..<min(offset, bytes.count)] {
            if byte == 0x0A { line += 1; column = 1 } else if byte & 0xC0 != 0x80 { column += 1 }
        }
        return .line(line, column: column)
    }
}

extension FormatError {
    /// The same error with `step` (`.key` or `[index]`) put before the path of keys that it names.
    func inside(_ step: String) -> FormatError {
        var outer = self
        switch place {
        case .member(let path): outer.place = .member(path.hasPrefix("[") ? step + path : "\(step).\(path)")
        case .whole: outer.place = .member(step)
        default: break
        }
        return outer
    }
}
