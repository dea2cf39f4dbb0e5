import CrateFormats
import CrateLanguage
import CrateValues

/// A table as pandas prints it: row numbers, then columns aligned to the right. Of long tables only the beginning and the
/// end are shown.
struct TableText {
    private let table: Table
    private let rows: [Int?]
    private let columns: [Int?]
    private let mostCharacters: Int
    private static let mostRows = 60
    private static let mostColumns = 20

    /// - Parameter most: rows that are shown; `nil` for as many as pandas shows. With `.max` nothing is left out.
    init(_ table: Table, rows most: Int? = nil) {
        self.table = table
        let isWhole = most == .max
        rows =
            most.map { TableText.shown(table.rowCount, most: $0, head: $0 - min(5, $0 / 4), tail: min(5, $0 / 4)) }
            ?? TableText.shown(table.rowCount, most: TableText.mostRows, head: 5, tail: 5)
        let edge = TableText.mostColumns / 2
        columns = TableText.shown(table.columns.count, most: isWhole ? .max : TableText.mostColumns, head: edge, tail: edge)
        mostCharacters = isWhole ? .max : 50
    }

    /// Whether rows or columns are left out.
    var isFolded: Bool { (rows + columns).contains { $0 == nil } }

    var text: String {
        guard table.rowCount > 0 else { return "Empty table\nColumns: [\(table.columns.map(\.name).joined(separator: ", "))]" }
        var blocks = [TableText.aligned([""] + rows.map { $0.map(String.init) ?? "..." }, toRight: false)]
        for column in columns {
            guard let column else { blocks.append(TableText.aligned(Array(repeating: "...", count: rows.count + 1))); continue }
            blocks.append(TableText.aligned([readable(table.columns[column].name)] + cells(table.columns[column].values)))
        }
        var lines = (0...rows.count).map { line in blocks.map { $0[line] }.joined(separator: "  ") }
        if isFolded {
            lines += ["", "[\(table.rowCount) rows x \(table.columns.count) columns]"]
        }
        return lines.joined(separator: "\n")
    }

    /// Positions to show; `nil` stands for those left out.
    private static func shown(_ count: Int, most: Int, head: Int, tail: Int) -> [Int?] {
        count <= most ? Array(0..<count) : Array(0..<head) + [nil] + Array(count - tail..<count)
    }

    private static func aligned(_ texts: [String], toRight: Bool = true) -> [String] {
        let width = texts.map(\.count).max() ?? 0
        return texts.map { text in
            let space = String(repeating: " ", count: width - text.count)
            return toRight ? space + text : text + space
        }
    }

    private func cells(_ values: Table.Values) -> [String] {
        if case .floats(let numbers) = values {
            let texts = FloatColumn(rows.compactMap { $0.map { numbers[$0] } })
            return rows.map { $0.map { texts.text(numbers[$0]) } ?? "..." }
        }
        return rows.map { $0.map { readable(values.cell($0).description) } ?? "..." }
    }

    /// On one line, not too long, and harmless for a terminal.
    private func readable(_ text: String) -> String {
        let line = text.escapedForLine
        return line.count > mostCharacters ? line.prefix(mostCharacters - 3) + "..." : line
    }
}

/// Floats of one column with as many decimals as the one that needs most, up to six.
private struct FloatColumn {
    private let decimals: Int
    /// For numbers that would be too long, or all zeros, without an exponent.
    private let usesExponent: Bool

    init(_ numbers: [Double]) {
        let finite = numbers.filter { $0.isFinite }
        usesExponent = finite.contains { $0.magnitude >= 1e12 || ($0 != 0 && $0.magnitude < 1e-5) }
        decimals = max(1, finite.map { FloatColumn.decimals($0) }.max() ?? 1)
    }

    /// How many of six decimals are not trailing zeros.
    private static func decimals(_ number: Double) -> Int {
        guard let fixed = try? FormatSpecification(".6f").format(.float(number)), let point = fixed.lastIndex(of: ".") else { return 1 }
        var fraction = fixed[fixed.index(after: point)...]
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.count
    }

    func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        let specification = usesExponent ? ".6e" : ".\(decimals)f"
        return (try? FormatSpecification(specification).format(.float(number))) ?? Value.text(of: number)
    }
}
