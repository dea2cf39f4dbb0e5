import CrateCommands
import CrateLanguage
import Glibc
import LineEditor

/// Plays a lesson to a person: shows a step, waits for a key, runs it, and goes on.
final class WalkPlayer {
    let lesson: Lesson
    let output: StandardOutput
    let page: WalkPage
    let state: LessonState
    private let progress: WalkProgress
    let keys = KeyReader(events: Interrupts.shared.events)
    /// Characters per second; `nil` shows code at once.
    private let speed: Int?
    var isPlaying: Bool
    /// Without both ends at a terminal the lesson plays from end to end: a pager has the keys then.
    let hasKeys = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    /// A key that was pressed before anybody asked for one.
    var heldKey: KeyPress?
    /// How many hints of a step were given.
    private var hintsGiven: [Int: Int] = [:]

    init(_ lesson: Lesson, environment: [String: String], speed: Int?, autoplay: Bool, output: StandardOutput) throws(WrongUse) {
        self.lesson = lesson
        self.output = output
        self.speed = speed
        state = try LessonState(lesson, environment: environment, output: output, progress: hasKeys ? output.bar?.progress() : nil)
        progress = WalkProgress(lesson, environment: environment)
        let session = state.run.session
        page = WalkPage(lesson: lesson, output: output, code: CodeColours { session.verb(named: $0) != nil })
        isPlaying = autoplay || !hasKeys
    }

    enum Move: Equatable { case next, to(Int), again, leave }

    /// Answers the exit status.
    func play() -> Int32 {
        Interrupts.shared.watchTerminal()
        return keys.unseen { playSteps() }
    }

    private func playSteps() -> Int32 {
        guard var step = startingStep() else { return ExitStatus.success }
        while step < lesson.steps.count {
            let move = show(step)
            if move != .next { output.show("\n") }
            switch move {
            case .next:
                state.complete(step)
                step += 1
            case .again: step = reach(step)
            case .to(let target): step = reach(min(max(target, 0), lesson.steps.count))
            case .leave:
                keepProgress(step)
                page.note("The lesson waits at step \(step + 1); the same command goes on there.")
                return ExitStatus.success
            }
            keepProgress(step)
        }
        progress.forget()
        page.praise("That was all of \(lesson.title).")
        if let next = lesson.following { page.note("Next: crate walk \(next)") }
        return ExitStatus.success
    }

    func keepProgress(_ step: Int) { progress.keep(.init(step: step, answers: state.answers, drafts: state.drafts)) }

    /// `nil` when the person wants none.
    private func startingStep() -> Int? {
        guard hasKeys, let kept = progress.kept(), kept.step > 0 || !kept.drafts.isEmpty, kept.step < lesson.steps.count else { return 0 }
        page.note("You were at step \(kept.step + 1) of \(lesson.steps.count), \(lesson.title(of: kept.step)). Enter goes on there, n begins anew, q leaves.")
        while true {
            output.flush()
            switch keys.next() {
            case .character("n"):
                output.show("\n")
                return 0
            case .character("q"), .interrupted, .end: return nil
            case let key where key.goesOn:
                output.show("\n")
                (state.answers, state.drafts) = (kept.answers, kept.drafts)
                return reach(kept.step)
            default: continue
            }
        }
    }

    /// Answers the step where one is then. A folder that can't be made is told, and the step goes on as it is.
    private func reach(_ step: Int) -> Int {
        do {
            let reached = try state.move(to: step)
            if reached != step {
                keys.dropPendingEvents()
                page.note("Stopped on the way.")
            }
            return reached
        } catch {
            page.complain(error.message)
            return step
        }
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
        return lesson.steps[index].cells.isEmpty ? wait(index, for: nil) : .next
    }

    private func show(_ cell: Lesson.Cell, in index: Int) -> Move {
        if !cell.shown.isEmpty { type(page.text(of: cell)) }
        let move = wait(index, for: cell)
        guard move == .next else { return move }
        state.isTouched = true
        let result = state.run.run(cell)
        if result.failure?.kind == "interrupted" { return stopped(index) }
        if let failure = result.failure { page.failure(failure, isExpected: failure.kind == cell.expectedError) }
        output.show("\n")
        return result.hasExited ? .leave : .next
    }

    /// After a Ctrl-C a step is begun anew, since nobody knows how far it came.
    private func stopped(_ index: Int) -> Move {
        isPlaying = false
        keys.dropPendingEvents()
        page.complain("Stopped. Enter begins this step again.")
        let move = wait(index, for: nil, enter: "begin again")
        return move == .next ? .again : move
    }

    /// Character by character at the speed that was asked for; a key shows the rest at once.
    private func type(_ text: String) {
        guard let speed, hasKeys, output.showsColour else { return output.show(text) }
        let pause = max(1000 / speed, 1)
        let typed = text.typed
        for (index, character) in typed.enumerated() {
            output.show(character.text)
            guard character.character != " ", keys.isPressed(within: pause) else { continue }
            // What is pressed to see the rest does not run it as well.
            let key = keys.next()
            if !key.goesOn { heldKey = key }
            return output.show(typed[(index + 1)...].map(\.text).joined())
        }
    }

    func hint(_ index: Int) {
        let hints = lesson.steps[index].hints
        if hints.isEmpty { return page.note("This step has no hints.") }
        // One at a time, so that a little help stays a little.
        let given = min(hintsGiven[index, default: 0] + 1, hints.count)
        hintsGiven[index] = given
        for hint in hints.prefix(given) { page.hint(hint) }
        if given < hints.count { page.note("There is another hint.") }
    }
}

extension Lesson {
    /// The file that comes after this one in a folder of numbered lessons.
    var following: String? {
        guard fileName.first?.isNumber == true else { return nil }
        let folder = String(name.dropLast(fileName.count))
        guard let stream = opendir(folder.isEmpty ? "." : folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } })
        }
        let later = names.filter { $0.hasSuffix(".crate") && $0.first?.isNumber == true && $0 > fileName }
        return later.min().map { folder + $0 }
    }
}
