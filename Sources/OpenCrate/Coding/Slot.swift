import CrateValues

/// A place of the document under construction, shared by the containers that fill it.
final class Slot {
    enum Kind {
        case empty
        case value(Document)
        case list([Slot])
        /// Keys in the order of their first use, and where each stands.
        case mapping([(key: String, slot: Slot)], positions: [String: Int])
    }

    var kind = Kind.empty

    /// Several containers asked for in one place fill the same one, as superclasses do.
    func asMapping() -> Slot {
        if case .mapping = kind { return self }
        kind = .mapping([], positions: [:])
        return self
    }

    func asList() -> Slot {
        if case .list = kind { return self }
        kind = .list([])
        return self
    }

    func append() -> Slot {
        let slot = Slot()
        guard case .list(var slots) = kind else { return slot }
        // Let go of the stored array first, so that it grows in place.
        kind = .empty
        slots.append(slot)
        kind = .list(slots)
        return slot
    }

    func slot(for key: String) -> Slot {
        guard case .mapping(var slots, var positions) = kind else { return Slot() }
        if let known = positions[key] { return slots[known].slot }
        let slot = Slot()
        kind = .empty
        positions[key] = slots.count
        slots.append((key, slot))
        kind = .mapping(slots, positions: positions)
        return slot
    }

    var count: Int { if case .list(let slots) = kind { slots.count } else { 0 } }

    var document: Document {
        switch kind {
        // A value that encodes nothing, such as an empty structure.
        case .empty: .object([])
        case .value(let document): document
        case .list(let slots): .list(slots.map(\.document))
        case .mapping(let slots, _): .object(slots.map { ($0.key, $0.slot.document) })
        }
    }
}
