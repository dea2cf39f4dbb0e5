import CEdit
import Glibc

/// The commands that keys run where libedit's own would go by code point, know single lines only, or guess.
extension LineEditor {
    static func bindKeys(of editor: OpaquePointer) {
        register(editor, "crate-sequence", ["\\e[", "\\eO"]) { editor, _ in LineEditor.run(editor) { $0.runSequence($1) } }
        bindMoves(of: editor)
        bindChanges(of: editor)
        register(editor, "crate-enter", ["^M", "^J"]) { editor, _ in LineEditor.run(editor) { $0.enter($1) } }
        register(editor, "crate-new-line", ["\\e^M", "\\e^J"]) { editor, _ in LineEditor.run(editor) { $0.openLine($1) } }
        register(editor, "crate-older", ["^P"]) { editor, _ in LineEditor.run(editor) { $0.goUp($1) } }
        register(editor, "crate-newer", ["^N"]) { editor, _ in LineEditor.run(editor) { $0.goDown($1) } }
        register(editor, "crate-search", ["^R"]) { editor, _ in LineEditor.run(editor) { $0.searchHistory($1) } }
        register(editor, "crate-complete", ["^I"]) { editor, _ in LineEditor.run(editor) { $0.complete($1) } }
        register(editor, "crate-clear-screen", ["^L"]) { editor, _ in
            LineEditor.run(editor) { lineEditor, _ in
                lineEditor.clearScreen()
                return UInt8(CC_NORM)
            }
        }
        register(editor, "crate-nothing", ["\\ex", "\\ep", "\\en", "^S", "^G"]) { _, _ in UInt8(CC_NORM) }
    }

    private static func bindMoves(of editor: OpaquePointer) {
        register(editor, "crate-left", ["^B"]) { editor, _ in EditBuffer(editor).moveByKey(-1) }
        register(editor, "crate-right", ["^F"]) { editor, _ in EditBuffer(editor).moveByKey(1) }
        register(editor, "crate-word-left", ["\\eb"]) { editor, _ in EditBuffer(editor).moveByKey(-EditBuffer(editor).wordLengthBefore) }
        register(editor, "crate-word-right", ["\\ef"]) { editor, _ in EditBuffer(editor).moveByKey(EditBuffer(editor).wordLengthAfter) }
        register(editor, "crate-line-start", ["^A"]) { editor, _ in EditBuffer(editor).moveByKey(-EditBuffer(editor).lengthToLineStart) }
        register(editor, "crate-line-end", ["^E"]) { editor, _ in EditBuffer(editor).moveByKey(EditBuffer(editor).lengthToLineEnd) }
        register(editor, "crate-text-start", ["\\e<"]) { editor, _ in EditBuffer(editor).moveByKey(-EditBuffer(editor).beforeCursor.count) }
        register(editor, "crate-text-end", ["\\e>"]) { editor, _ in EditBuffer(editor).moveByKey(EditBuffer(editor).afterCursor.count) }
    }

    private static func bindChanges(of editor: OpaquePointer) {
        register(editor, "crate-backspace", ["^H", "^?"]) { editor, _ in EditBuffer(editor).deleteByKey(backward: 1) }
        register(editor, "crate-delete-or-end", ["^D"]) { editor, _ in LineEditor.run(editor) { $0.deleteOrLeave($1) } }
        register(editor, "crate-transpose", ["^T"]) { editor, _ in EditBuffer(editor).transpose() }
        register(editor, "crate-closing", ["}", "]", ")"]) { editor, key in LineEditor.run(editor) { $0.insertClosing(key, $1) } }
        register(editor, "crate-kill-line", ["^K"]) { editor, _ in LineEditor.run(editor) { $0.kill(forward: max(1, $1.lengthToLineEnd), $1) } }
        register(editor, "crate-kill-line-start", ["^U"]) { editor, _ in LineEditor.run(editor) { $0.kill(backward: $1.lengthToLineStart, $1) } }
        register(editor, "crate-kill-blank-word", ["^W"]) { editor, _ in LineEditor.run(editor) { $0.kill(backward: $1.blankWordLengthBefore, $1) } }
        register(editor, "crate-kill-word-before", ["\\e^H", "\\e^?"]) { editor, _ in LineEditor.run(editor) { $0.kill(backward: $1.wordLengthBefore, $1) } }
        register(editor, "crate-kill-word", ["\\ed"]) { editor, _ in LineEditor.run(editor) { $0.kill(forward: $1.wordLengthAfter, $1) } }
        register(editor, "crate-yank", ["^Y"]) { editor, _ in LineEditor.run(editor) { $0.yank($1) } }
        register(editor, "crate-undo", ["^_", "^X^U"]) { editor, _ in LineEditor.run(editor) { $0.undo($1) } }
    }

    private static func register(_ editor: OpaquePointer, _ name: String, _ keys: [String], _ command: crate_edit_command) {
        crate_edit_register(editor, name, command)
        for key in keys { crate_edit_bind(editor, key, name) }
    }

    private static func run(_ editor: OpaquePointer, _ command: (LineEditor, EditBuffer) -> UInt8) -> UInt8 {
        owner(of: editor).map { command($0, EditBuffer(editor)) } ?? UInt8(CC_ERROR)
    }

    private func runSequence(_ buffer: EditBuffer) -> UInt8 {
        switch input.key() {
        case .up: goUp(buffer)
        case .down: goDown(buffer)
        case .left: buffer.moveByKey(-1)
        case .right: buffer.moveByKey(1)
        case .wordLeft: buffer.moveByKey(-buffer.wordLengthBefore)
        case .wordRight: buffer.moveByKey(buffer.wordLengthAfter)
        case .home: buffer.moveByKey(-buffer.lengthToLineStart)
        case .end: buffer.moveByKey(buffer.lengthToLineEnd)
        case .delete: buffer.deleteByKey(forward: 1)
        case .killWord: kill(forward: buffer.wordLengthAfter, buffer)
        case .newLine: openLine(buffer)
        case .pasteStart: paste(into: buffer)
        case .backTab, .pasteEnd, .unknown, nil: UInt8(CC_NORM)
        }
    }

    /// Leaves the read under way, with the line as it stays on the screen.
    func end(_ ending: LineInput, _ buffer: EditBuffer) -> UInt8 {
        finishLine(buffer)
        self.ending = ending
        return UInt8(CC_EOF)
    }
}

// MARK: Lines

extension LineEditor {
    /// Ends a whole statement; opens a line in one that is not.
    private func enter(_ buffer: EditBuffer) -> UInt8 {
        let text = buffer.state.text
        if prompt.continuation != nil, aids.isUnfinished(text) { return openLine(buffer) }
        return end(.line(text), buffer)
    }

    /// A new line, indented; between two brackets, one for what stands in them and one for the closing one.
    private func openLine(_ buffer: EditBuffer) -> UInt8 {
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

    /// A bracket that closes, first in its line, stands below the line that it closes.
    private func insertClosing(_ key: Int32, _ buffer: EditBuffer) -> UInt8 {
        let before = buffer.beforeCursor
        let column = buffer.lengthToLineStart
        if before.count > column, before.suffix(column).allSatisfy({ $0 == " " }) {
            buffer.deleteBackward(column)
            buffer.insert(String(repeating: " ", count: aids.indentation(String(before.dropLast(column + 1)), true)))
        }
        buffer.insert(String(Character(Unicode.Scalar(UInt8(truncatingIfNeeded: key)))))
        return UInt8(CC_NORM)
    }

    /// One line up; from the first line, to the statement before.
    private func goUp(_ buffer: EditBuffer) -> UInt8 {
        let before = buffer.beforeCursor
        guard let lineStart = before.lastIndex(of: "\n") else { return show(recall.older(than: buffer.state.text), in: buffer) }
        let column = before.distance(from: lineStart, to: before.endIndex) - 1
        let above = before[..<lineStart]
        let length = above.distance(from: above.lastIndex(of: "\n").map(above.index(after:)) ?? above.startIndex, to: above.endIndex)
        return buffer.moveByKey(-(column + 1 + max(0, length - column)))
    }

    /// One line down; from the last line, to the statement after.
    private func goDown(_ buffer: EditBuffer) -> UInt8 {
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

    private func deleteOrLeave(_ buffer: EditBuffer) -> UInt8 {
        buffer.isEmpty ? end(.end, buffer) : buffer.deleteByKey(forward: 1)
    }

    /// Takes everything up to the end of the paste as text, newlines and tabs too.
    private func paste(into buffer: EditBuffer) -> UInt8 {
        var raw = String.UnicodeScalarView()
        while true {
            switch input.next() {
            case .scalar("\u{1B}"):
                guard case .scalar("[") = input.next() else { continue }
                guard input.key() == .pasteEnd else { continue }
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

// MARK: Kills

extension LineEditor {
    private func kill(forward count: Int, _ buffer: EditBuffer) -> UInt8 {
        let before = buffer.state
        buffer.deleteForward(count)
        kills.add(String(before.after.prefix(count)), isBackward: false, from: before, to: buffer.state)
        return UInt8(CC_NORM)
    }

    private func kill(backward count: Int, _ buffer: EditBuffer) -> UInt8 {
        let before = buffer.state
        buffer.deleteBackward(count)
        kills.add(String(before.before.suffix(count)), isBackward: true, from: before, to: buffer.state)
        return UInt8(CC_NORM)
    }

    private func yank(_ buffer: EditBuffer) -> UInt8 {
        buffer.insert(kills.text)
        return UInt8(CC_NORM)
    }

    private func undo(_ buffer: EditBuffer) -> UInt8 {
        if let state = undoLog.undo() { buffer.replaceAll(with: state) }
        return UInt8(CC_NORM)
    }
}

extension EditBuffer {
    func moveByKey(_ characters: Int) -> UInt8 {
        move(characters)
        return UInt8(CC_NORM)
    }

    func deleteByKey(backward characters: Int) -> UInt8 {
        deleteBackward(characters)
        return UInt8(CC_NORM)
    }

    func deleteByKey(forward characters: Int) -> UInt8 {
        deleteForward(characters)
        return UInt8(CC_NORM)
    }

    /// Swaps the characters around the cursor; at the end of a line, the last two.
    func transpose() -> UInt8 {
        if afterCursor.isEmpty || afterCursor.first == "\n" { move(-1) }
        guard let left = beforeCursor.last, left != "\n", let right = afterCursor.first, right != "\n" else { return UInt8(CC_NORM) }
        deleteBackward(1)
        move(1)
        insert(String(left))
        return UInt8(CC_NORM)
    }

    var lengthToLineStart: Int { beforeCursor.reversed().prefix { $0 != "\n" }.count }
    var lengthToLineEnd: Int { afterCursor.prefix { $0 != "\n" }.count }

    var wordLengthBefore: Int {
        let backward = beforeCursor.reversed()
        let gap = backward.prefix { !Self.isWord($0) }.count
        return gap + backward.dropFirst(gap).prefix(while: Self.isWord).count
    }

    var wordLengthAfter: Int {
        let forward = afterCursor
        let gap = forward.prefix { !Self.isWord($0) }.count
        return gap + forward.dropFirst(gap).prefix(while: Self.isWord).count
    }

    /// Of the word that blanks end.
    var blankWordLengthBefore: Int {
        let backward = beforeCursor.reversed()
        let gap = backward.prefix(while: \.isWhitespace).count
        return gap + backward.dropFirst(gap).prefix { !$0.isWhitespace }.count
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
}
