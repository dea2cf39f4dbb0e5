import CrateCommands
import Glibc
import LineEditor

/// Standard output and standard error. Output is gathered, and sent before anything is reported, so that both keep their order.
final class StandardOutput: Output {
    let showsColour: Bool
    let reportsColour: Bool
    /// Called once, when standard output can't be written any more: there is no use in going on.
    var whenUnwritable: () -> Void = {}

    /// Pictures need colour, and a terminal.
    let graphics: Graphics

    private let isTerminal: Bool
    private var pending: [UInt8] = []
    /// Why standard output can't be written.
    private var failure: Int32?
    var isUnwritable: Bool { failure != nil }
    private static let capacity = 65_536

    init(colour: ColourChoice, environment: ProcessEnvironment) {
        isTerminal = isatty(STDOUT_FILENO) == 1
        let isWanted = environment.variables["NO_COLOR", default: ""].isEmpty && environment.variables["TERM"] != "dumb"
        switch colour {
        case .always: (showsColour, reportsColour) = (true, true)
        case .never: (showsColour, reportsColour) = (false, false)
        case .automatic: (showsColour, reportsColour) = (isWanted && isTerminal, isWanted && isatty(STDERR_FILENO) == 1)
        }
        graphics = showsColour && isTerminal ? TerminalAbilities.graphics(environment.variables) : .none
    }

    var width: Int { isTerminal ? Window().columns : 80 }
    var height: Int { isTerminal ? Window().rows : 24 }

    func show(_ text: String) {
        pending.append(contentsOf: text.utf8)
        if isTerminal || pending.count >= Self.capacity { flush() }
    }

    func report(_ text: String) {
        flush()
        writeAll(text, to: STDERR_FILENO)
    }

    func reportProgress(_ text: String?) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        flush()
        let line = text.map { String($0.prefix(max(0, Window().columns - 1))) } ?? ""
        writeAll("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    /// Sends what was gathered, so that what others write next comes after it.
    func flush() {
        defer { pending.removeAll(keepingCapacity: true) }
        guard !pending.isEmpty, failure == nil, !writeAll(pending, to: STDOUT_FILENO) else { return }
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
