import CrateValues

/// PyTorch's functions that put tensors together, over storages that have been found already, or that are files of their own in the
/// bytes of a plain pickle.
struct TorchVocabulary: PickleVocabulary {
    /// `nil` for pickles outside of PyTorch's files.
    let storages: TorchStorages?
    /// Whether this is a file inside of a pickle, which has no further one inside.
    var isInside = false

    func knows(module: String, name: String) -> Bool {
        switch module {
        case "torch._utils": name.hasPrefix("_rebuild_") ? TorchVocabulary.rebuilders.contains(name) : false
        case "torch": isPlainName(name) || TorchTypes.storage(module: module, name: name) != nil
        case "torch.storage" where name == "_load_from_bytes": !isInside
        case "torch.cuda", "torch.storage": TorchTypes.storage(module: module, name: name) != nil
        case "torch._tensor": name == "_rebuild_from_type_v2"
        case "torch.serialization": name == "_get_layout"
        case "torch.nn.parameter": name == "Parameter"
        case "torch.jit._pickle": TorchVocabulary.scriptFunctions.contains(name)
        default: false
        }
    }

    private static let rebuilders: Set<String> = [
        "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter", "_rebuild_parameter_with_state",
        "_rebuild_sparse_tensor", "_rebuild_qtensor", "_rebuild_meta_tensor_no_storage",
    ]

    /// TorchScript's wraps around plain lists, and a value with its type.
    private static let scriptFunctions: Set<String> = [
        "build_intlist", "build_doublelist", "build_boollist", "build_tensorlist", "restore_type_tag",
    ]

    private func isPlainName(_ name: String) -> Bool {
        switch name {
        case "Size", "device", "Tensor", "per_tensor_affine", "per_channel_affine", "per_tensor_symmetric", "per_channel_symmetric": true
        default: TorchTypes.isElementType(name)
        }
    }

    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document? {
        switch call.name {
        case "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3": try tensor(call, resolver)
        case "_rebuild_parameter", "_rebuild_parameter_with_state": try parameter(call, resolver)
        case "_rebuild_from_type_v2": try unwrapped(call, resolver)
        case "_get_layout":
            if let name = resolver.string(call.argument(0)) { .opaque(.init(name: name)) } else { nil }
        case "_load_from_bytes": try loadedStorage(call.argument(0), resolver).flatMap { array(of: $0) }.map { .tensor($0) }
        case "Size":
            if let sizes = resolver.integers(call.argument(0)) { .tuple(sizes.map { .integer($0) }) } else { nil }
        case _ where call.module == "torch.jit._pickle": try call.argument(0).map { (item) throws(FormatError) in try resolver.document(item) }
        default: nil
        }
    }

    /// A bare reference to a storage is shown as its elements, or as bytes when it has no type.
    func value(ofPersistent id: PickleGraph.Item, at position: Int, in resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let storage = try storages?.storage(id, at: position) else { return nil }
        return array(of: storage).map { .tensor($0) }
    }

    private func array(of storage: TorchStorages.Storage) -> Tensor? {
        let dtype: DType = if case .typed(let dtype) = storage.type { dtype } else { .uint8 }
        return Tensor(dtype: dtype, shape: [storage.bytes.count / dtype.size], bytes: storage.bytes)
    }

    // MARK: Tensors

    private func malformed(_ call: PickleCall, _ reason: String) -> FormatError {
        FormatError(.malformed, PyTorch.format, reason, at: .byte(call.position))
    }

    /// (storage, offset, sizes, strides, requires_grad, hooks, element type in version 3, flags); offsets and strides count
    /// elements.
    private func tensor(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let reference = call.argument(0), let storage = try storage(reference, resolver), let offset = resolver.integer(call.argument(1)), let shape = resolver.integers(call.argument(2)),
            let strides = resolver.integers(call.argument(3))
        else { throw malformed(call, "has a tensor with other arguments than PyTorch writes") }
        let isVersion3 = call.name == "_rebuild_tensor_v3"
        guard let dtype = isVersion3 ? elementType(call.argument(6), resolver) : storage.elementType else {
            if isVersion3 { return nil }
            throw malformed(call, "has a tensor of unknown element type")
        }
        let bytes = try elements(of: storage, dtype, flags: call.argument(isVersion3 ? 7 : 6), resolver)
        var tensor = try view(of: bytes, dtype, shape, strides, offset, call)
        if case .bool(true)? = call.argument(4), call.name != "_rebuild_tensor" { tensor.marks = .requiresGrad }
        return .tensor(tensor)
    }

    /// (tensor, requires_grad, hooks)
    private func parameter(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> Document? {
        guard let argument = call.argument(0) else { return nil }
        guard case .tensor(var tensor) = try resolver.document(argument) else { return nil }
        tensor.marks = .parameter
        if case .bool(true)? = call.argument(1) { tensor.marks.insert(.requiresGrad) }
        return .tensor(tensor)
    }

    /// Of a reference, or of the bytes of a file that holds nothing else.
    private func storage(_ item: PickleGraph.Item, _ resolver: PickleResolver) throws(FormatError) -> TorchStorages.Storage? {
        guard let object = resolver.graph.object(of: item) else { return nil }
        switch object.kind {
        case .persistent(let id): return try storages?.storage(id, at: object.position)
        case .call(let callable, let arguments) where resolver.graph.label(of: callable)?.qualifiedName == TorchVocabulary.loader:
            return try loadedStorage(resolver.graph.tuple(arguments)?.first, resolver)
        default: return nil
        }
    }

    // MARK: Files inside of a pickle

    /// How a tensor's storage stands in a plain pickle: `_load_from_bytes(b)`, with a file of the layout before PyTorch 1.6.
    private static let loader = "torch.storage._load_from_bytes"

    private func loadedStorage(_ item: PickleGraph.Item?, _ resolver: PickleResolver) throws(FormatError) -> TorchStorages.Storage? {
        guard case .bytes(let bytes)? = item else { return nil }
        if let storage = resolver.storages[bytes.stretch] { return storage }
        let storage = try LegacyTorch.storage(in: bytes, limits: resolver.limits)?.storage
        resolver.storages[bytes.stretch] = storage
        return storage
    }

    /// Python runs the pickles of that file, so their names count as those of the pickle around it. Two other functions call a function
    /// among their arguments, or set attributes from them.
    func requests(of request: PickleRequest, in graph: PickleGraph) -> [Pickle.Import] {
        switch (request.module, request.name) {
        case ("torch.storage", "_load_from_bytes"):
            guard request.arguments.count == 1, case .bytes(let bytes)? = request.argument(0),
                let file = try? LegacyTorch.storage(in: bytes, limits: .standard)
            else { return [request.danger] }
            return file.imports.map { .init(module: $0.module, name: $0.name, position: request.position, verdict: $0.verdict) }
        case ("torch._tensor", "_rebuild_from_type_v2"):
            guard request.arguments.count == 4, let function = request.argument(0).flatMap(graph.label), function.module == "torch._utils",
                request.argument(1).flatMap(graph.label) != nil, let arguments = request.argument(2).flatMap(graph.tuple)
            else { return [request.danger("a function among the arguments of _rebuild_from_type_v2")] }
            let inner = PickleRequest(
                module: function.module, name: function.name, arguments: arguments[...], opcode: .reduce, position: request.position)
            return attributes(request, in: graph) + requests(of: inner, in: graph)
        case ("torch._utils", "_rebuild_parameter_with_state"): return attributes(request, in: graph)
        default: return []
        }
    }

    private func attributes(_ request: PickleRequest, in graph: PickleGraph) -> [Pickle.Import] {
        guard let state = request.argument(3), graph.replacesBehaviour(state) else { return [] }
        return [request.danger("an object's class or methods through \(request.name)")]
    }

    private func elementType(_ item: PickleGraph.Item?, _ resolver: PickleResolver) -> DType? {
        guard let item, let label = resolver.graph.label(of: item), label.module == "torch" else { return nil }
        return DType(rawValue: label.name)
    }

    private func view(
        of bytes: Bytes, _ dtype: DType, _ shape: [Int], _ strides: [Int], _ offset: Int, _ call: PickleCall
    ) throws(FormatError) -> Tensor {
        let isEmpty = shape.contains(0)
        guard Tensor.isCountable(shape, elementSize: dtype.size), strides.allSatisfy({ $0 >= 0 }), offset >= 0,
            let tensor = Tensor(dtype: dtype, shape: shape, strides: strides, offset: isEmpty ? 0 : offset, bytes: bytes)
        else { throw malformed(call, "has a tensor of shape \(shape) that does not fit its storage of \(bytes.count) bytes") }
        return tensor
    }

    /// The storage's bytes as elements, turned round where the file's order asks for it, and with what a flag leaves for later:
    /// conjugation or negation of the stored values. It is done to the storage, as views may repeat its elements.
    private func elements(
        of storage: TorchStorages.Storage, _ dtype: DType, flags: PickleGraph.Item?, _ resolver: PickleResolver
    ) throws(FormatError) -> Bytes {
        guard !storage.isStandIn else { return storage.bytes }
        var bytes = storage.bytes
        if storage.needsSwap, dtype.size > 1 { bytes = try changed(bytes, dtype, .swapped, resolver) }
        if isSet("conj", flags, resolver), dtype == .complex64 || dtype == .complex128 { bytes = try changed(bytes, dtype, .conjugated, resolver) }
        if isSet("neg", flags, resolver) { bytes = try changed(bytes, dtype, .negated, resolver) }
        return bytes
    }

    private func isSet(_ name: String, _ flags: PickleGraph.Item?, _ resolver: PickleResolver) -> Bool {
        guard let flags, let pairs = resolver.graph.object(of: flags)?.pairs else { return false }
        return stride(from: 0, to: pairs.count - 1, by: 2).contains { index in
            if case .bool(true) = pairs[index + 1] { resolver.string(pairs[index]) == name } else { false }
        }
    }

    private func changed(
        _ bytes: Bytes, _ dtype: DType, _ sort: TorchStorages.Change.Sort, _ resolver: PickleResolver
    ) throws(FormatError) -> Bytes {
        let change = TorchStorages.Change(sort: sort, dtype: dtype, bytes: bytes.stretch)
        if let done = resolver.changedStorages[change] { return done }
        let whole = bytes.slice(0..<(bytes.count / dtype.size * dtype.size)) ?? bytes
        let done =
            sort == .swapped
            ? try ElementBytes.swapped(whole, dtype: dtype, format: PyTorch.format)
            : ElementBytes.negated(whole, dtype: dtype, onlyImaginaryParts: sort == .conjugated)
        resolver.changedStorages[change] = done
        return done
    }

    /// `(function, type, arguments, attributes)`: a plain tensor or parameter with extra attributes, which are left out.
    private func unwrapped(_ call: PickleCall, _ resolver: PickleResolver) throws(FormatError) -> Document? {
        guard call.arguments.count == 4, let function = resolver.graph.label(of: call.arguments[0]),
            let type = resolver.graph.label(of: call.arguments[1]),
            ["torch.Tensor", "torch.nn.parameter.Parameter"].contains(type.qualifiedName), function.module == "torch._utils",
            TorchVocabulary.rebuilders.contains(function.name), let arguments = resolver.graph.tuple(call.arguments[2])
        else { return nil }
        let inner = PickleCall(
            module: function.module, name: function.name, arguments: arguments, items: [], pairs: [], state: nil, position: call.position)
        return try value(of: inner, in: resolver)
    }

    // MARK: Modules

    /// A module's parameters, buffers and parts by their names beside its other attributes, as Python shows them: then a parameter is
    /// found where a state dict has it. Private attributes that hold nothing are left out.
    func shown(_ state: Document) -> Document {
        guard case .mapping(let attributes) = state, case .mapping(let parameters)? = attributes["_parameters"],
            case .mapping(let parts)? = attributes["_modules"]
        else { return state }
        var entries = parameters.entries
        if case .mapping(let buffers)? = attributes["_buffers"] { entries += buffers.entries }
        entries += parts.entries
        var names = Set(entries.map { ExactText($0.key.keyText) })
        for entry in attributes.entries {
            let name = entry.key.keyText
            guard names.insert(ExactText(name)).inserted else { continue }
            if ["_parameters", "_buffers", "_modules"].contains(name) || (name.hasPrefix("_") && entry.value.holdsNothing) { continue }
            entries.append(entry)
        }
        return .mapping(Document.Mapping(entries))
    }
}

extension Document {
    fileprivate var holdsNothing: Bool {
        switch self {
        case .null: true
        case .list(let items), .tuple(let items), .set(let items): items.isEmpty
        case .mapping(let mapping): mapping.entries.isEmpty
        default: false
        }
    }
}
