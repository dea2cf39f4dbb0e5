import CrateLanguage
import CrateValues

extension Scalar {
    /// `nil` for what is not a number, or one beyond 64 bits.
    init?(_ value: Value) {
        switch value {
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .float(let number): self = .float(number)
        case .bigInt(let number):
            guard let unsigned = number.asUInt64 else { return nil }
            self.init(unsigned)
        default: return nil
        }
    }
}

extension Operand {
    /// A number as a weak scalar, a list or array as an array; `nil` for anything else.
    init?(_ value: Value) throws(Failure) {
        if let scalar = Scalar(value) {
            self = .scalar(scalar)
        } else if let tensor = try Tensor(value) {
            self = .array(tensor)
        } else {
            return nil
        }
    }
}

extension Tensor {
    /// The array that a value is or, as nested lists, describes; `nil` for what is neither.
    ///
    /// Whole numbers give int64, numbers with a point float64, truth values bool. Lists that differ in length are an error that
    /// names the place.
    init?(_ value: Value) throws(Failure) {
        switch value {
        case .object(let object):
            guard let array = object as? any ArrayLike else { return nil }
            self = array.tensor
        case .list(let list): self = try Tensor(list: list.items, place: "")
        case .range(let range):
            self = try failing { () throws(ArrayError) in try Tensor.arange(range.lower, range.upper) }
        case .bool, .int, .float, .bigInt:
            guard let scalar = Scalar(value) else {
                throw Failure("overflow", "\(value) doesn't fit 64 bits, the widest element type for whole numbers")
            }
            self.init(scalar, dtype: scalar.naturalDType)
        default: return nil
        }
    }

    private init(list items: [Value], place: String) throws(Failure) {
        if let flat = try Tensor(numbers: items) {
            self = flat
            return
        }
        var parts: [Tensor] = []
        for (index, item) in items.enumerated() {
            let here = "\(place)[\(index)]"
            let part = try Tensor.part(item, here)
            if let first = parts.first, first.shape != part.shape {
                throw Failure(
                    "value", "the list is ragged: the part at \(here) has shape \(part.shape), the one at \(place)[0] \(first.shape)",
                    hint: "an array needs rows of equal length")
            }
            parts.append(part)
        }
        self = try failing { () throws(ArrayError) in try Tensor.stacked(parts) }
    }

    private static func part(_ item: Value, _ place: String) throws(Failure) -> Tensor {
        if place.utf8.count > 400 { throw Failure("value", "the list is nested too deeply for an array") }
        if case .list(let list) = item { return try Tensor(list: list.items, place: place) }
        guard let part = try Tensor(item) else {
            throw Failure("type", "the item at \(place) is a value of type \(CrateLanguage.typeName(of: item)), not a number")
        }
        return part
    }

    /// The quick way for a list of nothing but plain numbers; `nil` when something else is in it.
    private init?(numbers items: [Value]) throws(Failure) {
        var hasFloat = items.isEmpty
        var hasInt = false
        for item in items {
            switch item {
            case .float: hasFloat = true
            case .int: hasInt = true
            case .bool: break
            default: return nil
            }
        }
        self = try failing { () throws(ArrayError) in
            if hasFloat { return try Tensor.from(items.map { Scalar($0)?.toDouble ?? .nan }) }
            if hasInt { return try Tensor.from(items.map { if case .int(let number) = $0 { number } else { $0.isTrue ? 1 : 0 } }) }
            return try Tensor.from(items.map(\.isTrue))
        }
    }

    /// The elements as nested lists of plain values; without dimensions, the plain value.
    func nestedLists() throws(Failure) -> Value {
        if dtype.isComplex { throw Failure("type", "complex numbers exist only in arrays", hint: "use a.real and a.imag") }
        guard count <= 100_000_000 else { throw Failure("limit", "an array of \(count) elements is too large for a list") }
        // Rows cost more than items, and an empty array can have many.
        var lists = 1
        for size in shape.dropLast() {
            lists *= max(size, 1)
            guard lists <= 10_000_000 else { throw Failure("limit", "an array of shape \(shape) has too many rows for lists") }
        }
        return try listed()
    }

    /// Item by item, after `nestedLists` has looked at the size of the whole.
    private func listed() throws(Failure) -> Value {
        if rank <= 1 {
            let items = scalars().compactMap { Value($0) }
            return rank == 0 ? items.first ?? .null : .list(ListObject(items))
        }
        var parts: [Value] = []
        for position in 0..<shape[0] {
            parts.append(try failing { () throws(ArrayError) in try at(position) }.listed())
        }
        return .list(ListObject(parts))
    }
}

extension Value {
    fileprivate var isTrue: Bool { if case .bool(true) = self { true } else { false } }
}
