import CrateLanguage

/// The statement that `crate COMMAND WORDS…` stands for: words become literals, `--name value` a named argument.
func statement(_ command: NativeFunction, _ words: [String]) throws(WrongUse) -> String {
    var positional: [String] = []
    var named: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
        if word == "--" {
            positional += rest.map(literal)
            break
        }
        guard word.hasPrefix("--") else {
            positional.append(literal(word))
            continue
        }
        named.append(try namedArgument(word.dropFirst(2), of: command, &rest))
    }
    let arguments = positional + named
    return arguments.isEmpty ? command.name : command.name + " " + arguments.joined(separator: ", ")
}

/// `name=value`, `name value`, or a lone `name` for true.
private func namedArgument(_ option: Substring, of command: NativeFunction, _ rest: inout ArraySlice<String>) throws(WrongUse) -> String {
    let sign = option.firstIndex(of: "=")
    let name = String(option[..<(sign ?? option.endIndex)].map { $0 == "-" ? "_" : $0 })
    guard name.utf8.allSatisfy(isNameByte), let first = option.first, first.isLetter || first == "_" else {
        throw WrongUse("--\(option) is not an option's name; crate \(command.name) --help lists them")
    }
    if let sign { return "\(name): \(literal(String(option[option.index(after: sign)...])))" }
    guard let next = rest.first, !next.hasPrefix("--"), !isFlag(name, of: command) || next == "true" || next == "false" else {
        return "\(name): true"
    }
    rest.removeFirst()
    return "\(name): \(literal(next))"
}

private func isFlag(_ name: String, of command: NativeFunction) -> Bool {
    guard let parameter = command.parameters.first(where: { $0.name == name }), case .bool = parameter.type else { return false }
    return true
}

private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
    default: false
    }
}

/// A word as it is when it is JSON, else as text.
private func literal(_ word: String) -> String {
    JSONText.isValue(word) ? word : JSONText.quoted(word)
}
