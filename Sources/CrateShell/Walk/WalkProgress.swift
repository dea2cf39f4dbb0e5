import CrateCommands
import Glibc

/// Where a lesson was left, and what the learner wrote, in a file that is itself a script.
struct WalkProgress {
    private let lesson: Lesson
    private let path: String?

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
        var answers: [Int: [String]]
    }

    /// `nil` when there is nothing, or the lesson has changed so that it does not fit.
    func kept() -> Kept? {
        guard let path, let source = try? readSource(.file(path)) else { return nil }
        let parts = source.part(0..<source.bytes.count).split(separator: "\n# answer to step ")
        guard let step = parts.first?.split(separator: " ").last.flatMap({ Int($0) }), (1...lesson.steps.count).contains(step) else { return nil }
        var answers: [Int: [String]] = [:]
        for part in parts.dropFirst() {
            let lines = part.split(separator: "\n", maxSplits: 1)
            guard lines.count == 2, let number = Int(lines[0]), lesson.steps.indices.contains(number - 1), lesson.steps[number - 1].isExercise else { continue }
            answers[number - 1, default: []].append(String(lines[1]))
        }
        return Kept(step: step - 1, answers: answers)
    }

    /// A state that can't be kept costs nobody their lesson.
    func keep(_ step: Int, _ answers: [Int: [String]]) {
        guard let path else { return }
        var text = "# at step \(min(step + 1, lesson.steps.count))"
        for (index, written) in answers.sorted(by: { $0.key < $1.key }) { for answer in written { text += "\n# answer to step \(index + 1)\n\(answer)" } }
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        var built = ""
        for part in folder.split(separator: "/") {
            built += "/" + part
            mkdir(built, 0o700)
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        writeAll(text, to: descriptor)
        close(descriptor)
    }

    func forget() { if let path { unlink(path) } }
}
