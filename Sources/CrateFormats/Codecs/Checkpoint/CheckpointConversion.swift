import CrateValues

extension Checkpoint {
    /// A document made fit for a form that holds less than it, and what had to stay behind.
    public struct Conversion: Sendable {
        public var document: Document
        /// Names of values that the form has no place for, in order.
        public var leftOut: [String]
    }

    /// Prepares what was read as `source` for being written as `target`.
    ///
    /// `.safetensors` and `.npz` have no nesting: tensors get dotted names, as in `model_state_dict.0.weight`. `.npz` takes numbers as
    /// arrays without dimensions, texts and lists as arrays; `.safetensors` keeps the texts that another one's header has. `.npy` takes the only array there is. `.h5`
    /// takes keys that are no texts as texts, and lists of several types as groups with their indices as names. The facts around the
    /// tensors of GGUF, ONNX and Keras stay behind.
    ///
    /// Throws `unrepresentable` when nothing is left to write, two names meet, or `.npy` would have to choose.
    public static func convert(_ document: Document, from source: Format?, to target: Format) throws(FormatError) -> Conversion {
        if source == target, target != .hdf5 { return Conversion(document: document, leftOut: []) }
        // A model of Keras is more than its weights, but only for Keras.
        let weights = target == .keras ? document : weights(of: document, source)
        switch target {
        case .hdf5: return HDF5.fitted(weights)
        case .safetensors, .npz: return try flattened(weights, for: target)
        case .npy: return try single(weights)
        default: return Conversion(document: weights, leftOut: [])
        }
    }

    /// The part with the tensors.
    private static func weights(of document: Document, _ source: Format?) -> Document {
        guard case .mapping(let mapping) = document else { return document }
        switch source {
        case .gguf: return mapping["tensors"] ?? document
        case .onnx: return mapping["initializers"] ?? document
        case .keras: return mapping["weights"] ?? document
        default: return document
        }
    }

    private static func flattened(_ document: Document, for target: Format) throws(FormatError) -> Conversion {
        var entries: [(key: Document, value: Document)] = []
        var leftOut: [String] = []
        var seen = Set<String>()
        var hasTensors = false
        for leaf in document.leaves {
            guard let value = leaf.value.flatValue(for: target) else {
                leftOut.append(leaf.name)
                continue
            }
            guard seen.insert(leaf.name).inserted else {
                throw FormatError(.unrepresentable, target.rawValue, "would hold two values called \(leaf.name)", hint: "rename one of them first")
            }
            if case .tensor = leaf.value { hasTensors = true }
            entries.append((.string(leaf.name.isEmpty ? "array" : leaf.name), value))
        }
        guard hasTensors else { throw FormatError(.unrepresentable, target.rawValue, "has no tensors to hold", hint: "choose a form for plain data, such as .json") }
        var mapping = Document.Mapping(entries)
        if case .mapping(let source) = document { mapping.attributes = source.attributes }
        return Conversion(document: .mapping(mapping), leftOut: leftOut)
    }

    private static func single(_ document: Document) throws(FormatError) -> Conversion {
        let leaves = document.leaves
        let arrays = leaves.filter { if case .tensor = $0.value { true } else { false } }
        guard arrays.count == 1 else {
            throw FormatError(
                .unrepresentable, Format.npy.rawValue, "holds one array, and there are \(arrays.count)",
                hint: arrays.isEmpty ? nil : "choose one, as in only: \"\(arrays[0].name)\", or write .npz")
        }
        return Conversion(document: arrays[0].value, leftOut: leaves.compactMap { if case .tensor = $0.value { nil } else { $0.name } })
    }
}

extension Document {
    /// The value as an entry of a form without nesting; `nil` when there is no way.
    fileprivate func flatValue(for target: Checkpoint.Format) -> Document? {
        switch self {
        case .tensor: return self
        case .integer(let number) where target == .npz: return .scalar(.int64, number)
        case .float(let number) where target == .npz: return .scalar(.float64, number)
        case .bool(let flag) where target == .npz: return .scalar(.bool, flag)
        case .string where target == .npz, .list where target == .npz: return (try? NumpyColumn(self, format: NPZ.format)) == nil ? nil : self
        default: return nil
        }
    }

    private static func scalar<T: BitwiseCopyable>(_ dtype: DType, _ value: T) -> Document? {
        let bytes = withUnsafeBytes(of: value) { Bytes($0) }
        return Tensor(dtype: dtype, shape: [], bytes: bytes).map { .tensor($0) }
    }
}
