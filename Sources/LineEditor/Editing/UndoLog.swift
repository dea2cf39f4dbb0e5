/// What the line was before each change. Letters typed one after the other count as one change.
struct UndoLog {
    private var earlier: [EditState] = []
    private var last = EditState()
    private var lastWasTyping = false
    private static let most = 500

    /// Looks at the line before the next key.
    mutating func note(_ now: EditState) {
        defer { last = now }
        guard now.text != last.text else {
            if now != last { lastWasTyping = false }
            return
        }
        let isTyping = now.after == last.after && now.before.count == last.before.count + 1 && now.before.hasPrefix(last.before) && now.before.last?.isWhitespace == false
        if !(isTyping && lastWasTyping) { earlier.append(last) }
        if earlier.count > Self.most { earlier.removeFirst() }
        lastWasTyping = isTyping
    }

    /// The line before the last change.
    mutating func undo() -> EditState? {
        guard let state = earlier.popLast() else { return nil }
        last = state
        lastWasTyping = false
        return state
    }
}
