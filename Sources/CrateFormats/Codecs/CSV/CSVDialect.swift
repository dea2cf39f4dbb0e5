import CrateValues

/// Finds the delimiter from the first rows.
enum CSVDialect {
    /// Rarer ones first: where two split all rows evenly, a comma is more likely part of the data (`1,5;2,5`).
    private static let candidates = [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")]

    /// The candidate that splits the most rows into as many fields as the first row, which must be more than one.
    static func delimiter(of buffer: UnsafeRawBufferPointer) -> UInt8 {
        var best = (delimiter: UInt8(ascii: ","), rows: 0)
        // The beginning, without a row that is cut.
        var head = UnsafeRawBufferPointer(rebasing: buffer.prefix(1 << 16))
        if head.count < buffer.count, let end = head.lastIndex(of: 0x0A) { head = UnsafeRawBufferPointer(rebasing: head[...end]) }
        for candidate in candidates {
            let rows = evenRows(head, candidate)
            if rows > best.rows { best = (candidate, rows) }
        }
        return best.delimiter
    }

    /// Those that a reader could take for the delimiter when they stand in the first of `columns` fields each.
    static func rivals(of delimiter: UInt8, columns: Int) -> ArraySlice<UInt8> {
        columns > 1 ? candidates.prefix { $0 != delimiter } : candidates[...]
    }

    private static func evenRows(_ buffer: UnsafeRawBufferPointer, _ delimiter: UInt8) -> Int {
        let fields = CSVFields(head: buffer, delimiter: delimiter, rowLimit: 50)
        guard fields.rowCount > 0 else { return 0 }
        let first = fields.row(0)
        let width = first.count
        // Text behind a closing quote, as in `"a;b",c`, says that the field should have ended there.
        guard width > 1, first.allSatisfy({ CSVFields.endsWithItsQuote(buffer, $0) }) else { return 0 }
        return (0..<fields.rowCount).count { fields.row($0).count == width }
    }
}
