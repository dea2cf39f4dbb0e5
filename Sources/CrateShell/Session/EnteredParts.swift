/// What was entered at once, such as a pasted piece of a session, taken to the parts that run one after the other: each line for the prompt
/// itself, which begins with `:`, `!` or `?`, and the statements between such lines. Inside of an open statement, bracket or text a line is
/// part of that.
struct EnteredParts {
    private(set) var parts: [String] = []
    private let isOpen: (String) -> Bool
    /// Whether the part was open, and nothing has come that closes: a text may have many lines that look like commands.
    private var staysOpen = false

    /// - Parameter isOpen: whether a text is the beginning of a statement, whose further lines must follow.
    init(_ text: String, isOpen: @escaping (String) -> Bool) {
        self.isOpen = isOpen
        parts = [text]
        guard text.utf8.contains(UInt8(ascii: "\n")), text.utf8.contains(where: { ":!?".utf8.contains($0) }) else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.contains(where: EnteredParts.isOwn) { take(lines) }
    }

    private mutating func take(_ lines: [Substring]) {
        parts = []
        var part: [Substring] = []
        for line in lines {
            if !part.isEmpty, isOwnPart(part) ? !goesOn(part) : EnteredParts.isOwn(line) && !isStillOpen(part) {
                add(part)
                part = []
            }
            part.append(line)
            if line.contains(where: { "\"')]}".contains($0) }) { staysOpen = false }
        }
        add(part)
    }

    private mutating func isStillOpen(_ part: [Substring]) -> Bool {
        if !staysOpen { staysOpen = isOpen(part.joined(separator: "\n")) }
        return staysOpen
    }

    private mutating func add(_ part: [Substring]) {
        let text = part.joined(separator: "\n").trimmingNewlines
        if !text.allSatisfy(\.isWhitespace) { parts.append(text) }
    }

    private func isOwnPart(_ part: [Substring]) -> Bool { part.first.map(EnteredParts.isOwn) ?? false }

    /// A program's line goes on behind a backslash, and a command's as long as its statement is open.
    private func goesOn(_ part: [Substring]) -> Bool {
        guard let first = part.first, let last = part.last else { return false }
        if first.hasPrefix("!") { return last.reversed().prefix { $0 == "\\" }.count % 2 == 1 }
        let name = first.prefix { !$0.isWhitespace }
        guard let command = SessionCommand.named(String(name)), command.takesStatement else { return false }
        return isOpen(String(part.joined(separator: "\n").dropFirst(name.count)))
    }

    /// `x ??` is the beginning of an expression.
    private static func isOwn(_ line: Substring) -> Bool {
        if let first = line.utf8.first, ":!?".utf8.contains(first) { return true }
        return line.utf8.last == UInt8(ascii: "?") && !line.hasSuffix("??") && question(line) != nil
    }

    /// The name that `?save` or `save?` asks for, empty for `?`; `nil` for what is no question.
    static func question(_ text: some StringProtocol) -> String? {
        let line = text.trimmingSpace
        guard line.hasPrefix("?") || line.hasSuffix("?"), !line.contains("\n") else { return nil }
        let name = String(line.drop { $0 == "?" }.trimmingSpace.reversed().drop { $0 == "?" }.reversed())
        return name.allSatisfy { $0 == "_" || $0 == " " || $0.isLetter || $0.isNumber } ? name : nil
    }
}
