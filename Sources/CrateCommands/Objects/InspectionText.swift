import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

/// An inspection as a person reads it: facts under each other, listings as tables, findings in colour.
struct InspectionText {
    private let inspection: Inspection
    private let width: Int
    private let showsColour: Bool
    private let showsAll: Bool
    /// Rows of a listing that is not shown whole: most of them from its beginning.
    private static let mostRows = 40
    private static let lastRows = 5
    private static let mostCharacters = 60

    init(_ inspection: Inspection, width: Int, showsColour: Bool, showsAll: Bool) {
        self.inspection = inspection
        self.width = width
        self.showsColour = showsColour
        self.showsAll = showsAll
    }

    var text: String {
        let facts = inspection.facts.filter { !$0.value.saysNothing }
        let labelWidth = facts.map { displayWidth(Self.label($0.name)) }.max() ?? 0
        var lines = facts.map { fact in
            let label = Self.label(fact.name)
            let space = String(repeating: " ", count: labelWidth - displayWidth(label))
            // What warns is read to its end.
            let most = fact.name == "security" ? .max : max(width - labelWidth - 2, 20)
            return bold(label) + space + "  " + coloured(cell(fact.value, of: fact.name, most: most))
        }
        for listing in inspection.listings { lines += self.lines(of: listing) }
        return lines.joined(separator: "\n")
    }

    private func lines(of listing: Inspection.Listing) -> [String] {
        let title = ["", bold(Self.label(listing.title)) + (listing.rows.isEmpty ? ": none" : " (\(Self.grouped(listing.rows.count)))")]
        guard !listing.rows.isEmpty else { return title }
        let left = showsAll || listing.rows.count <= Self.mostRows ? 0 : listing.rows.count - Self.mostRows
        let shown = left == 0 ? listing.rows : Array(listing.rows.prefix(Self.mostRows - Self.lastRows) + listing.rows.suffix(Self.lastRows))
        var lines = table(listing.columns, shown)
        if left > 0 { lines.insert("  … \(Self.grouped(left)) more; all: true shows them", at: 1 + Self.mostRows - Self.lastRows) }
        return title + lines
    }

    /// Columns side by side, numbers to the right.
    private func table(_ columns: [String], _ rows: [[Document]]) -> [String] {
        var lines = [String](repeating: " ", count: rows.count + 1)
        for (position, column) in columns.enumerated() {
            let cells = rows.map { position < $0.count ? cell($0[position], of: column, most: Self.mostCharacters) : "" }
            let toRight = rows.allSatisfy { position >= $0.count || $0[position].isNumberOrNull }
            let isLast = position == columns.count - 1
            let texts = [Self.label(column)] + cells
            let columnWidth = texts.map { displayWidth($0) }.max() ?? 0
            for (index, text) in texts.enumerated() {
                let space = String(repeating: " ", count: columnWidth - displayWidth(text))
                let shown = index == 0 ? bold(text) : coloured(text)
                lines[index] += " " + (toRight ? space + shown : isLast ? shown : shown + space) + (isLast ? "" : " ")
            }
        }
        return lines
    }

    // MARK: cells

    /// A value on one line. Numbers under a name that counts bytes or elements are made easy to read.
    private func cell(_ whole: Document, of name: String, most: Int) -> String {
        // Each value takes a character at least.
        var left = most == .max ? most : most + 1
        let document = whole.beginning(&left)
        switch document {
        case .null: return name == "value" ? "null" : ""
        case .integer(let number) where name == "size" || name.hasSuffix("_size"): return ByteCount.text(number)
        case .integer(let number) where number.magnitude >= 10_000 && name != "seed": return Self.grouped(number)
        case .float(let number): return Self.short(number) + (name == "value" && number.isWhole ? ".0" : "")
        case .string(let text): return Self.cut(text.escapedForLine, most)
        case .list(let items) where !items.isEmpty && items.allSatisfy({ if case .string = $0 { true } else { false } }):
            return Self.cut(items.map { value(from: $0).description }.map(\.escapedForLine).joined(separator: ", "), most)
        default: return Self.cut(value(from: document).description.escapedForLine, most)
        }
    }

    /// Six significant digits are enough to look at.
    private static func short(_ number: Double) -> String {
        guard number.isFinite, let text = try? FormatSpecification(".6g").format(.float(number)) else { return Value.text(of: number) }
        return text
    }

    /// 1234567 as 1,234,567.
    private static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// Names are written for programs, with underscores.
    private static func label(_ name: String) -> String { name.replacing("_", with: " ").escapedForLine }

    private static func cut(_ text: String, _ most: Int) -> String {
        guard text.count > most else { return text }
        // Counts what is shown of long texts, which `displayWidth` would make slow.
        return text.prefix(most - 1) + "…"
    }

    // MARK: colour

    private func bold(_ text: String) -> String { showsColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    /// Verdicts stand out.
    private func coloured(_ text: String) -> String {
        guard showsColour, let code = Self.colours[text] else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private static let colours = ["dangerous": "1;31", "unknown": "33", "harmless": "32"]
}

extension Double {
    /// Whether it is written like an integer, from which it is told apart where types matter.
    fileprivate var isWhole: Bool { magnitude < 1_000_000 && rounded() == self }
}

extension Document {
    /// The first values of lists and mappings, as many as are left; a document may have millions, of which a cell shows a few.
    fileprivate func beginning(_ left: inout Int) -> Document {
        left -= 1
        return switch self {
        case .list(let items): .list(Document.beginning(of: items, &left))
        case .tuple(let items): .tuple(Document.beginning(of: items, &left))
        case .mapping(let mapping): .mapping(Document.beginning(of: mapping, &left))
        default: self
        }
    }

    private static func beginning(of items: [Document], _ left: inout Int) -> [Document] {
        var first: [Document] = []
        for item in items {
            guard left > 0 else { break }
            first.append(item.beginning(&left))
        }
        return first
    }

    private static func beginning(of mapping: Mapping, _ left: inout Int) -> Mapping {
        var first = Mapping(isOrderedDict: mapping.isOrderedDict)
        for entry in mapping.entries {
            guard left > 0 else { break }
            first.entries.append((entry.key, entry.value.beginning(&left)))
        }
        return first
    }

    fileprivate var isNumberOrNull: Bool {
        switch self {
        case .integer, .float, .bigInteger, .null: true
        default: false
        }
    }

    fileprivate var saysNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .list(let items): items.isEmpty
        case .mapping(let mapping): mapping.entries.isEmpty
        default: false
        }
    }
}
