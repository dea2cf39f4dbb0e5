import CrateLanguage

/// A hash under which values that `==` calls equal are equal, for finding likely equals among many. A large value is looked
/// at only in part, so that shared or endless ones cost no more than others.
struct Fingerprint {
    private static let mostNodes = 256
    private var left: Int

    /// `nil` when the part looked at holds an object: what equals an object is its own affair.
    static func of(_ value: Value) -> Int? {
        var fingerprint = Fingerprint(left: mostNodes)
        return fingerprint.hash(value)
    }

    private mutating func hash(_ value: Value) -> Int? {
        left -= 1
        guard left >= 0 else { return 0 }
        var hasher = Hasher()
        switch value {
        case .null: hasher.combine(1)
        case .bool(let flag): hasher.combine(flag)
        // Numbers of different types may be equal; then they are the same float.
        case .int(let number): hasher.combine(Double(number))
        case .bigInt(let number): hasher.combine(number.toDouble)
        case .float(let number): hasher.combine(number)
        case .string(let text): hasher.combine(text)
        case .range(let range):
            hasher.combine(range.count)
            if range.count > 0 { hasher.combine(range.lower) }
        case .function(let function): hasher.combine(ObjectIdentifier(function))
        case .list(let list):
            hasher.combine(list.items.count)
            for item in list.items.prefix(left) {
                guard let part = hash(item) else { return nil }
                hasher.combine(part)
            }
        case .dict(let dict):
            guard let part = hash(dict) else { return nil }
            hasher.combine(part)
        case .object: return nil
        }
        return hasher.finalize()
    }

    /// Equal dicts may have their pairs in different orders: hashes are added, and each value has its own share of what may
    /// still be looked at.
    private mutating func hash(_ dict: DictObject) -> Int? {
        guard dict.count <= left else { return dict.count }
        let share = left / max(dict.count, 1)
        left = 0
        var sum = dict.count
        for entry in dict.entries {
            var part = Fingerprint(left: share)
            guard let value = part.hash(entry.value) else { return nil }
            var hasher = Hasher()
            hasher.combine(entry.key)
            hasher.combine(value)
            sum &+= hasher.finalize()
        }
        return sum
    }
}

/// Collects values of which no two are equal.
struct DistinctValues {
    private(set) var kept: [Value] = []
    private var keys = Set<Key>()
    private var alike: [Int: [Value]] = [:]
    /// Those without a fingerprint, which only comparing tells apart.
    private var others: [Value] = []
    /// All that are no keys.
    private var composites: [Value] = []

    mutating func add(_ value: Value) throws(Failure) {
        if let key = Key(value) {
            if keys.insert(key).inserted { kept.append(value) }
            return
        }
        let fingerprint = Fingerprint.of(value)
        if let fingerprint {
            if try holds(value, in: alike[fingerprint] ?? []) { return }
            if try holds(value, in: others) { return }
            alike[fingerprint, default: []].append(value)
        } else {
            if try holds(value, in: composites) { return }
            others.append(value)
        }
        composites.append(value)
        kept.append(value)
    }

    private func holds(_ value: Value, in values: [Value]) throws(Failure) -> Bool {
        for other in values where try Value.areEqual(other, value) { return true }
        return false
    }
}
