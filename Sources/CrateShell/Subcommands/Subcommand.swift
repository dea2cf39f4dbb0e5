import CrateCommands
import CrateLanguage

/// A command of the program itself, which works on programs of the language or serves other programs. Its definition is all that usage,
/// completions and the man page know.
struct Subcommand: Sendable {
    let name: String
    let summary: String
    /// What stands behind the options, as usage shows it.
    let operands: String
    /// The words that an operand may be; files when there are none.
    var words: [String] = []
    var options: [CommandLineOption] = []
    /// Paragraphs of its page of help.
    var notes: [String] = []
    let run: @Sendable (SubcommandCall) throws(WrongUse) -> Int32

    static let all = [walkSubcommand, checkSubcommand, formatSubcommand, drillSubcommand, languageServerSubcommand, completionsSubcommand, manualSubcommand]

    static func named(_ name: String) -> Subcommand? { all.first { $0.name == name } }
}

/// An option on the command line.
struct CommandLineOption: Sendable {
    /// With its dashes.
    let name: String
    /// One letter, with its dash.
    var short: String?
    /// What its value is called; `nil` for a flag.
    var value: String?
    let summary: String
    /// The values to choose from.
    var words: [String] = []
    var takesFile = false

    /// `-h, --help` or `--seed NUMBER`, as usage shows it.
    var usage: String { (short.map { "\($0), " } ?? "") + name + (value.map { " \($0)" } ?? "") }
}

/// One call of a subcommand.
struct SubcommandCall {
    let operands: [String]
    private let options: [String: String]
    let configuration: SessionConfiguration
    let output: StandardOutput

    init(_ subcommand: Subcommand, _ words: [String], _ configuration: SessionConfiguration, _ output: StandardOutput) throws(WrongUse) {
        var operands: [String] = []
        var options: [String: String] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let (name, attached) = Invocation.split(word)
            guard let option = subcommand.options.first(where: { $0.name == name || $0.short == name }) else {
                throw WrongUse("\(subcommand.name) has no option \(name); crate \(subcommand.name) --help lists them")
            }
            options[option.name] = try SubcommandCall.value(option, attached, &rest)
        }
        (self.operands, self.options, self.configuration, self.output) = (operands, options, configuration, output)
    }

    private static func value(_ option: CommandLineOption, _ attached: String?, _ rest: inout ArraySlice<String>) throws(WrongUse) -> String {
        guard option.value != nil else {
            if attached != nil { throw WrongUse("\(option.name) takes no value") }
            return ""
        }
        guard let value = attached ?? rest.popFirst() else { throw WrongUse("\(option.name) needs a value") }
        if !option.words.isEmpty, !option.words.contains(value) {
            throw WrongUse("\(option.name) takes \(option.words.joined(separator: " or ")), not \(value)")
        }
        return value
    }

    func has(_ option: String) -> Bool { options[option] != nil }
    subscript(option: String) -> String? { options[option] }

    /// A session that runs nothing but knows all definitions.
    var session: Session { Session(configuration: configuration, output: output) }
}
