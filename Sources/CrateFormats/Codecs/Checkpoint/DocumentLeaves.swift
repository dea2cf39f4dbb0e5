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
        var collector = LeafCollector(self)
        collector.collect(self, at: "")
        return collector.leaves
    }
}

/// Finds out first, in one pass, which lists, mappings and objects hold a tensor: asked anew at each depth, it would take time without
/// bound, since a document may show one list a million times.
private struct LeafCollector {
    /// In the order in which the containers begin: whether one holds a tensor, and the number of the next that is not inside of it.
    private var marks: [(holdsTensor: Bool, next: Int)] = []
    /// The number of the next container.
    private var number = 0
    private(set) var leaves: [Document.Leaf] = []

    init(_ document: Document) { _ = mark(document) }

    /// Whether there is a tensor in it.
    private mutating func mark(_ document: Document) -> Bool {
        guard document.isContainer else { return if case .tensor = document { true } else { false } }
        let number = marks.count
        marks.append((false, 0))
        var holdsTensor = false
        document.forEachPart { part in holdsTensor = mark(part) || holdsTensor }
        marks[number] = (holdsTensor, marks.count)
        return holdsTensor
    }

    /// For the next value of the first pass.
    private func holdsTensor(_ document: Document) -> Bool {
        if document.isContainer { marks[number].holdsTensor } else if case .tensor = document { true } else { false }
    }

    private mutating func skip(_ document: Document) {
        if document.isContainer { number = marks[number].next }
    }

    mutating func collect(_ document: Document, at name: String) {
        switch document {
        case .mapping where holdsTensor(document) || name.isEmpty, .list where holdsTensor(document), .tuple where holdsTensor(document):
            let parts = document.namedParts ?? []
            // The top may be an empty mapping, which is no leaf.
            number += 1
            for (part, value) in parts { collect(value, at: Checkpoint.joined(name, part)) }
        case .opaque(let opaque) where holdsTensor(document) && opaque.describedTensor == nil:
            leaves.append(Document.Leaf(name: name, value: .opaque(Document.Opaque(name: opaque.name))))
            number += 1
            for (index, argument) in opaque.arguments.enumerated() {
                if holdsTensor(argument) { collect(argument, at: Checkpoint.joined(name, String(index))) } else { skip(argument) }
            }
            if let state = opaque.state { collect(state: state, at: name) }
        default:
            skip(document)
            leaves.append(Document.Leaf(name: name, value: document))
        }
    }

    /// An object's attributes stand under its own name.
    private mutating func collect(state: Document, at name: String) {
        guard let parts = state.namedParts else { return collect(state, at: Checkpoint.joined(name, "state")) }
        number += 1
        guard case .opaque(let inner) = state else {
            for (part, value) in parts { collect(value, at: Checkpoint.joined(name, part)) }
            return
        }
        for (index, argument) in inner.arguments.enumerated() { collect(argument, at: Checkpoint.joined(name, String(index))) }
        if let state = inner.state { collect(state: state, at: name) }
    }
}

extension Document {
    fileprivate var isContainer: Bool {
        switch self {
        case .list, .tuple, .mapping, .opaque: true
        default: false
        }
    }

    /// What is directly inside of a container, in the order of its leaves.
    fileprivate func forEachPart(_ body: (Document) -> Void) {
        switch self {
        case .list(let items), .tuple(let items): for item in items { body(item) }
        case .mapping(let mapping): for entry in mapping.entries { body(entry.value) }
        case .opaque(let opaque):
            for argument in opaque.arguments { body(argument) }
            if let state = opaque.state { body(state) }
        default: break
        }
    }
}
