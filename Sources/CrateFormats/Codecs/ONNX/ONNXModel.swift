import CrateValues

/// What surrounds the graph.
struct ONNXModel {
    private(set) var graph = ONNXGraph()
    private var irVersion = 0
    private var producer = ""
    private var producerVersion = ""
    private var domain = ""
    private var modelVersion = 0
    private var doc = ""
    private var opsets = TextEntries()
    private var metadata = TextEntries()

    init(_ bytes: Bytes, limits: Limits) throws(FormatError) {
        var reader = ProtobufReader(bytes, format: "ONNX")
        var hasGraph = false
        while let field = try reader.next() {
            switch field.number {
            case 1: irVersion = try field.integer()
            case 2: producer = try field.text()
            case 3: producerVersion = try field.text()
            case 4: domain = try field.text()
            case 5: modelVersion = try field.integer()
            case 6: doc = try field.text()
            case 7:
                guard !hasGraph else { throw reader.malformed("has two graphs") }
                hasGraph = true
                graph = try ONNXGraph(try field.message(), limits: limits)
            case 8: try addOpset(try field.message())
            case 14: try addMetadata(try field.message())
            default: break
            }
        }
        // Without a magic number this is what tells a model from other bytes.
        guard irVersion > 0, hasGraph else { throw FormatError(.malformed, "ONNX", "is no model: a version or a graph is missing") }
    }

    private mutating func addOpset(_ message: ProtobufReader) throws(FormatError) {
        var message = message
        var (domain, version) = ("", 0)
        while let field = try message.next() {
            switch field.number {
            case 1: domain = try field.text()
            case 2: version = try field.integer()
            default: break
            }
        }
        guard opsets.add(domain, .integer(version)) else { throw message.malformed("has two versions of the operators of \"\(domain)\"") }
    }

    private mutating func addMetadata(_ message: ProtobufReader) throws(FormatError) {
        let (key, value) = try message.keyAndValue()
        guard metadata.add(key, .string(value)) else { throw message.malformed("has the metadata \(key) twice") }
    }

    func document(initializers: [(key: Document, value: Document)]) -> Document {
        .object([
            ("ir_version", .integer(irVersion)),
            ("producer", .string(producer)),
            ("producer_version", .string(producerVersion)),
            ("domain", .string(domain)),
            ("model_version", .integer(modelVersion)),
            ("doc", .string(doc)),
            ("opset", opsets.document),
            ("metadata", metadata.document),
            ("graph", .string(graph.name)),
            ("inputs", graph.trueInputs),
            ("outputs", graph.outputs.document),
            ("nodes", .list(graph.nodes.map { .string($0) })),
            ("operators", graph.operators),
            ("external", graph.external),
            ("initializers", .mapping(Document.Mapping(initializers))),
        ])
    }
}

/// Values by text keys, in order.
struct TextEntries {
    private(set) var entries: [(key: Document, value: Document)] = []
    private var keys: Set<String> = []

    /// False when the key is taken.
    mutating func add(_ key: String, _ value: Document) -> Bool {
        guard keys.insert(key).inserted else { return false }
        entries.append((.string(key), value))
        return true
    }

    var document: Document { .mapping(Document.Mapping(entries)) }
}

extension ProtobufReader {
    /// ONNX's StringStringEntryProto.
    func keyAndValue() throws(FormatError) -> (key: String, value: String) {
        var (message, key, value) = (self, "", "")
        while let field = try message.next() {
            switch field.number {
            case 1: key = try field.text()
            case 2: value = try field.text()
            default: break
            }
        }
        return (key, value)
    }
}
