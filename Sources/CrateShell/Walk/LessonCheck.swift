import CrateCommands
import CrateLanguage

/// Runs all of a lesson with nobody watching, and holds what it shows against what it says it shows.
struct LessonCheck {
    /// Something that is not as the lesson says.
    struct Finding {
        /// From 1.
        let line: Int
        let message: String
        /// Below the message: a diagnosis, or the lines that differ.
        var details: [String] = []
        /// What `--update` puts right.
        var isAboutOutput = false

        /// For a terminal: what a lesson holds or shows does not drive it from here.
        func text(in lesson: Lesson) -> String {
            let lines = ["\(lesson.name):\(line): \(message)"] + details.map { "  \($0)" }
            return lines.map { $0.escapedForLine + "\n" }.joined()
        }
    }

    private(set) var findings: [Finding] = []
    /// What each cell came to, by its first line.
    private(set) var results: [Int: CellResult] = [:]

    /// - Parameter terminal: how wide outputs are, and whether they have colours and pictures; `nil` for 80 columns of plain text.
    init(_ lesson: Lesson, environment: [String: String], shownOn terminal: (any Output)? = nil) throws(WrongUse) {
        let folder = try LessonFolder()
        let run = LessonRun(lesson, folder.configuration(for: lesson, environment), LessonOutput(passingTo: terminal))
        findings = lesson.mistakes.map { Finding(line: $0.line, message: $0.message, details: $0.hint.map { ["hint: \($0)"] } ?? []) }
        let cells = lesson.cells
        for (index, cell) in cells.enumerated() {
            let result = run.run(cell)
            results[cell.range.lowerBound] = result
            findings += findings(in: cell, result, isLast: index == cells.count - 1)
            // What follows was written for a program that had come this far.
            if result.hasExited || result.isIncomplete || (result.failure != nil && cell.expectedError == nil) { break }
        }
    }

    private func findings(in cell: Lesson.Cell, _ result: CellResult, isLast: Bool) -> [Finding] {
        let line = cell.range.lowerBound + 1
        if result.isIncomplete { return [Finding(line: line, message: "a statement is not whole; #= and #~ stand behind whole statements")] }
        var found: [Finding] = []
        switch (result.failure, cell.expectedError) {
        case (nil, "exit"?) where result.hasExited: break
        case (nil, let kind?): found.append(Finding(line: line, message: "no error came, and one of kind \(kind) was expected"))
        case (let failure?, let kind) where failure.kind != kind:
            let message = kind.map { "an error of kind \(failure.kind) came, and one of kind \($0) was expected" } ?? "an error that was not expected"
            found.append(Finding(line: line, message: message, details: failure.render(colour: false).split(separator: "\n").map(String.init)))
        default: break
        }
        if result.hasExited, !isLast, cell.expectedError == nil {
            found.append(Finding(line: line, message: "this leaves the lesson before its end", details: ["nothing behind it runs; `#~ exit` says that it is meant"]))
        }
        if let expected = cell.expected, !Self.matches(result.lines, expected) {
            found.append(Finding(line: cell.expectedRange.lowerBound + 1, message: "what is shown differs", details: Self.difference(expected, result.lines), isAboutOutput: true))
        }
        return found
    }

    /// A line that is `…` alone stands for any lines, none among them.
    private static func matches(_ shown: [String], _ expected: [String]) -> Bool {
        let blocks = expected.split(separator: "…", omittingEmptySubsequences: false).map(Array.init)
        guard blocks.count > 1, let first = blocks.first, let last = blocks.last else { return isAlike(shown[...], expected) }
        guard shown.count >= first.count + last.count, isAlike(shown.prefix(first.count), first), isAlike(shown.suffix(last.count), last) else { return false }
        var rest = shown.dropFirst(first.count).dropLast(last.count)
        for block in blocks.dropFirst().dropLast() {
            while rest.count >= block.count, !isAlike(rest.prefix(block.count), block) { rest.removeFirst() }
            guard rest.count >= block.count else { return false }
            rest = rest.dropFirst(block.count)
        }
        return true
    }

    private static func isAlike(_ shown: ArraySlice<String>, _ expected: [String]) -> Bool {
        shown.count == expected.count && zip(shown, expected).allSatisfy { matches($0, $1) }
    }

    /// `…` in an expected line stands for anything.
    private static func matches(_ shown: String, _ expected: String) -> Bool {
        let parts = expected.split(separator: "…", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return shown == expected }
        guard shown.hasPrefix(first), shown.hasSuffix(last), shown.utf8.count >= first.utf8.count + last.utf8.count else { return false }
        var rest = shown.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() {
            guard let place = rest.firstRange(of: part) else { return false }
            rest = rest[place.upperBound...]
        }
        return true
    }

    private static func difference(_ expected: [String], _ shown: [String]) -> [String] {
        expected.map { "- \($0)" } + shown.map { "+ \($0)" }
    }

    /// The lesson's text with what was shown in place of what was expected, where anything was; what agrees stays, with each `…` in it.
    func updated(_ lesson: Lesson) -> String {
        var lines = lesson.lines
        for cell in lesson.cells.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            guard let expected = cell.expected, let result = results[cell.range.lowerBound], !result.isIncomplete else { continue }
            if Self.matches(result.lines, expected) { continue }
            let indent = lines[cell.expectedRange.lowerBound].prefix { $0 == " " || $0 == "\t" }
            lines.replaceSubrange(cell.expectedRange, with: result.lines.map { $0.isEmpty ? "\(indent)#=" : "\(indent)#= \($0)" })
        }
        return lines.map { $0 + lesson.lineEnd }.joined()
    }
}
