import CrateLanguage
import OpenCrate

/// `debug`, `info`, `success`, `warning`, `error` and `critical`: the same command at each level.
func logCommands(_ session: Session) -> [NativeFunction] {
    LogLevel.allCases.map { level in
        NativeFunction(
            level.name, "Log at level \(level.name).",
            [Parameter("values", .any, .variadic, "any values, joined by a space")],
            examples: [#"setup "demo"; \#(level.name) "epoch", 3"#]
        ) { [unowned session] call throws(Failure) in
            try session.log(level, joined(call.rest))
            return .null
        }
    }
}

func exceptionCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "exception", "Log at level error, with the caught error and where it came from.",
        [Parameter("values", .any, .variadic, "any values, joined by a space")],
        examples: [#"setup "demo"; try { raise "no" } catch e { exception "Caught" }"#]
    ) { [unowned session] call throws(Failure) in
        var message = joined(call.rest)
        if let failure = call.interpreter.currentFailure { message += "\n" + failure.render(colour: false) }
        try session.log(.error, message)
        return .null
    }
}

/// Values as `print` and the log show them, with a space between.
func joined(_ values: [Value]) -> String {
    values.map(\.description).joined(separator: " ")
}
