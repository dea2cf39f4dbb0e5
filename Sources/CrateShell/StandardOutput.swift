import CrateCommands
import Glibc
import LineEditor

/// Standard output and standard error. Output is gathered, and sent before anything is reported, so that both keep their order.
final class StandardOutput: Output {
    private(set) var colour = ColourChoice.automatic
    private(set) var showsColour: Bool
    private(set) var reportsColour: Bool
    var form = OutputForm.text
    /// Tells how far long work is; `nil` where that would be in the way.
    let bar: ProgressBar?
    /// Whether what takes long says how far it is.
    var showsProgress = true { didSet { bar?.isOff = !showsProgress } }
    /// The prompt's; nothing is left out of what scripts print.
    var folding: Folding?
    /// Shows long pages; the prompt's.
    var pager: Pager?
    /// Columns that were asked for.
    var chosenWidth: Int?
    /// Called once, when standard output can't be written any more: there is no use in going on.
    var whenUnwritable: () -> Void = {}

    /// Pictures need colour, and a terminal.
    var graphics: Graphics { showsColour ? abilities : .none }

    let isTerminal: Bool
    private let reportsToTerminal = isatty(STDERR_FILENO) == 1
    private let abilities: Graphics
    private let automaticColour: (shows: Bool, reports: Bool)
    private var pending: [UInt8] = []
    /// Why standard output can't be written.
    private var failure: Int32?
    var isUnwritable: Bool { failure != nil }
    private static let capacity = 65_536

    init(colour: ColourChoice, environment: ProcessEnvironment) {
        isTerminal = isatty(STDOUT_FILENO) == 1
        let isWanted = environment.variables["NO_COLOR", default: ""].isEmpty && environment.variables["TERM"] != "dumb"
        bar = ProgressBar(environment: environment.variables)
        automaticColour = (isWanted && isTerminal, isWanted && isatty(STDERR_FILENO) == 1)
        abilities = isTerminal ? TerminalAbilities.graphics(environment.variables) : .none
        (showsColour, reportsColour) = (false, false)
        choose(colour)
    }

    func choose(_ colour: ColourChoice) {
        self.colour = colour
        (showsColour, reportsColour) =
            switch colour {
            case .always: (true, true)
            case .never: (false, false)
            case .automatic: automaticColour
            }
        bar?.showsColour = reportsColour
    }

    var width: Int { chosenWidth ?? (isTerminal ? Window().columns : 80) }
    var reportWidth: Int { reportsToTerminal ? width : .max }
    var height: Int { isTerminal ? Window().rows : 24 }

    func show(_ text: String) {
        pending.append(contentsOf: text.utf8)
        if isTerminal || pending.count >= Self.capacity { flush() }
    }

    func showWhole(_ text: String) {
        guard isTerminal, let pager, pager.isWorthIt(text, width: width, height: height) else { return show(text) }
        flush()
        if !pager.show(text) { show(text) }
    }

    func report(_ text: String) {
        flush()
        apart { writeAll(text, to: STDERR_FILENO) }
    }

    /// What a drill is at, in one line that the next takes the place of; `nil` takes it away. Only on terminals.
    func reportProgress(_ text: String?) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        flush()
        let line = text.map { String($0.prefix(max(0, Window().columns - 1))) } ?? ""
        writeAll("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    /// Writes with the bar gone, which may stand in the line.
    @discardableResult
    private func apart(_ body: () -> Bool) -> Bool { bar?.apart(body) ?? body() }

    /// Sends what was gathered, so that what others write next comes after it.
    func flush() {
        defer { pending.removeAll(keepingCapacity: true) }
        guard !pending.isEmpty, failure == nil, !apart({ writeAll(pending, to: STDOUT_FILENO) }) else { return }
        failure = errno
        whenUnwritable()
    }

    /// Sends the rest. Answers the exit status when output was lost: quietly when its reader went away, as for any Unix program.
    func finish() -> Int32? {
        flush()
        switch failure {
        case nil: return nil
        case EPIPE?: return ExitStatus.brokenPipe
        case let code?:
            report("crate: can't write standard output: \(systemMessage(code))\n")
            return ExitStatus.failure
        }
    }
}
