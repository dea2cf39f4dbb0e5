import CEdit

/// Tab: completes as far as all candidates agree and lists them; further Tabs go through the list.
extension LineEditor {
    func complete(_ buffer: EditBuffer) -> UInt8 {
        let before = buffer.beforeCursor
        // At the start of a line Tab indents.
        if let line = before.split(separator: "\n", omittingEmptySubsequences: false).last, line.allSatisfy(\.isWhitespace), !line.isEmpty || before.contains("\n") {
            buffer.insert("  ")
            return UInt8(CC_NORM)
        }
        let completions = aids.completions(before)
        switch completions.candidates.count {
        case 0: return UInt8(CC_NORM)
        case 1:
            choose(completions.candidates[0], instead: completions.word.count, in: buffer)
            return UInt8(CC_NORM)
        default: return browse(completions, buffer)
        }
    }

    private func choose(_ candidate: Completions.Candidate, instead count: Int, in buffer: EditBuffer) {
        buffer.deleteBackward(count)
        buffer.insert(candidate.text)
        // A suffix that is there already is not written twice.
        let suffix = buffer.afterCursor.hasPrefix(candidate.suffix) ? "" : candidate.suffix
        buffer.insert(suffix)
    }

    /// Shows the list until another key than Tab comes, which then does what it does.
    private func browse(_ completions: Completions, _ buffer: EditBuffer) -> UInt8 {
        let candidates = completions.candidates
        let common = commonPrefix(candidates.map(\.text))
        var length = completions.word.count
        if common.count > length, common.hasPrefix(completions.word) {
            buffer.insert(String(common.dropFirst(length)))
            length = common.count
        }
        var list = CompletionList(candidates: candidates, isColoured: prompt.colour != nil)
        while true {
            paint(buffer, panel: list.rows(columns: window.columns, height: panelHeight))
            let isForward: Bool
            switch nextListKey() {
            case .next: isForward = true
            case .previous: isForward = false
            case .repaint: continue
            case .accept:
                // Enter takes the choice; without one it does what it does.
                if let chosen = list.selection { buffer.insert(candidates[chosen].suffix) } else { input.unread("\r") }
                return UInt8(CC_NORM)
            case .other: return UInt8(CC_NORM)
            case .interrupted: return end(.interrupted, buffer)
            case .end: return UInt8(CC_EOF)
            }
            let chosen = list.select(forward: isForward)
            buffer.deleteBackward(length)
            buffer.insert(candidates[chosen].text)
            length = candidates[chosen].text.count
        }
    }

    private enum ListKey {
        case next, previous, accept, repaint, other, interrupted, end
    }

    private func nextListKey() -> ListKey {
        switch input.next() {
        case .end: return .end
        case .event(.interrupted): return .interrupted
        case .event(let event):
            note(event)
            return .repaint
        case .scalar("\t"): return .next
        case .scalar("\r"), .scalar("\n"): return .accept
        case .scalar("\u{1B}"): return escapedListKey()
        case .scalar(let scalar):
            input.unread(String(scalar))
            return .other
        }
    }

    private func escapedListKey() -> ListKey {
        guard input.isPending(within: Self.escapeTime), let second = input.nextInSequence() else { return .other }
        guard second == "[" else {
            input.unread("\u{1B}\(second)")
            return .other
        }
        guard let third = input.nextInSequence() else { return .other }
        if third == "Z" { return .previous }
        input.unread("\u{1B}[\(third)")
        return .other
    }

    private func commonPrefix(_ texts: [String]) -> String {
        guard let first = texts.first else { return "" }
        return texts.dropFirst().reduce(first) { String(zip($0, $1).prefix { $0 == $1 }.map(\.0)) }
    }
}
