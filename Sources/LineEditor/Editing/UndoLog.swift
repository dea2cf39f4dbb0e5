/// What the line was before each change. Letters typed one after the other count as one change.
struct UndoLog {
    private enum Change {
        /// Anything: the line before it.
        case line(EditState)
        /// So many scalars were typed before the cursor.
        case typed(Int)
    }

    private var changes: [Change] = []
    private var last = EditState()
    private var isInWord = false
    private static let most = 500

    /// Looks at the line before the next key.
    mutating func note(_ now: EditState) {
        guard now != last else { return }
        if now.text != last.text { add(.line(last)) }
        last = now
        isInWord = false
    }

    /// Letters were put before the cursor. The line is not looked at, so that a long one costs no more than a short one.
    mutating func type(_ text: String) {
        for scalar in text.unicodeScalars {
            let isBlank = scalar.properties.isWhitespace
            if isInWord, !isBlank, case .typed(let count)? = changes.last {
                changes[changes.count - 1] = .typed(count + 1)
            } else {
                add(.typed(1))
            }
            isInWord = !isBlank
        }
        last.before += text
    }

    private mutating func add(_ change: Change) {
        changes.append(change)
        // Many at once: what lies at the front is moved each time.
        if changes.count >= 2 * Self.most { changes.removeFirst(Self.most) }
    }

    /// The line before the last change.
    mutating func undo() -> EditState? {
        switch changes.popLast() {
        case .line(let state)?: last = state
        case .typed(let count)?: last.before = String(last.before.unicodeScalars.dropLast(count))
        case nil: return nil
        }
        isInWord = false
        return last
    }
}
