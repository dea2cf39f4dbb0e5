import CrateLanguage

func showCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "show", "Show values as the prompt does: tables aligned, pictures, plots and sound drawn where the terminal can.",
        [Parameter("values", .any, .variadic, "what is shown, one below the other")],
        examples: [#"show table({a: [1, 2], b: ["x", "y"]})"#, "show zeros([2, 2])"]
    ) { [unowned session] call throws(Failure) in
        for value in call.rest { session.present(value, isQuoted: false) }
        return .null
    }
}
