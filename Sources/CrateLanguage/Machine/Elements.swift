// `x[i]`, `x[a:b:c]`, and assignment to them; strings count Characters.

extension Value {
    func element(_ index: Value) throws(Failure) -> Value {
        switch self {
        case .list(let list): return list.items[try position(index, count: list.items.count)]
        case .dict(let dict):
            if case .string(let name) = index, let value = dict[name] { return value }
            guard let value = dict[try Value.key(index)] else { throw dict.missing(index) }
            return value
        case .string(let text):
            if let bytes = text.asciiCount { return .string(text.character(atByte: try position(index, count: bytes))) }
            let position = try position(index, count: text.count)
            return .string(String(text[text.index(text.startIndex, offsetBy: position)]))
        case .range(let range): return .int(range.lower + (try position(index, count: range.count)))
        case .object(let object): return try object.element([.at(index)])
        default: throw .cannot("be indexed", typeName(of: self))
        }
    }

    func elements(_ indices: [Index]) throws(Failure) -> Value {
        if case .object(let object) = self { return try object.element(indices) }
        guard indices.count == 1 else { throw Failure("type", "a value of type \(typeName(of: self)) takes one index, not \(indices.count)") }
        switch indices[0] {
        case .at(let index): return try element(index)
        case .slice(let start, let stop, let step): return try slice(SliceBounds(start, stop, step))
        }
    }

    private func slice(_ bounds: SliceBounds) throws(Failure) -> Value {
        switch self {
        case .list(let list):
            if bounds.step == 1 { return .list(ListObject(Array(list.items[bounds.range(list.items.count)]), isTuple: list.isTuple)) }
            return .list(ListObject(bounds.positions(list.items.count).map { list.items[$0] }, isTuple: list.isTuple))
        case .string(let text):
            if bounds.step == 1 { return .string(text.slice(bounds)) }
            let characters = Array(text)
            return .string(String(bounds.positions(characters.count).map { characters[$0] }))
        case .range(let range):
            try Limits.checkList(bounds.count(range.count))
            return .list(ListObject(bounds.positions(range.count).map { .int(range.lower + $0) }))
        default: throw .cannot("be sliced", typeName(of: self))
        }
    }

    func setElement(_ index: Value, to value: Value) throws(Failure) {
        switch self {
        case .list(let list): list.items[try position(index, count: list.items.count)] = value
        case .dict(let dict): if case .string(let name) = index { dict[name] = value } else { dict[try Value.key(index)] = value }
        case .object(let object): try object.setElement([.at(index)], to: value)
        case .string: throw Failure("type", "a string can't be changed in place", hint: "make a new one, with `replace` or slices")
        default: throw .cannot("be assigned by index", typeName(of: self))
        }
    }

    func setElements(_ indices: [Index], to value: Value) throws(Failure) {
        if case .object(let object) = self { return try object.setElement(indices, to: value) }
        guard indices.count == 1 else { throw Failure("type", "a value of type \(typeName(of: self)) takes one index, not \(indices.count)") }
        switch (self, indices[0]) {
        case (_, .at(let index)): try setElement(index, to: value)
        case (.list(let list), .slice(let start, let stop, let step)):
            let bounds = try SliceBounds(start, stop, step)
            guard bounds.step == 1 else { throw Failure("type", "a slice with a step can't be assigned to") }
            guard case .list(let other) = value else { throw Failure("type", "a slice of a list takes a list, not \(typeName(of: value))") }
            let items = other.items
            let range = bounds.range(list.items.count)
            try Limits.checkList(list.items.count - range.count, adding: items.count)
            list.items.replaceSubrange(range, with: items)
        default: throw .cannot("be assigned by slice", typeName(of: self))
        }
    }

    static func key(_ index: Value) throws(Failure) -> Key {
        guard let key = Key(index) else { throw Failure("type", "a value of type \(typeName(of: index)) can't be a dict's key") }
        return key
    }

    /// Counts from the end when negative.
    private func position(_ index: Value, count: Int) throws(Failure) -> Int {
        guard case .int(let number) = index else {
            throw Failure("type", "the index of a \(typeName(of: self)) must be an int, not \(typeName(of: index))")
        }
        let position = number < 0 ? number &+ count : number
        guard position >= 0, position < count else {
            let items = count == 1 ? "1 item" : "\(count) items"
            throw Failure("index", "index \(number) is outside this \(typeName(of: self)) of \(items)")
        }
        return position
    }
}

extension DictObject {
    func missing(_ index: Value) -> Failure {
        var near: String?
        if case .string(let name) = index { near = nearest(name, in: keys.prefix(1000).compactMap { if case .string(let text) = $0 { text } else { nil } }) }
        return Failure("key", "the dict has no key \(index.nestedDescription)", hint: near.map { "did you mean \(Value.string($0).nestedDescription)?" } ?? "`.get` gives null for a missing key")
    }
}

/// `start:stop:step` by Python's rules.
struct SliceBounds {
    let start: Int?
    let stop: Int?
    let step: Int

    init(_ start: Value?, _ stop: Value?, _ step: Value?) throws(Failure) {
        self.start = try SliceBounds.number(start)
        self.stop = try SliceBounds.number(stop)
        self.step = try SliceBounds.number(step) ?? 1
        if self.step == 0 { throw Failure("value", "a slice's step can't be zero") }
    }

    private static func number(_ value: Value?) throws(Failure) -> Int? {
        switch value {
        case nil, .null: return nil
        case .int(let number): return number
        case let other?: throw Failure("type", "a slice's bound must be an int, not \(typeName(of: other))")
        }
    }

    /// For a step of 1.
    func range(_ count: Int) -> Range<Int> {
        let low = SliceBounds.clamp(start ?? 0, count, 0, count)
        return low..<max(low, SliceBounds.clamp(stop ?? count, count, 0, count))
    }

    /// The first position of `count`, and the one that is no longer taken.
    private func ends(_ count: Int) -> (from: Int, to: Int) {
        if step > 0 { return (SliceBounds.clamp(start ?? 0, count, 0, count), SliceBounds.clamp(stop ?? count, count, 0, count)) }
        let high = start.map { SliceBounds.clamp($0, count, -1, count - 1) } ?? count - 1
        return (high, stop.map { SliceBounds.clamp($0, count, -1, count - 1) } ?? -1)
    }

    /// The positions taken of `count`, in order.
    func positions(_ count: Int) -> [Int] {
        let (from, to) = ends(count)
        return Array(stride(from: from, to: to, by: max(step, -count - 1)))
    }

    /// How many positions are taken of `count`.
    func count(_ count: Int) -> Int {
        let (from, to) = ends(count)
        let distance = step > 0 ? to - from : from - to
        return distance <= 0 ? 0 : Int(UInt(distance - 1) / step.magnitude) + 1
    }

    private static func clamp(_ bound: Int, _ count: Int, _ low: Int, _ high: Int) -> Int {
        let position = bound < 0 ? bound &+ count : bound
        return min(max(position, low), high)
    }
}

extension String {
    /// The number of bytes when each is a Character of its own; else `nil`. CR LF is one Character.
    var asciiCount: Int? {
        withBytes { bytes in bytes.allSatisfy { $0 < 0x80 && $0 != 0x0D } ? bytes.count : nil }
    }

    func character(atByte position: Int) -> String {
        withBytes { bytes in String(decoding: bytes[position..<position + 1], as: UTF8.self) }
    }

    func slice(_ bounds: SliceBounds) -> String {
        if let count = asciiCount {
            let range = bounds.range(count)
            return withBytes { String(decoding: $0[range], as: UTF8.self) }
        }
        let range = bounds.range(count)
        let start = index(startIndex, offsetBy: range.lowerBound)
        return String(self[start..<index(start, offsetBy: range.count)])
    }

    /// Where `part` stands, in bytes.
    func firstRange(ofBytes part: String, from start: Int = 0) -> Range<Int>? {
        withBytes { text in
            part.withBytes { part in
                guard let first = part.first, text.count - start >= part.count else { return part.isEmpty ? start..<start : nil }
                for position in start...(text.count - part.count) where text[position] == first {
                    if text[position..<position + part.count].elementsEqual(part) { return position..<position + part.count }
                }
                return nil
            }
        }
    }
}
