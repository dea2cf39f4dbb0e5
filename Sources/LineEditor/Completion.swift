import CEdit
import Glibc

extension LineEditor {
    /// Completes the name before the cursor as far as all candidates agree; where they part at once, lists them.
    func complete(_ buffer: EditBuffer) -> UInt8 {
        let before = buffer.beforeCursor
        let prefix = String(before.reversed().prefix { $0 == "_" || $0.isLetter || $0.isNumber }.reversed())
        // At the start of a word Tab indents, except where something can be chosen from: after a dot and in a text.
        guard !prefix.isEmpty || before.last.map({ ".\"'/".contains($0) }) == true else {
            buffer.insert("  ")
            return UInt8(CC_REFRESH)
        }
        let candidates = completions(before)
        guard let first = candidates.first else { return UInt8(CC_REFRESH_BEEP) }
        let common = candidates.dropFirst().reduce(first) { commonPrefix($0, $1) }
        if common.count > prefix.count {
            buffer.insert(String(common.dropFirst(prefix.count)))
            return UInt8(CC_REFRESH)
        }
        guard candidates.count > 1 else { return UInt8(CC_NORM) }
        list(candidates, below: buffer)
        return UInt8(CC_REDISPLAY)
    }

    /// Writes the candidates below the line, and leaves the cursor as many rows down as libedit believes it to be.
    private func list(_ candidates: [String], below buffer: EditBuffer) {
        let window = Window()
        let rowsAbove = window.height(of: buffer.beforeCursor, indent: promptWidth) - 1
        let rows = window.height(of: buffer.beforeCursor + buffer.afterCursor, indent: promptWidth)
        let text = columns(of: candidates, width: window.columns)
        let down = String(repeating: "\n", count: rows - rowsAbove)
        writeAll(down + "\r" + text.joined(separator: "\r\n") + "\r\n" + String(repeating: "\n", count: rowsAbove), to: STDOUT_FILENO)
    }

    private func columns(of names: [String], width: Int) -> [String] {
        let cell = (names.map(\.count).max() ?? 0) + 2
        let perRow = max(1, width / cell)
        return stride(from: 0, to: names.count, by: perRow).map { start in
            let row = names[start..<min(start + perRow, names.count)]
            let padded = row.dropLast().map { $0 + String(repeating: " ", count: cell - $0.count) }
            return padded.joined() + (row.last ?? "")
        }
    }

    private func commonPrefix(_ a: String, _ b: String) -> String {
        String(zip(a, b).prefix { $0 == $1 }.map(\.0))
    }
}
