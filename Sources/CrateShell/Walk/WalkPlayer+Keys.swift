import CrateLanguage
import LineEditor

extension WalkPlayer {
    /// Waits for a key that leads on. `cell` is what Enter runs.
    ///
    /// - Parameter enter: what Enter does, where that is neither to run something nor to go on.
    func wait(_ index: Int, for cell: Lesson.Cell?, enter: String? = nil) -> Move {
        if isPlaying {
            guard hasKeys, let key = pressedKey() else { return .next }
            // A key takes over again. What it usually does it does only where that is not to go on.
            isPlaying = false
            if key != .interrupted, let move = answer(key, index, cell), move != .next { return move }
        }
        while true {
            output.show(page.keys(hasHints: !lesson.steps[index].hints.isEmpty, enter: enter ?? (cell == nil ? "go on" : "run")))
            output.flush()
            let key = heldKey ?? keys.next()
            heldKey = nil
            page.clearKeys()
            if let move = answer(key, index, cell) { return move }
        }
    }

    /// What was pressed while the lesson played.
    private func pressedKey() -> KeyPress? {
        while keys.isPressed(within: 0) {
            let key = keys.next()
            if key != .resized, key != .other { return key }
        }
        return nil
    }

    /// `nil` to wait for another key.
    private func answer(_ key: KeyPress, _ index: Int, _ cell: Lesson.Cell?) -> Move? {
        switch key {
        case _ where key.goesOn: return .next
        case .left, .character("b"): return .to(index - 1)
        case .character("s"): return .to(index + 1)
        case .character("r"): return .again
        case .character("j"): return jump(from: index, cell)
        case .character("m"):
            page.map(at: index, completed: state.completed)
            showAgain(cell)
        case .character("a"):
            isPlaying = true
            return .next
        case .character("e"): explore(index, cell)
        case .character("?"), .character("h"):
            hint(index)
            output.show("\n")
            showAgain(cell)
        case .interrupted: page.note("Nothing runs. q leaves, and the lesson waits at this step.")
        case .character("q"), .end: return .leave
        default: break
        }
        return nil
    }

    /// What Enter runs, when something else has taken its place above the keys.
    private func showAgain(_ cell: Lesson.Cell?) {
        if let cell, !cell.shown.isEmpty { output.show(page.text(of: cell)) }
    }

    /// Asks for a step; without one all is as it was.
    private func jump(from index: Int, _ cell: Lesson.Cell?) -> Move? {
        let target = jumpTarget(from: index)
        if target == nil { showAgain(cell) }
        return target
    }

    private func jumpTarget(from index: Int) -> Move? {
        page.map(at: index, completed: state.completed)
        output.show("To step: ")
        var digits = ""
        while true {
            output.flush()
            switch keys.next() {
            case .character(let digit) where digit.isASCII && digit.isNumber && digits.count < 4:
                digits.append(digit)
                output.show(String(digit))
            case .character("\u{7F}"), .character("\u{8}"):
                if digits.popLast() != nil { output.show("\u{8} \u{8}") }
            case .enter:
                output.show("\n")
                guard let number = Int(digits), (1...lesson.steps.count).contains(number) else {
                    if !digits.isEmpty { page.complain("There are steps 1 to \(lesson.steps.count).") }
                    return nil
                }
                return .to(number - 1)
            case .resized, .other, .up, .down, .left, .right: break
            case .character, .interrupted, .end:
                output.show("\n")
                return nil
            }
        }
    }

    private func explore(_ index: Int, _ cell: Lesson.Cell?) {
        page.note("The prompt has this step's variables and files; Ctrl-D or :walk comes back.")
        state.isTouched = true
        let interlude = InteractiveShell.Interlude(command: { $0 == ":walk" ? true : nil }, statement: { _, _ in false })
        _ = keys.seen { InteractiveShell(state.run.session, output, interlude: interlude).run() }
        page.note("Back in step \(index + 1), \(lesson.title(of: index)).")
        showAgain(cell)
    }
}

extension KeyPress {
    /// One of those that a person presses to go on.
    var goesOn: Bool { self == .enter || self == .right || self == .character(" ") }
}
