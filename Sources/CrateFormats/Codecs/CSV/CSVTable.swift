import CrateValues

extension CSV {
    /// The table that `document` is: a mapping of equally long columns, a list of rows (lists or mappings), or an array of
    /// one or two dimensions. Without names the columns are `column_0`, `column_1` … An error names what does not fit.
    public static func table(of document: Document, limits: Limits = .standard) throws(FormatError) -> Table {
        switch document {
        case .mapping(let mapping): return try table(ofColumns: mapping, limits: limits)
        case .list(let rows), .tuple(let rows): return try table(ofRows: rows)
        case .tensor(let tensor) where tensor.rank == 1 || tensor.rank == 2:
            let lists = try TextTensor.lists(tensor, format: "CSV", limits: limits)
            guard case .list(let rows) = lists else { throw notTable(document) }
            return try table(ofRows: tensor.rank == 1 ? rows.map { .list([$0]) } : rows)
        default: throw notTable(document)
        }
    }

    private static func notTable(_ document: Document) -> FormatError {
        FormatError(
            .unrepresentable, "CSV", "a \(document.kindName) is no table",
            hint: "give a dict of equally long columns, a list of rows, or an array of two dimensions")
    }

    private static func table(ofColumns mapping: Document.Mapping, limits: Limits) throws(FormatError) -> Table {
        var columns: [Table.Column] = []
        for entry in mapping.entries {
            let name = try columnName(entry.key)
            columns.append(.init(name: name, values: try column(entry.value, name: name, limits: limits)))
        }
        guard let table = Table(columns: columns) else {
            let lengths = columns.map { "\($0.name) \($0.values.count)" }.joined(separator: ", ")
            throw FormatError(.unrepresentable, "CSV", "columns of different lengths: \(lengths)")
        }
        return table
    }

    private static func columnName(_ key: Document) throws(FormatError) -> String {
        switch key {
        case .string(let text): text
        case .integer(let value): value.description
        default: throw FormatError(.unrepresentable, "CSV", "a column's name is text, not a \(key.kindName)")
        }
    }

    private static func column(_ value: Document, name: String, limits: Limits) throws(FormatError) -> Table.Values {
        switch value {
        case .list(let cells), .tuple(let cells): return values(cells)
        case .tensor(let tensor) where tensor.rank == 1:
            guard case .list(let cells) = try TextTensor.lists(tensor, format: "CSV", limits: limits) else { throw notTable(value) }
            return values(cells)
        default:
            throw FormatError(
                .unrepresentable, "CSV", "a column is a list or an array of one dimension, not a \(value.kindName)", at: .member(name))
        }
    }

    private static func table(ofRows rows: [Document]) throws(FormatError) -> Table {
        if case .mapping? = rows.first { return try table(ofRecords: rows) }
        var columns: [[Document]] = []
        for (index, row) in rows.enumerated() {
            guard let cells = row.items else {
                throw FormatError(.unrepresentable, "CSV", "a row is a list or a dict, not a \(row.kindName)", at: .member("[\(index)]"))
            }
            if index == 0 { columns = Array(repeating: [], count: cells.count) }
            guard cells.count == columns.count else {
                throw FormatError(
                    .unrepresentable, "CSV", "a row of \(cells.count) cells where the first has \(columns.count)", at: .member("[\(index)]")
                )
            }
            for column in cells.indices { columns[column].append(cells[column]) }
        }
        return try made(columns.enumerated().map { .init(name: "column_\($0.offset)", values: values($0.element)) })
    }

    /// Rows as mappings: columns in the order in which their names first come; a missing key is a missing cell.
    private static func table(ofRecords rows: [Document]) throws(FormatError) -> Table {
        var names: [String] = []
        var columns: [[Document]] = []
        var positions: [String: Int] = [:]
        for (index, row) in rows.enumerated() {
            guard case .mapping(let mapping) = row else {
                throw FormatError(
                    .unrepresentable, "CSV", "a row is a dict like the first, not a \(row.kindName)", at: .member("[\(index)]"))
            }
            for column in columns.indices { columns[column].append(.null) }
            for entry in mapping.entries {
                let name = try columnName(entry.key)
                if let position = positions[name] {
                    columns[position][index] = entry.value
                } else {
                    positions[name] = names.count
                    names.append(name)
                    columns.append(Array(repeating: .null, count: index) + [entry.value])
                }
            }
        }
        return try made(zip(names, columns).map { .init(name: $0.0, values: values($0.1)) })
    }

    private static func made(_ columns: [Table.Column]) throws(FormatError) -> Table {
        guard let table = Table(columns: columns) else { throw FormatError(.unrepresentable, "CSV", "columns of different lengths") }
        return table
    }

    /// Cells as the narrowest column that holds all of them.
    public static func values(_ cells: [Document]) -> Table.Values {
        var kinds = Set<Int>()
        for cell in cells {
            switch cell {
            case .null: break
            case .integer: kinds.insert(0)
            case .float: kinds.insert(1)
            case .bool: kinds.insert(2)
            case .string: kinds.insert(3)
            default: return .mixed(cells)
            }
        }
        switch kinds {
        case [0]: return .integers(cells.map { if case .integer(let value) = $0 { value } else { nil } })
        case [1], [0, 1]: return floats(cells) ?? .mixed(cells)
        case [2]: return .booleans(cells.map { if case .bool(let value) = $0 { value } else { nil } })
        case [3], []: return .strings(cells.map { if case .string(let value) = $0 { value } else { nil } })
        default: return .mixed(cells)
        }
    }

    /// `nil` when an integer is beyond what a double holds exactly.
    private static func floats(_ cells: [Document]) -> Table.Values? {
        var values: [Double] = []
        values.reserveCapacity(cells.count)
        for cell in cells {
            switch cell {
            case .float(let value): values.append(value)
            case .integer(let value):
                guard let exact = Double(exactly: value) else { return nil }
                values.append(exact)
            default: values.append(.nan)
            }
        }
        return .floats(values)
    }
}

extension Document {
    fileprivate var items: [Document]? {
        switch self {
        case .list(let items), .tuple(let items): items
        default: nil
        }
    }
}
