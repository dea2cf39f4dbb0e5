/// Why an operation on arrays can't be done.
public struct ArrayError: Error, Sendable, Equatable {
    /// Stable words for `catch`.
    public enum Kind: String, Sendable {
        /// The operation is not defined for the element types.
        case type
        /// An argument is out of its range.
        case value
        /// Shapes that don't go together.
        case shape
        /// A position outside the array.
        case index
        /// A number that the element type can't hold.
        case overflow
        case divisionByZero = "division_by_zero"
        /// More memory than is allowed or there is.
        case limit
        /// Somebody wanted it to stop.
        case interrupted
    }

    public var kind: Kind
    /// One sentence without a final full stop.
    public var message: String
    /// What to do about it.
    public var hint: String?

    public init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }
}
