import CrateValues

/// Finds the delimiter from the first rows.
enum CSVDialect {
    /// Rarer ones first: where two split all rows evenly, a comma is more likely part of the data (`1,5;2,5`).
    private static let candidates = [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")]

    /// The candidate that splits the most rows into as many fields as the first row, which must be more than one; one that would
    /// tear a quoted field of the first row apart only when there is no other.
    static func delimiter(of buffer: UnsafeRawBufferPointer) -> UInt8 {
        var best = (delimiter: UInt8(ascii: ","), fit: Fit(isClean: false, rows: 0))
        // The beginning, without a row that is cut.
        var head = UnsafeRawBufferPointer(rebasing: buffer.prefix(1 << 16))
        if head.count < buffer.count, let end = head.lastIndex(of: 0x0A) { head = UnsafeRawBufferPointer(rebasing: head[...end]) }
        for candidate in candidates {
            let fit = fit(of: candidate, in: head)
            if fit > best.fit { best = (candidate, fit) }
        }
        return best.delimiter
    }

    /// Those that a reader could take for the delimiter when they stand in the first of `columns` fields each.
    static func rivals(of delimiter: UInt8, columns: Int) -> ArraySlice<UInt8> {
        columns > 1 ? candidates.prefix { $0 != delimiter } : candidates[...]
    }

    private struct Fit: Comparable {
        let isClean: Bool
        let rows: Int
        static func < (a: Fit, b: Fit) -> Bool { (a.isClean ? 1 : 0, a.rows) < (b.isClean ? 1 : 0, b.rows) }
    }

    private static func fit(of delimiter: UInt8, in buffer: UnsafeRawBufferPointer) -> Fit {
        let fields = CSVFields(head: buffer, delimiter: delimiter, rowLimit: 50)
        guard fields.rowCount > 0, fields.row(0).count > 1 else { return Fit(isClean: false, rows: 0) }
        let isClean = fields.row(0).allSatisfy { CSVText.isWhole(buffer, $0) }
        return Fit(isClean: isClean, rows: (0..<fields.rowCount).count { fields.row($0).count == fields.row(0).count })
    }
}
