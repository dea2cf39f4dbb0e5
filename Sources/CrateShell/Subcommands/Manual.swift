import CrateCommands
import CrateLanguage

let manualSubcommand = Subcommand(
    name: "man", summary: "print the manual page", operands: "",
    notes: ["crate man > ~/.local/share/man/man1/crate.1 installs it; crate man | man -l - reads it."]
) { call throws(WrongUse) in
    if !call.operands.isEmpty { throw WrongUse("man takes no arguments") }
    call.output.show(ManualPage(call.session.catalogue).text)
    return ExitStatus.success
}

/// The manual page in roff, by the conventions of man-pages(7), made from the definitions.
struct ManualPage {
    private(set) var text = ""
    private let catalogue: Catalogue
    private let model: CommandLineModel

    init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
        model = CommandLineModel(catalogue)
        text = ".TH CRATE 1 \"\" \"crate \(CrateShell.version)\" \"User Commands\"\n"
        section("NAME")
        line("crate \u{2013} \(CrateShell.purpose)")
        addUsage()
        addSubcommands()
        addCommands()
        addKinds()
        addFunctions()
        section("EXIT STATUS")
        line(CrateShell.exitStatus)
    }

    private mutating func addUsage() {
        section("SYNOPSIS")
        for usage in CrateShell.usages {
            text += ".br\n"
            line(usage.form)
        }
        section("DESCRIPTION")
        for usage in CrateShell.usages { item(usage.form, usage.summary) }
        section("OPTIONS")
        for option in model.options { item(option.usage, option.summary) }
    }

    private mutating func addSubcommands() {
        section("SUBCOMMANDS")
        for subcommand in Subcommand.all {
            item("crate \(subcommand.name) \(subcommand.operands)", subcommand.summary.sentence)
            text += ".RS\n"
            for option in subcommand.options { item(option.usage, option.summary) }
            for note in subcommand.notes {
                text += ".PP\n"
                line(note)
            }
            text += ".RE\n"
        }
    }

    private mutating func addCommands() {
        section("COMMANDS")
        line("In the language and, with words for arguments and --name for named ones, on the command line.")
        for theme in catalogue.commands {
            text += ".SS \(ManualPage.escaped(theme.title))\n"
            for command in theme.functions { add(command) }
        }
    }

    private mutating func add(_ command: NativeFunction) {
        item(([command.name] + command.parameters.map(\.usage)).joined(separator: " "), command.summary)
        guard !command.parameters.isEmpty else { return }
        text += ".RS\n"
        for parameter in command.parameters { item(parameter.isNamedOnly ? "--" + parameter.name : parameter.name.uppercased(), parameter.note) }
        text += ".RE\n"
    }

    private mutating func addKinds() {
        section("KINDS")
        for kind in catalogue.kinds {
            item(kind.name, kind.summary)
            text += ".RS\n"
            for option in kind.saveOptions { item("save \(option.name):", option.note) }
            for option in kind.loadOptions { item("load \(option.name):", option.note) }
            text += ".RE\n"
        }
    }

    private mutating func addFunctions() {
        section("FUNCTIONS")
        for theme in catalogue.functions {
            text += ".SS \(ManualPage.escaped(theme.title))\n"
            for function in theme.functions { item("\(function.name)(\(function.parameters.map(\.name).joined(separator: ", ")))", function.summary) }
        }
    }

    // MARK: roff

    private mutating func section(_ title: String) { text += ".SH \(title)\n" }

    private mutating func line(_ words: String) { text += ManualPage.escaped(words) + "\n" }

    private mutating func item(_ term: String, _ words: String) {
        text += ".TP\n.B \(ManualPage.escaped(term))\n"
        line(words.isEmpty ? "\u{2013}" : words)
    }

    /// Text that roff takes as it is: a line that begins with a dot would be a request.
    static func escaped(_ words: String) -> String {
        var text = ""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "\\": text += "\\e"
            case "-": text += "\\-"
            case "'": text += "\\(aq"
            case "`": text += "\\(ga"
            case "\"": text += "\\(dq"
            case "~": text += "\\(ti"
            case "^": text += "\\(ha"
            case "\n": text += " "
            case _ where scalar.isASCII: text.unicodeScalars.append(scalar)
            default: text += "\\[u" + hexadecimal(scalar.value) + "]"
            }
        }
        return text.hasPrefix(".") ? "\\&" + text : text
    }

    private static func hexadecimal(_ code: UInt32) -> String {
        let digits = String(code, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension String {
    /// With a capital letter and a full stop.
    fileprivate var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
