/// One function for `compinit`, with a state for each word that says what to do.
func zshCompletions(_ model: CommandLineModel) -> String {
    """
    #compdef crate
    # zsh completion for crate; made by `crate completions zsh`.
    _crate() {
        local context state state_descr line
        typeset -A opt_args
        local -a commands
        local ret=1
        commands=(
    \(model.entries.map { "        " + described($0.name, $0.summary).shellQuoted() }.joined(separator: "\n"))
        )
        _arguments -C \\
    \(model.options.map { "        \(specification($0)) \\" }.joined(separator: "\n"))
            '1: :->command' '*:: :->rest' && ret=0
        case $state in
            command)
                _describe -t commands command commands && ret=0
                _files && ret=0 ;;
            rest)
                case $line[1] in
    \(model.entries.map(arm).joined(separator: "\n"))
                    *) _files ;;
                esac && ret=0 ;;
        esac
        return ret
    }
    if [[ $funcstack[1] == _crate ]]; then _crate "$@"; else compdef _crate crate; fi

    """
}

private func arm(_ entry: CommandLineModel.Entry) -> String {
    let options = entry.options.map { specification($0) }.joined(separator: " ")
    let operands = entry.words.isEmpty ? "'*:file:_files'" : "'1:word:(\(entry.words.joined(separator: " ")))'"
    return "                \(entry.name)) _arguments \(options) \(operands) ;;"
}

/// `'--seed=[makes draws repeatable]:NUMBER:'`; a value may also follow as a word of its own.
private func specification(_ option: CommandLineOption) -> String {
    let summary = "[" + escaped(option.summary, "[]:") + "]"
    let action = option.words.isEmpty ? (option.takesFile ? "_files" : " ") : "(" + option.words.joined(separator: " ") + ")"
    let value = option.value.map { ":\($0):\(action)" } ?? ""
    let long = (option.name + (option.value == nil || !option.name.hasPrefix("--") ? "" : "=") + summary + value).shellQuoted()
    return long + (option.short.map { " " + ($0 + summary + value).shellQuoted() } ?? "")
}

private func described(_ name: String, _ summary: String) -> String { name + ":" + escaped(summary, ":") }

private func escaped(_ text: String, _ marks: String) -> String {
    text.reduce(into: "") { $0 += (marks.contains($1) || $1 == "\\" ? "\\" : "") + String($1) }
}
