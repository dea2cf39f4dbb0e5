import CrateValues

/// The parts of a checkpoint by the names that lead to them, joined by dots: `model_state_dict.0.weight`.
extension Document {
    /// What is directly inside, with the last part of its name: a key, an index, an object's attribute. `nil` for what has no parts.
    var namedParts: [(name: String, value: Document)]? {
        switch self {
        case .mapping(let mapping): mapping.entries.map { ($0.key.partName, $0.value) }
        case .list(let items), .tuple(let items): items.enumerated().map { (String($0), $1) }
        case .opaque(let opaque): opaque.describedTensor == nil ? opaque.namedParts : nil
        default: nil
        }
    }

    /// Every tensor in it, wherever it is.
    func forEachTensor(_ body: (Tensor) -> Void) {
        // A stack of its own, since the document may be nested deeper than calls can be.
        var rest = [self]
        while let next = rest.popLast() {
            switch next {
            case .tensor(let tensor): body(tensor)
            case .list(let items), .tuple(let items), .set(let items): rest += items
            case .mapping(let mapping):
                for (key, value) in mapping.entries + mapping.attributes { rest += [key, value] }
            case .opaque(let opaque):
                rest += opaque.arguments
                if let state = opaque.state { rest.append(state) }
            default: break
            }
        }
    }

    /// A key as a part of a dotted name.
    var partName: String {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        case .bigInteger(let value): value.description
        case .bool(let value): value ? "True" : "False"
        case .float(let value): "\(value)"
        case .null: "None"
        case .tuple(let items): "(\(items.map(\.partName).joined(separator: ",")))"
        case .opaque(let opaque): opaque.name
        default: "key"
        }
    }
}

extension Document.Opaque {
    /// The attributes in its state, or the parts of another state; the arguments by index.
    fileprivate var namedParts: [(name: String, value: Document)]? {
        let ofArguments = arguments.enumerated().map { (name: String($0), value: $1) }
        let ofState = state.map { $0.namedParts ?? [("state", $0)] } ?? []
        return ofArguments.isEmpty && ofState.isEmpty ? nil : ofArguments + ofState
    }

    /// Element type and shape of a tensor that has no array here, such as a quantised one.
    var describedTensor: (type: String, shape: [Int])? {
        guard case .mapping(let facts)? = state, case .string(let type)? = facts["type"], case .list(let sizes)? = facts["shape"] else {
            return nil
        }
        var shape: [Int] = []
        for size in sizes {
            guard case .integer(let size) = size else { return nil }
            shape.append(size)
        }
        return (type, shape)
    }
}

extension Checkpoint {
    /// A tensor in a checkpoint.
    public struct NamedTensor: Sendable {
        /// Dotted; empty for a checkpoint that is nothing but a tensor.
        public let name: String
        /// Its element type by numpy's name, or by the format's own when it has no array here.
        public let type: String
        public let shape: [Int]
        /// `nil` for one that is only described: quantised, packed, or kept in another file.
        public let tensor: Tensor?
    }

    /// Every tensor in `document`, in order.
    public static func tensors(in document: Document) -> [NamedTensor] {
        var found: [NamedTensor] = []
        collect(document, "", into: &found)
        return found
    }

    private static func collect(_ document: Document, _ name: String, into found: inout [NamedTensor]) {
        if case .tensor(let tensor) = document {
            found.append(NamedTensor(name: name, type: tensor.dtype.rawValue, shape: tensor.shape, tensor: tensor))
        } else if case .opaque(let opaque) = document, let (type, shape) = opaque.describedTensor {
            found.append(NamedTensor(name: name, type: type, shape: shape, tensor: nil))
        } else {
            for (part, value) in document.namedParts ?? [] { collect(value, joined(name, part), into: &found) }
        }
    }

    static func joined(_ name: String, _ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
}

extension Checkpoint.Description {
    /// The content's tensors.
    public var tensors: [Checkpoint.NamedTensor] { Checkpoint.tensors(in: document) }
}
