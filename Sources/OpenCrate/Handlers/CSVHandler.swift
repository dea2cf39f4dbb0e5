import CrateFormats
import CrateValues

/// Tables as comma-separated values; tabs in `.tsv`.
///
/// A header line names the columns. Rows without names whose first row is all text are taken to bring their own; others (arrays,
/// numbers) get `column_0`, `column_1` …, since a reader would take the first row for names and lose it.
struct CSVHandler: Handler {
    let kind = "csv"
    let summary = "Tables as comma-separated values"
    let extensions = ["csv", "tsv"]

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("header", .bool, "Write a line of column names; true unless the first row is all text"),
            HandlerOption("index", .bool, "Begin each row with its number, as pandas does by itself"),
            HandlerOption("delimiter", .string, "One character between fields"),
            HandlerOption("crlf", .bool, "End lines as RFC 4180 asks"),
        ]
    }

    var loadOptions: [HandlerOption] {
        [
            HandlerOption("header", .bool, "The first line names the columns; true when left out"),
            HandlerOption("delimiter", .string, "One character between fields; found out when left out"),
            HandlerOption("types", .bool, "Read numbers and booleans as such; true when left out"),
            HandlerOption("ragged", .oneOf(CSV.ReadOptions.Ragged.allCases.map(\.rawValue)), "Rows of other lengths: standard pads short ones"),
        ]
    }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        var (table, needsHeader) = try table(content, options.limits)
        if options.bool("index") == true { table = table.numbered ?? table }
        let written = CSV.WriteOptions(
            delimiter: try delimiter(options) ?? (name.fileExtension == "tsv" ? UInt8(ascii: "\t") : UInt8(ascii: ",")),
            writesHeader: options.bool("header") ?? needsHeader, crlf: options.bool("crlf") ?? false)
        try CSV.encode(table, options: written, to: sink)
    }

    private func table(_ content: Content, _ limits: Limits) throws(FormatError) -> (table: Table, needsHeader: Bool) {
        switch content {
        case .table(let table): return (table, true)
        case .document(let document): return (try CSV.table(of: document, limits: limits), !document.bringsHeader)
        default: throw content.unfit(for: "CSV", hint: "give a table, a dict of columns, or rows")
        }
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .table(try CSV.decode(bytes, options: try readOptions(name, options), limits: options.limits))
    }

    var inspectOptions: [HandlerOption] { loadOptions }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try CSV.inspect(bytes, options: try readOptions(name, options), limits: options.limits)
    }

    private func readOptions(_ name: ArtifactName, _ options: HandlerOptions) throws(FormatError) -> CSV.ReadOptions {
        CSV.ReadOptions(
            delimiter: try delimiter(options) ?? (name.fileExtension == "tsv" ? UInt8(ascii: "\t") : nil),
            hasHeader: options.bool("header") ?? true, infersTypes: options.bool("types") ?? true,
            ragged: options.string("ragged").flatMap { .init(rawValue: $0) } ?? .standard)
    }

    private func delimiter(_ options: HandlerOptions) throws(FormatError) -> UInt8? {
        guard let text = options.string("delimiter") else { return nil }
        if let byte = text.utf8.first, text.utf8.count == 1, byte < 0x80, !"\"\r\n\0".utf8.contains(byte) { return byte }
        throw FormatError(.unrepresentable, "CSV", "`\(text)` can't stand between fields", hint: "give one ASCII character, such as \";\"")
    }

    var samples: [HandlerSample] {
        let table = Table(columns: [
            .init(name: "col_a", values: .integers([100, 200])), .init(name: "share", values: .floats([0.5, -1e-7])),
            .init(name: "text, quoted", values: .strings(["a \"b\"", "two\nlines"])), .init(name: "on", values: .booleans([true, nil])),
        ])
        guard let table else { return [] }
        return [
            HandlerSample("table.csv", .table(table)), HandlerSample("table.tsv", .table(table)),
            HandlerSample("semicolons.csv", .table(table), options: HandlerOptions(["delimiter": .string(";"), "crlf": .bool(true)])),
        ]
    }
}

extension Document {
    /// Whether the first row is the header already: a row of texts.
    fileprivate var bringsHeader: Bool {
        guard case .list(let rows) = self, let first = rows.first else { return false }
        guard case .list(let cells) = first else { return false }
        return !cells.isEmpty && cells.allSatisfy { if case .string = $0 { true } else { false } }
    }
}

extension Table {
    /// With a first column of row numbers that has no name.
    fileprivate var numbered: Table? { Table(columns: [Column(name: "", values: .integers((0..<rowCount).map { $0 }))] + columns) }
}
