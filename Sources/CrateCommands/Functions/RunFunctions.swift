import CrateLanguage
import CrateValues
import OpenCrate

/// Functions that ask about the run: its time, its surroundings.
func runFunctions(_ session: Session) -> [NativeFunction] {
    [
        NativeFunction("now", "Give the local time, as a timestamp.", examples: ["len(str(now())) > 10  # true"]) { [unowned session] _ in
            let clock = session.configuration.system.clock
            return value(from: .timestamp(clock.local(clock.now())))
        },
        NativeFunction(
            "env", "Give a variable of the environment.",
            [Parameter("name", .string, "its name"), Parameter("default", .any, .optional, "what is given when it is not set; null")],
            examples: [#"env("NO_SUCH_VARIABLE", "none")  # none"#]
        ) { [unowned session] call throws(Failure) in
            let name = try call.string(0) ?? ""
            return session.configuration.environment[name].map { .string($0) } ?? call.arguments[1] ?? .null
        },
    ]
}
