/// Why bytes are not what they claim to be, or a value can't be written in a format.
///
/// Every reader says what is wrong and where; nothing is changed by a failed read. It stands beside the values because some of
/// them, such as a video's frames, are read long after their file was opened.
public struct FormatError: Error, Sendable, Equatable {
    /// Stable names for tools and for `catch`.
    public enum Kind: String, Sendable {
        /// The bytes break the format's rules.
        case malformed
        /// Well-formed as far as read, but the file ends early.
        case truncated
        /// Legal, but of a variant that is not read or written here.
        case unsupported
        /// A documented limit (nesting, elements, pixels, expansion) would be passed.
        case limit
        /// Asks for code to be run, or names a place outside its file.
        case unsafe
        /// The value can't be expressed in the format.
        case unrepresentable
        /// What was asked for by name is not in the file.
        case missing
        /// A library that this format needs is not installed.
        case missingLibrary
        /// The operating system failed; `reason` holds its words.
        case system
        /// The user asked to stop while another program was at work.
        case interrupted
    }

    /// Where in the input.
    public enum Place: Sendable, Equatable {
        case whole
        case byte(Int)
        /// From 1.
        case line(Int, column: Int)
        /// A member of an archive, a tensor, a key path.
        case member(String)
    }

    public var kind: Kind
    /// The format's usual name: "PNG", "safetensors".
    public var format: String
    /// One sentence without a final full stop.
    public var reason: String
    public var place: Place
    /// What to do about it.
    public var hint: String?

    public init(_ kind: Kind, _ format: String, _ reason: String, at place: Place = .whole, hint: String? = nil) {
        self.kind = kind
        self.format = format
        self.reason = reason
        self.place = place
        self.hint = hint
    }
}
