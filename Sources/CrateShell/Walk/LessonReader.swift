/// Reads a script as a lesson, line by line.
///
///     # %% Title          a step begins
///     # %% [markdown]     narration in the comments that follow
///     #| text             a line of narration anywhere
///     #? text             a hint
///     #= text             a line that the code above must show
///     #~ kind             the code above must fail so
///     code  #-            a line that runs and is not shown
///     #!exercise          the learner writes what follows, up to #!check, which tells whether it is right
struct LessonReader {
    private let lines: [String]
    private var steps: [Lesson.Step] = []
    private var step = Lesson.Step(title: "", firstLine: 0)
    private var narration: [String] = []
    private var cell: Lesson.Cell?
    private var exercise: Lesson.Exercise?
    private var isChecking = false
    /// Below `# %% [markdown]`, where plain comments are narration.
    private var isMarkdown = false

    static func read(_ text: String, name: String) -> Lesson {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0.last == "\r" ? $0.dropLast() : $0) }
        if lines.last == "" { lines.removeLast() }
        var reader = LessonReader(lines)
        reader.readAll()
        let heading = lines.lazy.compactMap { line in
            ["#| # ", "# # "].first { line.hasPrefix($0) }.map { String(line.dropFirst($0.count)) }
        }.first
        let file = name.pathParts().last.map(String.init) ?? name
        return Lesson(name: name, title: heading ?? file, lines: lines, steps: reader.steps)
    }

    private init(_ lines: [String]) { self.lines = lines }

    private mutating func readAll() {
        for (number, line) in lines.enumerated() {
            if number == 0, line.hasPrefix("#!"), line != "#!exercise" { continue }
            read(line.drop { $0 == " " || $0 == "\t" }, number)
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
        // A step without a name takes in what comes before the first one that has one.
        if let last = steps.last, step.title.isEmpty == false, last.title.isEmpty, last.cells.isEmpty {
            steps.removeLast()
            step = Lesson.Step(title: step.title, firstLine: last.firstLine, parts: last.parts + step.parts, hints: last.hints + step.hints)
        }
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

    private mutating func addCode(_ number: Int) {
        endNarration()
        if cell?.expected != nil || cell?.expectedError != nil { endCell() }
        var current = cell ?? Lesson.Cell(range: number..<number, lines: [], expectedRange: number..<number)
        current.range = current.range.lowerBound..<number + 1
        current.lines.append(lines[number][...])
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
