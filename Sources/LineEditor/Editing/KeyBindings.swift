import CEdit

/// The commands that keys run where libedit's own would go by code point, know single lines only, or guess.
extension LineEditor {
    static func bindKeys(of editor: OpaquePointer) {
        // None of libedit's own commands stays: they draw.
        register(editor, "crate-nothing", unusedKeys) { _, _ in UInt8(CC_NORM) }
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
        register(editor, "crate-suspend", ["^Z"]) { editor, _ in LineEditor.run(editor) { lineEditor, _ in lineEditor.suspend() } }
        register(editor, "crate-quote", ["^V"]) { editor, _ in LineEditor.run(editor) { $0.insertNextKey($1) } }
    }

    /// All control keys and those with Alt, but for `^` and `\`, which mean something in a binding. What is used is bound after them.
    private static var unusedKeys: [String] {
        let letters = (0x40...0x5F).map { Character(Unicode.Scalar(UInt8($0))) }
        let printable = (0x21...0x7E).map { Character(Unicode.Scalar(UInt8($0))) }.filter { $0 != "^" && $0 != "\\" }
        return letters.filter { !"[\\^X".contains($0) }.map { "^\($0)" } + printable.map { "\\e\($0)" }
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
