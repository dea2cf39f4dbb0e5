let completionsSubcommand = Subcommand(
    name: "completions", summary: "print what makes another shell complete crate's command line", operands: "SHELL", words: CompletingShell.names,
    notes: [
        "bash: crate completions bash > ~/.local/share/bash-completion/completions/crate",
        "zsh: crate completions zsh > _crate, in a folder of $fpath",
        "fish: crate completions fish > ~/.config/fish/completions/crate.fish",
    ]
) { call throws(WrongUse) in
    guard call.operands.count == 1, let shell = CompletingShell(rawValue: call.operands[0]) else {
        throw WrongUse("completions takes one of \(CompletingShell.names.joined(separator: ", "))")
    }
    call.output.show(shell.script(CommandLineModel(call.session.catalogue)))
    return ExitStatus.success
}

/// A shell that can be told how to complete.
enum CompletingShell: String, CaseIterable {
    case bash, zsh, fish

    static var names: [String] { allCases.map(\.rawValue) }

    func script(_ model: CommandLineModel) -> String {
        switch self {
        case .bash: bashCompletions(model)
        case .zsh: zshCompletions(model)
        case .fish: fishCompletions(model)
        }
    }
}

extension String {
    /// In single quotes, as all three shells take it.
    func shellQuoted(escape: String = "'\\''") -> String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: escape) + "'"
    }
}
