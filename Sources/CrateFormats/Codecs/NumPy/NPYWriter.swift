import CrateValues

extension NPY {
    /// Writes one array as numpy does, the data at a multiple of 64 bytes: a tensor, a plain value as an array without dimensions, lists of
    /// numbers, texts, bytes or times; and columns of one length as records.
    public static func encode(_ document: Document, to sink: any ByteSink) throws(FormatError) {
        if case .mapping(let columns) = document { return try NPYRecords(columns).write(to: sink) }
        let column = try NumpyColumn(document, format: format)
        try sink.write(header("'\(column.code)'", column.shape))
        try column.write(to: sink, format: format)
    }

    /// Of version 1; of version 2 when it is longer than 64 KB, and of version 3 when names in it need more than Latin-1.
    static func header(_ type: String, _ shape: [Int]) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let text = "{'descr': \(type), 'fortran_order': False, 'shape': (\(sizes)), }"
        let latin = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        let isLatin = latin.count == text.unicodeScalars.count
        let content = isLatin ? latin : Array(text.utf8)
        let isShort = isLatin && content.count < 0xFFFF - 64
        let start = magic.count + (isShort ? 4 : 6)
        // numpy leaves room for the first size to grow, and ends with a newline.
        let filled = content + [UInt8](repeating: UInt8(ascii: " "), count: 63 - (start + content.count) % 64) + [0x0A]
        var header = magic + [isShort ? 1 : isLatin ? 2 : 3, 0]
        if isShort {
            header.append(littleEndian: UInt16(truncatingIfNeeded: filled.count))
        } else {
            header.append(littleEndian: UInt32(truncatingIfNeeded: filled.count))
        }
        return header + filled
    }
}

/// Columns of one length, written record by record.
private struct NPYRecords {
    private var columns: [(name: String, column: NumpyColumn)] = []
    private let count: Int

    init(_ mapping: Document.Mapping) throws(FormatError) {
        var length: Int?
        for (key, value) in mapping.entries {
            guard case .string(let name) = key, !name.isEmpty else {
                throw FormatError(.unrepresentable, NPY.format, "a column's name is not text", hint: "save it as .pth or .pkl")
            }
            do throws(FormatError) {
                let column = try NumpyColumn(value, format: NPY.format)
                guard let size = column.shape.first, length ?? size == size else {
                    throw FormatError(.unrepresentable, NPY.format, "is no column as long as the others")
                }
                length = size
                columns.append((name, column))
            } catch {
                throw FormatError(
                    error.kind, NPY.format, "holds one array, or columns of one length; \(name): \(error.reason)", at: .member(name),
                    hint: "save it as .npz or .pth")
            }
        }
        guard let length else {
            throw FormatError(.unrepresentable, NPY.format, "holds one array; this is an empty mapping", hint: "save it as .npz or .pth")
        }
        count = length
    }

    /// `[('a', '<i4'), ('d', '<i2', (2,))]`
    private var type: String {
        let fields = columns.map { name, column in
            let sizes = column.shape.dropFirst()
            let shape = sizes.isEmpty ? "" : ", (\(sizes.map(String.init).joined(separator: ", "))\(sizes.count == 1 ? "," : ""))"
            return "('\(NPYRecords.quoted(name))', '\(column.code)'\(shape))"
        }
        return "[\(fields.joined(separator: ", "))]"
    }

    private static func quoted(_ name: String) -> String {
        name.reduce(into: "") { text, character in
            if character == "'" || character == "\\" { text.append("\\") }
            text.append(character)
        }
    }

    func write(to sink: any ByteSink) throws(FormatError) {
        var parts: [(bytes: Bytes, size: Int)] = []
        for (_, column) in columns {
            let bytes = try column.bytes(format: NPY.format)
            parts.append((bytes, count == 0 ? 0 : bytes.count / count))
        }
        let header = NPY.header(type, [count])
        guard header.count <= NPY.longestHeader else {
            throw FormatError(.unrepresentable, NPY.format, "has more columns than numpy reads: their names and types take \(header.count) bytes")
        }
        try sink.write(header)
        for start in stride(from: 0, to: count, by: NPYRecords.batch) {
            var records: [UInt8] = []
            for record in start..<min(start + NPYRecords.batch, count) {
                for (bytes, size) in parts { bytes.withBytes { records += $0[(record * size)..<((record + 1) * size)] } }
            }
            try sink.write(records)
        }
    }

    /// Records that are put together at a time.
    private static let batch = 4096
}
