import CrateValues

/// Writes rows to a buffer that goes to the sink whenever it is full.
struct CSVWriter {
    let options: CSV.WriteOptions
    let sink: any ByteSink
    private var buffer: [UInt8] = []
    // What a reader could take for the delimiter, which it looks for in the first row.
    private var rivals: ArraySlice<UInt8> = []
    private var isFirstRow = true

    private static let bufferSize = 1 << 16

    init(options: CSV.WriteOptions, sink: any ByteSink) {
        self.options = options
        self.sink = sink
    }

    mutating func write(_ table: Table) throws(FormatError) {
        begin(columns: table.columns.count)
        if options.writesHeader, !table.columns.isEmpty { try write(row: table.columns.map(\.name)) }
        for row in 0..<table.rowCount {
            for (index, column) in table.columns.enumerated() {
                if index > 0 { buffer.append(options.delimiter) }
                let start = buffer.count
                try append(column, row)
                // A row of one empty field would be a blank line, which readers pass over.
                if table.columns.count == 1, buffer.count == start { append("\"\"") }
            }
            try endRow()
        }
        try flush()
    }

    mutating func write(row: [String]) throws(FormatError) {
        begin(columns: row.count)
        for (index, field) in row.enumerated() {
            if index > 0 { buffer.append(options.delimiter) }
            append(field: field)
        }
        if row.count == 1, row[0].isEmpty { append("\"\"") }
        try endRow()
    }

    mutating func flush() throws(FormatError) {
        try sink.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func begin(columns: Int) {
        if isFirstRow { rivals = CSVDialect.rivals(of: options.delimiter, columns: columns) }
    }

    private mutating func endRow() throws(FormatError) {
        if options.crlf { buffer.append(0x0D) }
        buffer.append(0x0A)
        rivals = []
        isFirstRow = false
        if buffer.count >= CSVWriter.bufferSize { try flush() }
    }

    // MARK: cells

    private mutating func append(_ column: Table.Column, _ row: Int) throws(FormatError) {
        switch column.values {
        case .integers(let cells): if let value = cells[row] { append(value.description) }
        case .floats(let cells): append(cells[row])
        case .booleans(let cells): if let value = cells[row] { append(value ? "true" : "false") }
        case .strings(let cells):
            // An empty text is told from a missing one by its quotes.
            if let text = cells[row] { if text.isEmpty { append("\"\"") } else { append(field: text) } }
        case .mixed(let cells): try append(cells[row], column: column.name, row: row)
        }
    }

    private mutating func append(_ value: Double) {
        if value.isNaN { return }
        append(value.isInfinite ? (value < 0 ? "-inf" : "inf") : value.description)
    }

    private mutating func append(_ cell: Document, column: String, row: Int) throws(FormatError) {
        switch cell {
        case .null: break
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(value.description)
        case .bigInteger(let value): append(value.description)
        case .float(let value): append(value)
        case .string(let text): append(field: text)
        case .timestamp(let value): append(value.text)
        default:
            throw FormatError(
                .unrepresentable, "CSV", "a cell can't hold a \(cell.kindName)", at: .member("\(column)[\(row)]"),
                hint: "turn it into text or numbers first")
        }
    }

    private mutating func append(_ text: String) { buffer.append(contentsOf: text.utf8) }

    private func needsQuotes(_ byte: UInt8) -> Bool {
        byte == options.delimiter || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D || rivals.contains(byte)
    }

    private mutating func append(field: String) {
        var field = field
        field.withUTF8 { utf8 in
            // A mark of byte order at the very beginning would not count as text.
            guard utf8.contains(where: needsQuotes) || isFirstRow && utf8.starts(with: [0xEF, 0xBB, 0xBF]) else {
                buffer.append(contentsOf: utf8)
                return
            }
            buffer.append(UInt8(ascii: "\""))
            for byte in utf8 {
                if byte == UInt8(ascii: "\"") { buffer.append(byte) }
                buffer.append(byte)
            }
            buffer.append(UInt8(ascii: "\""))
        }
    }
}
