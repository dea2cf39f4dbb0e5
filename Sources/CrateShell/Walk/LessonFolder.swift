import CrateCommands
import Glibc

/// An empty folder for a lesson's files, or for passing work of the prompt, which goes with it.
final class LessonFolder {
    let path: String

    init() throws(WrongUse) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/crate-walk-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw WrongUse("can't make a folder in \(parent): \(systemMessage(errno))") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Without links on the way.
    var realPath: String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    deinit { try? Session(configuration: SessionConfiguration(workingDirectory: "/", environment: [:]), output: LessonOutput()).files.remove(path) }

    /// For a session of the lesson, whose runs are all the same.
    func configuration(for lesson: Lesson, _ environment: [String: String]) -> SessionConfiguration {
        var configuration = SessionConfiguration(workingDirectory: path, environment: environment)
        configuration.scriptPath = lesson.name
        configuration.seed = lesson.seed
        configuration.makeRepeatable()
        return configuration
    }
}
