import CrateCommands

extension CrateShell {
    static let version = "0.1.0"

    static let purpose = "versions what a pipeline produces: artifacts, logs and backups"

    /// The ways to call the program.
    static let usages: [(form: String, summary: String)] = [
        ("crate", "a prompt; or, when standard input is no terminal, the program read from it"),
        ("crate FILE [ARGUMENTS…]", "runs a script; ./FILE is always a script"),
        ("crate -c TEXT [ARGUMENTS…]", "runs a text"),
        (
            "crate COMMAND [ARGUMENTS…]",
            "runs one command: crate show_files snapshots --depth 2 (--name value and --name=value are named arguments)"
        ),
    ]

    /// Options that stand before all else.
    static let options = [
        CommandLineOption(
            name: "--color", value: "WHEN", summary: "colour: auto (on terminals, and never with NO_COLOR set), always or never",
            words: ["auto", "always", "never"]),
        CommandLineOption(name: "--sandbox", summary: "nothing outside of the current folder is read or written"),
        CommandLineOption(name: "--seed", value: "NUMBER", summary: "makes random draws repeatable"),
        CommandLineOption(
            name: "--output", value: "FORM", summary: "tables, dicts, lists and arrays as text, table, json, csv or markdown",
            words: OutputForm.allCases.map(\.rawValue)),
        CommandLineOption(name: "--quiet", summary: "no bar tells how far long work is"),
        CommandLineOption(name: "--no-rc", summary: "the prompt does not run the start file, opencrate/rc.crate in the folder of configurations"),
        CommandLineOption(name: "-c", value: "TEXT", summary: "runs a text"),
        CommandLineOption(name: "--help", short: "-h", summary: "this page; crate COMMAND --help explains a command, crate help lists them"),
        CommandLineOption(name: "--version", short: "-V", summary: "the version"),
    ]

    static let exitStatus = "0 done, 1 a command failed, 2 wrong use or a program that doesn't parse, 130 interrupted."

    static var usage: String {
        var text = "crate \(purpose).\n\nUsage\n"
        for usage in usages { text += entry(usage.form, usage.summary) }
        text += "\nProgramming\n"
        for subcommand in Subcommand.all { text += entry("crate \(subcommand.name) \(subcommand.operands)", subcommand.summary) }
        text += "\nOptions, before all else\n"
        for option in options { text += entry(option.usage, option.summary) }
        return text + "\nExit status: \(exitStatus)\n"
    }

    /// How `crate SUBCOMMAND` is used.
    static func usage(of subcommand: Subcommand) -> String {
        let options = subcommand.options.isEmpty ? "" : " [OPTIONS]"
        var text = "crate \(subcommand.name)\(options)\(subcommand.operands.isEmpty ? "" : " " + subcommand.operands)\n\(subcommand.summary)\n"
        if !subcommand.options.isEmpty { text += "\nOptions\n" }
        for option in subcommand.options { text += entry(option.usage, option.summary) }
        for note in subcommand.notes { text += "\n" + wrapped(note, indentation: 0) }
        return text
    }

    private static let column = 31

    private static func entry(_ term: String, _ words: String) -> String {
        let gap = String(repeating: " ", count: max(1, column - term.count))
        return "  " + term + gap + wrapped(words, indentation: column + 2).drop { $0 == " " }
    }

    /// Lines of at most 110 columns.
    private static func wrapped(_ words: String, indentation: Int) -> String {
        let margin = String(repeating: " ", count: indentation)
        var lines: [String] = []
        var line = margin
        for word in words.split(separator: " ") {
            if line.count > indentation, line.count + word.count >= 110 {
                lines.append(line)
                line = margin
            }
            line += (line.count > indentation ? " " : "") + word
        }
        lines.append(line)
        return lines.joined(separator: "\n") + "\n"
    }
}
