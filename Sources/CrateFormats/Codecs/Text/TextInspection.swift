import CrateValues

/// What a text file is like: encoding, line ends, how much of it there is, and what hides in it.
public enum TextInspection {
    public static func inspect(_ bytes: Bytes) throws(FormatError) -> Inspection {
        let (utf8, encoding) = try Text.normalized(bytes)
        var measure = TextMeasure()
        utf8.withBytes { measure.add(String(decoding: $0, as: UTF8.self)) }
        return Inspection(
            facts: encodingFacts(bytes, encoding) + [
                ("line_ends", .string(measure.lineEnds.text)), ("lines", .integer(measure.lines)), ("words", .integer(measure.words)),
                ("characters", .integer(measure.characters)), ("longest_line", .integer(measure.longestLine)),
                ("ends_in_line_end", .bool(measure.lineLength == 0)), ("control_characters", .integer(measure.controls)),
                ("marks_that_turn_writing", .integer(measure.turns)),
            ])
    }

    /// The encoding, and whether a byte order mark says so.
    static func encodingFacts(_ bytes: Bytes, _ encoding: Text.Encoding) -> [Inspection.Fact] {
        let hasMark = encoding == .utf8 ? bytes.starts(with: [0xEF, 0xBB, 0xBF]) : encoding != .latin1
        let name = encoding == .latin1 ? "unknown, read as \(encoding.rawValue)" : encoding.rawValue
        return [("encoding", .string(name)), ("byte_order_mark", .bool(hasMark))]
    }
}

/// How often lines end in which way.
struct LineEnds {
    var lf = 0
    var crlf = 0
    var cr = 0

    /// "LF", "12 LF, 3 CRLF", "none".
    var text: String {
        let found = [(lf, "LF"), (crlf, "CRLF"), (cr, "CR")].filter { $0.0 > 0 }
        return found.count == 1 ? found[0].1 : found.isEmpty ? "none" : found.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    init() {}

    init(_ utf8: Bytes) {
        var isAfterCR = false
        utf8.withBytes { buffer in
            for byte in buffer {
                add(byte == 0x0A, isCR: byte == 0x0D, isAfterCR: isAfterCR)
                isAfterCR = byte == 0x0D
            }
        }
    }

    /// A CR counts when it comes; a LF behind it makes the two one.
    @inline(__always)
    mutating func add(_ isLF: Bool, isCR: Bool, isAfterCR: Bool) {
        if isCR { cr += 1 } else if isLF, isAfterCR { cr -= 1; crlf += 1 } else if isLF { lf += 1 }
    }
}

/// Counts in one pass. A character is a code point.
private struct TextMeasure {
    var lineEnds = LineEnds()
    var words = 0
    var characters = 0
    var controls = 0
    var turns = 0
    var longestLine = 0
    /// Characters since the last line end.
    var lineLength = 0
    private var isInWord = false
    private var isAfterCR = false

    /// Text behind the last line end is a line, too.
    var lines: Int { lineEnds.lf + lineEnds.crlf + lineEnds.cr + (lineLength > 0 ? 1 : 0) }

    mutating func add(_ text: String) {
        for scalar in text.unicodeScalars { add(scalar) }
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        characters += 1
        let (isLF, isCR) = (scalar == "\n", scalar == "\r")
        lineEnds.add(isLF, isCR: isCR, isAfterCR: isAfterCR)
        isAfterCR = isCR
        lineLength = isLF || isCR ? 0 : lineLength + 1
        longestLine = max(longestLine, lineLength)
        let isSpace = scalar.value < 0x80 ? scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) : scalar.properties.isWhitespace
        if !isSpace, !isInWord { words += 1 }
        isInWord = !isSpace
        if scalar.value < 0x80 {
            if scalar.value < 0x20 || scalar.value == 0x7F, !isSpace { controls += 1 }
        } else if scalar.turnsWriting {
            turns += 1
        } else if scalar.isControl {
            controls += 1
        }
    }
}
