import CrateCommands
import CrateLanguage
import Glibc
import LineEditor

/// Plays a lesson to a person: shows a step, waits for a key, runs it, and goes on.
final class WalkPlayer {
    private let lesson: Lesson
    private let output: StandardOutput
    private let page: WalkPage
    private let state: LessonState
    private let progress: WalkProgress
    private let keys = KeyReader(events: Interrupts.shared.events)
    /// Characters per second; `nil` shows code at once.
    private let speed: Int?
    private var isPlaying: Bool
    private let hasKeys = isatty(STDIN_FILENO) == 1

    init(_ lesson: Lesson, environment: [String: String], speed: Int?, autoplay: Bool, output: StandardOutput) throws(WrongUse) {
        self.lesson = lesson
        self.output = output
        self.speed = speed
        state = try LessonState(lesson, environment: environment, output: output)
        progress = WalkProgress(lesson, environment: environment)
        let session = state.run.session
        page = WalkPage(lesson: lesson, output: output, code: CodeColours { session.verb(named: $0) != nil })
        isPlaying = autoplay || !hasKeys
    }

    private enum Move: Equatable { case next, to(Int), again, leave }

    /// Answers the exit status.
    func play() -> Int32 {
        Interrupts.shared.watchTerminal()
        var step = startingStep()
        while step < lesson.steps.count {
            switch show(step) {
            case .next:
                state.complete(step)
                step += 1
            case .again: reach(step)
            case .to(let target):
                step = min(max(target, 0), lesson.steps.count - 1)
                reach(step)
            case .leave:
                progress.keep(step, state.answers)
                page.note("\nThe lesson waits at step \(step + 1); the same command goes on there.")
                return ExitStatus.success
            }
            progress.keep(step, state.answers)
        }
        progress.forget()
        page.praise("That was all of \(lesson.title).")
        return ExitStatus.success
    }

    private func startingStep() -> Int {
        guard hasKeys, let kept = progress.kept(), kept.step > 0, kept.step < lesson.steps.count else { return 0 }
        page.note("You were at step \(kept.step + 1) of \(lesson.steps.count). Enter goes on there, n begins anew.")
        output.flush()
        if case .character("n") = keys.next() { return 0 }
        state.answers = kept.answers
        reach(kept.step)
        return kept.step
    }

    /// A folder that can't be made is told, and the step goes on as it is.
    private func reach(_ step: Int) {
        do { try state.move(to: step) } catch { page.complain(error.message) }
    }

    // MARK: one step

    private func show(_ index: Int) -> Move {
        page.header(index)
        for part in lesson.steps[index].parts {
            let move: Move
            switch part {
            case .narration(let text):
                page.narration(text)
                continue
            case .code(let cell): move = show(cell, in: index)
            case .exercise(let exercise): move = practise(exercise, in: index)
            }
            if move != .next { return move }
        }
        // A step of words alone is left by a key, too.
        return lesson.steps[index].cells.isEmpty ? wait(index) : .next
    }

    private func show(_ cell: Lesson.Cell, in index: Int) -> Move {
        let text = page.text(of: cell)
        if !cell.shown.isEmpty { type(text) }
        let move = wait(index)
        guard move == .next else { return move }
        state.isTouched = true
        let result = state.run.run(cell)
        if let failure = result.failure { page.failure(failure, isExpected: failure.kind == cell.expectedError) }
        output.show("\n")
        return result.hasExited ? .leave : .next
    }

    /// Character by character at the speed that was asked for; a key shows the rest at once.
    private func type(_ text: String) {
        guard let speed, hasKeys, output.showsColour else { return output.show(text) }
        let pause = max(1000 / speed, 1)
        var rest = text[...]
        while let first = rest.first {
            // An escape sequence is no character to wait for.
            let end = first == "\u{1B}" ? rest.firstIndex(of: "m").map { rest.index(after: $0) } ?? rest.endIndex : rest.index(after: rest.startIndex)
            output.show(String(rest[..<end]))
            rest = rest[end...]
            if first != "\u{1B}", first != " ", keys.isPressed(within: pause) { break }
        }
        output.show(String(rest))
    }

    private func wait(_ index: Int) -> Move {
        if isPlaying {
            // A key that was pressed meanwhile takes over.
            guard hasKeys, keys.isPressed(within: 0) else { return .next }
            isPlaying = false
        }
        output.show(output.showsColour ? "\u{1B}[90m\(WalkPage.keys)\u{1B}[0m" : WalkPage.keys)
        while true {
            output.flush()
            let key = keys.next()
            clearKeys()
            if let move = answer(key, index) { return move }
            output.show(output.showsColour ? "\u{1B}[90m\(WalkPage.keys)\u{1B}[0m" : WalkPage.keys)
        }
    }

    private func clearKeys() { output.show(output.showsColour ? "\r\u{1B}[K" : "\n") }

    /// `nil` to wait for another key.
    private func answer(_ key: KeyPress, _ index: Int) -> Move? {
        switch key {
        case .enter, .right, .character(" "), .character("n"): return .next
        case .left, .character("b"): return .to(index - 1)
        case .character("s"): return .to(index + 1)
        case .character("r"): return .again
        case .character("j"): return jump()
        case .character("m"): page.map(at: index, completed: state.completed)
        case .character("a"):
            isPlaying = true
            return .next
        case .character("e"): explore()
        case .character("?"), .character("h"): hints(index)
        case .character("q"), .interrupted, .end: return .leave
        case .up, .down, .other, .resized, .character: break
        }
        return nil
    }

    private func hints(_ index: Int) {
        let hints = lesson.steps[index].hints
        if hints.isEmpty { page.note("This step has no hints.") }
        for hint in hints { page.hint(hint) }
    }

    private func jump() -> Move? {
        output.show("Step number: ")
        var digits = ""
        while true {
            output.flush()
            switch keys.next() {
            case .character(let digit) where digit.isASCII && digit.isNumber && digits.count < 4:
                digits.append(digit)
                output.show(String(digit))
            case .enter:
                output.show("\n")
                guard let number = Int(digits), (1...lesson.steps.count).contains(number) else {
                    page.complain("There are steps 1 to \(lesson.steps.count).")
                    return nil
                }
                return .to(number - 1)
            default:
                output.show("\n")
                return nil
            }
        }
    }

    // MARK: the prompt

    private func explore() {
        page.note("The prompt has this step's variables and files; Ctrl-D or :walk comes back.")
        state.isTouched = true
        let interlude = InteractiveShell.Interlude(command: { $0 == ":walk" ? true : nil }, statement: { _, _ in false })
        _ = InteractiveShell(state.run.session, output, interlude: interlude).run()
    }

    private func practise(_ exercise: Lesson.Exercise, in index: Int) -> Move {
        guard hasKeys, !isPlaying else {
            for cell in exercise.solution {
                output.show(page.text(of: cell))
                _ = state.run.run(cell)
            }
            return .next
        }
        page.note("Your turn, at the prompt. :hint helps, :solution shows one, :skip goes on, :quit leaves.")
        var result: Move?
        var written: [String] = []
        state.isTouched = true
        let interlude = InteractiveShell.Interlude(
            command: { [self] line in command(line, exercise, index, &result) },
            statement: { [self] text, _ in
                written.append(text)
                guard isRight(exercise, isQuiet: true) else { return false }
                page.praise("Right!\n")
                result = .next
                return true
            })
        _ = InteractiveShell(state.run.session, output, interlude: interlude).run()
        if result == .next { state.answers[index] = written }
        return result ?? .leave
    }

    private func command(_ line: String, _ exercise: Lesson.Exercise, _ index: Int, _ result: inout Move?) -> Bool? {
        switch line.split(separator: " ").first {
        case ":hint": hints(index)
        case ":solution": for cell in exercise.solution { output.show(page.text(of: cell)) }
        case ":check": _ = isRight(exercise, isQuiet: false)
        case ":skip":
            result = .to(index + 1)
            return true
        case ":quit":
            result = .leave
            return true
        default: return nil
        }
        return false
    }

    /// Whether the check's assertions hold now.
    private func isRight(_ exercise: Lesson.Exercise, isQuiet: Bool) -> Bool {
        state.run.isSilent = true
        defer { state.run.isSilent = false }
        for cell in exercise.check {
            guard let failure = state.run.run(cell).failure else { continue }
            if !isQuiet { page.complain(failure.message) }
            return false
        }
        return true
    }
}
