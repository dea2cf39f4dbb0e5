import CrateLanguage

/// The pages of `help`, made from the definitions.
extension Session {
    /// Every name by theme, each with its sentence.
    func overview() -> String {
        var text = ""
        for theme in registry.commands { text += page(theme) }
        text += "Kinds\n"
        for kind in kinds { text += line(kind.name, kind.summary) }
        text += "\n"
        for theme in registry.functions { text += compactPage(theme) }
        return text + "help \"save\" explains one of them, help \"arrays\" a theme.\n"
    }

    /// The page about a name, a theme or a variable; every name by theme for `nil`.
    public func page(about name: String?) throws(Failure) -> String {
        guard let name else { return overview() }
        if let value = interpreter.global(named: name) {
            return "\(bold(name))\nA variable: \(Variables.inWords(value))\n" + ((try? explanation(of: name)).map { "\n" + $0 } ?? "")
        }
        return try explanation(of: name)
    }

    /// Usage, parameters and examples of one name, or the names of one theme.
    func explanation(of name: String) throws(Failure) -> String {
        if let note = Session.constantNotes[name] ?? Session.wordNotes[name] { return "\(bold(name))\n\(note)\n" }
        guard let function = verb(named: name) ?? function(named: name) else {
            let themes = registry.commands + registry.functions
            if let theme = themes.first(where: { $0.title.lowercased() == name.lowercased() }) { return page(theme) }
            let near = nearest(name, in: names + themes.map(\.title))
            throw Failure("name", "nothing is called `\(name)`", hint: near.map { "did you mean `\($0)`?" } ?? "help lists all names")
        }
        var text = "\(bold(usage(function)))\n\(folded(function.summary))"
        if !function.parameters.isEmpty { text += "\n" }
        for parameter in function.parameters {
            text += line(parameter.isNamedOnly ? parameter.name + ":" : parameter.name, parameter.note)
        }
        text += kindOptions(name)
        if function.takesFurtherOptions { text += line("…", "further options of the artifact's kind") }
        if !function.examples.isEmpty { text += "\nExamples\n" + function.examples.map { "  \($0)\n" }.joined() }
        return text
    }

    /// The language's own words, each with how it is written.
    private static let wordNotes = [
        "let": "let NAME = VALUE: makes a variable.",
        "if": "if CONDITION { … } else if CONDITION { … } else { … }",
        "for": "for NAME in VALUES { … }, or for POSITION, NAME in VALUES; of a dict for KEY, VALUE.",
        "while": "while CONDITION { … }; `break` leaves a loop, `continue` goes to its next turn.",
        "def": "def NAME(PARAMETER, PARAMETER = VALUE) { … return VALUE }: makes a function.",
        "try": "try { … } catch e { … } finally { … }; e has .kind .message .hint .line.",
        "handler": "handler NAME { def save(value) { … } def load() { … } }: makes a kind of artifact; self.path is where its file goes.",
    ]

    static let constantNotes = [
        "_": "The last value that the prompt showed as Out.", "Out": "The values that the prompt showed, by number: Out[3], Out[-1].",
        "In": "The statements of the prompt, by number, as text: In[3].",
        "args": "The script's arguments, as a list of texts.", "inf": "Infinity.", "nan": "Not a number.", "pi": "3.141592653589793",
        "seed": "The run's seed for draws without one of their own; set it with crate --seed.",
        "snapshot": "The open version: .version .version_name .name .tag .dir_path .exists .path(kind, name)",
    ]

    /// What `save` and `load` of the kind take.
    private func kindOptions(_ kind: String) -> String {
        guard let handler = ((try? crate())?.handlers ?? .standard).handler(kind) else { return "" }
        var text = ""
        for (command, options) in [("save", handler.saveOptions), ("load", handler.loadOptions)] where !options.isEmpty {
            text += "\nOptions of \(command)\n" + options.map { line($0.name + ":", $0.summary) }.joined()
        }
        return text
    }

    private func page(_ theme: Registry.Theme) -> String {
        bold(theme.title) + "\n" + theme.functions.map { line($0.name, $0.summary) }.joined() + "\n"
    }

    /// Names only, wrapped: there are many functions.
    private func compactPage(_ theme: Registry.Theme) -> String {
        var text = bold(theme.title) + "\n"
        var column = 0
        for name in theme.functions.map(\.name) {
            if column > 0 && column + name.count + 1 > min(output.width, 100) - 2 { text += "\n"; column = 0 }
            text += column == 0 ? "  " + name : " " + name
            column += name.count + (column == 0 ? 2 : 1)
        }
        return text + "\n\n"
    }

    /// A name and its sentence, which goes on below itself.
    private func line(_ name: String, _ text: String) -> String {
        folded(text, behind: "  " + name + String(repeating: " ", count: max(1, 16 - name.count)), column: 18)
    }

    /// A text in lines that fit the window.
    ///
    /// - Parameters:
    ///   - start: what the first line begins with.
    ///   - column: where the lines after the first begin.
    public func folded(_ text: String, behind start: String = "", column: Int = 0) -> String {
        var lines = [start]
        var isFirst = true
        for word in text.split(separator: " ") {
            let isFull = lines[lines.count - 1].count + word.count + 1 > max(min(output.width, 100), 40)
            if isFull, !isFirst { lines.append(String(repeating: " ", count: column) + word) } else {
                lines[lines.count - 1] += (isFirst ? "" : " ") + word
            }
            isFirst = false
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func bold(_ text: String) -> String { output.showsColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    /// `save ARTIFACT, [VALUE], [from: TEXT]`: as it is typed.
    private func usage(_ function: NativeFunction) -> String {
        let isCommand = registry.command(function.name) != nil
        let parameters = function.parameters.map(usage(of:)).joined(separator: ", ")
        return isCommand ? "\(function.name) \(parameters)" : "\(function.name)(\(parameters))"
    }

    private func usage(of parameter: Parameter) -> String {
        if case .block = parameter.type { return "{ … }" }
        let text = parameter.isNamedOnly ? "\(parameter.name): …" : parameter.name
        return switch parameter.presence {
        case .required: text
        case .optional: "[\(text)]"
        case .variadic: "\(text)…"
        }
    }
}
