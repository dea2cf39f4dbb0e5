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

    private static func evenRows(_ buffer: UnsafeRawBufferPointer, _ delimiter: UInt8) -> Int {
        let fields = CSVFields(head: buffer, delimiter: delimiter, rowLimit: 50)
        guard fields.rowCount > 0 else { return 0 }
        let width = fields.row(0).count
        return width > 1 ? (0..<fields.rowCount).count { fields.row($0).count == width } : 0
    }
}
