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

    /// A mapped array was the sort of one that was saved, which is harmless to name. To make one opens a file.
    func requests(of arguments: [PickleGraph.Item], module: String, name: String, at position: Int) -> [Pickle.Import] {
        name == "memmap" ? [Pickle.Import(module: module, name: name, position: position, verdict: .dangerous)] : []
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
            let type = try NumpyPickleType(resolver.graph).type(parts[2]), case .bool(let isFortranOrder) = parts[3]
        else { throw malformed(call, resolver) }
        if case .object = type { return try objects(call, parts[4], shape, isFortranOrder, resolver) }
        guard let bytes = try resolver.bytes(parts[4]) else { throw malformed(call, resolver) }
        return try array(call, type, shape, isFortranOrder, bytes, resolver)
    }

    private func array(
        _ call: PickleCall, bytes: PickleGraph.Item?, dtype: PickleGraph.Item?, shape: PickleGraph.Item?, order: PickleGraph.Item?,
        _ resolver: PickleResolver
    ) throws(FormatError) -> Document {
        guard let bytes = try resolver.bytes(bytes), let dtype, let type = try NumpyPickleType(resolver.graph).type(dtype),
            let shape = resolver.integers(shape), let order = resolver.string(order), order == "C" || order == "F"
        else { throw malformed(call, resolver) }
        return try array(call, type, shape, order == "F", bytes, resolver)
    }

    private func array(
        _ call: PickleCall, _ type: NumpyType, _ shape: [Int], _ isFortranOrder: Bool, _ bytes: Bytes, _ resolver: PickleResolver
    ) throws(FormatError) -> Document {
        try NumpyArray(
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
        guard let dtype = call.argument(0), let type = try NumpyPickleType(resolver.graph).type(dtype),
            let bytes = try resolver.bytes(call.argument(1))
        else { throw malformed(call, resolver) }
        let value = try array(call, type, [], false, bytes, resolver)
        guard case .tensor(let tensor) = value else { return value }
        return ElementBytes.scalar(tensor) ?? value
    }
}

/// The dtypes of a pickle: `dtype(code, False, True)` with the state (3, order, base, names, fields, size, alignment, flags).
struct NumpyPickleType {
    private let graph: PickleGraph

    init(_ graph: PickleGraph) { self.graph = graph }

    /// `nil` when `item` is no dtype that numpy writes.
    func type(_ item: PickleGraph.Item, depth: Int = 0) throws(FormatError) -> NumpyType? {
        guard depth < 32, let object = graph.object(of: item), case .call(let callable, let arguments) = object.kind,
            let label = graph.label(of: callable), label.qualifiedName == "numpy.dtype",
            case .string(let code)? = graph.tuple(arguments)?.first.map(asText), let type = NumpyType(code: code)
        else { return nil }
        guard let state = object.state else { return type }
        guard let parts = graph.tuple(state), parts.count >= 8, case .string(let order) = asText(parts[1]) else { return nil }
        if graph.object(of: parts[4]) != nil { return try record(names: parts[3], fields: parts[4], size: parts[5], depth: depth) }
        if case .time(_, let isSpan, _) = type { return .time(unit: unit(parts), isSpan: isSpan, isBigEndian: order == ">") }
        return type.ordered(bigEndian: order == ">")
    }

    /// Protocol 2 of Python 2 writes text as old strings.
    private func asText(_ item: PickleGraph.Item) -> PickleGraph.Item {
        if case .oldString(let bytes) = item, let text = PickleText.decode(bytes) { .string(text) } else { item }
    }

    private func record(names: PickleGraph.Item, fields: PickleGraph.Item, size: PickleGraph.Item, depth: Int) throws(FormatError)
        -> NumpyType?
    {
        guard let names = graph.tuple(names), let pairs = graph.object(of: fields)?.pairs, case .integer(let size) = size, size >= 0 else {
            return nil
        }
        var byName: [String: PickleGraph.Item] = [:]
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            if case .string(let name) = asText(pairs[index]) { byName[name] = pairs[index + 1] }
        }
        var found: [NumpyType.Field] = []
        for name in names {
            guard case .string(let name) = asText(name), let item = byName[name], let parts = graph.tuple(item), parts.count >= 2,
                case .integer(let offset) = parts[1], let field = try field(name, parts[0], offset, depth: depth)
            else { return nil }
            found.append(field)
        }
        return .record(found, size: size)
    }

    /// A field that is an array has a base dtype and a shape in its state.
    private func field(_ name: String, _ dtype: PickleGraph.Item, _ offset: Int, depth: Int) throws(FormatError) -> NumpyType.Field? {
        if let state = graph.object(of: dtype)?.state, let parts = graph.tuple(state), parts.count >= 3, let base = graph.tuple(parts[2]),
            base.count == 2
        {
            guard let type = try type(base[0], depth: depth + 1), let shape = graph.tuple(base[1]) else { return nil }
            var sizes: [Int] = []
            for item in shape {
                guard case .integer(let size) = item else { return nil }
                sizes.append(size)
            }
            return NumpyType.Field(name: name, type: type, offset: offset, shape: sizes)
        }
        return try type(dtype, depth: depth + 1).map { NumpyType.Field(name: name, type: $0, offset: offset, shape: []) }
    }

    /// A time's unit stands last: ({}, (unit, count, 1, 1)).
    private func unit(_ parts: [PickleGraph.Item]) -> String {
        guard parts.count >= 9, let metadata = graph.tuple(parts[8]), metadata.count == 2, let unit = graph.tuple(metadata[1])?.first else {
            return ""
        }
        switch unit {
        case .string(let text): return text
        case .bytes(let bytes), .oldString(let bytes): return PickleText.decode(bytes) ?? ""
        default: return ""
        }
    }
}
