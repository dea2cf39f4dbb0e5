import CrateLanguage

/// A script as a lesson: steps with narration, code, and what the code is expected to show. The directives are comments, so that the same
/// file runs as any script does.
struct Lesson {
    /// The file, as it was named.
    let name: String
    var fileName: String { name.pathParts().last.map(String.init) ?? name }
    /// The first heading of the narration, or the file's name.
    let title: String
    /// All of the file.
    let lines: [String]
    /// Behind each of them.
    var lineEnd = "\n"
    let steps: [Step]
    /// What was to say something to the reader of lessons, and does not.
    var mistakes: [Mistake] = []
    /// Of draws without a seed of their own; `nil` for the one that all lessons have.
    var seed: UInt64?

    /// Opening words have no title of their own.
    func title(of step: Int) -> String { steps[step].title.isEmpty ? title : steps[step].title }

    /// Narration without the heading that stands above all.
    func body(of narration: String) -> String {
        let heading = "# \(title)\n"
        return narration.hasPrefix(heading) ? String(narration.dropFirst(heading.count)) : narration
    }

    /// Everything that runs, in order.
    var cells: [Cell] { steps.flatMap(\.cells) }

    /// A cell as a program at its own lines, so that messages point into the file.
    func source(of cell: Cell, name: String) -> Source {
        Source(name: name, text: String(repeating: "\n", count: cell.range.lowerBound) + cell.lines.joined(separator: "\n") + "\n")
    }

    struct Mistake {
        /// From 1.
        let line: Int
        let message: String
        let hint: String?
    }

    /// What lies between two `# %%` lines.
    struct Step {
        let title: String
        /// Line numbers count from 0.
        let firstLine: Int
        /// In the order of the file.
        var parts: [Part] = []
        var hints: [String] = []

        var isExercise: Bool { parts.contains { if case .exercise = $0 { true } else { false } } }
        /// Everything that runs in this step, in order; of an exercise the solution and the check.
        var cells: [Cell] {
            parts.flatMap { part in
                switch part {
                case .narration: [Cell]()
                case .code(let cell): [cell]
                case .exercise(let exercise): exercise.solution + exercise.check
                }
            }
        }
    }

    enum Part {
        /// Markdown.
        case narration(String)
        case code(Cell)
        case exercise(Exercise)
    }

    /// Lines that run together, and what must come of them.
    struct Cell {
        /// Of the code, in the file.
        var range: Range<Int>
        /// The code's lines as they run.
        var lines: [Substring]
        /// Of the lines that tell the expected output, in the file; empty where the output is of no importance.
        var expectedRange: Range<Int>
        /// `nil` where there is no `#=`.
        var expected: [String]?
        /// The kind of the error that must come.
        var expectedError: String?

        /// What a reader sees: without the lines that end in `#-`.
        var shown: [Substring] { lines.filter { !$0.hasSuffix("#-") } }
        var isBlank: Bool { lines.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
    }

    /// A step that the learner fills in.
    struct Exercise {
        /// One way to do it, which runs where nobody learns.
        var solution: [Cell]
        /// Tells by its assertions whether it is right.
        var check: [Cell]
    }
}
