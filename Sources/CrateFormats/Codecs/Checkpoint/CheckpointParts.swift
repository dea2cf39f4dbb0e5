import CrateValues

/// The parts of a checkpoint by the names that lead to them, joined by dots: `model_state_dict.0.weight`.
extension Document {
    /// What is directly inside, with the last part of its name: a key, an index, an object's attribute. `nil` for what has no parts.
    var namedParts: [(name: String, value: Document)]? {
        switch self {
        case .mapping(let mapping): mapping.entries.map { ($0.key.keyText, $0.value) }
        case .list(let items), .tuple(let items): items.enumerated().map { (String($0), $1) }
        case .opaque(let opaque): opaque.namedParts
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
    var keyText: String {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        case .bigInteger(let value): value.description
        case .bool(let value): value ? "True" : "False"
        case .float(let value): "\(value)"
        case .null: "None"
        case .tuple(let items): "(\(items.map(\.keyText).joined(separator: ",")))"
        case .opaque(let opaque): opaque.name
        default: "key"
        }
    }
}

extension Document.Opaque {
    /// The attributes in its state, or the parts of another state; the arguments by index. A tensor without an array here has none.
    fileprivate var namedParts: [(name: String, value: Document)]? {
        guard describedTensor == nil else { return nil }
        let parts = arguments.enumerated().map { (name: String($0), value: $1) } + stateParts
        return parts.isEmpty ? nil : parts
    }

    var stateParts: [(name: String, value: Document)] { state.map { $0.namedParts ?? [("state", $0)] } ?? [] }

    /// Of a tensor that has no array here, because it is quantised, packed or in another file: what its state tells of it.
    var describedTensor: (type: String, shape: [Int], byteCount: Int)? {
        guard case .mapping(let facts)? = state, case .string(let type)? = facts["type"], case .list(let sizes)? = facts["shape"],
            case .integer(let byteCount)? = facts["nbytes"]
        else { return nil }
        var shape: [Int] = []
        for size in sizes {
            guard case .integer(let size) = size else { return nil }
            shape.append(size)
        }
        return (type, shape, byteCount)
    }
}

extension Checkpoint {
    static func joined(_ name: String, _ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
}
