/// What the command line asks for.
struct Invocation {
    enum Action {
        case showHelp
        case showVersion
        case run(Program, arguments: [String])
    }

    private(set) var action: Action = .run(.standardInput, arguments: [])
    private(set) var colour: ColourChoice = .automatic
    /// For random draws without a seed of their own.
    private(set) var seed: UInt64?
    /// Whether the program is held to the current folder.
    private(set) var isSandboxed = false

    init(_ arguments: [String]) throws(WrongUse) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            let (name, attached) = Self.split(word)
            switch name {
            case "-h", "--help":
                action = .showHelp
                return
            case "-V", "--version":
                action = .showVersion
                return
            case "--color", "--colour": colour = try Self.colour(try Self.value(of: name, attached, &rest))
            case "--seed": seed = try Self.seed(try Self.value(of: name, attached, &rest))
            case "--sandbox" where attached == nil: isSandboxed = true
            case "-c":
                let text = try Self.value(of: name, nil, &rest)
                action = .run(.text(text), arguments: Array(rest))
                return
            case "-":
                action = .run(.standardInput, arguments: Array(rest))
                return
            case "--":
                if let file = rest.popFirst() { action = .run(.named(file), arguments: Array(rest)) }
                return
            case _ where word.hasPrefix("-"): throw WrongUse("unknown option \(word); crate --help lists the options")
            default:
                action = .run(.named(word), arguments: Array(rest))
                return
            }
        }
    }

    /// `--name=value` in two.
    static func split(_ word: String) -> (name: String, value: String?) {
        guard word.hasPrefix("--"), let sign = word.firstIndex(of: "=") else { return (word, nil) }
        return (String(word[..<sign]), String(word[word.index(after: sign)...]))
    }

    private static func value(of name: String, _ attached: String?, _ rest: inout ArraySlice<String>) throws(WrongUse) -> String {
        if let value = attached ?? rest.popFirst() { return value }
        throw WrongUse("\(name) needs a value; crate --help shows how it is used")
    }

    private static func colour(_ word: String) throws(WrongUse) -> ColourChoice {
        if let choice = ColourChoice(rawValue: word) { return choice }
        throw WrongUse("--color takes auto, always or never, not \(word)")
    }

    private static func seed(_ word: String) throws(WrongUse) -> UInt64 {
        if let seed = UInt64(word) { return seed }
        throw WrongUse("--seed takes a whole number from 0 to \(UInt64.max), not \(word)")
    }
}

/// Where the program comes from.
enum Program {
    case text(String)
    /// A prompt when it is a terminal.
    case standardInput
    /// A command of the registry or the path of a script.
    case named(String)
}

enum ColourChoice: String {
    case automatic = "auto"
    case always
    case never
}
