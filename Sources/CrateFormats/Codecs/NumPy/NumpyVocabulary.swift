import CrateValues

/// numpy's arrays, scalars and dtypes in pickles.
///
/// Protocols 2 to 4 make an empty array and BUILD it from (version, shape, dtype, Fortran order, bytes); protocol 5 calls
/// `_frombuffer(bytes, dtype, shape, order)`; a scalar is `scalar(dtype, bytes)`.
struct NumpyVocabulary: PickleVocabulary {
    func knows(module: String, name: String) -> Bool {
        switch module {
        case "numpy._core.multiarray": ["_reconstruct", "scalar"].contains(name)
        case "numpy._core.numeric": name == "_frombuffer"
        case "numpy": ["ndarray", "dtype", "memmap"].contains(name)
        default: false
        }
    }

    /// The class of arrays that are mapped files.
    static let mappedArray = "numpy.memmap"
    /// What makes an array, of the class that is its first argument.
    static let maker = "numpy._core.multiarray._reconstruct"

    /// A mapped array was the sort of one that was saved, which is harmless to name. To make one opens a file. A source of random numbers is
    /// made by a function among the arguments.
    func requests(of request: PickleRequest, in graph: PickleGraph) -> [Pickle.Import] {
        switch (request.module, request.name) {
        case ("numpy", "memmap"): return [request.danger]
        case ("numpy.random._pickle", "__generator_ctor"), ("numpy.random._pickle", "__randomstate_ctor"):
            guard let constructor = request.argument(1) else { return [] }
            let isUsual = graph.label(of: constructor)?.qualifiedName == "numpy.random._pickle.__bit_generator_ctor"
            return isUsual ? [] : [request.danger("a function among the arguments of \(request.name)")]
        default: return []
        }
    }

    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document? {
        switch call.name {
        case "_reconstruct": try reconstructed(call, resolver)
        case "_frombuffer":
            try array(call, bytes: call.argument(0), dtype: call.argument(1), shape: call.argument(2), order: call.argument(3), resolver)
        case "scalar": try scalar(call, resolver)
        default: nil
        }
    }

    private func malformed(_ call: PickleCall, _ resolver: PickleResolver) -> FormatError {
        resolver.error(.malformed, "has a numpy \(call.name) with other arguments than numpy writes", at: call.position)
    }

    // MARK: Arrays

    private func reconstructed(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let state = call.state, let parts = resolver.graph.tuple(state), parts.count == 5, let shape = resolver.integers(parts[1]),
            let type = try resolver.numpyTypes.type(parts[2]), case .bool(let isFortranOrder) = parts[3]
        else { throw malformed(call, resolver) }
        if type.holdsObjects { return try objects(call, parts[4], shape, isFortranOrder, resolver) }
        guard let bytes = try resolver.bytes(parts[4]) else { throw malformed(call, resolver) }
        return try array(call, type, shape, isFortranOrder, bytes, resolver)
    }

    private func array(
        _ call: PickleCall, bytes: PickleGraph.Item?, dtype: PickleGraph.Item?, shape: PickleGraph.Item?, order: PickleGraph.Item?,
        _ resolver: PickleResolver
    ) throws(FormatError) -> Document {
        guard let bytes = try resolver.bytes(bytes), let dtype, let type = try resolver.numpyTypes.type(dtype),
            let shape = resolver.integers(shape), let order = resolver.string(order), order == "C" || order == "F"
        else { throw malformed(call, resolver) }
        return try array(call, type, shape, order == "F", bytes, resolver)
    }

    private func array(
        _ call: PickleCall, _ type: NumpyType, _ shape: [Int], _ isFortranOrder: Bool, _ bytes: Bytes, _ resolver: PickleResolver
    ) throws(FormatError) -> Document {
        try resolver.charge(type, shape: shape, bytes: bytes)
        return try NumpyArray(
            type: type, shape: shape, isFortranOrder: isFortranOrder, bytes: bytes, limits: resolver.limits, format: resolver.format,
            place: .byte(call.position)
        ).document()
    }

    /// An array of Python objects has a list of them in place of bytes.
    private func objects(
        _ call: PickleCall, _ list: PickleGraph.Item, _ shape: [Int], _ isFortranOrder: Bool, _ resolver: PickleResolver
    ) throws(FormatError) -> Document {
        guard let items = resolver.graph.object(of: list)?.items, Tensor.elementCount(shape) == items.count else {
            throw malformed(call, resolver)
        }
        let shapeDocument = Document.tuple(shape.map { .integer($0) })
        return .opaque(
            .init(name: "numpy.ndarray", arguments: [.string("object"), shapeDocument], state: .list(try resolver.documents(items))))
    }

    // MARK: Scalars

    private func scalar(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> Document {
        guard let dtype = call.argument(0), let type = try resolver.numpyTypes.type(dtype),
            let bytes = try resolver.bytes(call.argument(1))
        else { throw malformed(call, resolver) }
        let value = try array(call, type, [], false, bytes, resolver)
        guard case .tensor(let tensor) = value else { return value }
        return ElementBytes.scalar(tensor) ?? value
    }
}
