/// One line per word and option; fish reads no more than that.
func fishCompletions(_ model: CommandLineModel) -> String {
    var lines = ["# fish completion for crate; made by `crate completions fish`."]
    for option in model.options { lines.append("complete -c crate -n __fish_use_subcommand " + rule(option)) }
    for entry in model.entries { lines.append("complete -c crate -n __fish_use_subcommand -a \(entry.name) -d \(quoted(entry.summary))") }
    for entry in model.entries {
        let condition = "complete -c crate -n '__fish_seen_subcommand_from \(entry.name)' "
        for option in entry.options { lines.append(condition + rule(option)) }
        if !entry.words.isEmpty { lines.append(condition + "-f -a " + quoted(entry.words.joined(separator: " "))) }
    }
    return lines.joined(separator: "\n") + "\n"
}

private func rule(_ option: CommandLineOption) -> String {
    var parts: [String] = []
    for name in [option.name, option.short].compactMap({ $0 }) {
        parts.append(name.hasPrefix("--") ? "-l \(name.dropFirst(2))" : "-s \(name.dropFirst())")
    }
    parts.append("-d " + quoted(option.summary))
    if option.value != nil { parts.append(option.takesFile ? "-r" : "-x") }
    if !option.words.isEmpty { parts.append("-a " + quoted(option.words.joined(separator: " "))) }
    return parts.joined(separator: " ")
}

private func quoted(_ text: String) -> String {
    text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\").shellQuoted(escape: "\\'")
}
