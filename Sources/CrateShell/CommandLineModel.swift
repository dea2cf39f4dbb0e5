import CrateCommands
import CrateLanguage

/// All that may be written on the command line, from the definitions of the program, its subcommands and the commands of the language.
struct CommandLineModel {
    /// A word that says what to do, with what may follow it.
    struct Entry {
        let name: String
        let summary: String
        let options: [CommandLineOption]
        /// The words that an operand may be; files when there are none.
        let words: [String]
    }

    let options: [CommandLineOption]
    let subcommands: [Entry]
    let commands: [Entry]

    var entries: [Entry] { subcommands + commands }

    init(_ catalogue: Catalogue) {
        options = CrateShell.options
        subcommands = Subcommand.all.map {
            Entry(name: $0.name, summary: $0.summary, options: $0.options + [CommandLineModel.help], words: $0.words)
        }
        let names = catalogue.commands.flatMap(\.functions)
        commands = names.map { command in
            Entry(name: command.name, summary: command.summary, options: CommandLineModel.options(command) + [CommandLineModel.help], words: [])
        }
    }

    private static let help = CommandLineOption(name: "--help", summary: "how it is used")

    /// The named arguments of a command, as `--name`.
    static func options(_ command: NativeFunction) -> [CommandLineOption] {
        command.parameters.filter(\.isNamedOnly).map { parameter in
            let isFlag = if case .bool = parameter.type { true } else { false }
            let takesFile = if case .path = parameter.type { true } else { false }
            return CommandLineOption(
                name: "--" + parameter.name, value: isFlag ? nil : "VALUE", summary: parameter.summary, words: parameter.type.words,
                takesFile: takesFile)
        }
    }
}
