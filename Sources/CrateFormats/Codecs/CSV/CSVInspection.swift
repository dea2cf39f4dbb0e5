import CrateValues

extension CSV {
    /// Form, size and columns of a table.
    public static func inspect(_ bytes: Bytes, options: ReadOptions = .init(), limits: Limits = .standard) throws(FormatError) -> Inspection {
        let (text, encoding) = try Text.normalized(bytes)
        let table = try decode(bytes, options: options, limits: limits)
        let delimiter = options.delimiter ?? text.withBytes { CSVDialect.delimiter(of: $0) }
        return Inspection(
            facts: [
                ("rows", .integer(table.rowCount)), ("column_count", .integer(table.columns.count)),
                ("delimiter", .string(delimiter == UInt8(ascii: "\t") ? "tab" : String(Unicode.Scalar(delimiter)))),
            ] + TextInspection.encodingFacts(bytes, encoding) + [("line_ends", .string(LineEnds(text).text))],
            listings: [
                Inspection.Listing(
                    "columns", columns: ["name", "type", "missing", "distinct", "min", "max", "mean"], rows: table.columns.map(\.description))
            ])
    }
}

extension Table.Column {
    /// Name, type, missing cells, different values, and of numbers the least, greatest and mean.
    fileprivate var description: [Document] {
        switch values {
        case .integers(let cells): row("integer", cells.count { $0 == nil }, cells.compactMap { $0 }.summary)
        case .floats(let cells): row("float", cells.count(where: \.isNaN), cells.filter { !$0.isNaN }.summary)
        case .booleans(let cells): row("boolean", cells.count { $0 == nil }, Summary(distinct: Set(cells.compactMap { $0 }).count))
        case .strings(let cells): row("text", cells.count { $0 == nil }, Summary(distinct: distinct(cells.lazy.compactMap { $0 })))
        case .mixed(let cells): row("mixed", cells.count { if case .null = $0 { true } else { false } }, Summary())
        }
    }

    private func row(_ type: String, _ missing: Int, _ summary: Summary) -> [Document] {
        [
            .string(name), .string(type), .integer(missing), summary.distinct.map { .integer($0) } ?? .null, summary.least, summary.greatest,
            summary.mean.map { .float($0) } ?? .null,
        ]
    }
}

private struct Summary {
    /// `nil` beyond `mostDistinct`.
    var distinct: Int?
    var least = Document.null
    var greatest = Document.null
    var mean: Double?
}

private let mostDistinct = 100_000

private func distinct<Cells: Sequence>(_ cells: Cells) -> Int? where Cells.Element: Hashable {
    var seen = Set<Cells.Element>()
    for cell in cells where seen.insert(cell).inserted && seen.count > mostDistinct { return nil }
    return seen.count
}

extension [Int] {
    fileprivate var summary: Summary {
        guard let least = self.min(), let greatest = self.max() else { return Summary(distinct: 0) }
        let mean = reduce(0.0) { $0 + Double($1) } / Double(count)
        return Summary(distinct: distinct(self), least: .integer(least), greatest: .integer(greatest), mean: mean)
    }
}

extension [Double] {
    fileprivate var summary: Summary {
        guard let least = self.min(), let greatest = self.max() else { return Summary(distinct: 0) }
        return Summary(distinct: distinct(self), least: .float(least), greatest: .float(greatest), mean: reduce(0, +) / Double(count))
    }
}
