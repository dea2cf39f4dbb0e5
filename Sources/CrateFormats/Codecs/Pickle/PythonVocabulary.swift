import CrateValues

/// Python's own types whose pickles are calls: bytes, sets, complex numbers and the dictionaries of `collections`.
struct PythonVocabulary: PickleVocabulary {
    func knows(module: String, name: String) -> Bool {
        switch module {
        case "builtins": ["bytes", "bytearray", "set", "frozenset", "complex", "list", "dict", "tuple"].contains(name)
        case "collections": ["OrderedDict", "defaultdict", "Counter"].contains(name)
        case "_codecs": name == "encode"
        case "copyreg": ["_reconstructor", "__newobj__"].contains(name)
        default: false
        }
    }

    /// Functions that call what they are given, or make a class of it.
    func requests(of request: PickleRequest, in graph: PickleGraph) -> [Pickle.Import] {
        switch (request.module, request.name) {
        case ("copyreg", "_reconstructor"):
            let names = [0, 1].map { request.argument($0).flatMap(graph.label)?.qualifiedName }
            let isNamed = names.allSatisfy { $0 != nil && $0 != "builtins.type" }
            return isNamed ? [] : [request.danger("a computed class")]
        // With one argument it tells the class of a value, as that of None.
        case ("builtins", "type"): return request.arguments.count > 1 ? [request.danger("a class of its own making")] : []
        default: return []
        }
    }

    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document? {
        switch (call.module, call.name) {
        case ("_codecs", "encode"): .bytes(try encoded(call, resolver))
        case ("builtins", "bytes"), ("builtins", "bytearray"): .bytes(try bytes(call, resolver))
        case ("builtins", "set"), ("builtins", "frozenset"):
            .set(try resolver.unique(try elements(call, resolver) + call.items, at: call.position))
        case ("builtins", "list"): .list(try resolver.documents(try elements(call, resolver) + call.items))
        case ("builtins", "tuple"): .tuple(try resolver.documents(try elements(call, resolver)))
        case ("builtins", "complex"): try complex(call, resolver)
        case ("builtins", "dict"), ("collections", "Counter"): .mapping(try dictionary(call, call.argument(0), resolver))
        case ("collections", "defaultdict"): .mapping(try dictionary(call, call.argument(1), resolver))
        case ("collections", "OrderedDict"): .mapping(try dictionary(call, call.argument(0), resolver, isOrderedDict: true))
        case ("copyreg", _): try reconstructed(call, resolver)
        default: nil
        }
    }

    private func malformed(_ call: PickleCall, _ resolver: PickleResolver) -> FormatError {
        resolver.error(.malformed, "calls \(call.module).\(call.name) with other arguments than Python writes", at: call.position)
    }

    /// `_codecs.encode(text, "latin1")`: each character is one byte.
    private func encoded(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> [UInt8] {
        guard let text = resolver.string(call.argument(0)), let codec = resolver.string(call.argument(1)),
            codec == "latin1" || codec == "latin-1"
        else { throw malformed(call, resolver) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else { throw malformed(call, resolver) }
            bytes.append(byte)
        }
        try resolver.charge(bytes: bytes.count)
        return bytes
    }

    private func bytes(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> [UInt8] {
        switch call.arguments.count {
        case 0: return []
        case 1:
            guard let bytes = try resolver.bytes(call.arguments[0]) else { throw malformed(call, resolver) }
            return resolver.array(bytes)
        default: return try encoded(call, resolver)
        }
    }

    private func elements(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> [PickleGraph.Item] {
        guard let first = call.argument(0) else { return [] }
        guard call.arguments.count == 1, let object = resolver.graph.object(of: first) else { throw malformed(call, resolver) }
        switch object.kind {
        case .list, .tuple, .set, .frozenSet: return object.items
        default: throw malformed(call, resolver)
        }
    }

    private func complex(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> Document {
        guard call.arguments.count == 2, case .float(let real) = call.arguments[0], case .float(let imaginary) = call.arguments[1] else {
            throw malformed(call, resolver)
        }
        return .complex(real, imaginary)
    }

    /// A dictionary's start, which is none, another dictionary or (in very old files) a list of pairs, and what was set in it.
    private func dictionary(
        _ call: PickleCall, _ start: PickleGraph.Item?, _ resolver: PickleResolver, isOrderedDict: Bool = false
    ) throws(FormatError) -> Document.Mapping {
        var pairs: [PickleGraph.Item] = []
        if let start {
            guard let object = resolver.graph.object(of: start) else { throw malformed(call, resolver) }
            pairs = object.pairs
            for item in object.items {
                guard let pair = resolver.graph.object(of: item)?.items, pair.count == 2 else { throw malformed(call, resolver) }
                pairs += pair
            }
        }
        var mapping = try resolver.mapping(pairs + call.pairs, at: call.position, isOrderedDict: isOrderedDict)
        // Attributes of the dictionary itself, such as PyTorch's `_metadata`.
        if isOrderedDict, let state = call.state.flatMap(resolver.graph.object) {
            mapping.attributes = try resolver.mapping(state.pairs, at: call.position).entries
        }
        return mapping
    }

    /// How protocols 0 and 1 make objects: `_reconstructor(class, base, state)`; shown under the class's name.
    private func reconstructed(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let type = call.argument(0), let label = resolver.graph.label(of: type) else { return nil }
        return .opaque(try resolver.opaque(call, name: label.qualifiedName, arguments: []))
    }
}
