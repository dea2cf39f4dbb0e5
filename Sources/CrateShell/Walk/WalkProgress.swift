import CrateCommands
import Glibc

/// Where a lesson was left, and what the learner wrote, in a file that is itself a script.
struct WalkProgress {
    private let lesson: Lesson
    private let path: String?
    private static let answerMark = "# answer to step "
    private static let draftMark = "# begun at step "

    init(_ lesson: Lesson, environment: [String: String]) {
        self.lesson = lesson
        let home = environment["XDG_STATE_HOME"] ?? environment["HOME"].map { $0 + "/.local/state" }
        let full = realpath(lesson.name, nil).map { pointer in
            defer { free(pointer) }
            return String(cString: pointer)
        }
        path = home.flatMap { home in full.map { "\(home)/opencrate/walks/\($0.replacing("/", with: "%")).crate" } }
    }

    struct Kept {
        var step: Int
        /// What solved exercises, by step.
        var answers: [Int: [String]] = [:]
        /// What was written in exercises that are not solved yet.
        var drafts: [Int: [String]] = [:]
    }

    /// `nil` when there is nothing, or the lesson has changed so that it does not fit.
    func kept() -> Kept? {
        guard let path, let source = try? readSource(.file(path)) else { return nil }
        var lines = source.part(0..<source.bytes.count).split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let step = lines.popFirst()?.split(separator: " ").last.flatMap({ Int($0) }), (1...lesson.steps.count).contains(step) else { return nil }
        var kept = Kept(step: step - 1)
        while let line = lines.popFirst() {
            let statement = lines.prefix { !$0.hasPrefix(Self.answerMark) && !$0.hasPrefix(Self.draftMark) }
            lines = lines.dropFirst(statement.count)
            let text = statement.joined(separator: "\n")
            if let index = exercise(line, behind: Self.answerMark) { kept.answers[index, default: []].append(text) }
            if let index = exercise(line, behind: Self.draftMark) { kept.drafts[index, default: []].append(text) }
        }
        return kept
    }

    /// The step that a line names, if it is still an exercise.
    private func exercise(_ line: Substring, behind mark: String) -> Int? {
        guard line.hasPrefix(mark), let number = Int(line.dropFirst(mark.count)), lesson.steps.indices.contains(number - 1) else { return nil }
        return lesson.steps[number - 1].isExercise ? number - 1 : nil
    }

    /// A state that can't be kept costs nobody their lesson.
    func keep(_ kept: Kept) {
        guard let path else { return }
        var text = "# at step \(min(kept.step + 1, lesson.steps.count))"
        for (mark, statements) in [(Self.answerMark, kept.answers), (Self.draftMark, kept.drafts)] {
            for (index, written) in statements.sorted(by: { $0.key < $1.key }) {
                for statement in written { text += "\n\(mark)\(index + 1)\n\(statement)" }
            }
        }
        makePrivateFolders(above: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        writeAll(text, to: descriptor)
        close(descriptor)
    }

    func forget() { if let path { unlink(path) } }
}
