import CrateLanguage

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
///
/// What stands in a string is text, whatever it looks like.
struct LessonReader {
    private let lines: [String]
    private var steps: [Lesson.Step] = []
    private var step = Lesson.Step(title: "", firstLine: 0)
    private var narration: [String] = []
    private var cell: Lesson.Cell?
    private var exercise: Lesson.Exercise?
    private var seed: UInt64?
    private var mistakes: [Lesson.Mistake] = []
    /// Numbers of the lines that begin inside of a string.
    private var inStrings: Set<Int> = []
    private var isChecking = false
    /// Below `# %% [markdown]`, where plain comments are narration.
    private var isMarkdown = false
    /// What the fence around a line of a Markdown file is called; `nil` outside of one.
    private var fence: String?

    static func read(_ text: String, name: String) -> Lesson {
        let source = Source(name: name, text: text)
        var lines = source.lines
        if lines.last == "" { lines.removeLast() }
        var reader = LessonReader(lines)
        let isDocument = name.hasSuffix(".md")
        if isDocument { reader.readDocument() } else { reader.readAll(source) }
        let heading = lines.lazy.compactMap { line in
            (isDocument ? ["# "] : ["#| # ", "# # "]).first { line.hasPrefix($0) }.map { String(line.dropFirst($0.count)) }
        }.first
        let file = name.pathParts().last.map(String.init) ?? name
        return Lesson(
            name: name, title: heading ?? file, lines: lines, lineEnd: source.endsLinesWithReturn ? "\r\n" : "\n", steps: reader.steps, mistakes: reader.mistakes,
            seed: reader.seed)
    }

    private init(_ lines: [String]) { self.lines = lines }

    private mutating func readAll(_ source: Source) {
        inStrings = source.linesInsideStrings
        for (number, line) in lines.enumerated() {
            if number == 0, line.hasPrefix("#!"), line.dropFirst(2).first?.isLetter != true { continue }
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
                noteStrings(from: number + 1)
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

    /// Of the code whose first line has that number, up to the end of its fence.
    private mutating func noteStrings(from first: Int) {
        let code = lines[first...].prefix { !$0.hasPrefix("```") }
        inStrings.formUnion(Source(name: "", text: code.joined(separator: "\n")).linesInsideStrings.map { $0 + first })
    }

    private mutating func read(_ line: Substring, _ number: Int) {
        if inStrings.contains(number) { return addCode(number) }
        if let title = Self.content(line, after: "# %%") { return beginStep(title, number) }
        if line.hasPrefix("#|") { return narrate(Self.content(line, after: "#|") ?? "") }
        if line.hasPrefix("#!"), follow(line, number) { return }
        if isMarkdown, line.isEmpty || line.hasPrefix("#") { return narrate(line.isEmpty ? "" : Self.content(line, after: "#") ?? "") }
        isMarkdown = false
        if let hint = Self.content(line, after: "#?") { return step.hints.append(hint) }
        if line.hasPrefix("#=") { return expect(String(line.dropFirst(line.hasPrefix("#= ") ? 3 : 2)), number) }
        if let kind = Self.content(line, after: "#~") { return expectError(kind, number) }
        addCode(number)
    }

    /// False for a comment that says nothing to lessons.
    private mutating func follow(_ line: Substring, _ number: Int) -> Bool {
        do throws(Failure) {
            switch try LessonDirective(String(line)) {
            case .exercise?: beginExercise()
            case .check?: beginCheck(number)
            case .seed(let number)?: seed = number
            case nil: return false
            }
        } catch {
            note(error.message, number, error.hint)
        }
        return true
    }

    private mutating func note(_ message: String, _ number: Int, _ hint: String? = nil) {
        mistakes.append(Lesson.Mistake(line: number + 1, message: message, hint: hint))
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

    private mutating func beginCheck(_ number: Int) {
        endCell()
        if exercise == nil { note("`#!check` stands behind no `#!exercise`", number) }
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
        guard var current = cell else { return note("`#=` stands behind no code", number) }
        current.expectedRange = (current.expected == nil ? number : current.expectedRange.lowerBound)..<number + 1
        current.expected = (current.expected ?? []) + [text]
        cell = current
    }

    private mutating func expectError(_ kind: String, _ number: Int) {
        if cell == nil { return note("`#~` stands behind no code", number) }
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
