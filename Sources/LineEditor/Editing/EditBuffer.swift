import CEdit
import Glibc

/// The line being edited, read and changed by `Character`, since libedit itself would split accents and flags.
struct EditBuffer {
    private let editor: OpaquePointer

    init(_ editor: OpaquePointer) { self.editor = editor }

    var beforeCursor: String {
        guard let line = el_wline(editor) else { return "" }
        return Self.text(from: line.pointee.buffer, to: line.pointee.cursor)
    }

    var afterCursor: String {
        guard let line = el_wline(editor) else { return "" }
        return Self.text(from: line.pointee.cursor, to: line.pointee.lastchar)
    }

    var isEmpty: Bool { state.text.isEmpty }

    var state: EditState { EditState(before: beforeCursor, after: afterCursor) }

    func replaceAll(with state: EditState) {
        move(afterCursor.count)
        deleteBackward(beforeCursor.count)
        insert(state.before + state.after)
        move(-state.after.count)
    }

    static func text(from start: UnsafePointer<wchar_t>?, to end: UnsafePointer<wchar_t>?) -> String {
        guard let start, let end else { return "" }
        let count = max(0, end - start)
        return start.withMemoryRebound(to: UInt32.self, capacity: count) {
            String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF32.self)
        }
    }

    /// Moves by characters, back when negative.
    func move(_ characters: Int) {
        let passed = characters < 0 ? beforeCursor.suffix(-characters) : afterCursor.prefix(characters)
        let scalars = passed.unicodeScalars.count
        el_cursor(editor, Int32(clamping: characters < 0 ? -scalars : scalars))
    }

    func insert(_ text: String) {
        guard !text.isEmpty else { return }
        withWideCharacters(text) { _ = el_winsertstr(editor, $0) }
    }

    func deleteBackward(_ characters: Int) {
        let scalars = beforeCursor.suffix(characters).unicodeScalars.count
        if scalars > 0 { el_deletestr(editor, Int32(clamping: scalars)) }
    }

    func deleteForward(_ characters: Int) {
        let count = afterCursor.prefix(characters).count
        move(count)
        deleteBackward(count)
    }

    func replaceAll(with text: String) { replaceAll(with: EditState(before: text)) }
}

/// A text and the cursor in it.
struct EditState: Equatable {
    var before = ""
    var after = ""

    var text: String { before + after }
}

/// `text` as a wide C string for the time of `body`.
func withWideCharacters(_ text: String, _ body: (UnsafePointer<wchar_t>) -> Void) {
    var codes = text.unicodeScalars.map { wchar_t($0.value) }
    codes.append(0)
    codes.withUnsafeBufferPointer { _ = $0.baseAddress.map(body) }
}
