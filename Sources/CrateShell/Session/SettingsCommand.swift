import CrateCommands
import CrateLanguage

let settingsCommand = SessionCommand(
    name: ":set", operands: "[NAME [VALUE]]", summary: "how things are shown; alone it lists the settings", words: Setting.words(behind:)
) { console, text throws(WrongUse) in
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let name = words.first else {
        console.output.showWhole(Setting.all.map { $0.line(console) }.joined())
        return .done
    }
    guard let setting = Setting.named(name) else {
        let near = nearest(name, in: Setting.all.map(\.name)).map { "did you mean \($0)?" } ?? ":set lists them"
        throw WrongUse("there is no setting \(name); \(near)")
    }
    if words.count == 1 { console.output.show(setting.line(console)) } else {
        guard words.count == 2, setting.set(console, words[1]) else {
            throw WrongUse("\(setting.name) takes \(setting.values), not \(words.dropFirst().joined(separator: " "))")
        }
    }
    return .done
}

/// One setting of the prompt: its row is all that `:set` knows of it.
private struct Setting: Sendable {
    let name: String
    var otherName: String?
    /// The words that it takes.
    let words: [String]
    /// What else it takes, in words.
    var others: String?
    let summary: String
    let get: @Sendable (Console) -> String
    /// False for a value that it does not take.
    let set: @Sendable (Console, String) -> Bool

    var values: String { (words + [others].compactMap { $0 }).joined(separator: ", ") }

    static func named(_ name: String) -> Setting? { all.first { $0.name == name || $0.otherName == name } }

    static func words(behind before: [String]) -> [(word: String, summary: String)] {
        switch before.count {
        case 0: all.map { ($0.name, $0.summary) }
        case 1: named(before[0])?.words.map { ($0, "") } ?? []
        default: []
        }
    }

    func line(_ console: Console) -> String {
        let value = get(console)
        let start = "  \(name)" + String(repeating: " ", count: max(1, 10 - name.count)) + value
        return console.session.folded("\(summary): \(values)", behind: start + String(repeating: " ", count: max(1, 22 - start.count)), column: 22)
    }

    static let all = [
        Setting(
            name: "output", words: OutputForm.allCases.map(\.rawValue), summary: "tables, dicts, lists and arrays as",
            get: { $0.output.form.rawValue }, set: { console, word in OutputForm(rawValue: word).map { console.output.form = $0 } != nil }),
        Setting(
            name: "width", words: ["auto"], others: "or columns from 20 on", summary: "how wide the page is",
            get: { $0.output.chosenWidth.map(String.init) ?? "auto" },
            set: { console, word in
                let width = Int(word).flatMap { (20...10_000).contains($0) ? $0 : nil }
                guard width != nil || word == "auto" else { return false }
                console.output.chosenWidth = width
                return true
            }),
        Setting(
            name: "color", otherName: "colour", words: ["auto", "always", "never"], summary: "colours and pictures", get: { $0.output.colour.rawValue },
            set: { console, word in ColourChoice(rawValue: word).map { console.output.choose($0) } != nil }),
        Setting(
            name: "pager", words: ["on", "off"], summary: "long pages through $PAGER or less", get: { $0.output.pager == nil ? "off" : "on" },
            set: { console, word in
                guard let isOn = isOn(word) else { return false }
                console.output.pager = isOn ? Pager(environment: console.session.configuration.environment, programs: console.programs) : nil
                return true
            }),
        Setting(
            name: "depth", words: ["all"], others: "or a number from 1 on", summary: "levels of lists and dicts that are opened",
            get: { shown($0.output.folding?.depth) }, set: { fold($0, $1) { $0.depth = $1 } }),
        Setting(
            name: "items", words: ["all"], others: "or a number from 1 on", summary: "items of a list or dict, rows of a table",
            get: { shown($0.output.folding?.items) }, set: { fold($0, $1) { $0.show(items: $1) } }),
        Setting(
            name: "progress", words: ["on", "off"], summary: "a bar on what takes longer than half a second", get: { $0.output.showsProgress ? "on" : "off" },
            set: { console, word in isOn(word).map { console.output.showsProgress = $0 } != nil }),
    ]

    private static func isOn(_ word: String) -> Bool? { ["on": true, "off": false, "true": true, "false": false][word] }

    /// More than this is all.
    private static let everything = 1_000_000

    private static func shown(_ number: Int?) -> String { number.map { $0 >= everything ? "all" : String($0) } ?? "all" }

    private static func fold(_ console: Console, _ word: String, _ change: (inout Folding, Int) -> Void) -> Bool {
        guard let number = word == "all" ? everything : Int(word), number > 0, var folding = console.output.folding else { return false }
        change(&folding, min(number, everything))
        console.output.folding = folding
        return true
    }
}
