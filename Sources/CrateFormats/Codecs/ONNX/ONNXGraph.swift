import CrateValues

/// The main graph: its values by name, its operators, and its tensors, not loaded yet.
struct ONNXGraph {
    private(set) var name = ""
    private(set) var inputs = TextEntries()
    private(set) var outputs = TextEntries()
    /// Operators' types of this graph in its order.
    private(set) var nodes: [String] = []
    private(set) var initializers: [ONNXTensor] = []
    private(set) var sparseInitializers: [String] = []
    private var counts = ONNXOperatorCounts()
    private var initializerNames: Set<String> = []

    init() {}

    init(_ message: ProtobufReader, limits: Limits) throws(FormatError) {
        var message = message
        counts = ONNXOperatorCounts(limits)
        while let field = try message.next() {
            switch field.number {
            case 1: nodes.append(try counts.addNode(try field.message(), depth: 2))
            case 2: name = try field.text()
            case 5:
                let tensor = try ONNXTensor(try field.message())
                try claim(tensor.name, message)
                initializers.append(tensor)
            case 11: try ONNXGraph.add(try field.message(), to: &inputs, "input")
            case 12: try ONNXGraph.add(try field.message(), to: &outputs, "output")
            case 15:
                let name = try ONNXTensor.sparseName(try field.message())
                try claim(name, message)
                sparseInitializers.append(name)
            default: break
            }
        }
    }

    private mutating func claim(_ name: String, _ message: ProtobufReader) throws(FormatError) {
        guard initializerNames.insert(name).inserted else { throw message.malformed("has the initializer \(name) twice") }
    }

    private static func add(_ message: ProtobufReader, to entries: inout TextEntries, _ role: String) throws(FormatError) {
        var message = message
        var (name, type) = ("", Document.null)
        while let field = try message.next() {
            switch field.number {
            case 1: name = try field.text()
            case 2: type = try ONNXValueType.document(try field.message())
            default: break
            }
        }
        guard entries.add(name, type) else { throw message.malformed("has the \(role) \(name) twice") }
    }

    /// Inputs that a caller must give: until version 4 the initializers were repeated among them.
    var trueInputs: Document {
        .mapping(
            Document.Mapping(
                inputs.entries.filter { entry in
                    if case .string(let name) = entry.key { !initializerNames.contains(name) } else { true }
                }))
    }

    /// Most used first, by name where equally often.
    var operators: Document {
        .object(counts.byType.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, .integer($0.value)) })
    }

    /// The entries of tensors that stand outside the file, by name.
    var external: Document {
        .object(
            initializers.compactMap { tensor in
                tensor.isExternal ? (tensor.name, .object(tensor.externalEntries.map { ($0.key, .string($0.value)) })) : nil
            })
    }
}

/// How often each operator is used, in subgraphs, too: bodies of loops and branches are attributes of their nodes.
struct ONNXOperatorCounts {
    private(set) var byType: [String: Int] = [:]
    private var nodesLeft = 0
    private var deepest = 0

    init() {}

    init(_ limits: Limits) {
        nodesLeft = limits.nodes
        deepest = min(limits.depth, 100)
    }

    /// Counts a node and those inside of it, and gives its type, with the domain in front when it isn't ONNX's own.
    mutating func addNode(_ message: ProtobufReader, depth: Int) throws(FormatError) -> String {
        guard nodesLeft > 0 else { throw FormatError(.limit, "ONNX", "has more nodes than the limit") }
        nodesLeft -= 1
        var message = message
        var (type, domain) = ("", "")
        while let field = try message.next() {
            switch field.number {
            case 4: type = try field.text()
            case 5: try addAttribute(try field.message(), depth: depth + 1)
            case 7: domain = try field.text()
            default: break
            }
        }
        let name = domain.isEmpty || domain == "ai.onnx" ? type : "\(domain).\(type)"
        byType[name, default: 0] += 1
        return name
    }

    private mutating func addAttribute(_ message: ProtobufReader, depth: Int) throws(FormatError) {
        var message = message
        while let field = try message.next() {
            if field.number == 6 || field.number == 11 { try addGraph(try field.message(), depth: depth + 1) }
        }
    }

    private mutating func addGraph(_ message: ProtobufReader, depth: Int) throws(FormatError) {
        guard depth < deepest else { throw FormatError(.limit, "ONNX", "has subgraphs nested deeper than \(deepest) messages") }
        var message = message
        while let field = try message.next() {
            if field.number == 1 { _ = try addNode(try field.message(), depth: depth + 1) }
        }
    }
}
