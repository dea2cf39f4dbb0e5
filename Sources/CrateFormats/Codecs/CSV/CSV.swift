import CrateValues
import Glibc

/// Comma-separated values (RFC 4180) and their relatives with `;`, tab or `|`, as Python's `csv` and pandas write them.
public enum CSV {
    public struct ReadOptions: Sendable {
        /// What to do with rows that are not as long as the first.
        public enum Ragged: String, Sendable, CaseIterable {
            /// Short rows end in missing cells; long ones are an error.
            case standard
            /// Both are errors.
            case error
            /// Long rows make more columns, too.
            case pad
        }

        /// Between fields; `nil` finds it out from the first rows.
        public var delimiter: UInt8?
        /// Whether the first row names the columns; otherwise they are `column_0`, `column_1` …
        public var hasHeader: Bool
        /// Whether columns of numbers and booleans become such; otherwise all are text.
        public var infersTypes: Bool
        public var ragged: Ragged
        public init(delimiter: UInt8? = nil, hasHeader: Bool = true, infersTypes: Bool = true, ragged: Ragged = .standard) {
            self.delimiter = delimiter
            self.hasHeader = hasHeader
            self.infersTypes = infersTypes
            self.ragged = ragged
        }
    }

    public struct WriteOptions: Sendable {
        public var delimiter: UInt8
        public var writesHeader: Bool
        /// CR LF at line ends, as RFC 4180 asks; otherwise LF, as pandas writes.
        public var crlf: Bool
        public init(delimiter: UInt8 = UInt8(ascii: ","), writesHeader: Bool = true, crlf: Bool = false) {
            self.delimiter = delimiter
            self.writesHeader = writesHeader
            self.crlf = crlf
        }
    }

    /// All rows as text, as they stand: rows may differ in length, and a blank line is an empty row.
    public static func decodeRows(_ bytes: Bytes, delimiter: UInt8? = nil) throws(FormatError) -> [[String]] {
        let fields = try scan(bytes, delimiter: delimiter)
        return fields.text.withBytes { buffer in
            (0..<fields.rowCount).map { row in fields.row(row).map { CSVText.string(buffer, $0) } }
        }
    }

    /// A table. Blank lines are passed over. An empty field is a missing cell; columns in which all others are integers of
    /// 64 bits, numbers or booleans become such, and all else stays text: leading zeros, `1_000`, integers that a column's
    /// type can't hold exactly. Repeated column names get `.1`, `.2` … as in pandas.
    public static func decode(_ bytes: Bytes, options: ReadOptions = .init(), limits: Limits = .standard) throws(FormatError) -> Table {
        let reader = CSVTableReader(fields: try scan(bytes, delimiter: options.delimiter), options: options, limits: limits)
        return try reader.read()
    }

    /// Writes `table`. Fields are quoted only where they must be; missing cells and NaN are empty fields.
    public static func encode(_ table: Table, options: WriteOptions = .init(), to sink: any ByteSink) throws(FormatError) {
        var writer = CSVWriter(options: options, sink: sink)
        try writer.write(table)
    }

    /// Writes rows of text as they are.
    public static func encodeRows(_ rows: [[String]], options: WriteOptions = .init(), to sink: any ByteSink) throws(FormatError) {
        var writer = CSVWriter(options: options, sink: sink)
        for row in rows { try writer.write(row: row) }
        try writer.flush()
    }

    private static func scan(_ bytes: Bytes, delimiter: UInt8?) throws(FormatError) -> CSVFields {
        let (text, _) = try Text.normalized(bytes)
        return try text.withBytes { (buffer) throws(FormatError) in
            if let start = buffer.baseAddress, let zero = memchr(start, 0, buffer.count).map({ UnsafeRawPointer($0) - start }) {
                throw FormatError(.malformed, "CSV", "a NUL byte", at: .line(in: buffer, at: zero), hint: "this is not a text file")
            }
            return try CSVFields(text, buffer, delimiter: delimiter ?? CSVDialect.delimiter(of: buffer))
        }
    }
}
