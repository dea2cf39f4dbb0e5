import CrateFormats
import CrateLanguage
import CrateValues

/// Named columns of equal length. `t.price` and `t["price"]` give a column, `t[0]` a row, `t[1:3]` a table of some rows.
final class TableObject: Object {
    private(set) var table: Table
    init(_ table: Table) { self.table = table }

    /// The columns by name, for formats without tables.
    var document: Document { .object(table.columns.map { ($0.name, $0.values.document) }) }

    override var typeName: String { "table" }
    override var description: String { TableText(table).text }
    override var nestedDescription: String { "<table of \(table.rowCount) rows and \(table.columns.count) columns>" }
    override var isCopiedOnRead: Bool { true }

    // MARK: members and columns

    private static let ownMembers = ["columns", "rows", "types", "shape"]
    override var memberNames: [String] { TableObject.ownMembers + table.columns.map(\.name) }

    /// A column comes first, so that every table can be taken apart by its own names.
    override func member(_ name: String) throws(Failure) -> Value? {
        if let column = table[column: name] { return try column.values.wholeColumn() }
        return switch name {
        case "columns": .strings(table.columns.map(\.name))
        case "rows": .int(table.rowCount)
        case "types": .dict(types())
        case "shape": .list([.int(table.rowCount), .int(table.columns.count)])
        default: nil
        }
    }

    private func types() -> DictObject {
        let types = DictObject()
        for column in table.columns { types[column.name] = .string(column.values.typeName) }
        return types
    }

    /// Replaces a column or adds one.
    override func setMember(_ name: String, to value: Value) throws(Failure) -> Bool {
        try setColumn(name, to: value)
        return true
    }

    override func setElement(_ indices: [Index], to value: Value) throws(Failure) {
        guard indices.count == 1, case .at(.string(let name)) = indices[0] else {
            throw Failure("type", "a table's columns can be assigned, as in t[\"name\"] = list; its rows can't")
        }
        try setColumn(name, to: value)
    }

    private func setColumn(_ name: String, to value: Value) throws(Failure) {
        let cells = try CrateCommands.document(from: value)
        guard let column = try tableOf(.object([(name, cells)])).columns.first else { return }
        guard table.columns.isEmpty || column.values.count == table.rowCount else {
            throw Failure("value", "a column of \(column.values.count) cells in a table of \(table.rowCount) rows")
        }
        var columns = table.columns
        if let position = columns.firstIndex(where: { $0.name == name }) { columns[position] = column } else { columns.append(column) }
        if let changed = Table(columns: columns) { table = changed }
    }

    // MARK: rows

    override var count: Int? { table.rowCount }

    override func item(at position: Int) throws(Failure) -> Value {
        guard position >= 0, position < table.rowCount else {
            throw Failure("index", "a table of \(table.rowCount) rows has no row \(position)")
        }
        let row = DictObject()
        for column in table.columns { row[column.name] = column.values.cell(position) }
        return .dict(row)
    }

    override func element(_ indices: [Index]) throws(Failure) -> Value {
        if indices.count == 1, case .at(.string(let name)) = indices[0] {
            if let column = table[column: name] { return try column.values.wholeColumn() }
            throw Failure("key", "the table has no column `\(name)`", hint: "it has \(table.columns.map(\.name).joined(separator: ", "))")
        }
        switch try Position(indices, count: table.rowCount, of: "a table's rows") {
        case .one(let position): return try item(at: position)
        case .range(let range): return .object(rows(Array(range)))
        }
    }

    /// A table of the rows at `positions`, which exist.
    func rows(_ positions: [Int]) -> TableObject {
        let columns = table.columns.map { Table.Column(name: $0.name, values: $0.values.picked(positions)) }
        return TableObject(Table(columns: columns) ?? table)
    }

    /// Whether there is such a column.
    override func contains(_ item: Value) -> Bool {
        if case .string(let name) = item { table[column: name] != nil } else { false }
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? TableObject, other.table.rowCount == table.rowCount, other.memberNames == memberNames else {
            return false
        }
        return zip(table.columns, other.table.columns).allSatisfy { a, b in
            (0..<table.rowCount).allSatisfy { (try? Value.areEqual(a.values.cell($0), b.values.cell($0))) ?? false }
        }
    }
}

/// The table that plain data stands for.
func tableOf(_ document: Document) throws(Failure) -> Table {
    do throws(FormatError) { return try CSV.table(of: document) } catch {
        if case .member(let place) = error.place { throw Failure("value", "\(error.reason), at `\(place)`", hint: error.hint) }
        throw Failure("value", error.reason, hint: error.hint)
    }
}
