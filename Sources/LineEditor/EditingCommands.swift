import CEdit
import Glibc

/// The commands that keys run where libedit's own would go by code point, know single lines only, or guess.
extension LineEditor {
    static func bindKeys(of editor: OpaquePointer) {
        register(editor, "crate-sequence", ["\\e[", "\\eO"]) { editor, _ in LineEditor.run(editor) { $0.runSequence($1) } }
        register(editor, "crate-left", ["^B"]) { editor, _ in EditBuffer(editor).moveByKey(-1) }
        register(editor, "crate-right", ["^F"]) { editor, _ in EditBuffer(editor).moveByKey(1) }
        register(editor, "crate-word-left", ["\\eb"]) { editor, _ in EditBuffer(editor).moveByKey(-EditBuffer(editor).wordLengthBefore) }
        register(editor, "crate-word-right", ["\\ef"]) { editor, _ in EditBuffer(editor).moveByKey(EditBuffer(editor).wordLengthAfter) }
        register(editor, "crate-line-start", ["^A"]) { editor, _ in EditBuffer(editor).moveByKey(-EditBuffer(editor).lengthToLineStart) }
        register(editor, "crate-line-end", ["^E"]) { editor, _ in EditBuffer(editor).moveByKey(EditBuffer(editor).lengthToLineEnd) }
        register(editor, "crate-backspace", ["^H", "^?"]) { editor, _ in EditBuffer(editor).deleteByKey(backward: 1) }
        register(editor, "crate-delete-or-end", ["^D"]) { editor, _ in
            EditBuffer(editor).isEmpty ? UInt8(CC_EOF) : EditBuffer(editor).deleteByKey(forward: 1)
        }
        register(editor, "crate-older", ["^P"]) { editor, _ in LineEditor.run(editor) { $0.goUp($1) } }
        register(editor, "crate-newer", ["^N"]) { editor, _ in LineEditor.run(editor) { $0.goDown($1) } }
        register(editor, "crate-complete", ["^I"]) { editor, _ in LineEditor.run(editor) { $0.complete($1) } }
        register(editor, "crate-new-line", ["\\e^M", "\\e^J"]) { editor, _ in
            EditBuffer(editor).insert("\n")
            return UInt8(CC_REFRESH)
        }
        crate_edit_bind(editor, "^R", "em-inc-search-prev")
        crate_edit_bind(editor, "^U", "vi-kill-line-prev")
        crate_edit_bind(editor, "^W", "ed-delete-prev-word")
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
        case .pasteStart: paste(into: buffer)
        case .pasteEnd, .unknown, nil: UInt8(CC_NORM)
        }
    }

    /// One line up; from the first line, to the statement before.
    private func goUp(_ buffer: EditBuffer) -> UInt8 {
        let before = buffer.beforeCursor
        guard let lineStart = before.lastIndex(of: "\n") else {
            return show(recall.older(than: before + buffer.afterCursor), in: buffer)
        }
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
        guard let statement else { return UInt8(CC_REFRESH_BEEP) }
        guard fitsWindow(statement) else { return giveUp(.tooTall(statement)) }
        buffer.replaceAll(with: statement)
        return UInt8(CC_REFRESH)
    }

    /// Takes everything up to the end of the paste as text, newlines and tabs too.
    private func paste(into buffer: EditBuffer) -> UInt8 {
        var raw = String.UnicodeScalarView()
        while true {
            switch input.next() {
            case .scalar("\u{1B}"):
                guard case .scalar("[") = input.next() else { continue }
                guard input.key() == .pasteEnd else { continue }
                return insert(cleanedPaste(String(raw)), in: buffer)
            case .scalar(let scalar): raw.append(scalar)
            case .event(.interrupted): return giveUp(.interrupted)
            case .event: continue
            case .end: return UInt8(CC_EOF)
            }
        }
    }

    private func insert(_ text: String, in buffer: EditBuffer) -> UInt8 {
        let whole = buffer.beforeCursor + text + buffer.afterCursor
        guard fitsWindow(whole) else { return giveUp(.tooTall(whole)) }
        buffer.insert(text)
        return UInt8(CC_REFRESH)
    }

    /// Leaves the read under way; `edit` goes on from `stop`.
    private func giveUp(_ reason: Stop) -> UInt8 {
        stop = reason
        return UInt8(CC_EOF)
    }
}

extension EditBuffer {
    func moveByKey(_ characters: Int) -> UInt8 {
        move(characters)
        return UInt8(CC_REFRESH)
    }

    func deleteByKey(backward characters: Int) -> UInt8 {
        deleteBackward(characters)
        return UInt8(CC_REFRESH)
    }

    func deleteByKey(forward characters: Int) -> UInt8 {
        deleteForward(characters)
        return UInt8(CC_REFRESH)
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

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
}
