import CrateCommands
import CrateLanguage

extension WalkPlayer {
    private static let commands = ":hint helps, :solution shows one, :skip goes on, :back goes back, :quit leaves."

    /// The learner writes at the prompt until the check holds.
    func practise(_ exercise: Lesson.Exercise, in index: Int) -> Move {
        guard hasKeys, !isPlaying else { return demonstrate(exercise, in: index) }
        page.note("Your turn, at the prompt. " + Self.commands)
        var result: Move?
        var written: [String] = []
        state.isTouched = true
        let interlude = InteractiveShell.Interlude(
            command: { [self] line in command(line, exercise, index, &result) },
            statement: { [self] text, outcome in
                written.append(text)
                if case .failed = outcome { return false }
                if let complaint = complaint(exercise) {
                    page.note("Not yet: \(complaint)")
                    return false
                }
                page.praise("Right!\n")
                result = .next
                return true
            })
        _ = keys.seen { InteractiveShell(state.run.session, output, interlude: interlude).run() }
        if result == .next { state.answers[index] = written }
        return result ?? .leave
    }

    /// While the lesson plays by itself, one solution runs.
    private func demonstrate(_ exercise: Lesson.Exercise, in index: Int) -> Move {
        for cell in exercise.solution {
            output.show(page.text(of: cell))
            let move = wait(index, for: cell)
            guard move == .next else { return move }
            if state.run.run(cell).failure?.kind == "interrupted" {
                keys.dropPendingEvents()
                isPlaying = false
                return .again
            }
        }
        output.show("\n")
        return .next
    }

    private func command(_ line: String, _ exercise: Lesson.Exercise, _ index: Int, _ result: inout Move?) -> Bool? {
        switch line.split(separator: " ").first {
        case ":hint": hint(index)
        case ":solution": for cell in exercise.solution { output.show(page.text(of: cell)) }
        case ":check":
            if let complaint = complaint(exercise) {
                page.complain(complaint)
            } else {
                page.praise("Right!\n")
                result = .next
            }
        case ":map": page.map(at: index, completed: state.completed)
        case ":skip": result = .to(index + 1)
        case ":back": result = .to(index - 1)
        case ":again": result = .again
        case ":quit": result = .leave
        default: return nil
        }
        return result != nil
    }

    /// What the check has against what is there now; `nil` when it is right.
    private func complaint(_ exercise: Lesson.Exercise) -> String? {
        state.run.isSilent = true
        defer { state.run.isSilent = false }
        for cell in exercise.check {
            if let failure = state.run.run(cell).failure { return failure.message }
        }
        return nil
    }
}
