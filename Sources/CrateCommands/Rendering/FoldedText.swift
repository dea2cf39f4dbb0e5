import CrateLanguage

/// How much of a nested value is shown at once.
public struct Folding: Sendable {
    /// Levels of lists and dicts that are opened.
    public var depth = 5
    /// Items of one list or dict.
    public private(set) var items = 30
    /// Items of a list of numbers and short texts that is no part of another.
    public private(set) var shortItems = 120
    /// Rows of a table, of which a longer one is cut as pandas does; `nil` for as many as pandas shows.
    public private(set) var rows: Int?
    /// Lines, from which on nothing more is opened.
    public var lines = 200
    /// Characters of one text.
    public var characters = 1000

    public init() {}

    /// Everything, but in lines.
    static var none: Folding {
        var folding = Folding()
        (folding.depth, folding.lines, folding.characters) = (100, Int.max, Int.max)
        folding.show(items: .max)
        return folding
    }

    var isWhole: Bool { rows == .max }

    /// Shows so many items, whatever they are, and rows.
    public mutating func show(items count: Int) { (items, shortItems, rows) = (count, count, count) }
}

/// A value as the prompt shows it: on one line where it fits, else an item a line with its levels indented, and the middle of what is
/// long and the inside of what is deep left out, with a mark that says how much.
struct FoldedText {
    private let folding: Folding
    private let width: Int
    private var open: [ObjectIdentifier] = []
    private var lineCount = 0
    /// Whether something was left out.
    private(set) var isFolded = false

    init(_ folding: Folding, width: Int) {
        self.folding = folding
        self.width = max(width, 20)
    }

    mutating func text(_ value: Value) -> String { text(value, indent: 0, room: width) }

    /// - Parameter room: columns that are left on the first line.
    private mutating func text(_ value: Value, indent: Int, room: Int) -> String {
        guard let parts = Parts(value) else { return leaf(value) }
        guard parts.count > 0 else { return parts.opening + parts.closing }
        guard !open.contains(parts.identity) else { return parts.opening + "…" + parts.closing }
        if open.count >= folding.depth || lineCount >= folding.lines { return folded(parts) }
        open.append(parts.identity)
        defer { open.removeLast() }
        if let line = oneLine(parts, room: room) { return line }
        return parts.areShort ? filled(parts, indent) : listed(parts, indent)
    }

    private mutating func folded(_ parts: Parts) -> String {
        isFolded = true
        return "\(parts.opening)… \(parts.count) \(parts.noun)\(parts.closing)"
    }

    private mutating func leaf(_ value: Value) -> String {
        guard case .string(let text) = value, text.utf8.count > folding.characters else { return value.nestedDescription }
        let start = text.prefix(folding.characters)
        guard start.endIndex < text.endIndex else { return value.nestedDescription }
        isFolded = true
        return Value.string(String(start)).nestedDescription + "… \(text.count) characters"
    }

    /// `nil` when it is longer than `room`.
    private mutating func oneLine(_ parts: Parts, room: Int) -> String? {
        guard parts.count <= min(parts.areShort ? folding.shortItems : folding.items, room / 2) else { return nil }
        let wasFolded = isFolded
        var line = parts.opening
        for position in 0..<parts.count {
            line += (position > 0 ? ", " : "") + parts.label(position) + text(parts.value(position), indent: 0, room: room - line.utf8.count)
            if line.contains("\n") || displayWidth(line) + 1 > room {
                isFolded = wasFolded
                return nil
            }
        }
        return line + parts.closing
    }

    private mutating func listed(_ parts: Parts, _ indent: Int) -> String {
        let margin = String(repeating: " ", count: indent + 2)
        var lines = [parts.opening]
        let (head, tail) = shown(parts.count, most: folding.items)
        for position in Array(head) + Array(tail) {
            if position == tail.lowerBound, head.upperBound < tail.lowerBound { lines.append("\(margin)… \(tail.lowerBound - head.upperBound) more") }
            lineCount += 1
            let label = parts.label(position)
            let comma = position < parts.count - 1 ? "," : ""
            let room = width - indent - 2 - displayWidth(label) - comma.count
            lines.append(margin + label + text(parts.value(position), indent: indent + 2, room: room) + comma)
        }
        return (lines + [String(repeating: " ", count: indent) + parts.closing]).joined(separator: "\n")
    }

    /// As many on a line as fit.
    private mutating func filled(_ parts: Parts, _ indent: Int) -> String {
        let margin = String(repeating: " ", count: indent + 2)
        // One of many must not fill the screen alone.
        let (head, tail) = shown(parts.count, most: open.count > 1 ? folding.items : folding.shortItems)
        var words = head.map { leaf(parts.value($0)) + ($0 < parts.count - 1 ? "," : "") }
        if head.upperBound < tail.lowerBound { words.append("… \(tail.lowerBound - head.upperBound) more …") }
        words += tail.map { leaf(parts.value($0)) + ($0 < parts.count - 1 ? "," : "") }
        var lines = [parts.opening]
        var line = margin
        var column = indent + 2
        for word in words {
            let size = displayWidth(word)
            if column > indent + 2, column + size > width {
                lines.append(String(line.dropLast()))
                (line, column) = (margin, indent + 2)
            }
            line += word + " "
            column += size + 1
        }
        lineCount += lines.count
        return (lines + [String(line.dropLast()), String(repeating: " ", count: indent) + parts.closing]).joined(separator: "\n")
    }

    /// The beginning and the end of what is longer than `most`.
    private mutating func shown(_ count: Int, most: Int) -> (Range<Int>, Range<Int>) {
        guard count > most else { return (0..<count, count..<count) }
        isFolded = true
        let tail = min(5, most / 4)
        return (0..<most - tail, count - tail..<count)
    }
}

/// A list or dict, looked at by position.
private struct Parts {
    let opening: String
    let closing: String
    let noun: String
    let identity: ObjectIdentifier
    private let values: [Value]
    private let labels: [Key]
    var count: Int { values.count }

    init?(_ value: Value) {
        switch value {
        case .list(let list):
            (opening, closing, noun, identity) = ("[", "]", list.items.count == 1 ? "item" : "items", ObjectIdentifier(list))
            (values, labels) = (list.items, [])
        case .dict(let dict):
            (opening, closing, noun, identity) = ("{", "}", dict.count == 1 ? "key" : "keys", ObjectIdentifier(dict))
            let entries = Array(dict.entries)
            (values, labels) = (entries.map { $0.value }, entries.map { $0.key })
        default: return nil
        }
    }

    func value(_ position: Int) -> Value { values[position] }
    func label(_ position: Int) -> String { labels.isEmpty ? "" : Value(labels[position]).nestedDescription + ": " }

    /// Whether they can share lines.
    var areShort: Bool {
        labels.isEmpty && values.allSatisfy { value in
            switch value {
            case .null, .bool, .int, .float: true
            case .string(let text): text.utf8.count <= 24
            default: false
            }
        }
    }
}
