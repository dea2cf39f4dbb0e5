extension Unicode.Scalar {
    /// A control character, or one that ends a line.
    public var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// One of the marks that turn the order of writing, so that a text shows as another than it is.
    public var turnsWriting: Bool {
        switch value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension String {
    /// With everything that could drive a terminal or disguise what is shown made visible: control characters as `\x1b`, bidirectional
    /// marks and line separators as `\u{202e}`. Line feeds and tabs stay.
    public var escapedForTerminal: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }), unicodeScalars.contains(where: \.isHidden) else { return self }
        return unicodeScalars.reduce(into: "") { shown, scalar in
            if scalar.isHidden { shown += scalar.escape } else { shown.unicodeScalars.append(scalar) }
        }
    }

    /// The same for what stands within one line: line feeds and tabs as `\n` and `\t`.
    public var escapedForLine: String { escapedForTerminal.replacing("\n", with: "\\n").replacing("\t", with: "\\t") }
}

extension Unicode.Scalar {
    /// Whether a terminal takes it for a command, or a person can't see it: C0 and C1 (a lone C1 byte starts escape sequences on some
    /// terminals), marks that turn the order of writing, line separators, a byte order mark in the middle.
    public var isHidden: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF: true
        default: turnsWriting
        }
    }

    fileprivate var escape: String {
        let digits = String(value, radix: 16)
        return value < 0x100 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
    }
}
