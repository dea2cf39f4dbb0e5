import CrateLanguage

func raiseCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "raise", "Stop with an error that `catch` can take.",
        [Parameter("message", .any, "what went wrong"), Parameter("kind", .string, .optional, named: true, "its kind, \"raised\" when left out")],
        examples: [#"try { raise "no data", kind: "empty" } catch e { print e.kind, e.message }  # empty no data"#]
    ) { call throws(Failure) in
        throw Failure(try call.string(1) ?? "raised", call.arguments[0]?.description ?? "")
    }
}

func assertCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "assert", "Stop with an error unless a condition holds.",
        [Parameter("condition", .bool, "what must be true"), Parameter("message", .any, .optional, "what to say when it is not")],
        examples: [#"assert 1 < 2, "numbers are broken""#]
    ) { call throws(Failure) in
        if case .bool(true)? = call.arguments[0] { return .null }
        throw Failure("assertion", call.arguments[1]?.description ?? "the assertion does not hold")
    }
}

func exitCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "exit", "End the script or the prompt.",
        [Parameter("status", .int, .optional, "the exit status, 0 when left out")],
        examples: ["exit"]
    ) { call throws(Failure) in
        throw Failure.exit(try call.int(0) ?? 0)
    }
}
