import CrateCommands
import CrateLanguage
import LineEditor

/// What the line editor is told of the language and the session.
extension EditingAids {
    /// - Parameter ownCommands: those that a lesson adds to the prompt's.
    init(_ session: Session, ownCommands: [(name: String, summary: String)] = [], statements: @escaping () -> [String]) {
        self.init()
        let isProgram = { (text: String) in text.first.map { !":!?".contains($0) } ?? true }
        isUnfinished = { [weak session] text in
            guard let session, let last = EnteredParts(text, isOpen: session.isIncomplete).parts.last else { return false }
            return isProgram(last) && session.isIncomplete(last)
        }
        indentation = { before, closing in
            let source = Source(name: "", text: before)
            return Nesting(of: source).indentation(in: source, closing: closing)
        }
        styles = { [weak session] text, cursor in
            isProgram(text) ? PromptColours { session?.verb(named: $0) != nil }.styles(text, cursor: cursor) : []
        }
        hint = { [weak session] before in
            guard isProgram(before), before.utf8.count <= 4096, let note = session?.signatureNote(for: before) else { return nil }
            return Hint(note.text, emphasis: note.current)
        }
        completions = { [weak session] before in
            if let session, let completions = SessionCommand.completions(of: before, session, ownCommands) { return completions }
            guard let completion = session?.completion(of: before) else { return Completions(word: "", candidates: []) }
            return Completions(
                word: completion.word, candidates: completion.items.map { Completions.Candidate($0.text, suffix: $0.suffix, summary: $0.summary) })
        }
        self.statements = statements
    }
}

extension SessionCommand {
    /// The names, and behind one what it takes: words of its own, a statement, a file. `nil` for what is no command.
    fileprivate static func completions(of before: String, _ session: Session, _ own: [(name: String, summary: String)]) -> Completions? {
        guard before.first == ":" else { return nil }
        guard let space = before.firstIndex(where: \.isWhitespace) else {
            let candidates =
                own.map { Completions.Candidate($0.name, summary: $0.summary) }
                + all.map { .init($0.name, suffix: $0.operands.isEmpty ? "" : " ", summary: $0.summary) }
            return Completions(word: before, candidates: candidates.filter { $0.text.hasPrefix(before) })
        }
        let command = named(String(before[..<space]))
        let rest = before[space...].drop(while: \.isWhitespace)
        if let words = command?.words { return Completions(rest, among: words) }
        guard command?.operands == "FILE" || command?.takesStatement == true else { return Completions(word: "", candidates: []) }
        let isFile = command?.operands == "FILE"
        let completion = session.completion(of: isFile ? "read(\"\(rest)" : String(rest))
        return Completions(
            word: completion.word, candidates: completion.items.map { .init($0.text, suffix: isFile ? "" : $0.suffix, summary: $0.summary) })
    }
}

extension Completions {
    /// The words that may follow those which are typed already.
    fileprivate init(_ typed: Substring, among words: ([String]) -> [(word: String, summary: String)]) {
        let parts = typed.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let (before, last) = (parts.dropLast().filter { !$0.isEmpty }, parts.last ?? "")
        let suffix = before.isEmpty ? " " : ""
        self.init(word: last, candidates: words(before).filter { $0.word.hasPrefix(last) }.map { .init($0.word, suffix: suffix, summary: $0.summary) })
    }
}

/// The colours of a statement while it is typed: those of a listing, a string that is still open, and the brackets at the cursor.
struct PromptColours {
    let isVerb: (String) -> Bool

    /// - Parameter cursor: in bytes of UTF-8; negative for a statement that is typed no more.
    func styles(_ text: String, cursor: Int) -> [StyledRange] {
        let source = Source(name: "", text: text)
        let nesting = Nesting(of: source)
        var styles = highlighting(of: source, isVerb: isVerb).map { StyledRange($0.span.start..<max($0.span.start, $0.span.end), CodeColours.code($0.class)) }
        if let start = nesting.openString { styles.append(StyledRange(start..<source.bytes.count, CodeColours.code(.string))) }
        styles += nesting.strays.map { StyledRange($0..<$0 + 1, Self.stray) }
        guard cursor >= 0, let pair = nesting.pair(at: cursor) else { return styles }
        return styles + [pair.open, pair.close].map { StyledRange($0..<$0 + 1, Self.bracket) }
    }

    private static let stray = "31"
    private static let bracket = "1;4"
}
