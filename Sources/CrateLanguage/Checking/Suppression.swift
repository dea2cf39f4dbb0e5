/// Comments that say a finding is meant: `# check: ignore` at the end of a line covers that line; `#~ kind`, by which a walkthrough
/// expects an error, covers errors of that kind in the statement that it follows.
struct Suppression {
    private var lines: Set<Int> = []
    private var expected: [(span: Span, kind: String)] = []
    private let source: Source

    init(_ program: Program) {
        source = program.source
        for comment in program.comments {
            let text = source.text(comment)
            if text.drop(while: { $0 == "#" || $0 == " " }).hasPrefix("check: ignore") { lines.insert(source.position(at: comment.start).line) }
            guard text.hasPrefix("#~") else { continue }
            let kind = text.dropFirst(2).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
            if let statement = program.statements.last(where: { $0.span.start < comment.start }) { expected.append((statement.span, kind)) }
        }
    }

    func covers(_ finding: Finding) -> Bool {
        if !lines.isEmpty, lines.contains(source.position(at: finding.start).line) { return true }
        return expected.contains { expectation in
            (expectation.kind.isEmpty || expectation.kind == finding.failure.kind) && finding.start >= expectation.span.start
                && finding.start <= expectation.span.end
        }
    }
}
