import CrateValues

extension Document {
    /// A value at the end of a path of keys.
    public struct Leaf: Sendable {
        /// The keys joined by dots; empty for the document itself.
        public let name: String
        public let value: Document
    }

    /// The tensors by their dotted names, as in `model_state_dict.0.weight`, and between them the plain values, whole: a list or mapping
    /// without a tensor in it is one leaf. Objects of other libraries are gone through as mappings of their attributes; a PyTorch module's
    /// tensors so get the names that its state dict would have.
    public var leaves: [Leaf] {
        var leaves: [Leaf] = []
        collectLeaves(at: "", into: &leaves)
        return leaves
    }

    fileprivate func collectLeaves(at name: String, into leaves: inout [Leaf]) {
        switch self {
        case .mapping(let mapping) where holdsTensors || name.isEmpty: mapping.collectLeaves(at: name, into: &leaves)
        case .list(let items) where holdsTensors, .tuple(let items) where holdsTensors: Document.collectLeaves(of: items, at: name, into: &leaves)
        case .opaque(let opaque) where holdsTensors && !opaque.isTensor:
            leaves.append(Leaf(name: name, value: .opaque(Opaque(name: opaque.name))))
            Document.collectLeaves(of: opaque.arguments.filter(\.holdsTensors), at: name, into: &leaves)
            opaque.state?.collectLeaves(at: name, into: &leaves)
        default: leaves.append(Leaf(name: name, value: self))
        }
    }

    private static func collectLeaves(of items: [Document], at name: String, into leaves: inout [Leaf]) {
        for (index, item) in items.enumerated() { item.collectLeaves(at: place("\(index)", in: name), into: &leaves) }
    }

    fileprivate static func place(_ key: String, in name: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

    fileprivate var holdsTensors: Bool {
        switch self {
        case .tensor: true
        case .list(let items), .tuple(let items): items.contains(where: \.holdsTensors)
        case .mapping(let mapping): mapping.entries.contains(where: \.value.holdsTensors)
        case .opaque(let opaque): opaque.state?.holdsTensors ?? false || opaque.arguments.contains(where: \.holdsTensors)
        default: false
        }
    }

    /// A key as a part of a dotted name.
    var keyText: String {
        switch self {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .bool(let flag): flag ? "True" : "False"
        case .float(let number): "\(number)"
        case .tuple(let items): items.map(\.keyText).joined(separator: ",")
        default: "key"
        }
    }
}

extension Document.Mapping {
    /// Where a PyTorch module keeps what its state dict lists without these names.
    private static let transparentKeys: Set<String> = ["_parameters", "_buffers", "_modules"]

    fileprivate func collectLeaves(at name: String, into leaves: inout [Document.Leaf]) {
        for entry in entries {
            let key = entry.key.keyText
            if case .mapping(let inner) = entry.value, Self.transparentKeys.contains(key) {
                inner.collectLeaves(at: name, into: &leaves)
            } else {
                entry.value.collectLeaves(at: Document.place(key, in: name), into: &leaves)
            }
        }
    }
}

extension Document.Opaque {
    /// A tensor of packed numbers: its state tells type, shape and size, and holds its raw bytes.
    fileprivate var isTensor: Bool {
        guard case .mapping(let state)? = state else { return false }
        return state["shape"] != nil && state["nbytes"] != nil
    }
}
