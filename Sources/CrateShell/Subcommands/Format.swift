import CrateCommands
import CrateLanguage
import Glibc

let formatSubcommand = Subcommand(
    name: "fmt", summary: "lay scripts out anew", operands: "[FILE…]",
    options: [
        CommandLineOption(name: "--check", summary: "change nothing; name the files that would change, with exit status 1"),
        CommandLineOption(name: "--diff", summary: "change nothing; show what would change, with exit status 1 if anything would"),
    ],
    notes: [
        "Only white space changes: comments, strings and the meaning stay. Without files, or with -, standard input is formatted to standard output.",
        "A file that does not parse is left alone.",
        "Exit status: 0 done, 1 something would change (--check, --diff), 2 wrong use or a file that does not parse.",
    ]
) { call throws(WrongUse) in
    let session = call.session
    var (isBroken, isChanged) = (false, false)
    for path in call.operands.isEmpty ? ["-"] : call.operands {
        let source = try readSource(path == "-" ? .standardInput : .file(path))
        do throws(Failure) {
            let text = try session.formatted(source)
            if Array(text.utf8) != source.bytes { isChanged = true }
            try settle(path, source, text, call, session)
        } catch {
            call.output.report(error.render(colour: call.output.reportsColour, width: call.output.reportWidth) + "\n")
            isBroken = true
        }
    }
    if isBroken { return ExitStatus.wrongUse }
    return isChanged && (call.has("--check") || call.has("--diff")) ? ExitStatus.failure : ExitStatus.success
}

/// Does with the new text what was asked for.
private func settle(_ path: String, _ source: Source, _ text: String, _ call: SubcommandCall, _ session: Session) throws(Failure) {
    let isChanged = Array(text.utf8) != source.bytes
    if call.has("--diff") {
        if isChanged {
            let difference = unifiedDiff(of: source.name, from: String(decoding: source.bytes, as: UTF8.self), to: text)
            call.output.show(call.output.isTerminal ? difference.escapedForTerminal : difference)
        }
    } else if call.has("--check") {
        if isChanged { call.output.show("\(source.name)\n") }
    } else if path == "-" {
        call.output.show(text)
    } else if isChanged {
        try session.replaceFile(target(of: path), with: text)
    }
}

/// The file that a link leads to: it is to be changed, not the link.
private func target(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
}
