import CrateCommands
import CrateLanguage

/// How far a lesson has been gone through, and the session that has come that far. To go back, everything up to there runs anew in an
/// empty folder: the same seed and clock bring the same state, files included.
final class LessonState {
    let lesson: Lesson
    private let environment: [String: String]
    private let output: any Output
    /// Tells what goes on while nothing is shown.
    private let progress: Progress?
    private var folder: LessonFolder
    private(set) var run: LessonRun
    /// Steps whose cells have all run.
    private(set) var completed = 0
    /// What solved exercises, by step. It runs in a replay.
    var answers: [Int: [String]] = [:]
    /// What the learner wrote in exercises that are not solved yet.
    var drafts: [Int: [String]] = [:]

    init(_ lesson: Lesson, environment: [String: String], output: any Output, progress: Progress? = nil) throws(WrongUse) {
        self.lesson = lesson
        self.environment = environment
        self.output = output
        self.progress = progress
        folder = try LessonFolder()
        run = Self.run(lesson, folder, environment, output)
    }

    private static func run(_ lesson: Lesson, _ folder: LessonFolder, _ environment: [String: String], _ output: any Output) -> LessonRun {
        LessonRun(lesson, folder.configuration(for: lesson, environment), LessonOutput(passingTo: output))
    }

    /// All of `step` has run, as it would in a replay.
    func complete(_ step: Int) {
        completed = max(completed, step + 1)
        isTouched = false
    }

    /// Brings the session to the beginning of `step`, forth or back. What runs on the way is not shown. Answers the step that was reached,
    /// which is an earlier one after a Ctrl-C.
    func move(to step: Int) throws(WrongUse) -> Int {
        if step < completed || isTouched { try restart() }
        let steps = completed + 1 == step ? "step \(step)" : "steps \(completed + 1) to \(step)"
        return unseen("running \(steps), Ctrl-C stops", .steps, total: step - completed) {
            while completed < step {
                isTouched = true
                guard replay(completed) else { return completed }
                complete(completed)
                progress?.advance(.steps, by: 1)
            }
            return step
        }
    }

    /// Does something without showing it. What takes longer than a moment is told of until it is done.
    func unseen<Result>(_ title: String, _ measure: WorkMeasure = .statements, total: Int? = nil, _ body: () -> Result) -> Result {
        progress?.begin(title, measure, total: total)
        run.isSilent = true
        defer {
            run.isSilent = false
            progress?.end()
        }
        return body()
    }

    /// Whether something ran since the last whole step, which moving has to undo.
    var isTouched = false

    private func restart() throws(WrongUse) {
        folder = try LessonFolder()
        run = Self.run(lesson, folder, environment, output)
        completed = 0
        isTouched = false
    }

    /// False when it was stopped on the way.
    private func replay(_ index: Int) -> Bool {
        let step = lesson.steps[index]
        guard step.isExercise, let written = answers[index] else { return isThrough(step.cells) }
        guard isThrough(step.parts.compactMap { if case .code(let cell) = $0 { cell } else { nil } }) else { return false }
        return isThrough(written)
    }

    /// Runs what the learner wrote in an exercise, unseen.
    func takeUpDraft(of step: Int) {
        guard let written = drafts[step] else { return }
        let isThrough = unseen("running what you wrote, Ctrl-C stops") { self.isThrough(written) }
        if !isThrough { drafts[step] = nil }
    }

    private func isThrough(_ written: [String]) -> Bool {
        written.enumerated().allSatisfy { run.run(Source(name: "answer \($0 + 1)", text: $1)).failure?.kind != "interrupted" }
    }

    private func isThrough(_ cells: [Lesson.Cell]) -> Bool { cells.allSatisfy { run.run($0).failure?.kind != "interrupted" } }
}
