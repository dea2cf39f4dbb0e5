/// Which version `setup` opens.
public enum Start: Sendable, Equatable {
    /// The next number, in a folder of its own.
    case new
    /// The newest number.
    case last
    /// A folder without a number, for trying things out.
    case dev
    /// That number: resumed, or made when it is the next one.
    case number(Int)

    /// As users type it: "new", "last", "dev" or digits.
    ///
    /// Throws `invalid` for anything else.
    public init(_ text: String) throws(CrateError) {
        switch text {
        case "new": self = .new
        case "last": self = .last
        case "dev": self = .dev
        default:
            guard let number = Int(text), number >= 0 else {
                throw .invalid(what: "start", reason: "`\(text)` is no version", hint: "use \"new\", \"last\", \"dev\" or a number from 0")
            }
            self = .number(number)
        }
    }

    /// As messages have it.
    var text: String {
        switch self {
        case .new: "new"
        case .last: "last"
        case .dev: "dev"
        case .number(let number): String(number)
        }
    }
}
