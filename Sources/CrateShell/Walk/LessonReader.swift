/// Reads a script as a lesson, line by line.
///
///     # %% Title          a step begins
///     # %% [markdown]     narration in the comments that follow
///     #| text             a line of narration anywhere
///     #? text             a hint
///     #= text             a line that the code above must show
///     #~ kind             the code above must fail so
///     code  #-            a line that runs and is not shown
///     #!seed number       what random draws begin from, in all of the lesson
///     #!exercise          the learner writes what follows, up to #!check, which tells whether it is right
///
/// Of a Markdown file, the code fenced as `crate` is read so; all else is narration, headings of the second level
/// begin steps, and `<!-- crate: code -->` holds a line that runs and is not shown.
struct LessonReader {
    private let lines: [String]
    private var steps: [Lesson.Step] = []
    private var step = Lesson.Step(title: "", firstLine: 0)
    private var narration: [String] = []
    private var cell: Lesson.Cell?
    private var exercise: Lesson.Exercise?
    private var seed: UInt64?
    private var isChecking = false
    /// Below `# %% [markdown]`, where plain comments are narration.
    private var isMarkdown = false
    /// What the fence around a line of a Markdown file is called; `nil` outside of one.
    private var fence: String?

    static func read(_ text: String, name: String) -> Lesson {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0.last == "\r" ? $0.dropLast() : $0) }
        if lines.last == "" { lines.removeLast() }
        var reader = LessonReader(lines)
        let isDocument = name.hasSuffix(".md")
        if isDocument { reader.readDocument() } else { reader.readAll() }
        let heading = lines.lazy.compactMap { line in
            (isDocument ? ["# "] : ["#| # ", "# # "]).first { line.hasPrefix($0) }.map { String(line.dropFirst($0.count)) }
        }.first
        let file = name.pathParts().last.map(String.init) ?? name
        return Lesson(name: name, title: heading ?? file, lines: lines, steps: reader.steps, seed: reader.seed)
    }

    private init(_ lines: [String]) { self.lines = lines }

    private mutating func readAll() {
        for (number, line) in lines.enumerated() {
            if number == 0, line.hasPrefix("#!"), line != "#!exercise", !line.hasPrefix("#!seed ") { continue }
            read(line.drop { $0 == " " || $0 == "\t" }, number)
        }
        endStep()
    }

    private mutating func readDocument() {
        for (number, line) in lines.enumerated() {
            let isFence = line.hasPrefix("```")
            switch fence {
            case "crate"?: if isFence { fence = nil } else { read(line[...], number) }
            case nil where line == "```crate":
                fence = "crate"
                endCell()
            case nil where line.hasPrefix("<!-- crate: ") && line.hasSuffix(" -->"):
                endCell()
                addCode(number, line.dropFirst(12).dropLast(4) + "  #-")
                endCell()
            case nil where line.hasPrefix("## "): beginStep(String(line.dropFirst(3)), number)
            default:
                if isFence { fence = fence == nil ? String(line.dropFirst(3)) : nil }
                narrate(line)
            }
        }
        endStep()
    }

    private mutating func read(_ line: Substring, _ number: Int) {
        if let title = Self.content(line, after: "# %%") { return beginStep(title, number) }
        if line.hasPrefix("#|") { return narrate(Self.content(line, after: "#|") ?? "") }
        if isMarkdown, line.isEmpty || line.hasPrefix("#") { return narrate(line.isEmpty ? "" : Self.content(line, after: "#") ?? "") }
        isMarkdown = false
        if let hint = Self.content(line, after: "#?") { return step.hints.append(hint) }
        if line.hasPrefix("#=") { return expect(String(line.dropFirst(line.hasPrefix("#= ") ? 3 : 2)), number) }
        if let kind = Self.content(line, after: "#~") { return expectError(kind, number) }
        if line == "#!exercise" { return beginExercise() }
        if line == "#!check" { return beginCheck() }
        if let number = Self.content(line, after: "#!seed ").flatMap({ UInt64($0) }) {
            seed = number
            return
        }
        addCode(number)
    }

    private static func content(_ line: Substring, after mark: String) -> String? {
        guard line.hasPrefix(mark) else { return nil }
        let rest = line.dropFirst(mark.count)
        return String(rest.first == " " ? rest.dropFirst() : rest)
    }

    // MARK: steps

    private mutating func beginStep(_ title: String, _ number: Int) {
        isMarkdown = title == "[markdown]"
        // Narration of its own belongs to the code below it, and not to a step without a name.
        if isMarkdown, step.parts.isEmpty, cell == nil, !step.title.isEmpty { return }
        endStep()
        step = Lesson.Step(title: isMarkdown ? "" : title, firstLine: number)
    }

    private mutating func endStep() {
        endNarration()
        endCell()
        if let exercise { step.parts.append(.exercise(exercise)) }
        (exercise, isChecking) = (nil, false)
        guard !step.parts.isEmpty || !step.title.isEmpty else { return }
        steps.append(step)
    }

    private mutating func beginExercise() {
        endNarration()
        endCell()
        exercise = Lesson.Exercise(solution: [], check: [])
        isChecking = false
    }

    private mutating func beginCheck() {
        endCell()
        isChecking = exercise != nil
    }

    // MARK: parts

    private mutating func narrate(_ text: String) {
        endCell()
        narration.append(text)
    }

    private mutating func endNarration() {
        let text = narration.joined(separator: "\n")
        if text.contains(where: { !$0.isWhitespace }) { step.parts.append(.narration(text)) }
        narration = []
    }

    private mutating func addCode(_ number: Int, _ code: Substring? = nil) {
        endNarration()
        if cell?.expected != nil || cell?.expectedError != nil { endCell() }
        var current = cell ?? Lesson.Cell(range: number..<number, lines: [], expectedRange: number..<number)
        current.range = current.range.lowerBound..<number + 1
        current.lines.append(code ?? lines[number][...])
        current.expectedRange = number + 1..<number + 1
        cell = current
    }

    private mutating func expect(_ text: String, _ number: Int) {
        guard var current = cell else { return }
        current.expectedRange = (current.expected == nil ? number : current.expectedRange.lowerBound)..<number + 1
        current.expected = (current.expected ?? []) + [text]
        cell = current
    }

    private mutating func expectError(_ kind: String, _ number: Int) {
        cell?.expectedError = kind.split(separator: " ").first.map(String.init) ?? kind
    }

    private mutating func endCell() {
        guard let cell else { return }
        self.cell = nil
        guard !cell.isBlank || cell.expected != nil else { return }
        if exercise != nil {
            if isChecking { exercise?.check.append(cell) } else { exercise?.solution.append(cell) }
        } else {
            step.parts.append(.code(cell))
        }
    }
}
