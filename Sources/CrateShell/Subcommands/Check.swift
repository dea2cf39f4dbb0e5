import CrateCommands
import CrateLanguage

let checkSubcommand = Subcommand(
    name: "check", summary: "find mistakes in scripts without running them", operands: "FILE…",
    options: [
        CommandLineOption(
            name: "--output", value: "FORM", summary: "text, as errors are shown; or json, for other programs", words: ["text", "json"]),
        CommandLineOption(name: "--strict", summary: "warnings count as errors"),
    ],
    notes: [
        "Finds what does not parse; unknown commands, functions, options, kinds, fields and variables; wrong arguments; a missing confirm; "
            + "names that are unused, hidden or a command's too; keys that stand in a dict twice; code that is never reached.",
        "- is standard input. A comment `# check: ignore` silences its line.",
        "Exit status: 0 clean, 1 something was found, 2 wrong use.",
    ]
) { call throws(WrongUse) in
    if call.operands.isEmpty { throw WrongUse("check needs files; crate check --help shows how it is used") }
    var sources: [Source] = []
    for path in call.operands { sources.append(try readSource(path == "-" ? .standardInput : .file(path))) }
    let session = call.session
    let findings = sources.flatMap { session.findings(in: $0) }
    let errors = findings.count { $0.severity == .error }
    if call["--output"] == "json" {
        call.output.show(findingsJSON(findings))
    } else {
        for finding in findings { call.output.show(finding.render(colour: call.output.showsColour, width: call.output.isTerminal ? call.output.width : .max) + "\n") }
        if !findings.isEmpty { call.output.report(summary(errors, findings.count - errors)) }
    }
    return errors > 0 || call.has("--strict") && !findings.isEmpty ? ExitStatus.failure : ExitStatus.success
}

private func summary(_ errors: Int, _ warnings: Int) -> String {
    let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    return counts.joined(separator: ", ") + "\n"
}
