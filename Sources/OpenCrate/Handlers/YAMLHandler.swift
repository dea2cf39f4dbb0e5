import CrateFormats
import CrateValues

/// YAML in block style, keys sorted as PyYAML does unless told otherwise.
struct YAMLHandler: Handler {
    let kind = "yaml"
    let summary = "Nested data as YAML, for configurations"
    let extensions = ["yaml", "yml"]

    var saveOptions: [HandlerOption] { [HandlerOption("sort_keys", .bool, "Order keys; true when left out")] }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        guard let document = content.asDocument else { throw content.unfit(for: "YAML") }
        try YAML.encode(document, options: .init(sortsKeys: options.bool("sort_keys") ?? true), limits: options.limits, to: sink)
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .document(try YAML.decode(bytes, limits: options.limits))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try YAML.inspect(bytes, limits: options.limits)
    }

    var samples: [HandlerSample] {
        let settings = Document.object([("debug_mode", .bool(true)), ("name", .string("yes"))])
        let config = Document.object([("project", .string("OpenCrate Guide")), ("settings", settings), ("version", .float(1.1))])
        let unsorted = Document.object([("b", .list([.integer(1), .null])), ("a", .string("two\nlines"))])
        return [
            HandlerSample("config.yaml", .document(config)),
            HandlerSample("order.yml", .document(unsorted), options: HandlerOptions(["sort_keys": .bool(false)])),
        ]
    }
}
