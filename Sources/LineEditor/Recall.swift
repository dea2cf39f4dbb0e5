/// The statements that Up and Down walk through, oldest first, and the unfinished line they start from.
struct Recall {
    private(set) var statements: [String]
    private var position: Int
    private var draft = ""

    init(_ statements: [String]) {
        self.statements = statements
        position = statements.count
    }

    mutating func add(_ statement: String) {
        if statements.last != statement { statements.append(statement) }
        rewind()
    }

    /// Starts the next walk from an empty line.
    mutating func rewind() {
        position = statements.count
        draft = ""
    }

    /// The statement before the one shown; `current` is what stands in the line now.
    mutating func older(than current: String) -> String? {
        guard position > 0 else { return nil }
        if position == statements.count { draft = current }
        position -= 1
        return statements[position]
    }

    /// The statement after the one shown; after the newest one comes the unfinished line.
    mutating func newer() -> String? {
        guard position < statements.count else { return nil }
        position += 1
        return position == statements.count ? draft : statements[position]
    }
}
