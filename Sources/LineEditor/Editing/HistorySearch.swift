import CEdit

/// Ctrl-R: statements that hold what is typed meanwhile, newest first.
extension LineEditor {
    /// Other keys than those of the search take what was found into the line and then do what they do there.
    func searchHistory(_ buffer: EditBuffer) -> UInt8 {
        let before = buffer.state
        var search = HistorySearch(position: recall.statements.count)
        while true {
            paint(buffer, panel: [search.row(window.columns)])
            switch nextSearchKey() {
            case .type(let character):
                search.pattern.append(character)
                search.find(in: recall, from: min(search.position + 1, recall.statements.count), isForward: false)
            case .delete:
                if !search.pattern.isEmpty { search.pattern.removeLast() }
                search.find(in: recall, from: recall.statements.count, isForward: false)
            case .older: search.find(in: recall, from: search.position, isForward: false)
            case .newer: search.find(in: recall, from: search.position + 1, isForward: true)
            case .repaint: continue
            case .take: return UInt8(CC_NORM)
            case .giveUp:
                buffer.replaceAll(with: before)
                return UInt8(CC_NORM)
            case .end: return UInt8(CC_EOF)
            }
            if search.pattern.isEmpty { buffer.replaceAll(with: before) } else if search.isFound { show(search, in: buffer) }
        }
    }

    private func show(_ search: HistorySearch, in buffer: EditBuffer) {
        let statement = recall.statements[search.position]
        buffer.replaceAll(with: statement)
        guard let match = statement.firstRange(of: search.pattern) else { return }
        buffer.move(-statement.distance(from: match.lowerBound, to: statement.endIndex))
    }

    private enum SearchKey {
        case type(Character)
        case delete, older, newer, take, giveUp, repaint, end
    }

    private func nextSearchKey() -> SearchKey {
        switch input.next() {
        case .end: return .end
        case .event(.interrupted): return .giveUp
        case .event(let event):
            note(event)
            return .repaint
        case .scalar("\u{12}"): return .older
        case .scalar("\u{13}"): return .newer
        case .scalar("\u{7}"): return .giveUp
        case .scalar("\u{8}"), .scalar("\u{7F}"): return .delete
        case .scalar("\r"), .scalar("\n"), .scalar("\t"): return .take
        case .scalar("\u{1B}"):
            // A key that sends a sequence moves in what was found; Escape alone just takes it.
            if input.isPending(within: Self.escapeTime) { input.unread("\u{1B}") }
            return .take
        case .scalar(let scalar) where scalar.value < 0x20:
            input.unread(String(scalar))
            return .take
        case .scalar(let scalar): return .type(Character(scalar))
        }
    }
}

/// A search under way.
private struct HistorySearch {
    var pattern = ""
    /// Of the statement found; one past the newest at the start.
    var position: Int
    private(set) var isFound = true

    mutating func find(in recall: Recall, from index: Int, isForward: Bool) {
        guard !pattern.isEmpty else {
            (position, isFound) = (recall.statements.count, true)
            return
        }
        // The same statement again is no news.
        let shown = position < recall.statements.count ? recall.statements[position] : nil
        var found = recall.search(pattern, from: index, isForward: isForward)
        while let candidate = found, recall.statements[candidate] == shown, candidate != position {
            found = recall.search(pattern, from: isForward ? candidate + 1 : candidate, isForward: isForward)
        }
        isFound = found != nil
        if let found { position = found }
    }

    func row(_ columns: Int) -> Row {
        let label = isFound ? "search: " : "not found: "
        return Row(CharacterWidth.clipped(label + pattern + "▏", to: columns))
    }
}
