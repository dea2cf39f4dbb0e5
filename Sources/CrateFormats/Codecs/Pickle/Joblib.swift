import CrateValues

/// joblib's files: a pickle in which the bytes of each numpy array stand in the middle of the stream, plain or compressed as a
/// whole. An ordinary pickle is such a file, too.
///
/// Facts from joblib's `numpy_pickle.py` and from files that it wrote.
public enum Joblib {
    /// The data in a file; like `Pickle.decode`, it runs nothing and refuses what asks for anything dangerous.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        let (stream, limits) = try plainStream(bytes, limits: limits)
        let program = run(stream, limits: limits)
        try Pickle.requireNothingDangerous(program.graph.imports + hiddenDangers(program, stream, limits), format: Pickle.format)
        return try document(try program.complete(), limits: limits)
    }

    /// Shows any file, a hostile one too.
    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let (stream, limits) = try plainStream(bytes, limits: limits)
        let program = run(stream, limits: limits)
        var description = try Pickle.description(.pickle, program) { (graph) throws(FormatError) in try document(graph, limits: limits) }
        let hasStandIns = program.graph.hasStandIns
        if hasStandIns { description.facts.insert(("layout", .string("joblib")), at: 0) }
        // Only joblib takes the elements of arrays for such; a file that is run as one may be compressed as well.
        description.addImports(ofSequenceIn: stream, from: hasStandIns ? 0 : program.graph.end, limits: limits)
        if let method = Compression(recognizing: bytes) { description.facts.append(("compression", .string(method.rawValue))) }
        return description
    }

    /// Writes `document` for `joblib.load`; arrays can be mapped by it unless the file is compressed.
    public static func encode(
        _ document: Document, compressedBy frame: Deflate.Frame? = nil, limits: Limits = .standard, to sink: any ByteSink
    ) throws(FormatError) {
        guard let frame else { return try Pickle.encode(document, isJoblib: true, limits: limits, to: sink) }
        let deflating = try DeflatingSink(sink, frame: frame, level: usualLevel)
        try Pickle.encode(document, isJoblib: true, limits: limits, to: deflating)
        try deflating.finish()
    }

    /// joblib's own choice.
    private static let usualLevel = 3

    private static let vocabulary: [any PickleVocabulary] = [JoblibVocabulary()] + Pickle.standardVocabulary

    private static func run(_ stream: Bytes, limits: Limits, readsInlineArrays: Bool = true) -> Pickle.Run {
        Pickle.run(ByteReader(stream, format: Pickle.format), limits: limits, vocabulary: vocabulary, readsInlineArrays: readsInlineArrays)
    }

    /// What `pickle.load` would meet, which takes the arrays' elements for more of the program: the bytes before those of a genuine file end
    /// it at once.
    private static func hiddenDangers(_ program: Pickle.Run, _ stream: Bytes, _ limits: Limits) -> [Pickle.Import] {
        guard program.graph.hasStandIns, !program.graph.imports.contains(where: { $0.verdict == .dangerous }) else { return [] }
        return run(stream, limits: limits, readsInlineArrays: false).graph.imports.filter { $0.verdict == .dangerous }
    }

    private static func document(_ graph: PickleGraph, limits: Limits) throws(FormatError) -> Document {
        try PickleResolver(graph, vocabulary: vocabulary, limits: limits).document(graph.root)
    }

    /// The pickle, and the limits for it.
    private static func plainStream(_ bytes: Bytes, limits: Limits) throws(FormatError) -> (Bytes, Limits) {
        guard let compression = Compression(recognizing: bytes) else { return (bytes, limits) }
        return (try compression.decompressed(bytes, limits: limits), limits.unpacked(from: bytes.count))
    }
}

/// What the state of joblib's stand-in for an array says of it.
struct JoblibArray {
    static let className = "joblib.numpy_pickle.NumpyArrayWrapper"

    let type: NumpyType
    let shape: [Int]
    let isFortranOrder: Bool
    /// Whether a count of padding bytes stands before the elements; older files have none.
    let isPadded: Bool

    private static let attributes: Set<String> = ["subclass", "shape", "order", "dtype", "allow_mmap", alignment]
    private static let alignment = "numpy_array_alignment_bytes"

    /// `nil` for a state that joblib does not write: it would read another number of bytes than is read here, and the rest as more of the
    /// program.
    init?(_ state: PickleGraph.Item?, _ types: inout NumpyPickleType) throws(FormatError) {
        guard let state, let values = JoblibArray.values(state, types.graph) else { return nil }
        guard let dtype = values["dtype"], let type = try types.type(dtype), let sizes = values["shape"].flatMap(types.graph.tuple),
            let order = values["order"].flatMap(NumpyPickleType.text), order == "C" || order == "F"
        else { return nil }
        switch values[JoblibArray.alignment] {
        case .integer?: isPadded = true
        case .none?, nil: isPadded = false
        default: return nil
        }
        switch values["allow_mmap"] {
        case .bool(true)? where type.holdsObjects: return nil
        case .bool?, nil: break
        default: return nil
        }
        var shape: [Int] = []
        for item in sizes {
            guard case .integer(let size) = item, size >= 0 else { return nil }
            shape.append(size)
        }
        self.type = type
        self.shape = shape
        isFortranOrder = order == "F"
    }

    /// The attributes by name; `nil` when there are others, such as a method, or it is no plain dictionary.
    private static func values(_ state: PickleGraph.Item, _ graph: PickleGraph) -> [String: PickleGraph.Item]? {
        guard let object = graph.object(of: state), case .dictionary = object.kind else { return nil }
        var values: [String: PickleGraph.Item] = [:]
        for index in stride(from: 0, to: object.pairs.count - 1, by: 2) {
            guard let key = NumpyPickleType.text(object.pairs[index]), attributes.contains(key) else { return nil }
            values[key] = object.pairs[index + 1]
        }
        return values
    }

    /// `nil` when it is no number of bytes.
    var byteCount: Int? {
        guard Tensor.isCountable(shape, elementSize: type.size), let count = Tensor.elementCount(shape),
            case (let size, let overflow) = count.multipliedReportingOverflow(by: type.size), !overflow
        else { return nil }
        return size
    }
}

extension PickleMachine {
    /// Takes the elements that follow the BUILD of joblib's stand-in, and keeps them as its only item. Those that are Python objects are a
    /// whole pickle of the array.
    mutating func readInlineArray(_ index: Int) throws(FormatError) {
        guard readsInlineArrays, isStandIn(index) else { return }
        // joblib reads behind the frame, whatever is left of it.
        guard reader.position >= frameEnd else { throw reader.error(.unsafe, "has a joblib array inside of a frame, where joblib writes none") }
        var types = NumpyPickleType(graph)
        let array = try JoblibArray(graph.objects[index].state, &types)
        typeFieldCount += types.fieldCount
        guard typeFieldCount <= limits.nodes else { throw reader.error(.limit, "has numpy types with more than \(limits.nodes) fields") }
        guard let array, let byteCount = array.byteCount else {
            throw reader.error(.unsafe, "has a joblib array with other facts than joblib writes, behind which it can hide more of the program")
        }
        if array.type.holdsObjects {
            graph.objects[index].items = [try nested()]
            return
        }
        if array.isPadded { try reader.skip(Int(try reader.byte())) }
        graph.objects[index].items = [.bytes(try reader.bytes(byteCount))]
    }

    /// After its first state the stand-in is an array for joblib, or reads once more.
    func requireFirstState(ofStandIn index: Int) throws(FormatError) {
        guard readsInlineArrays, isStandIn(index), graph.objects[index].state != nil else { return }
        throw reader.error(.unsafe, "gives a joblib array a second state, which joblib does not")
    }

    private func isStandIn(_ index: Int) -> Bool {
        guard case .call(let callable, _) = graph.objects[index].kind else { return false }
        return graph.label(of: callable)?.qualifiedName == JoblibArray.className
    }
}

extension PickleGraph {
    fileprivate var hasStandIns: Bool { labels.contains { $0.qualifiedName == JoblibArray.className } }
}

/// joblib's stand-in for an array.
struct JoblibVocabulary: PickleVocabulary {
    func knows(module: String, name: String) -> Bool { "\(module).\(name)" == JoblibArray.className }

    /// Made in another way than joblib's, it may read what is not read here.
    func requests(of request: PickleRequest, in graph: PickleGraph) -> [Pickle.Import] {
        guard knows(module: request.module, name: request.name), request.opcode != .newObj || !request.arguments.isEmpty else { return [] }
        return [request.danger]
    }

    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let array = try JoblibArray(call.state, &resolver.numpyTypes), call.items.count == 1 else {
            throw resolver.error(.malformed, "has a joblib array without its elements", at: call.position)
        }
        if array.type.holdsObjects { return try resolver.document(call.items[0]) }
        guard let bytes = try resolver.bytes(call.items[0])
        else { throw resolver.error(.malformed, "has a joblib array without its elements", at: call.position) }
        try resolver.charge(array.type, shape: array.shape, bytes: bytes)
        return try NumpyArray(
            type: array.type, shape: array.shape, isFortranOrder: array.isFortranOrder, bytes: bytes, limits: resolver.limits,
            format: resolver.format, place: .byte(call.position)
        ).document()
    }
}
