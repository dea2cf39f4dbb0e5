/// A comment `#!word`, alone in its line, that says something to lessons.
public enum LessonDirective: Equatable, Sendable {
    case exercise, check
    case seed(UInt64)

    private static let words = ["exercise", "check", "seed"]

    /// `nil` for a comment that is none, such as `#!/usr/bin/env crate`. Throws what is wrong with one that lessons don't know.
    public init?(_ comment: String) throws(Failure) {
        guard comment.hasPrefix("#!"), comment.dropFirst(2).first?.isLetter == true else { return nil }
        let parts = comment.dropFirst(2).split(whereSeparator: \.isWhitespace).map(String.init)
        switch (parts[0], parts.count) {
        case ("exercise", 1): self = .exercise
        case ("check", 1): self = .check
        case ("seed", 2):
            guard let number = UInt64(parts[1]) else { throw .directive("`#!seed` takes a whole number from 0, not `\(parts[1])`") }
            self = .seed(number)
        case ("exercise", _), ("check", _): throw .directive("`#!\(parts[0])` stands alone in its line")
        case ("seed", _): throw .directive("`#!seed` takes one whole number")
        default:
            let near = nearest(parts[0], in: LessonDirective.words).map { "did you mean `#!\($0)`?" }
            throw .directive("unknown directive `#!\(parts[0])`", hint: near ?? "lessons know `#!exercise`, `#!check` and `#!seed NUMBER`; a comment begins with `# `")
        }
    }
}

extension Failure {
    fileprivate static func directive(_ message: String, hint: String? = nil) -> Failure { Failure("directive", message, hint: hint) }
}

extension Analysis {
    /// Comments that look like a lesson's directives and are none: nobody would miss what they were to do.
    static func directives(in program: Program) -> [Finding] {
        let source = program.source
        return program.comments.compactMap { comment in
            let line = source.lineRange(at: comment.start)
            guard source.bytes[line.lowerBound..<comment.start].allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else { return nil }
            do throws(Failure) {
                _ = try LessonDirective(source.text(comment))
                return nil
            } catch {
                var failure = error
                failure.location = Location(source: source, span: comment)
                return Finding(severity: .warning, failure: failure)
            }
        }
    }
}
