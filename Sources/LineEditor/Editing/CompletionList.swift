/// The list below the line: one candidate a row with its summary, or several a row when none has one.
struct CompletionList {
    let candidates: [Completions.Candidate]
    let isColoured: Bool
    private(set) var selection: Int?

    init(candidates: [Completions.Candidate], isColoured: Bool) {
        self.candidates = candidates
        self.isColoured = isColoured
    }

    mutating func select(forward: Bool) -> Int {
        let count = candidates.count
        let next = selection.map { ($0 + (forward ? 1 : count - 1)) % count } ?? (forward ? 0 : count - 1)
        selection = next
        return next
    }

    /// The rows around the selection, as many as fit, with a note of how many there are when some don't.
    func rows(columns: Int, height: Int) -> [Row] {
        let grid = Grid(candidates, columns: columns)
        let count = (candidates.count + grid.perRow - 1) / grid.perRow
        guard count > height else { return (0..<count).map { row($0, grid) } }
        let visible = max(1, height - 1)
        let selected = (selection ?? 0) / grid.perRow
        let top = min(max(0, selected - visible / 2), count - visible)
        let shown = (top..<top + visible).map { row($0, grid) }
        let last = min((top + visible) * grid.perRow, candidates.count)
        return shown + [Row(CharacterWidth.clipped("  \(top * grid.perRow + 1)–\(last) of \(candidates.count)", to: columns), style: dim)]
    }

    private var dim: String { isColoured ? "90" : "" }

    private func row(_ index: Int, _ grid: Grid) -> Row {
        var row = Row()
        let range = index * grid.perRow..<min((index + 1) * grid.perRow, candidates.count)
        for candidate in range {
            let isLast = candidate == range.upperBound - 1
            let isSelected = candidate == selection
            row.append(isSelected && !isColoured ? "> " : "  ")
            let name = CharacterWidth.clipped(candidates[candidate].text, to: grid.name)
            row.append(name, style: isSelected && isColoured ? "7" : "")
            let summary = candidates[candidate].summary
            if isLast, summary.isEmpty || grid.summary == 0 { continue }
            row.append(String(repeating: " ", count: grid.name - CharacterWidth.of(name)))
            guard grid.summary > 0, !summary.isEmpty else { continue }
            row.append("  ")
            row.append(CharacterWidth.clipped(summary, to: grid.summary), style: dim)
        }
        return row
    }

    /// Columns of a list.
    private struct Grid {
        let name: Int
        /// 0 when there are no summaries, or no room for any.
        let summary: Int
        let perRow: Int

        init(_ candidates: [Completions.Candidate], columns: Int) {
            let longest = candidates.map { CharacterWidth.of($0.text) }.max() ?? 0
            name = max(1, min(longest, columns - 2))
            let room = columns - name - 5
            summary = candidates.contains { !$0.summary.isEmpty } && room >= 12 ? room : 0
            perRow = summary > 0 ? 1 : max(1, columns / (name + 2))
        }
    }
}
