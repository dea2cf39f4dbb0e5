import CEdit

/// The commands that know of a statement's lines.
extension LineEditor {
    /// Ends a whole statement; opens a line in one that is not.
    func enter(_ buffer: EditBuffer) -> UInt8 {
        let text = buffer.state.text
        if prompt.continuation != nil, aids.isUnfinished(text) { return openLine(buffer) }
        return end(.line(text), buffer)
    }

    /// A new line, indented; between two brackets, one for what stands in them and one for the closing one.
    func openLine(_ buffer: EditBuffer) -> UInt8 {
        let state = buffer.state
        let isClosing = state.after.first.map { ")]}".contains($0) } ?? false
        let isBetween = isClosing && state.before.last.map { "([{".contains($0) } ?? false
        let blanks = { (closing: Bool) in String(repeating: " ", count: self.aids.indentation(state.before, closing)) }
        buffer.insert("\n" + blanks(isClosing && !isBetween))
        guard isBetween else { return UInt8(CC_NORM) }
        let rest = "\n" + blanks(true)
        buffer.insert(rest)
        return buffer.moveByKey(-rest.count)
    }

    /// Letters that came together are put in at once: a line can be long. A bracket that closes, first in its line, stands below the line that
    /// it closes; behind other letters it can't be the first.
    func type(_ text: String, _ buffer: EditBuffer) {
        let blanks = text.prefix { $0 == " " }
        let isClosing = text.dropFirst(blanks.count).unicodeScalars.first.map { ")]}".unicodeScalars.contains($0) } ?? false
        guard isClosing else { return add(text, buffer) }
        add(String(blanks), buffer)
        indentClosing(buffer)
        undoLog.note(buffer.state)
        add(String(text.dropFirst(blanks.count)), buffer)
    }

    private func add(_ text: String, _ buffer: EditBuffer) {
        buffer.insert(text)
        undoLog.type(text)
    }

    private func indentClosing(_ buffer: EditBuffer) {
        let before = buffer.beforeCursor
        let column = buffer.lengthToLineStart
        if before.count > column, before.suffix(column).allSatisfy({ $0 == " " }) {
            buffer.deleteBackward(column)
            buffer.insert(String(repeating: " ", count: aids.indentation(String(before.dropLast(column + 1)), true)))
        }
    }

    /// The next key as text, whatever it does elsewhere.
    func insertNextKey(_ buffer: EditBuffer) -> UInt8 {
        if let scalar = input.nextInSequence() { buffer.insert(String(Character(scalar))) }
        return UInt8(CC_NORM)
    }

    /// One line up; from the first line, to the statement before.
    func goUp(_ buffer: EditBuffer) -> UInt8 {
        let before = buffer.beforeCursor
        guard let lineStart = before.lastIndex(of: "\n") else { return show(recall.older(than: buffer.state.text), in: buffer) }
        let column = before.distance(from: lineStart, to: before.endIndex) - 1
        let above = before[..<lineStart]
        let length = above.distance(from: above.lastIndex(of: "\n").map(above.index(after:)) ?? above.startIndex, to: above.endIndex)
        return buffer.moveByKey(-(column + 1 + max(0, length - column)))
    }

    /// One line down; from the last line, to the statement after.
    func goDown(_ buffer: EditBuffer) -> UInt8 {
        let after = buffer.afterCursor
        guard let lineEnd = after.firstIndex(of: "\n") else { return show(recall.newer(), in: buffer) }
        let below = after[after.index(after: lineEnd)...]
        let length = below.firstIndex(of: "\n").map { below.distance(from: below.startIndex, to: $0) } ?? below.count
        return buffer.moveByKey(buffer.lengthToLineEnd + 1 + min(buffer.lengthToLineStart, length))
    }

    private func show(_ statement: String?, in buffer: EditBuffer) -> UInt8 {
        if let statement { buffer.replaceAll(with: statement) }
        return UInt8(CC_NORM)
    }

    func deleteOrLeave(_ buffer: EditBuffer) -> UInt8 {
        buffer.isEmpty ? end(.end, buffer) : buffer.deleteByKey(forward: 1)
    }

    /// Takes everything up to the end of the paste as text, newlines and tabs too.
    func paste(into buffer: EditBuffer) -> UInt8 {
        var raw = String.UnicodeScalarView()
        input.isPasting = true
        defer { input.isPasting = false }
        while true {
            switch input.next() {
            case .scalar("\u{1B}"):
                guard input.nextInSequence() == "[", input.key() == .pasteEnd else { continue }
                var text = cleanedPaste(String(raw))
                // The newline that ends what was copied is no line of its own.
                if buffer.afterCursor.isEmpty, text.last == "\n" { text.removeLast() }
                buffer.insert(text)
                return UInt8(CC_NORM)
            case .scalar(let scalar): raw.append(scalar)
            case .event(.interrupted): return end(.interrupted, buffer)
            case .event(let event): note(event)
            case .end: return UInt8(CC_EOF)
            }
        }
    }
}
