import CrateValues

/// joblib's files: a pickle in which the bytes of each numpy array stand in the middle of the stream, plain or compressed as a
/// whole. An ordinary pickle is such a file, too.
///
/// Facts from joblib's `numpy_pickle.py` and from files that it wrote.
public enum Joblib {
    /// The data in a file; like `Pickle.decode`, it runs nothing and refuses what asks for anything dangerous.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        let graph = try run(try plainStream(bytes, limits: limits), limits: limits).complete()
        try graph.requireNothingDangerous(format: Pickle.format)
        return try document(graph, limits: limits)
    }

    /// Shows any file, a hostile one too.
    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let program = run(try plainStream(bytes, limits: limits), limits: limits)
        var description = try Pickle.description(.pickle, program) { (graph) throws(FormatError) in try document(graph, limits: limits) }
        if program.graph.labels.contains(where: { $0.qualifiedName == JoblibArray.className }) {
            description.facts.insert(("layout", .string("joblib")), at: 0)
        }
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

    private static func run(_ stream: Bytes, limits: Limits) -> Pickle.Run {
        Pickle.run(ByteReader(stream, format: Pickle.format), limits: limits, vocabulary: vocabulary, readsInlineArrays: true)
    }

    private static func document(_ graph: PickleGraph, limits: Limits) throws(FormatError) -> Document {
        try PickleResolver(graph, vocabulary: vocabulary, limits: limits).document(graph.root)
    }

    private static func plainStream(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Bytes {
        try Compression(recognizing: bytes)?.decompressed(bytes, limits: limits) ?? bytes
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

    /// `nil` for a state that joblib does not write.
    init?(_ state: PickleGraph.Item?, in graph: PickleGraph) throws(FormatError) {
        guard let state, let pairs = graph.object(of: state)?.pairs else { return nil }
        var values: [String: PickleGraph.Item] = [:]
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            if case .string(let key) = pairs[index] { values[key] = pairs[index + 1] }
        }
        guard let dtype = values["dtype"], let type = try NumpyPickleType(graph).type(dtype),
            let sizes = values["shape"].flatMap(graph.tuple), case .string(let order)? = values["order"], order == "C" || order == "F"
        else { return nil }
        var shape: [Int] = []
        for item in sizes {
            guard case .integer(let size) = item, size >= 0 else { return nil }
            shape.append(size)
        }
        self.type = type
        self.shape = shape
        isFortranOrder = order == "F"
        isPadded = if case .integer? = values["numpy_array_alignment_bytes"] { true } else { false }
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
        guard readsInlineArrays, case .call(let callable, _) = graph.objects[index].kind,
            graph.label(of: callable)?.qualifiedName == JoblibArray.className
        else { return }
        guard let array = try JoblibArray(graph.objects[index].state, in: graph), let byteCount = array.byteCount else {
            throw reader.malformed("has a joblib array with other facts than joblib writes")
        }
        if case .object = array.type {
            graph.objects[index].items = [try nested()]
            return
        }
        if array.isPadded { try reader.skip(Int(try reader.byte())) }
        graph.objects[index].items = [.bytes(try reader.bytes(byteCount))]
    }
}

/// joblib's stand-in for an array.
struct JoblibVocabulary: PickleVocabulary {
    func knows(module: String, name: String) -> Bool { "\(module).\(name)" == JoblibArray.className }

    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let array = try JoblibArray(call.state, in: resolver.graph), call.items.count == 1 else {
            throw resolver.error(.malformed, "has a joblib array without its elements", at: call.position)
        }
        if case .object = array.type { return try resolver.document(call.items[0]) }
        guard let bytes = try resolver.bytes(call.items[0])
        else { throw resolver.error(.malformed, "has a joblib array without its elements", at: call.position) }
        return try NumpyArray(
            type: array.type, shape: array.shape, isFortranOrder: array.isFortranOrder, bytes: bytes, limits: resolver.limits,
            format: resolver.format, place: .byte(call.position)
        ).document()
    }
}
