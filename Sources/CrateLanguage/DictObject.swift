/// Keys and values in order of first insertion, changed in place.
///
/// The pairs stand in one array in their order; a table of positions, found by hash, exists once there are more than
/// a few. A removed pair leaves a gap, which goes when the table is next rebuilt.
public final class DictObject {
    struct Slot {
        var key: Key
        var value: Value
        /// Never negative; `DictObject.gap` when the pair was removed.
        var hash: Int
    }

    /// A plain Python dict or `collections.OrderedDict`, kept for writing it back.
    public var isOrderedDict = false

    // One thread owns a session's values, and no access below runs foreign code: the dynamic check would only cost time.
    @exclusivity(unchecked) private(set) var slots: ContiguousArray<Slot> = []
    @exclusivity(unchecked) private var table: ContiguousArray<Int32> = []
    @exclusivity(unchecked) public private(set) var count = 0

    static let gap = -1
    private static let largestWithoutTable = 8

    public init() {}

    public subscript(key: Key) -> Value? {
        get {
            let position = position(of: key, hash: key.stableHash)
            return position < 0 ? nil : slots[position].value
        }
        set {
            let hash = key.stableHash
            store(newValue, at: position(of: key, hash: hash), key: key, hash: hash)
        }
    }

    public subscript(name: String) -> Value? {
        get {
            let position = position(of: name, hash: name.stableHash)
            return position < 0 ? nil : slots[position].value
        }
        set {
            let hash = name.stableHash
            store(newValue, at: position(of: name, hash: hash), key: .string(name), hash: hash)
        }
    }

    /// Pairs in order.
    public var entries: [(key: Key, value: Value)] {
        var entries: [(key: Key, value: Value)] = []
        entries.reserveCapacity(count)
        for slot in slots where slot.hash != DictObject.gap { entries.append((slot.key, slot.value)) }
        return entries
    }

    /// Keys in order.
    public var keys: [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(count)
        for slot in slots where slot.hash != DictObject.gap { keys.append(slot.key) }
        return keys
    }

    public func removeAll() {
        slots = []
        table = []
        count = 0
    }

    /// Another dict with the same pairs.
    public func copy() -> DictObject {
        let copy = DictObject()
        copy.isOrderedDict = isOrderedDict
        copy.slots = slots
        copy.table = table
        copy.count = count
        return copy
    }

    /// All values, leaving the dict empty; for taking deep nests apart without recursion.
    func drain(into values: inout [Value]) {
        for slot in slots { values.append(slot.value) }
        removeAll()
    }

    deinit {
        if slots.contains(where: { $0.value.isNest }) { Value.takeApart { drain(into: &$0) } }
    }
}

// MARK: the table

extension DictObject {
    private func position(of name: String, hash: Int) -> Int {
        position(hash: hash) { key in
            if case .string(let text) = key { text.isSame(as: name) } else { false }
        }
    }

    private func position(of key: Key, hash: Int) -> Int { position(hash: hash) { $0 == key } }

    /// The slot whose key has `hash` and satisfies `isKey`, or -1.
    @inline(__always)
    private func position(hash: Int, isKey: (borrowing Key) -> Bool) -> Int {
        slots.withUnsafeBufferPointer { slots in
            guard !table.isEmpty else {
                for position in slots.indices where slots[position].hash == hash && isKey(slots[position].key) { return position }
                return -1
            }
            return table.withUnsafeBufferPointer { table in
                let mask = table.count &- 1
                var probe = hash & mask
                while true {
                    let position = Int(table[probe])
                    if position < 0 { return -1 }
                    if slots[position].hash == hash, isKey(slots[position].key) { return position }
                    probe = (probe &+ 1) & mask
                }
            }
        }
    }

    @inline(__always)
    private func store(_ value: Value?, at position: Int, key: @autoclosure () -> Key, hash: Int) {
        guard let value else {
            if position >= 0 { remove(at: position) }
            return
        }
        if position >= 0 {
            slots[position].value = value
        } else {
            append(Slot(key: key(), value: value, hash: hash))
        }
    }

    private func append(_ slot: Slot) {
        slots.append(slot)
        count &+= 1
        if table.isEmpty {
            if slots.count > DictObject.largestWithoutTable { rebuild() }
        } else if slots.count &* 3 > table.count &* 2 {
            rebuild()
        } else {
            enter(hash: slot.hash, position: slots.count &- 1)
        }
    }

    private func remove(at position: Int) {
        count &-= 1
        if position == slots.count - 1 && table.isEmpty {
            slots.removeLast()
        } else {
            // The table still points here; the hash of a gap matches nothing.
            slots[position] = Slot(key: .null, value: .null, hash: DictObject.gap)
        }
        if count == 0 { removeAll() }
    }

    private func enter(hash: Int, position: Int) {
        let mask = table.count &- 1
        var probe = hash & mask
        while table[probe] >= 0 { probe = (probe &+ 1) & mask }
        table[probe] = Int32(truncatingIfNeeded: position)
    }

    /// Closes the gaps and sizes the table to be at most a third full.
    private func rebuild() {
        if slots.count > count { slots.removeAll { $0.hash == DictObject.gap } }
        var size = 32
        while size < count &* 3 { size &*= 2 }
        table = ContiguousArray(repeating: -1, count: size)
        for position in slots.indices { enter(hash: slots[position].hash, position: position) }
    }
}
