import CrateValues

/// Keys and values in order of first insertion, changed in place.
///
/// The pairs stand in one block in their order; a table of positions, found by hash, exists once there are more than
/// a few. A removed pair leaves a gap, which goes when the block is next rebuilt. Both are plain memory of the object:
/// look-ups are what loops do, and counting references to arrays would cost more than they do.
public final class DictObject {
    struct Slot {
        var key: Key
        var value: Value
        /// Never negative; `DictObject.gap` when the pair was removed.
        var hash: Int
    }

    /// A plain Python dict or `collections.OrderedDict`, kept for writing it back.
    public var isOrderedDict = false
    /// What its file says of it beside the pairs, also kept for writing it back.
    public var attributes: [(key: Document, value: Document)] = []

    // One thread owns a session's values, and nothing below runs foreign code: dynamic checks would only cost time.
    @exclusivity(unchecked) private var block: UnsafeMutablePointer<Slot>?
    @exclusivity(unchecked) private var capacity = 0
    /// Positions in use, gaps included.
    @exclusivity(unchecked) private(set) var end = 0
    /// Positions by hash, -1 where there is none; its size is a power of two.
    @exclusivity(unchecked) private var table: UnsafeMutablePointer<Int32>?
    @exclusivity(unchecked) private var mask = 0
    @exclusivity(unchecked) public private(set) var count = 0

    static let gap = -1
    private static let largestWithoutTable = 8

    public init() {}

    deinit {
        if let block, (0..<end).contains(where: { block[$0].value.isNest }) { Value.takeApart { drain(into: &$0) } }
        removeAll()
    }

    public subscript(key: Key) -> Value? {
        get {
            let position = position(of: key, hash: key.stableHash)
            return position < 0 ? nil : slot(position).value
        }
        set {
            let hash = key.stableHash
            store(newValue, at: position(of: key, hash: hash), key: key, hash: hash)
        }
    }

    public subscript(name: String) -> Value? {
        get {
            let position = position(of: name, hash: name.stableHash)
            return position < 0 ? nil : slot(position).value
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
        forEach { entries.append((key: $0.key, value: $0.value)) }
        return entries
    }

    /// Keys in order.
    public var keys: [Key] {
        var keys: [Key] = []
        keys.reserveCapacity(count)
        forEach { keys.append($0.key) }
        return keys
    }

    public func removeAll() {
        block?.deinitialize(count: end)
        block?.deallocate()
        table?.deallocate()
        block = nil
        table = nil
        (capacity, end, mask, count) = (0, 0, 0, 0)
    }

    /// Another dict with the same pairs.
    public func copy() -> DictObject {
        let copy = DictObject()
        copy.isOrderedDict = isOrderedDict
        copy.attributes = attributes
        copy.grow(to: count)
        forEach { copy.append($0) }
        return copy
    }

    func forEach(_ body: (borrowing Slot) -> Void) {
        guard let block else { return }
        for position in 0..<end where block[position].hash != DictObject.gap { body(block[position]) }
    }

    /// The pair at a position below `end` that is no gap.
    @inline(__always)
    func slot(_ position: Int) -> Slot {
        guard let block, position < end else { return Slot(key: .null, value: .null, hash: DictObject.gap) }
        return block[position]
    }

    /// The first position from `start` on that is no gap; `nil` at the end.
    func nextPosition(from start: Int) -> Int? {
        guard let block else { return nil }
        var position = start
        while position < end {
            if block[position].hash != DictObject.gap { return position }
            position += 1
        }
        return nil
    }

    /// Copies the value of the key to a register; false when there is none.
    @inline(__always)
    func copyValue(named name: String, to register: UnsafeMutablePointer<Value>) -> Bool {
        let position = position(of: name, hash: name.stableHash)
        guard position >= 0, let block else { return false }
        let value = block[position].value
        register.pointee = value
        return true
    }

    /// All values, leaving the dict empty; for taking deep nests apart without recursion.
    func drain(into nest: inout Nest) {
        forEach { nest.add($0.value) }
        removeAll()
    }
}

// MARK: look-up and growth

extension DictObject {
    private func position(of name: String, hash: Int) -> Int {
        position(hash: hash) { slot in
            if case .string(let text) = slot.pointee.key { text.isSame(as: name) } else { false }
        }
    }

    private func position(of key: Key, hash: Int) -> Int { position(hash: hash) { $0.pointee.key == key } }

    /// The position whose key has `hash` and is wanted, or -1.
    @inline(__always)
    private func position(hash: Int, isWanted: (UnsafeMutablePointer<Slot>) -> Bool) -> Int {
        guard let block else { return -1 }
        guard let table else {
            for position in 0..<end where block[position].hash == hash && isWanted(block + position) { return position }
            return -1
        }
        var probe = hash & mask
        while true {
            let position = Int(table[probe])
            if position < 0 { return -1 }
            if block[position].hash == hash, isWanted(block + position) { return position }
            probe = (probe &+ 1) & mask
        }
    }

    @inline(__always)
    private func store(_ value: Value?, at position: Int, key: @autoclosure () -> Key, hash: Int) {
        guard let value else {
            if position >= 0 { remove(at: position) }
            return
        }
        if position >= 0, let block {
            block[position].value = value
        } else {
            append(Slot(key: key(), value: value, hash: hash))
        }
    }

    private func append(_ slot: Slot) {
        if end == capacity { grow(to: max(4, count &* 2)) }
        guard let block else { return }
        (block + end).initialize(to: slot)
        enter(hash: slot.hash, position: end)
        end &+= 1
        count &+= 1
    }

    private func remove(at position: Int) {
        guard let block else { return }
        // The table still points here; the hash of a gap matches nothing.
        block[position] = Slot(key: .null, value: .null, hash: DictObject.gap)
        count &-= 1
        if count == 0 { removeAll() }
    }

    private func enter(hash: Int, position: Int) {
        guard let table else { return }
        var probe = hash & mask
        while table[probe] >= 0 { probe = (probe &+ 1) & mask }
        table[probe] = Int32(truncatingIfNeeded: position)
    }

    /// Moves the pairs to a block for at least `size` of them, closing the gaps, and makes the table anew, at most half
    /// full.
    private func grow(to size: Int) {
        let size = max(size, count)
        let larger = UnsafeMutablePointer<Slot>.allocate(capacity: size)
        var kept = 0
        if let block {
            for position in 0..<end {
                if block[position].hash == DictObject.gap {
                    (block + position).deinitialize(count: 1)
                } else {
                    (larger + kept).moveInitialize(from: block + position, count: 1)
                    kept &+= 1
                }
            }
            block.deallocate()
        }
        (block, capacity, end) = (larger, size, kept)
        table?.deallocate()
        table = nil
        if size > DictObject.largestWithoutTable { makeTable() }
    }

    private func makeTable() {
        guard let block else { return }
        var size = 16
        while size < capacity &* 2 { size &*= 2 }
        let entries = UnsafeMutablePointer<Int32>.allocate(capacity: size)
        entries.initialize(repeating: -1, count: size)
        (table, mask) = (entries, size &- 1)
        for position in 0..<end { enter(hash: block[position].hash, position: position) }
    }
}
