/// One line of the formatted text.
struct Line {
    enum Place {
        /// Where a statement begins, or goes on after the end of a block.
        case statement
        /// Further lines of a statement.
        case continuation
        /// Inside brackets that an earlier line opened.
        case bracket
    }

    var atoms: Range<Int>
    var indentation: Int
    var place: Place
    /// The indentation of the statement it belongs to.
    let base: Int
    /// Whether it belongs to a command, whose arguments may be continued after a comma.
    let isCommand: Bool
    var hasBlankBefore = false
    /// Comments on lines of their own before it, and their indentation.
    var comments: [Atom.Comment] = []
    var commentIndentation = 0

    func part(_ atoms: Range<Int>, _ place: Place, indentation: Int) -> Line {
        Line(atoms: atoms, indentation: indentation, place: place, base: base, isCommand: isCommand)
    }
}

/// Lines as they were made by whoever wrote them, with blocks of several lines opened up, and indented.
struct Layout {
    private(set) var lines: [Line] = []
    private let atoms: [Atom]
    /// `{` and `}` of blocks that take several lines.
    private var tall: Set<Int> = []
    private var open: [Opened] = []
    private var isCommand = false

    /// An open bracket, with what its closing one goes back to.
    private struct Opened {
        let indentation: Int
        let place: Line.Place
        let isBlock: Bool
    }

    init(_ atoms: Atoms) {
        self.atoms = atoms.list
        findTallBlocks()
        var start = 0
        for index in self.atoms.indices.dropFirst() where beginsLine(index) {
            addLine(start..<index)
            start = index
        }
        if start < self.atoms.count { addLine(start..<self.atoms.count) }
    }

    private mutating func findTallBlocks() {
        var open: [(index: Int, isTall: Bool)] = []
        for (index, atom) in atoms.enumerated() {
            let isBroken = atom.newlines > 0 || !atom.comments.isEmpty || (index > 0 && atoms[index - 1].trailing != nil)
            if isBroken { for position in open.indices { open[position].isTall = true } }
            if atom.isOpen { open.append((index, false)) }
            if atom.isClose, let last = open.popLast(), last.isTall, case .closeBlock = atom.role {
                tall.insert(last.index)
                tall.insert(index)
            }
        }
    }

    private func beginsLine(_ index: Int) -> Bool {
        let (atom, before) = (atoms[index], atoms[index - 1])
        if !atom.comments.isEmpty || before.trailing != nil { return true }
        if case .end = atom.role { return true }
        if case .openBlock = before.role { return tall.contains(index - 1) }
        if case .closeBlock = atom.role { return tall.contains(index) }
        if isFurtherBlock(index) { return false }
        return atom.newlines > 0
    }

    /// `else`, `catch` or `finally` after a block.
    private func isFurtherBlock(_ index: Int) -> Bool {
        guard index > 0, case .closeBlock = atoms[index - 1].role else { return false }
        return atoms[index].is(.else) || atoms[index].is(.catch) || atoms[index].is(.finally)
    }

    // MARK: indentation

    private mutating func addLine(_ range: Range<Int>) {
        let first = atoms[range.lowerBound]
        let base = baseIndentation(closing: first)
        if first.beginsStatement { isCommand = first.isCommand }
        let (place, indentation) = place(range.lowerBound, base)
        var line = Line(atoms: range, indentation: indentation, place: place, base: base, isCommand: isCommand)
        line.comments = first.comments
        line.commentIndentation = first.isClose ? (open.last?.indentation ?? 0) + Formatter.step : indentation
        line.hasBlankBefore = isSpaced(range.lowerBound)
        lines.append(line)
        for index in range { follow(index, line) }
    }

    /// Of the statements of the innermost block; of the statement that owns the block, where the line begins with its `}`.
    private func baseIndentation(closing atom: Atom) -> Int {
        if case .closeBlock = atom.role { return open.last?.indentation ?? 0 }
        return (open.last { $0.isBlock }?.indentation).map { $0 + Formatter.step } ?? 0
    }

    private func place(_ index: Int, _ base: Int) -> (Line.Place, Int) {
        let atom = atoms[index]
        if case .closeBlock = atom.role { return (.statement, base) }
        if let last = open.last, !last.isBlock {
            return atom.isClose ? (last.place, last.indentation) : (.bracket, last.indentation + Formatter.step)
        }
        if atom.beginsStatement || isFurtherBlock(index) || index == 0 { return (.statement, base) }
        switch atom.role {
        case .end, .semicolon: return (.statement, base)
        default: return (.continuation, base + Formatter.step)
        }
    }

    private mutating func follow(_ index: Int, _ line: Line) {
        switch atoms[index].role {
        case .open: open.append(Opened(indentation: line.indentation, place: line.place, isBlock: false))
        case .openBlock: open.append(Opened(indentation: line.base, place: .statement, isBlock: true))
        case .close, .closeBlock: _ = open.popLast()
        default: if index > 0, atoms[index].beginsStatement { isCommand = atoms[index].isCommand }
        }
    }

    // MARK: blank lines

    /// One blank line stays where there were some, but not at the edges of blocks and brackets.
    private func isSpaced(_ index: Int) -> Bool {
        let atom = atoms[index]
        if index > 0, atoms[index - 1].isOpen, atom.comments.isEmpty { return false }
        if atom.isClose || index == 0 { return index == 0 && !atom.comments.isEmpty && atom.newlines > 1 }
        if case .end = atom.role { return false }
        return atom.newlines > 1
    }
}
