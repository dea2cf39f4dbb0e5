import CrateLanguage
import CrateValues

/// A value of the language that can stand where an array is expected: arrays, and what holds one, such as a picture.
protocol ArrayLike: AnyObject {
    var tensor: Tensor { get }
}

/// An array of the language. Assigning to its elements changes it in place for everyone who holds it; what indexing and
/// functions give is new.
final class ArrayObject: Object, ArrayLike {
    var tensor: Tensor

    init(_ tensor: Tensor) { self.tensor = tensor }

    override var typeName: String { "array" }
    override var description: String { tensor.description }
    override var isCopiedOnRead: Bool { true }

    override var nestedDescription: String {
        tensor.count <= 16 && tensor.rank < 2 ? tensor.description : "array(\(tensor.summary))"
    }

    override var count: Int? { tensor.shape.first }

    override func item(at position: Int) throws(Failure) -> Value {
        try arrayResult { () throws(ArrayError) in try tensor.at(position) }
    }

    override func contains(_ item: Value) throws(Failure) -> Bool {
        guard let operand = try Operand(item) else { return false }
        return try failing { () throws(ArrayError) in
            try Tensor.combine(.equal, .array(tensor), operand).reduced(.any).onlyElement == .bool(true)
        }
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? ArrayObject else { return false }
        return self === other || tensor.hasEqualElements(other.tensor)
    }

    override func element(_ indices: [Index]) throws(Failure) -> Value { Value(result: try tensor.selected(indices)) }

    /// Everything is read before the change begins: the value and the indices may be this array itself.
    override func setElement(_ indices: [Index], to value: Value) throws(Failure) {
        let selectors = try Tensor.understood(indices)
        let source = try tensor.storable(value)
        try tensor.store(source, at: selectors)
    }

    override func binary(_ op: BinaryOperator, _ other: Value, isReversed: Bool) throws(Failure) -> Value? {
        try arrayBinary(op, tensor, other, isReversed: isReversed)
    }

    /// `-a`, and for truth values `not a`.
    override func negated() throws(Failure) -> Value {
        try arrayResult { () throws(ArrayError) in try tensor.elementwise(tensor.dtype == .bool ? .logicalNot : .negative) }
    }

    // MARK: members

    private static let properties = ["shape", "dtype", "size", "ndim", "nbytes", "T", "real", "imag"]

    override var memberNames: [String] { ArrayObject.properties + ArrayFunction.methods.keys.sorted() }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "shape": .list(ListObject(tensor.shape.map { .int($0) }))
        case "dtype": .string(tensor.dtype.rawValue)
        case "size": .int(tensor.count)
        case "ndim": .int(tensor.rank)
        case "nbytes": .int(tensor.byteCount)
        case "T": try arrayResult { () throws(ArrayError) in try tensor.transposed() }
        case "real": .object(ArrayObject(tensor.real))
        case "imag":
            try arrayResult { () throws(ArrayError) in
                tensor.dtype.isComplex ? tensor.imaginary : try Tensor.zeros(tensor.shape, dtype: tensor.dtype)
            }
        default: nil
        }
    }

    override func method(_ name: String) -> NativeFunction? {
        // The members come first: `a.real` and its like are not called.
        ArrayFunction.methods[name]?.method(of: .object(self))
    }

    /// The only element as a plain value, for `float(a)`, `int(a)` and conditions; `nil` when there are more or none.
    var onlyValue: Value? { tensor.onlyElement.flatMap { Value($0) } }
}

extension Value {
    /// A plain number; `nil` for complex ones, which the language knows only inside arrays.
    init?(_ scalar: Scalar) {
        switch scalar {
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .unsigned(let number): self = .bigInt(BigInteger(number))
        case .float(let number): self = .float(number)
        case .complex: return nil
        }
    }

    /// An array, or a plain number when it has no dimensions, as numpy gives.
    init(result tensor: Tensor) {
        if tensor.rank == 0, let scalar = tensor.onlyElement, let value = Value(scalar) {
            self = value
        } else {
            self = .object(ArrayObject(tensor))
        }
    }
}

extension Failure {
    init(_ error: ArrayError) { self.init(error.kind.rawValue, error.message, hint: error.hint) }
}

/// Runs array code and turns its error into one of the language.
func failing<Result>(_ body: () throws(ArrayError) -> Result) throws(Failure) -> Result {
    do { return try body() } catch { throw Failure(error) }
}

/// The same for code whose array is the answer.
func arrayResult(_ body: () throws(ArrayError) -> Tensor) throws(Failure) -> Value {
    Value(result: try failing(body))
}
