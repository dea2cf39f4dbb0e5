import CrateCommands
import CrateLanguage

extension WalkPlayer {
    /// The lesson's own commands at the prompt of an exercise, those first that are told of at once.
    private static let commands = [
        (":hint", "helps"), (":check", "says what is missing"), (":solution", "shows one"), (":skip", "goes on"), (":back", "goes back"),
        (":quit", "leaves"), (":again", "begins anew"), (":map", "shows the steps"),
    ]

    /// The learner writes at the prompt until the check holds. What was written here before has run, and can be recalled.
    func practise(_ exercise: Lesson.Exercise, in index: Int) -> Move {
        guard hasKeys, !isPlaying else { return demonstrate(exercise, in: index) }
        page.note("Your turn, at the prompt. " + Self.commands.prefix(6).map { "\($0) \($1)" }.joined(separator: ", ") + ".")
        var result: Move?
        state.isTouched = true
        takeUpDraft(of: index)
        let interlude = InteractiveShell.Interlude(
            commands: Self.commands.map { (name: $0, summary: $1) }, earlier: state.drafts[index] ?? state.answers[index] ?? [],
            command: { [self] line in command(line, exercise, index, &result) },
            statement: { [self] text, outcome in
                if isRight(text, outcome, exercise, index) { result = .next }
                return result != nil
            })
        _ = keys.seen { InteractiveShell(state.run.session, output, interlude: interlude).run() }
        if result == .next, let written = state.drafts.removeValue(forKey: index) { state.answers[index] = written }
        return result ?? .leave
    }

    /// Shows what the learner wrote before leaving the exercise, and runs it once more.
    private func takeUpDraft(of index: Int) {
        state.takeUpDraft(of: index)
        keys.dropPendingEvents()
        guard let written = state.drafts[index] else { return }
        page.note("What you wrote here before has run again; Up brings it back, :again begins anew.")
        output.show(page.text(ofCode: written.joined(separator: "\n")))
    }

    /// Holds the state behind a statement against the check.
    private func isRight(_ text: String, _ outcome: Outcome, _ exercise: Lesson.Exercise, _ index: Int) -> Bool {
        var isDone = true
        if case .failed(let failure) = outcome {
            // What was stopped may never end.
            if failure.kind == "interrupted" { return false }
            isDone = false
        }
        state.drafts[index, default: []].append(text)
        keepProgress(index)
        return isDone && isSolved(exercise)
    }

    /// Tells the learner whether it is right, and what is missing.
    private func isSolved(_ exercise: Lesson.Exercise) -> Bool {
        if let complaint = complaint(exercise) {
            page.note("Not yet: \(complaint)")
            return false
        }
        page.praise("Right!\n")
        return true
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
        case ":check": if isSolved(exercise) { result = .next }
        case ":map":
            page.map(at: index, completed: state.completed)
            // What is asked for has moved up.
            for case .narration(let text) in lesson.steps[index].parts { page.narration(text) }
        case ":skip": result = .to(index + 1)
        case ":back": result = .to(index - 1)
        case ":again":
            state.drafts[index] = nil
            result = .again
        case ":quit": result = .leave
        default: return nil
        }
        return result != nil
    }

    /// What the check has against what is there now; `nil` when it is right.
    private func complaint(_ exercise: Lesson.Exercise) -> String? {
        state.unseen("checking, Ctrl-C stops") {
            for cell in exercise.check {
                if let failure = state.run.run(cell).failure { return failure.message }
            }
            return nil
        }
    }
}
