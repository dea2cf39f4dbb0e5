/// Breaks lines that are too long: a block first, then between items, then inside the widest brackets, then between a command's
/// arguments, then after operators.
struct LineBreaker {
    let atoms: [Atom]

    func parts(of line: Line) -> [Line] {
        guard width(line) > Formatter.columns, atoms[line.atoms.upperBound - 1].trailing?.isPinned != true else { return [line] }
        let parts = statements(line) ?? block(line) ?? comprehension(line) ?? items(line) ?? groupOrArguments(line) ?? operators(line)
        guard let parts, parts.count > 1 else { return [line] }
        var broken = parts.flatMap { self.parts(of: $0) }
        broken[0].comments = line.comments
        broken[0].commentIndentation = line.commentIndentation
        broken[0].hasBlankBefore = line.hasBlankBefore
        return broken
    }

    // MARK: measuring

    /// The columns of its widest line; a string may have several.
    private func width(_ line: Line) -> Int { line.indentation + width(line.atoms) }

    private func width(_ range: Range<Int>) -> Int {
        var (column, widest) = (0, 0)
        for index in range {
            if index > range.lowerBound, hasSpace(between: atoms[index - 1], and: atoms[index]) { column += 1 }
            column += atoms[index].width
            widest = max(widest, column)
            if let last = atoms[index].lastWidth { column = last }
        }
        return max(widest, column)
    }

    /// Bracket pairs of the outermost level inside `range`; the last may be closed on a later line.
    private func groups(_ range: Range<Int>) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var (depth, start) = (0, range.lowerBound)
        for index in range {
            if atoms[index].isOpen {
                if depth == 0 { start = index }
                depth += 1
            } else if atoms[index].isClose {
                if depth == 1 { groups.append(start..<index + 1) }
                depth = max(0, depth - 1)
            }
        }
        if depth > 0 { groups.append(start..<range.upperBound + 1) }
        return groups
    }

    /// The places of the outermost level that `isWanted`, up to where a bracket of an earlier line is closed.
    private func outermost(_ range: Range<Int>, _ isWanted: (Int) -> Bool) -> [Int] {
        var places: [Int] = []
        var depth = 0
        for index in range {
            if atoms[index].isClose {
                if depth == 0, index > range.lowerBound { break }
                depth = max(0, depth - 1)
            }
            if depth == 0, isWanted(index) { places.append(index) }
            if atoms[index].isOpen { depth += 1 }
        }
        return places
    }

    /// `range` cut behind each of `places`.
    private func cut(_ range: Range<Int>, behind places: [Int]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = range.lowerBound
        for place in places where place + 1 < range.upperBound {
            pieces.append(start..<place + 1)
            start = place + 1
        }
        return pieces + [start..<range.upperBound]
    }

    /// Joins neighbours for as long as they fit.
    private func filled(_ pieces: [Range<Int>], _ line: Line) -> [Range<Int>] {
        var rows: [Range<Int>] = []
        for piece in pieces {
            let indentation = rows.count > 1 ? furtherIndentation(line) : line.indentation
            if let row = rows.last, indentation + width(row.lowerBound..<piece.upperBound) <= Formatter.columns {
                rows[rows.count - 1] = row.lowerBound..<piece.upperBound
            } else {
                rows.append(piece)
            }
        }
        return rows
    }

    private func furtherIndentation(_ line: Line) -> Int { line.place == .bracket ? line.indentation : line.base + Formatter.step }

    private func lines(_ rows: [Range<Int>], _ line: Line) -> [Line] {
        rows.enumerated().map { number, row in
            number == 0
                ? line.part(row, line.place, indentation: line.indentation)
                : line.part(row, line.place == .bracket ? .bracket : .continuation, indentation: furtherIndentation(line))
        }
    }

    // MARK: where to break

    /// Between statements that share a line.
    private func statements(_ line: Line) -> [Line]? {
        guard line.place != .bracket else { return nil }
        let pieces = cut(line.atoms, behind: semicolons(line.atoms))
        guard pieces.count > 1 else { return nil }
        return pieces.enumerated().map { $0 == 0 ? line.part($1, line.place, indentation: line.indentation) : statement($1, line.base) }
    }

    private func semicolons(_ range: Range<Int>) -> [Int] { outermost(range) { if case .semicolon = atoms[$0].role { true } else { false } } }

    private func statement(_ range: Range<Int>, _ base: Int) -> Line {
        Line(atoms: range, indentation: base, place: .statement, base: base, isCommand: atoms[range.lowerBound].isCommand)
    }

    /// A block that stands in one line.
    private func block(_ line: Line) -> [Line]? {
        let blocks = groups(line.atoms).filter { group in
            if case .openBlock = atoms[group.lowerBound].role { group.upperBound <= line.atoms.upperBound && group.count > 2 } else { false }
        }
        guard let block = blocks.first else { return nil }
        let body = block.lowerBound + 1..<block.upperBound - 1
        let statements = cut(body, behind: semicolons(body)).map { statement($0, line.base + Formatter.step) }
        let head = line.part(line.atoms.lowerBound..<body.lowerBound, line.place, indentation: line.indentation)
        return [head] + statements + [line.part(body.upperBound..<line.atoms.upperBound, .statement, indentation: line.base)]
    }

    /// Before `for` and `if` of a list made by a loop.
    private func comprehension(_ line: Line) -> [Line]? {
        guard line.place == .bracket else { return nil }
        let words = outermost(line.atoms) { atoms[$0].is(.for) || atoms[$0].is(.if) }.filter { $0 > line.atoms.lowerBound }
        return words.isEmpty ? nil : lines(cut(line.atoms, behind: words.map { $0 - 1 }), line)
    }

    /// Between items: small ones fill lines, others get one each.
    private func items(_ line: Line) -> [Line]? {
        guard line.place == .bracket else { return nil }
        let pieces = cut(line.atoms, behind: commas(line.atoms))
        guard pieces.count > 1 else { return nil }
        let areSmall = pieces.allSatisfy { $0.count <= 3 && $0.allSatisfy { !atoms[$0].isOpen } }
        return lines(areSmall ? filled(pieces, line) : pieces, line)
    }

    private func commas(_ range: Range<Int>) -> [Int] { outermost(range) { if case .comma = atoms[$0].role { true } else { false } } }

    /// A command whose length comes from one argument is broken inside it, another one between its arguments.
    private func groupOrArguments(_ line: Line) -> [Line]? {
        guard line.isCommand, line.place != .bracket else { return group(line) }
        let pieces = cut(line.atoms, behind: commas(line.atoms))
        guard pieces.count > 1 else { return group(line) }
        let widest = widestGroup(line).map { 2 * width($0) >= width(line.atoms) } ?? false
        if widest, let parts = group(line) { return parts }
        return lines(filled(pieces, line), line)
    }

    private func widestGroup(_ line: Line) -> Range<Int>? {
        let candidates = groups(line.atoms).map { $0.clamped(to: line.atoms) }.filter { group in
            if case .openBlock = atoms[group.lowerBound].role { return false }
            return group.count > 1 && width(group) > 16
        }
        return candidates.max { width($0) < width($1) }
    }

    /// Behind the opening bracket, and before the closing one when it is on the line.
    private func group(_ line: Line) -> [Line]? {
        guard var group = widestGroup(line) else { return nil }
        var isClosed = atoms[group.upperBound - 1].isClose && groups(group).first?.upperBound == group.upperBound
        // A lone list or dict in a call keeps its bracket beside the call's.
        while isClosed, group.count > 4, let inner = groups(group.lowerBound + 1..<group.upperBound - 1).first,
            inner == group.lowerBound + 1..<group.upperBound - 1
        {
            group = inner
            isClosed = true
        }
        let inside = group.lowerBound + 1..<(isClosed ? group.upperBound - 1 : line.atoms.upperBound)
        guard !inside.isEmpty else { return nil }
        var parts = [
            line.part(line.atoms.lowerBound..<inside.lowerBound, line.place, indentation: line.indentation),
            line.part(inside, .bracket, indentation: line.indentation + Formatter.step),
        ]
        if inside.upperBound < line.atoms.upperBound {
            parts.append(line.part(inside.upperBound..<line.atoms.upperBound, line.place, indentation: line.indentation))
        }
        return parts
    }

    /// Behind the operators that bind least.
    private func operators(_ line: Line) -> [Line]? {
        for level in LineBreaker.levels {
            let places = outermost(line.atoms) { level.contains(atoms[$0].text) && isBinary(atoms[$0]) }
            if places.isEmpty { continue }
            let rows = filled(cut(line.atoms, behind: places), line)
            return rows.count > 1 ? lines(rows, line) : nil
        }
        return nil
    }

    private static let levels: [Set<String>] = [["??"], ["or"], ["and"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/", "//", "%", "@"]]

    private func isBinary(_ atom: Atom) -> Bool {
        switch atom.role {
        case .operator, .keyword: true
        default: false
        }
    }
}
