/// What changes from one text to another, as `diff -u` shows it; empty when nothing does.
func unifiedDiff(of name: String, from old: String, to new: String) -> String {
    let (old, new) = (lines(old), lines(new))
    let rows = rows(old, new)
    var text = ""
    for hunk in hunks(rows) {
        let part = rows[hunk]
        let before = rows[..<hunk.lowerBound]
        let counts = (old: part.count { $0.mark != "+" }, new: part.count { $0.mark != "-" })
        let starts = (old: before.count { $0.mark != "+" }, new: before.count { $0.mark != "-" })
        text += "@@ -\(span(starts.old, counts.old)) +\(span(starts.new, counts.new)) @@\n"
        for row in part { text += "\(row.mark)\(row.line)" }
    }
    return text.isEmpty ? "" : "--- \(name)\n+++ \(name)\n" + text
}

private struct Row {
    let mark: Character
    /// With its end, or a note that it has none.
    let line: String
}

private func lines(_ text: String) -> [String] {
    var lines: [String] = []
    var rest = text.unicodeScalars[...]
    while let end = rest.firstIndex(of: "\n") {
        lines.append(String(rest[...end]))
        rest = rest[rest.index(after: end)...]
    }
    return rest.isEmpty ? lines : lines + [String(rest) + "\n\\ No newline at end of file\n"]
}


private func rows(_ old: [String], _ new: [String]) -> [Row] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): inserted.insert(offset)
        }
    }
    var rows: [Row] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
        if removed.contains(i), i < old.count {
            rows.append(Row(mark: "-", line: old[i]))
            i += 1
        } else if inserted.contains(j), j < new.count {
            rows.append(Row(mark: "+", line: new[j]))
            j += 1
        } else {
            rows.append(Row(mark: " ", line: old[i]))
            (i, j) = (i + 1, j + 1)
        }
    }
    return rows
}

/// Changed rows with three rows around them; those that meet are one.
private func hunks(_ rows: [Row]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (index, row) in rows.enumerated() where row.mark != " " {
        let around = max(0, index - 3)..<min(rows.count, index + 4)
        if let last = hunks.last, last.upperBound >= around.lowerBound {
            hunks[hunks.count - 1] = last.lowerBound..<around.upperBound
        } else {
            hunks.append(around)
        }
    }
    return hunks
}

private func span(_ start: Int, _ count: Int) -> String { count == 0 ? "\(start),0" : count == 1 ? "\(start + 1)" : "\(start + 1),\(count)" }
