extension Text {
    /// `text` with everything that could drive a terminal or disguise what is shown made visible: control characters as
    /// `\x1b`, bidirectional marks and line separators as `\u{202e}`. Line feeds and tabs stay.
    public static func escapeForTerminal(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7F }), text.unicodeScalars.contains(where: isDangerous) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if isDangerous(scalar) { shown += escape(scalar) } else { shown.unicodeScalars.append(scalar) }
        }
        return shown
    }

    /// The same for what stands within one line: line feeds and tabs as `\\n` and `\\t`.
    public static func escapeForLine(_ text: String) -> String {
        escapeForTerminal(text).replacing("\n", with: "\\n").replacing("\t", with: "\\t")
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        // C0, DEL and C1: a lone C1 byte starts escape sequences on some terminals.
        case 0x00..<0x20, 0x7F..<0xA0: true
        // Marks that reorder text (UAX #9), and the separators that some terminals take for line ends.
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        // An invisible byte order mark in the middle.
        case 0xFEFF: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return scalar.value < 0x100 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
    }
}
