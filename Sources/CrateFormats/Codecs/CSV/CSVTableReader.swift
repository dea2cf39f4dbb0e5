import CrateValues

/// Makes columns of scanned fields.
struct CSVTableReader {
    let fields: CSVFields
    let options: CSV.ReadOptions
    let limits: Limits

    func read() throws(FormatError) -> Table {
        try fields.text.withBytes { (buffer) throws(FormatError) in
            var rows = (0..<fields.rowCount).filter { !fields.row($0).isEmpty }[...]
            let header = rows.first.map { fields.row($0) } ?? []
            let width = try width(rows, header: header.count, buffer)
            if options.hasHeader { rows = rows.dropFirst() }
            let names = names(options.hasHeader ? header.map { CSVText.string(buffer, $0) } : [], width: width)
            let columns = (0..<width).map { column in
                let cells = CSVColumn(fields: fields, rows: rows, column: column, isOnly: width == 1, buffer: buffer)
                return Table.Column(name: names[column], values: options.infersTypes ? cells.values() : .strings(cells.strings()))
            }
            guard let table = Table(columns: columns) else { throw FormatError(.malformed, "CSV", "columns of different lengths") }
            return table
        }
    }

    /// The number of columns, when the rows' lengths allow it.
    private func width(_ rows: ArraySlice<Int>, header: Int, _ buffer: UnsafeRawBufferPointer) throws(FormatError) -> Int {
        var width = header
        var cells = 0
        for row in rows {
            let count = fields.row(row).count
            cells += count
            if count > header, options.ragged != .pad { throw uneven(row, count, header, buffer) }
            if count < header, options.ragged == .error { throw uneven(row, count, header, buffer) }
            width = max(width, count)
        }
        // A few bytes of a short row may stand for a very long one.
        let (total, overflow) = width.multipliedReportingOverflow(by: rows.count)
        guard !overflow, total - cells <= limits.nodes else {
            throw FormatError(.limit, "CSV", "filling up short rows would make more than \(limits.nodes) cells")
        }
        return width
    }

    private func uneven(_ row: Int, _ count: Int, _ expected: Int, _ buffer: UnsafeRawBufferPointer) -> FormatError {
        let start = fields.row(row).first?.lowerBound ?? 0
        return FormatError(
            .malformed, "CSV", "a row of \(count) fields where the first row has \(expected)", at: .line(in: buffer, at: start),
            hint: count > expected ? "a field that holds the delimiter needs quotes; `ragged: \"pad\"` makes more columns" : nil)
    }

    private func names(_ header: [String], width: Int) -> [String] {
        var taken = Set<String>()
        // The last number tried for a name, so that thousands of equal names take no longer than others.
        var counts: [String: Int] = [:]
        return (0..<width).map { column in
            let name = column < header.count ? header[column] : "column_\(column)"
            var unique = name
            while !taken.insert(unique).inserted {
                counts[name, default: 0] += 1
                unique = "\(name).\(counts[name, default: 0])"
            }
            return unique
        }
    }
}
