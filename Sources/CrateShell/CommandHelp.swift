import CrateCommands
import CrateLanguage

/// How `crate COMMAND …` is used, made from the command's definition.
func commandHelp(_ command: NativeFunction) -> String {
    var text = (["crate", command.name] + command.parameters.map(\.usage)).joined(separator: " ")
    text += (command.takesFurtherOptions ? " [--OPTION VALUE…]" : "") + "\n" + command.summary + "\n"
    text += "\n"
    for parameter in command.parameters {
        let name = parameter.isNamedOnly ? "--" + parameter.name : parameter.name.uppercased()
        text += "  " + name + String(repeating: " ", count: max(1, 16 - name.count)) + parameter.note + "\n"
    }
    if !command.hasOwnForm {
        text += "  --output        how the value is written: \(OutputForm.allCases.map(\.rawValue).joined(separator: ", "))\n"
    }
    if !command.examples.isEmpty {
        text += "\nIn the language\n" + command.examples.map { "  \($0)\n" }.joined()
    }
    return text
}

extension NativeFunction {
    /// Whether `--output` is an option of its own; no kind has one.
    var hasOwnForm: Bool { parameters.contains { $0.name == "output" } }
}

extension Parameter {
    /// As it is given on the command line.
    var usage: String {
        var text = isNamedOnly ? "--\(name) VALUE" : name.uppercased()
        if isNamedOnly, case .bool = type { text = "--\(name)" }
        return switch presence {
        case .required: text
        case .optional: "[\(text)]"
        case .variadic: "[\(text)…]"
        }
    }
}
