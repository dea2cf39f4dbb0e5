import CrateLanguage

func printCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "print", "Write values to standard output.",
        [Parameter("values", .any, .variadic, "any values, joined by a space")],
        examples: [#"print "pi is about", 3.14"#]
    ) { [unowned session] call throws(Failure) in
        let form = call.rest.count == 1 ? session.formed(call.rest[0], isWhole: false) : nil
        session.output.show((form ?? joined(call.rest)) + "\n")
        return .null
    }
}
