import CrateValues

/// What a scalar's text stands for: YAML 1.1's types, with the patterns of PyYAML's resolver.
enum YAMLSchema {
    /// The standard tags, without their prefix.
    static let tags = [
        "str", "int", "float", "bool", "null", "timestamp", "binary", "merge", "value", "seq", "map", "set", "omap", "pairs",
    ]

    /// An unquoted scalar without a tag.
    static func resolve(_ text: String, limits: Limits, at place: FormatError.Place) throws(FormatError) -> Document {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            if let number = try number(text, limits: limits, at: place) { return number }
            if let timestamp = try YAMLTimestamp.resolve(text, at: place) { return timestamp }
            return .string(text)
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
            if isNull(text) { return .null }
            fallthrough
        case _ where text.utf8.count <= 5:
            return bool(text).map(Document.bool) ?? .string(text)
        default:
            return .string(text)
        }
    }

    /// Whether `text`, unquoted, would be read as text.
    static func isPlainText(_ text: String) -> Bool {
        // `<<` and `=` are text here, but not for every reader.
        if text == "<<" || text == "=" { return false }
        if case .string? = try? resolve(text, limits: .standard, at: .whole) { return true }
        return false
    }

    /// A scalar with one of `tags`.
    static func construct(_ tag: String, _ text: String, limits: Limits, at place: FormatError.Place) throws(FormatError) -> Document {
        let value: Document? =
            switch tag {
            case "str", "merge", "value": .string(text)
            case "null": .null
            case "bool": bool(text).map(Document.bool)
            case "int": try YAMLNumber.integer(text, limits: limits, at: place)
            case "float": try float(text, limits: limits, at: place)
            case "timestamp": try YAMLTimestamp.resolve(text, at: place)
            case "binary": Base64.decode(text).map(Document.bytes)
            default: nil
            }
        guard let value else {
            throw FormatError(.malformed, "YAML", "`\(text.prefix(40))` is not what the tag !!\(tag) asks for", at: place)
        }
        return value
    }

    private static func float(_ text: String, limits: Limits, at place: FormatError.Place) throws(FormatError) -> Document? {
        if let float = YAMLNumber.taggedFloat(text) { return float }
        return try number(text, limits: limits, at: place)?.asFloat
    }

    private static func number(_ text: String, limits: Limits, at place: FormatError.Place) throws(FormatError) -> Document? {
        if let float = YAMLNumber.float(text) { return float }
        return try YAMLNumber.integer(text, limits: limits, at: place)
    }

    private static func isNull(_ text: String) -> Bool {
        switch text {
        case "~", "null", "Null", "NULL", "": true
        default: false
        }
    }

    private static func bool(_ text: String) -> Bool? {
        switch text {
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": true
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": false
        default: nil
        }
    }
}

extension Document {
    fileprivate var asFloat: Document? {
        switch self {
        case .float: self
        case .integer(let value): .float(Double(value))
        case .bigInteger(let value): .float(value.toDouble)
        default: nil
        }
    }
}
