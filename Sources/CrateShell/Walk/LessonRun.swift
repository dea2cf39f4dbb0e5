import CrateCommands
import CrateLanguage

/// What a cell showed and came to.
struct CellResult {
    private(set) var shown = ""
    /// Logs and notes.
    var reported = ""
    /// The same for a page, where pictures and sound stand in place of the words for them.
    private(set) var pieces: [Piece] = []
    var failure: Failure?
    /// A statement that is not whole.
    var isIncomplete = false
    var hasExited = false

    enum Piece {
        case text(String)
        case attachment(Attachment)
    }

    /// What comes next says in words what is attached.
    private var isDescription = false

    var attachments: [Attachment] { pieces.compactMap { if case .attachment(let attachment) = $0 { attachment } else { nil } } }

    mutating func show(_ text: String) {
        shown += text
        defer { isDescription = false }
        if isDescription { return }
        guard case .text(var before)? = pieces.last else { return pieces.append(.text(text)) }
        // Taken out, so that it is appended to in its place: there may be a hundred thousand lines.
        pieces.removeLast()
        before += text
        pieces.append(.text(before))
    }

    mutating func attach(_ attachment: Attachment) {
        pieces.append(.attachment(attachment))
        isDescription = true
    }

    /// With every shown and reported text changed.
    func mapTexts(_ change: (String) -> String) -> CellResult {
        var changed = self
        changed.shown = change(shown)
        changed.reported = change(reported)
        changed.pieces = pieces.map { if case .text(let text) = $0 { .text(change(text)) } else { $0 } }
        return changed
    }

    /// The lines that `#=` is held against: without the spaces at their ends, which nobody sees in a comment.
    var lines: [String] {
        var lines = shown.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// A session that runs the cells of a lesson one after the other.
///
/// Seed and clock are fixed, and the width where nobody looks, so that a lesson shows the same each time.
final class LessonRun {
    let session: Session
    private let output: LessonOutput
    private let lesson: Lesson
    /// Runs without being seen.
    var isSilent: Bool {
        get { output.isSilent }
        set { output.isSilent = newValue }
    }

    init(_ lesson: Lesson, _ configuration: SessionConfiguration, _ output: LessonOutput) {
        self.lesson = lesson
        self.output = output
        session = Session(configuration: configuration, output: output)
    }

    /// Runs one cell. Its value is shown as at the prompt.
    func run(_ cell: Lesson.Cell) -> CellResult { run(lesson.source(of: cell, name: lesson.fileName)) }

    func run(_ source: Source) -> CellResult {
        output.result = CellResult()
        switch Interrupts.shared.forwarding(to: session, { session.evaluate(source, isInteractive: true) }) {
        case .finished(let value?):
            if case .null = value { break }
            session.present(value)
        case .finished(nil): break
        case .incomplete: output.result.isIncomplete = true
        case .failed(let failure): output.result.failure = failure
        case .exit: output.result.hasExited = true
        }
        return output.result
    }
}

/// Keeps what a cell shows, and passes it on when somebody looks.
final class LessonOutput: Output {
    var result = CellResult()
    var isSilent = false
    private let next: (any Output)?

    /// - Parameter next: where it is shown as well; `nil` for nowhere.
    init(passingTo next: (any Output)? = nil) { self.next = next }

    var width: Int { next?.width ?? 80 }
    var reportWidth: Int { next?.reportWidth ?? .max }
    var height: Int { next?.height ?? 24 }
    var showsColour: Bool { next?.showsColour ?? false }
    var reportsColour: Bool { next?.reportsColour ?? false }
    var graphics: Graphics { next?.graphics ?? .none }

    func show(_ text: String) {
        result.show(text)
        if !isSilent { next?.show(text) }
    }

    func attach(_ attachment: Attachment) { result.attach(attachment) }

    func report(_ text: String) {
        result.reported += text
        if !isSilent { next?.report(text) }
    }
}
