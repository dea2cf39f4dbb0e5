/// One function that looks for the word that says what to do, then offers its options, their values, and files.
func bashCompletions(_ model: CommandLineModel) -> String {
    let values = model.options.filter { $0.value != nil }.flatMap { [$0.name] + ($0.short.map { [$0] } ?? []) }.joined(separator: "|")
    return """
        # bash completion for crate; made by `crate completions bash`.
        _crate() {
            local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= index=1 options= words= values=
            # bash cuts --name=value in three.
            if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi
            while (( index < COMP_CWORD )); do
                case ${COMP_WORDS[index]} in
                    \(values)) (( index++ )); [[ ${COMP_WORDS[index]} == = ]] && (( index++ )) ;;
                    -*) ;;
                    *) command=${COMP_WORDS[index]}; break ;;
                esac
                (( index++ ))
            done
            case $command in
        \(cases(model))
            esac
            case $command:$before in
        \(valueCases(model))
            esac
            if [[ -n $values ]]; then
                COMPREPLY=($(compgen -W "$values" -- "$word"))
            elif [[ $word == -* ]]; then
                COMPREPLY=($(compgen -W "$options" -- "$word"))
            else
                COMPREPLY=($(compgen -W "$words" -- "$word"))
                [[ $words && $command ]] || COMPREPLY+=($(compgen -f -- "$word"))
            fi
        }
        complete -o filenames -F _crate crate

        """
}

private func cases(_ model: CommandLineModel) -> String {
    var lines = ["        '') options=\(list(model.options)) words=\(model.entries.map(\.name).joined(separator: " ").shellQuoted()) ;;"]
    for entry in model.entries {
        let words = entry.words.isEmpty ? "" : " words=" + entry.words.joined(separator: " ").shellQuoted()
        lines.append("        \(entry.name)) options=\(list(entry.options))\(words) ;;")
    }
    return lines.joined(separator: "\n")
}

private func list(_ options: [CommandLineOption]) -> String {
    options.flatMap { [$0.name] + ($0.short.map { [$0] } ?? []) }.joined(separator: " ").shellQuoted()
}

private func valueCases(_ model: CommandLineModel) -> String {
    var lines: [String] = []
    for (name, options) in [("", model.options)] + model.entries.map({ ($0.name, $0.options) }) {
        for option in options where !option.words.isEmpty {
            lines.append("        \(name):\(option.name)) values=\(option.words.joined(separator: " ").shellQuoted()) ;;")
        }
    }
    return lines.joined(separator: "\n")
}
