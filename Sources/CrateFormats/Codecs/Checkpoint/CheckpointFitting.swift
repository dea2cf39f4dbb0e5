import CrateValues

/// Makes a document fit for a form that can't hold all of it.
///
/// Numbers that numpy lacks become float32, which holds each value of them exactly. What has no place stays behind, by its dotted name: an entry goes, an item of a list
/// becomes null so that the others keep their numbers. Of an object of another library the tensors are kept, by the names that its state dict would give them.
struct CheckpointFitting {
    let target: Checkpoint.Format
    private(set) var leftOut: [String] = []
    private(set) var widened: [String] = []

    init(_ target: Checkpoint.Format) { self.target = target }

    /// `nil` when nothing of it can be held.
    mutating func fitted(_ document: Document, at name: String = "") throws(FormatError) -> Document? {
        switch document {
        case .mapping(let mapping): return .mapping(try fitted(mapping, at: name))
        case .list(let items): return .list(try fitted(items, at: name).map { $0 ?? .null })
        case .tuple(let items): return .tuple(try fitted(items, at: name).map { $0 ?? .null })
        case .set(let items): return .set(try fitted(items, at: name).compactMap(\.self))
        case .tensor(let tensor): return .tensor(try fitted(tensor, at: name))
        case .opaque, .timestamp, .bigInteger:
            if isWritable(document) { return document }
            let tensors = document.leaves.filter(\.isTensor)
            guard !tensors.isEmpty else {
                leftOut.append(name)
                return nil
            }
            return try stateDict(document, tensors, at: name)
        default: return document
        }
    }

    /// An array of a type that numpy has, when the target is one of its forms.
    mutating func fitted(_ tensor: Tensor, at name: String) throws(FormatError) -> Tensor {
        guard [.npy, .npz, .pickle].contains(target), NumpyType.code(for: tensor.dtype) == nil else { return tensor }
        widened.append(name)
        return try ElementBytes.computed(target.rawValue) { () throws(ArrayError) in try tensor.converted(to: .float32) }
    }

    private mutating func stateDict(_ object: Document, _ tensors: [Document.Leaf], at name: String) throws(FormatError) -> Document {
        for leaf in object.leaves where !leaf.isTensor { leftOut.append(leaf.name.isEmpty ? name.isEmpty ? leaf.label : name : Checkpoint.joined(name, leaf.name)) }
        return .mapping(try fitted(Document.Mapping(tensors.map { (.string($0.name), $0.value) }, isOrderedDict: true), at: name))
    }

    private mutating func fitted(_ items: [Document], at name: String) throws(FormatError) -> [Document?] {
        var fits: [Document?] = []
        for (index, item) in items.enumerated() { fits.append(try fitted(item, at: Checkpoint.joined(name, String(index)))) }
        return fits
    }

    private mutating func fitted(_ mapping: Document.Mapping, at name: String) throws(FormatError) -> Document.Mapping {
        var fit = mapping
        fit.entries = []
        for (key, value) in mapping.entries {
            let place = Checkpoint.joined(name, key.keyText)
            guard let key = try fitted(key, at: place), let value = try fitted(value, at: place) else { continue }
            fit.entries.append((key, value))
        }
        return fit
    }

    /// Found out by writing it, so that what the writers take is said in one place.
    private func isWritable(_ leaf: Document) -> Bool {
        switch target {
        case .pyTorch: Self.isWritable(leaf, by: TorchDialect(sharing: StorageSharing(leaf)))
        case .pickle: Self.isWritable(leaf, by: NumpyDialect(isJoblib: false))
        case .hdf5: if case .opaque = leaf { false } else { true }
        default: true
        }
    }

    private static func isWritable(_ leaf: Document, by dialect: some PickleDialect) -> Bool {
        var writer = PickleWriter(dialect, format: Pickle.format, limits: .standard)
        return (try? writer.finish(leaf)) != nil
    }
}
