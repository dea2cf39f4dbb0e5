import CrateValues

extension Checkpoint {
    /// A document made fit for a form that holds less than it, and what had to stay behind.
    public struct Conversion: Sendable {
        public var document: Document
        /// Names of values that the form has no place for, in order.
        public var leftOut: [String] = []
        /// Names of tensors whose numbers the form lacks, and which became float32; no value has changed.
        public var widened: [String] = []
    }

    /// Prepares what was read as `source` for being written as `target`.
    ///
    /// `.safetensors` and `.npz` have no nesting: tensors get dotted names, as in `model_state_dict.0.weight`. `.npz` takes numbers as
    /// arrays without dimensions, texts and lists as arrays; `.safetensors` keeps the texts that another one's header has. `.npy` takes the only array there is. `.h5`
    /// takes keys that are no texts as texts, and lists of several types as groups with their indices as names. Of an object of another
    /// library the tensors are taken, by the names that a state dict would give them. The facts around the tensors of GGUF, ONNX and Keras stay behind.
    ///
    /// Throws `unrepresentable` when nothing is left to write, two names meet, or `.npy` would have to choose; `limit` when there is no
    /// memory for wider numbers.
    public static func convert(_ document: Document, from source: Format?, to target: Format) throws(FormatError) -> Conversion {
        // A model of Keras is more than its weights, but only for Keras.
        let weights = target == .keras ? document : weights(of: document, source)
        switch target {
        case .keras, .gguf, .onnx: return Conversion(document: weights)
        // What was read in a form is at its place there.
        case _ where source == target && [.npy, .npz, .safetensors].contains(target): return Conversion(document: document)
        case .safetensors, .npz: return try flattened(weights, for: target)
        case .npy: return try single(weights)
        case .hdf5, .pyTorch, .pickle: return try nested(weights, for: target)
        }
    }

    private static func nested(_ document: Document, for target: Format) throws(FormatError) -> Conversion {
        var fitting = CheckpointFitting(target)
        // Of what can't be written at all, the writer tells.
        let fit = try fitting.fitted(document) ?? document
        let conversion = Conversion(document: fit, leftOut: fitting.leftOut, widened: fitting.widened)
        guard target == .hdf5 else { return conversion }
        var grouped = HDF5.fitted(fit)
        grouped.leftOut = conversion.leftOut + grouped.leftOut
        return grouped
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
        var (leftOut, seen, hasTensors) = ([String](), Set<ExactText>(), false)
        var fitting = CheckpointFitting(target)
        for leaf in document.leaves {
            guard let value = leaf.value.flatValue(for: target) else {
                leftOut.append(leaf.label)
                continue
            }
            guard seen.insert(ExactText(leaf.name)).inserted else {
                throw FormatError(.unrepresentable, target.rawValue, "would hold two values called \(leaf.name)", hint: "rename one of them first")
            }
            hasTensors = hasTensors || leaf.isTensor
            let name = leaf.name.isEmpty ? "array" : leaf.name
            entries.append((.string(name), try fitting.fitted(value, at: name) ?? value))
        }
        guard hasTensors else { throw FormatError(.unrepresentable, target.rawValue, "there are no tensors that it could hold", hint: "choose .pth, or a form for plain data such as .json") }
        var mapping = Document.Mapping(entries)
        if case .mapping(let source) = document { mapping.attributes = source.attributes }
        return Conversion(document: .mapping(mapping), leftOut: leftOut, widened: fitting.widened)
    }

    private static func single(_ document: Document) throws(FormatError) -> Conversion {
        let leaves = document.leaves
        let arrays = leaves.filter(\.isTensor)
        guard arrays.count == 1, let array = arrays.first else {
            throw FormatError(
                .unrepresentable, Format.npy.rawValue, "holds one array, and there are \(arrays.count)",
                hint: arrays.isEmpty ? nil : "choose one, as in only: \"\(arrays[0].name)\", or write .npz")
        }
        var fitting = CheckpointFitting(.npy)
        let fit = try fitting.fitted(array.value, at: array.label) ?? array.value
        return Conversion(document: fit, leftOut: leaves.filter { !$0.isTensor }.map(\.label), widened: fitting.widened)
    }
}

extension Document.Leaf {
    var isTensor: Bool { if case .tensor = value { true } else { false } }

    /// Its name, or what it is where it is the whole.
    var label: String {
        guard name.isEmpty else { return name }
        return switch value {
        case .opaque(let object): object.name
        case .tensor: "array"
        default: "(all)"
        }
    }
}

extension Document {
    /// The value as an entry of a form without nesting; `nil` when there is no way.
    fileprivate func flatValue(for target: Checkpoint.Format) -> Document? {
        switch self {
        case .tensor(let tensor): return target == .safetensors && SafetensorsType.name(of: tensor.dtype) == nil ? nil : self
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
