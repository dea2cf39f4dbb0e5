import CrateFormats
import CrateValues

/// JSON, and JSON Lines in `.jsonl` and `.ndjson`.
struct JSONHandler: Handler {
    let kind = "json"
    let summary = "Nested data as JSON"
    let extensions = ["json", "jsonl", "ndjson", "ipynb"]

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("indent", .int, "Spaces per level; one line when left out"),
            HandlerOption("sort_keys", .bool, "Order keys by code point"),
            HandlerOption("ascii", .bool, "Escape everything beyond ASCII"),
            HandlerOption("strict", .bool, "Refuse NaN and infinities, which JSON does not have"),
        ]
    }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        guard let document = content.asDocument else { throw content.unfit(for: "JSON") }
        let indent = options.int("indent")
        if let indent, !(0...64).contains(indent) { throw FormatError(.unrepresentable, "JSON", "an indent of \(indent)", hint: "give 0 to 64 spaces") }
        let written = JSON.WriteOptions(
            indent: indent, sortsKeys: options.bool("sort_keys") ?? false, ascii: options.bool("ascii") ?? false, strict: options.bool("strict") ?? false)
        if name.holdsLines {
            try JSON.encodeLines(document, options: written, limits: options.limits, to: sink)
        } else {
            try JSON.encode(document, options: written, limits: options.limits, to: sink)
        }
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .document(try name.holdsLines ? JSON.decodeLines(bytes, limits: options.limits) : JSON.decode(bytes, limits: options.limits))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try JSON.inspect(bytes, isLines: name.holdsLines, limits: options.limits)
    }

    var samples: [HandlerSample] {
        let nested = Document.object([
            ("array", .list([.integer(10), .integer(20), .integer(30)])), ("message", .string("Sample JSON data")), ("none", .null),
            ("share", .float(0.1)), ("whole", .float(2)), ("yes", .bool(true)), ("empty", .object([])),
        ])
        return [
            HandlerSample("data.json", .document(nested)),
            HandlerSample("indented.json", .document(nested), options: HandlerOptions(["indent": .integer(2), "ascii": .bool(true)])),
            HandlerSample("rows.jsonl", .document(.list([nested, .integer(1), .string("é")]))),
        ]
    }
}

extension ArtifactName {
    fileprivate var holdsLines: Bool { fileExtension == "jsonl" || fileExtension == "ndjson" }
}

extension Content {
    /// Nested data; a table as its columns.
    var asDocument: Document? {
        switch self {
        case .document(let document): document
        case .table(let table): .object(table.columns.map { ($0.name, .list($0.values.documents)) })
        case .image, .animation, .audio, .video, .blob, .folder, .archive: nil
        }
    }
}

extension Table.Values {
    /// The cells one by one; missing ones are null.
    var documents: [Document] {
        switch self {
        case .integers(let cells): cells.map { $0.map { .integer($0) } ?? .null }
        case .floats(let cells): cells.map { .float($0) }
        case .booleans(let cells): cells.map { $0.map { .bool($0) } ?? .null }
        case .strings(let cells): cells.map { $0.map { .string($0) } ?? .null }
        case .mixed(let cells): cells
        }
    }
}
