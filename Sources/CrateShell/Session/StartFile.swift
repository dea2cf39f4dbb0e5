import CrateCommands
import CrateLanguage

/// What a person wants run before each first prompt: statements, and lines with `:set`.
struct StartFile {
    let path: String

    /// `nil` where there is no home that it could be in.
    init?(environment: [String: String]) {
        let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let folder = configuration ?? environment["HOME"].map({ $0 + "/.config" }), folder.hasPrefix("/") else { return nil }
        path = folder + "/opencrate/rc.crate"
    }

    /// Runs it if it is there. An error in it is told, and ends it.
    ///
    /// - Parameter command: is given the lines that begin with `:`; `nil` passes over them.
    func run(in session: Session, command: ((String) -> Void)? = nil) {
        guard let source = try? readSource(.file(path)) else { return }
        let lines = source.part(0..<source.bytes.count).split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines where line.hasPrefix(":") { command?(String(line)) }
        let statements = lines.map { $0.hasPrefix(":") ? "" : $0 }.joined(separator: "\n")
        let outcome = Interrupts.shared.forwarding(to: session) { session.evaluate(Source(name: path, text: statements)) }
        if case .failed(let failure) = outcome { session.output.report(failure.render(colour: session.output.reportsColour, width: session.output.reportWidth) + "\n") }
    }
}
