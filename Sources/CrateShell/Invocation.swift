import CrateCommands

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
    /// How values are written; `nil` when it was not said.
    private(set) var form: OutputForm?
    private(set) var readsStartFile = true
    /// Whether nothing is shown but what is asked for.
    private(set) var isQuiet = false

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
            case "--no-rc" where attached == nil: readsStartFile = false
            case "--quiet" where attached == nil: isQuiet = true
            case "--output": form = try Self.form(try Self.value(of: name, attached, &rest))
            case "-c":
                let text = try Self.value(of: name, nil, &rest)
                if let trailing = try Self.takeForm(&rest) { form = trailing }
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

    /// `--output FORM` right behind a text that runs.
    static func takeForm(_ rest: inout ArraySlice<String>) throws(WrongUse) -> OutputForm? {
        guard let word = rest.first, split(word).name == "--output" else { return nil }
        rest.removeFirst()
        return try form(try value(of: "--output", split(word).value, &rest))
    }

    static func form(_ word: String) throws(WrongUse) -> OutputForm {
        if let form = OutputForm(rawValue: word) { return form }
        throw WrongUse("--output takes \(OutputForm.allCases.map(\.rawValue).joined(separator: ", ")), not \(word)")
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
