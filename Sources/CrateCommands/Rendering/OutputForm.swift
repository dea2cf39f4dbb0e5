import CrateFormats
import CrateLanguage
import CrateValues

/// How tables, dicts, lists and arrays are written where they are shown.
public enum OutputForm: String, CaseIterable, Sendable {
    /// As `print` writes them.
    case text
    /// Rows below columns, aligned.
    case table
    case json
    case csv
    case markdown
}

extension Session {
    /// `value` in the form that the output asks for; `nil` where that is the usual text: for what has no parts, but in JSON, which has a
    /// form for all.
    ///
    /// - Parameter isWhole: a value that stands for itself, and is written in JSON also when it is a text or a number.
    func formed(_ value: Value, isWhole: Bool) -> String? { formed(value, as: output.form, isWhole: isWhole) }

    func formed(_ value: Value, as form: OutputForm, isWhole: Bool) -> String? {
        switch form {
        case .text: nil
        case .json: isWhole || hasParts(value) ? json(value) : nil
        case .table: tabular(value).map(aligned)
        case .csv: tabular(value).flatMap(csv)
        case .markdown: tabular(value).map { MarkdownTable($0).text }
        }
    }

    /// Whole but at the prompt, where `:all` shows the rest.
    private func aligned(_ table: Table) -> String {
        let text = output.folding.map { TableText(table, rows: $0.rows) } ?? TableText(table, rows: .max)
        wasFolded = text.isFolded
        return text.text
    }

    private func hasParts(_ value: Value) -> Bool {
        switch value {
        case .list, .dict, .range: true
        case .object(let object): object is TableObject || object is ArrayObject || object is InspectionObject
        default: false
        }
    }

    /// What is no data is told in words; so is a picture, whose numbers nobody wants to read.
    private func json(_ value: Value) -> String? {
        let words = Document.string(value.description)
        var shown = isData(value) ? (try? document(from: value, interpreter: interpreter)) ?? words : words
        if case .object(let object) = value, let table = object as? TableObject { shown = JSONView.rows(of: table.table) }
        let plain = (try? JSONView(hasOnlyNumbers: true).document(shown)) ?? words
        let sink = MemorySink()
        do { try JSON.encode(plain, options: .init(indent: output.isTerminal ? 2 : nil), to: sink) } catch { return nil }
        return String(decoding: sink.array, as: UTF8.self)
    }

    private func isData(_ value: Value) -> Bool {
        guard case .object(let object) = value else { return true }
        return hasParts(value) || object is DataObject && !(object is AnimationObject)
    }

    private func csv(_ table: Table) -> String? {
        let sink = MemorySink()
        do { try CSV.encode(table.flat, to: sink) } catch { return nil }
        let text = String(decoding: sink.array, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// `nil` for what has no rows.
    private func tabular(_ value: Value) -> Table? {
        if case .object(let object) = value, let table = object as? TableObject { return table.table }
        guard hasParts(value), let document = try? document(from: value, interpreter: interpreter) else { return nil }
        switch document {
        case .list(let items), .tuple(let items): return Table.rows(items)
        case .mapping(let mapping): return Table.entries(mapping, document)
        case .tensor(let tensor) where tensor.rank == 1: return Table.column("value", document)
        case .tensor(let tensor) where tensor.rank == 2: return Table.matrix((0..<(tensor.shape.last ?? 0)).map { column(value, $0) })
        default: return nil
        }
    }

    /// One column of a matrix.
    private func column(_ matrix: Value, _ number: Int) -> Document {
        guard case .object(let object) = matrix,
            let column = try? object.element([.slice(start: nil, stop: nil, step: nil), .at(.int(number))])
        else { return .list([]) }
        return (try? document(from: column)) ?? .list([])
    }
}

extension Table {
    /// Dicts as rows, lists of one length as rows, and anything else as the cells of one column.
    fileprivate static func rows(_ items: [Document]) -> Table? {
        if items.isEmpty { return Table(columns: []) }
        if items.allSatisfy({ if case .mapping = $0 { true } else { false } }), let table = try? tableOf(.list(filled(items))) { return table }
        let rows = items.compactMap { if case .list(let row) = $0 { row } else if case .tuple(let row) = $0 { row } else { nil } }
        guard let width = rows.first?.count, width > 0, rows.count == items.count, rows.allSatisfy({ $0.count == width }) else {
            return column("value", .list(items))
        }
        return matrix((0..<width).map { column in .list(rows.map { $0[column] }) })
    }

    /// Columns that have no names but their numbers.
    fileprivate static func matrix(_ columns: [Document]) -> Table? {
        Table(columns: columns.enumerated().compactMap { number, cells in column("\(number)", cells)?.columns.first })
    }

    /// With what is nested as text, in JSON.
    fileprivate var flat: Table {
        Table(columns: columns.map { column in
            guard case .mixed(let cells) = column.values else { return column }
            return Column(name: column.name, values: .mixed(cells.map { cell in
                switch cell {
                case .list, .tuple, .mapping, .tensor, .set: (try? jsonText(JSONView(hasOnlyNumbers: true).document(cell))).map { .string($0) } ?? cell
                default: cell
                }
            }))
        }) ?? self
    }

    /// Dicts that all have the keys of all, in the order in which they are met.
    private static func filled(_ items: [Document]) -> [Document] {
        var keys: [Document] = []
        var names: Set<String> = []
        for case .mapping(let mapping) in items {
            for entry in mapping.entries where names.insert(value(from: entry.key).description).inserted { keys.append(entry.key) }
        }
        return items.map { item in
            guard case .mapping(let mapping) = item, mapping.entries.count < keys.count else { return item }
            let own = Dictionary(mapping.entries.map { (value(from: $0.key).description, $0.value) }) { first, _ in first }
            return .mapping(.init(keys.map { ($0, own[value(from: $0).description] ?? .null) }))
        }
    }

    /// Columns of one length, or else each key beside its value.
    fileprivate static func entries(_ mapping: Document.Mapping, _ document: Document) -> Table? {
        let lengths = mapping.entries.map { entry in
            switch entry.value {
            case .list(let items), .tuple(let items): items.count
            case .tensor(let tensor) where tensor.rank == 1: tensor.count
            default: -1
            }
        }
        if let first = lengths.first, first >= 0, lengths.allSatisfy({ $0 == first }), let table = try? tableOf(document) { return table }
        return Table(columns: [
            .init(name: "key", values: .strings(mapping.entries.map { value(from: $0.key).description })),
            .init(name: "value", values: .mixed(mapping.entries.map(\.value))),
        ])
    }

    fileprivate static func column(_ name: String, _ cells: Document) -> Table? {
        if let table = try? tableOf(.object([(name, cells)])) { return table }
        guard case .list(let items) = cells else { return nil }
        return Table(columns: [.init(name: name, values: .mixed(items))])
    }
}

/// A table as Markdown writes it, whole. Numbers stand at the right.
struct MarkdownTable {
    private let table: Table
    init(_ table: Table) { self.table = table }

    var text: String {
        let columns = table.columns.map { column in
            [MarkdownTable.escaped(column.name)] + (0..<table.rowCount).map { MarkdownTable.cell(column.values, $0) }
        }
        let widths = columns.map { $0.map(displayWidth).max() ?? 0 }.map { max($0, 3) }
        var lines = (0...table.rowCount).map { row in
            "| " + columns.indices.map { padded(columns[$0][row], widths[$0], toRight: isNumeric($0)) }.joined(separator: " | ") + " |"
        }
        let rule = columns.indices.map { String(repeating: "-", count: widths[$0] - (isNumeric($0) ? 1 : 0)) + (isNumeric($0) ? ":" : "") }
        lines.insert("| " + rule.joined(separator: " | ") + " |", at: 1)
        return lines.joined(separator: "\n")
    }

    private func isNumeric(_ column: Int) -> Bool {
        switch table.columns[column].values {
        case .integers, .floats: true
        case .booleans, .strings, .mixed: false
        }
    }

    private func padded(_ text: String, _ width: Int, toRight: Bool) -> String {
        let space = String(repeating: " ", count: width - min(width, displayWidth(text)))
        return toRight ? space + text : text + space
    }

    private static func cell(_ values: Table.Values, _ row: Int) -> String {
        let cell = values.cell(row)
        if case .null = cell { return "" }
        return escaped(cell.description)
    }

    private static func escaped(_ text: String) -> String {
        text.escapedForTerminal.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("\n", with: "<br>")
    }
}
