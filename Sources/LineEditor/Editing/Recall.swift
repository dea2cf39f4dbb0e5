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

    /// The statement before the one shown which begins as the line did when the walk started; `current` is what stands in the line now.
    mutating func older(than current: String) -> String? {
        if position == statements.count { draft = current }
        let shown = position == statements.count ? draft : statements[position]
        guard let found = statements[..<position].lastIndex(where: { $0.hasPrefix(draft) && $0 != shown }) else { return nil }
        position = found
        return statements[position]
    }

    /// The one after it; after the newest one comes the unfinished line.
    mutating func newer() -> String? {
        guard position < statements.count else { return nil }
        let shown = statements[position]
        position = statements[(position + 1)...].firstIndex { $0.hasPrefix(draft) && $0 != shown } ?? statements.count
        return position == statements.count ? draft : statements[position]
    }

    /// The newest statement before `index` that holds `text`, or the oldest one behind it when `isForward`.
    func search(_ text: String, from index: Int, isForward: Bool) -> Int? {
        if isForward { return index < statements.count ? statements[max(0, index)...].firstIndex { $0.contains(text) } : nil }
        return index > 0 ? statements[..<min(index, statements.count)].lastIndex { $0.contains(text) } : nil
    }
}
