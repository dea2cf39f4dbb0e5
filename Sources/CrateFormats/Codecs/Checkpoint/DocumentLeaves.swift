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

    private func collectLeaves(at name: String, into leaves: inout [Leaf]) {
        let parts: [(name: String, value: Document)]?
        switch self {
        case .mapping where holdsTensors || name.isEmpty, .list where holdsTensors, .tuple where holdsTensors: parts = namedParts
        case .opaque(let opaque) where holdsTensors && opaque.describedTensor == nil:
            leaves.append(Leaf(name: name, value: .opaque(Opaque(name: opaque.name))))
            parts = opaque.arguments.enumerated().filter { $1.holdsTensors }.map { (String($0), $1) } + opaque.stateParts
        default: parts = nil
        }
        guard let parts else { return leaves.append(Leaf(name: name, value: self)) }
        for (part, value) in parts { value.collectLeaves(at: Checkpoint.joined(name, part), into: &leaves) }
    }

    private var holdsTensors: Bool {
        switch self {
        case .tensor: true
        case .list(let items), .tuple(let items): items.contains(where: \.holdsTensors)
        case .mapping(let mapping): mapping.entries.contains(where: \.value.holdsTensors)
        case .opaque(let opaque): opaque.state?.holdsTensors ?? false || opaque.arguments.contains(where: \.holdsTensors)
        default: false
        }
    }
}
