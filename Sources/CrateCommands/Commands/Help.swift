import CrateLanguage

func helpCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "help", "List all commands and functions, or explain one.",
        [Parameter("name", .topic, .optional, "what to explain, as text: help \"save\"")],
        examples: [#"help "save""#]
    ) { [unowned session] call throws(Failure) in
        switch call.arguments[0] {
        case nil: session.output.showWhole(session.overview())
        case .string(let name)?: session.output.showWhole(try session.page(about: name))
        case .function(let function)?: session.output.showWhole(try session.explanation(of: function.name))
        case .some(let other): session.output.show("A value: \(Variables.inWords(other))\n")
        }
        return .null
    }
}
