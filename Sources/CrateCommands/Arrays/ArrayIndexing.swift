import CrateLanguage
import CrateValues

/// One index of an array, understood.
enum Selector {
    case position(Int)
    case slice(start: Int?, stop: Int?, step: Int?)
    /// Whole numbers or truth values.
    case chosen(Tensor)
    /// `null`: a new dimension of size 1.
    case newAxis

    init(_ index: Index) throws(Failure) {
        switch index {
        case .at(.int(let position)): self = .position(position)
        case .at(.null): self = .newAxis
        case .at(let value):
            guard let tensor = try Tensor(value), tensor.dtype == .bool || tensor.dtype.isInteger || tensor.count == 0 else {
                throw Failure(
                    "type", "an array can't be indexed by a value of type \(CrateLanguage.typeName(of: value))",
                    hint: "use a whole number, a slice such as 1:3, or an array of positions or truth values")
            }
            self = .chosen(tensor)
        case .slice(let start, let stop, let step):
            self = .slice(start: try bound(start), stop: try bound(stop), step: try bound(step))
        }
    }

    var isBasic: Bool { if case .chosen = self { false } else { true } }
}

private func bound(_ value: Value?) throws(Failure) -> Int? {
    switch value {
    case nil, .null: return nil
    case .int(let number): return number
    case .some(let other):
        throw Failure("type", "a slice's bounds are whole numbers, not values of type \(CrateLanguage.typeName(of: other))")
    }
}

extension Layout {
    /// Applies positions and slices from the first dimension on.
    fileprivate func selected(_ selectors: [Selector]) throws(ArrayError) -> Layout {
        var result = self
        var axis = 0
        for selector in selectors {
            if case .newAxis = selector {
                result.shape.insert(1, at: axis)
                result.strides.insert(0, at: axis)
                axis += 1
                continue
            }
            guard axis < result.shape.count else {
                throw ArrayError(.index, "too many indices for an array of \(shape.count) dimensions: \(selectors.count)")
            }
            switch selector {
            case .position(let position): result = try result.at(position, axis: axis)
            case .slice(let start, let stop, let step):
                result = try result.sliced(axis: axis, start: start, stop: stop, step: step)
                axis += 1
            default: axis += 1
            }
        }
        return result
    }
}

/// Indexing of arrays as the language writes it, for everything that is or holds one.
extension Tensor {
    /// `a[…]`: positions, slices, a mask, or a list of positions.
    func selected(_ indices: [Index]) throws(Failure) -> Tensor {
        let selectors = try Tensor.understood(indices)
        return try failing { () throws(ArrayError) in
            if selectors.count == 1, case .chosen(let chosen) = selectors[0] {
                return chosen.dtype == .bool ? try masked(chosen) : try taken(chosen)
            }
            return try seen { (all) throws(ArrayError) in try all.selected(selectors) }.taken(selectors)
        }
    }

    /// What is left to do after positions and slices: the one list of positions.
    private func taken(_ selectors: [Selector]) throws(ArrayError) -> Tensor {
        var lists: [(axis: Int, positions: Tensor)] = []
        var axis = 0
        for selector in selectors {
            if case .position = selector { continue }
            if case .chosen(let chosen) = selector { lists.append((axis, try chosen.asPositions())) }
            axis += 1
        }
        guard lists.count < 2 else {
            throw ArrayError(.index, "an array takes one list of positions at a time", hint: "index once more, as in a[rows][:, columns]")
        }
        guard let list = lists.first else { return self }
        return try taken(list.positions, axis: list.axis)
    }

    /// Positions as they are, a mask as the positions where it is true.
    private func asPositions() throws(ArrayError) -> Tensor {
        guard dtype == .bool else { return self }
        guard rank == 1 else { throw ArrayError(.index, "a mask beside other indices has one dimension, not \(rank)") }
        return try trueIndices()[0]
    }

    static func understood(_ indices: [Index]) throws(Failure) -> [Selector] {
        var selectors: [Selector] = []
        for index in indices { selectors.append(try Selector(index)) }
        return selectors
    }

    /// `a[…] = source`. Selectors and source come ready, because they may be made of the very array that is changed here.
    mutating func store(_ source: Tensor, at selectors: [Selector]) throws(Failure) {
        do throws(ArrayError) {
            if selectors.count == 1, case .chosen(let chosen) = selectors[0] {
                return chosen.dtype == .bool ? try put(source, where: chosen) : try put(source, at: chosen)
            }
            guard selectors.allSatisfy(\.isBasic) else {
                throw ArrayError(.index, "a list of positions can't be combined with other indices in an assignment")
            }
            try assign(source) { (all) throws(ArrayError) in try all.selected(selectors) }
        } catch { throw Failure(error) }
    }

    /// The value to be stored; a whole number must fit.
    func storable(_ value: Value) throws(Failure) -> Tensor {
        if let scalar = Scalar(value) {
            guard dtype.holds(scalar) else { throw Failure("overflow", "\(scalar.text) doesn't fit \(dtype.rawValue), the array's type") }
            return Tensor(scalar, dtype: dtype)
        }
        guard let source = try Tensor(value) else {
            throw Failure("type", "a value of type \(CrateLanguage.typeName(of: value)) can't be stored in an array")
        }
        return source
    }
}
