/// Comments that say a finding is meant: `# check: ignore` at the end of a line covers that line; `#~ kind`, by which a lesson
/// expects an error, covers errors of that kind in the code above it, back to the lesson's comment before.
struct Suppression {
    private var lines: Set<Int> = []
    private var expected: [(span: Span, kind: String)] = []
    private let table: LineTable

    static let mark = "# check: ignore"
    private static let lessonMarks = ["#=", "#~", "#|", "# %%", "#!"]

    init(_ program: Program, _ table: LineTable) {
        self.table = table
        let source = program.source
        var start = 0
        for comment in program.comments {
            let text = source.text(comment)
            if text.hasPrefix(Suppression.mark) { lines.insert(table.line(at: comment.start)) }
            guard Suppression.lessonMarks.contains(where: { text.hasPrefix($0) }) else { continue }
            if text.hasPrefix("#~") {
                let kind = text.dropFirst(2).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
                expected.append((Span(start, comment.start), kind))
            }
            start = comment.end
        }
    }

    func covers(_ finding: Finding) -> Bool {
        if !lines.isEmpty, lines.contains(table.line(at: finding.start)) { return true }
        return expected.contains { expectation in
            (expectation.kind.isEmpty || expectation.kind == finding.failure.kind) && finding.start >= expectation.span.start
                && finding.start <= expectation.span.end
        }
    }
}
