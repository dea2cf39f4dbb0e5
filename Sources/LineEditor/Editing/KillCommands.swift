import CEdit

/// Cutting, bringing back and undoing.
extension LineEditor {
    func kill(forward count: Int, _ buffer: EditBuffer) -> UInt8 {
        let before = buffer.state
        buffer.deleteForward(count)
        kills.add(String(before.after.prefix(count)), isBackward: false, from: before, to: buffer.state)
        return UInt8(CC_NORM)
    }

    func kill(backward count: Int, _ buffer: EditBuffer) -> UInt8 {
        let before = buffer.state
        buffer.deleteBackward(count)
        kills.add(String(before.before.suffix(count)), isBackward: true, from: before, to: buffer.state)
        return UInt8(CC_NORM)
    }

    func yank(_ buffer: EditBuffer) -> UInt8 {
        buffer.insert(kills.text)
        return UInt8(CC_NORM)
    }

    func undo(_ buffer: EditBuffer) -> UInt8 {
        if let state = undoLog.undo() { buffer.replaceAll(with: state) }
        return UInt8(CC_NORM)
    }
}
