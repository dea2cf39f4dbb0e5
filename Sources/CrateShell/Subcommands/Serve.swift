import CrateCommands
import Glibc

let languageServerSubcommand = Subcommand(
    name: "lsp", summary: "serve editors over the Language Server Protocol, on standard input and output", operands: "",
    options: [CommandLineOption(name: "--stdio", summary: "the only way there is; for editors that ask for it")],
    notes: ["docs/editors.md says how to set up editors."]
) { call throws(WrongUse) in
    if !call.operands.isEmpty { throw WrongUse("lsp takes no arguments") }
    let server = LanguageServer(session: call.session)
    var framing = MessageFraming()
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        // An editor that is gone has said all it had to say.
        if count <= 0 { return server.exitStatus ?? ExitStatus.failure }
        framing.add(chunk[..<count])
        while let message = framing.next() {
            for answer in server.answers(to: message) { writeAll(MessageFraming.framed(answer), to: STDOUT_FILENO) }
            if let status = server.exitStatus { return status }
        }
    }
}
