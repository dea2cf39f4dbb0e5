import CrateLanguage
import OpenCrate

func setupCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "setup", "Open a version of a snapshot and its logs.",
        [
            Parameter("name", .string, .optional, "the snapshot's name; a script's own name when left out"),
            Parameter("start", startType, .optional, named: true, "which version: the next, the newest, one for trying out, or a number; \"new\"").atLeast(0, kind: "invalid"),
            Parameter("tag", .string, .optional, named: true, "a label of this version, such as \"baseline\""),
            Parameter("log_level", .oneOf(LogLevel.allCases.map(\.name)), .optional, named: true, "the least level that is logged; \"info\""),
            Parameter("replace", .bool, .optional, named: true, "empty the version first when it is there"),
            Parameter("durability", .oneOf(["full", "fast"]), .optional, named: true, "\"fast\" does not wait for the disk; a loss of power may then lose saves; \"full\""),
        ],
        examples: [#"setup "demo", start: "new", tag: "baseline""#, #"setup "demo", tag: "baseline"; setup "demo", start: "last", tag: "baseline""#]
    ) { [unowned session] call throws(Failure) in
        let name = if let given = try call.string(0) { given } else { try session.scriptName() }
        let start = try startOption(call.arguments[1])
        let tag = try call.string(2)
        let level = try logLevel(try call.string(3))
        let replace = try call.bool(4) ?? false
        let crate = try session.crate()
        crate.durability = try call.string(5).flatMap(Durability.init) ?? .full
        session.snapshot = try throwing { () throws(CrateError) in
            try crate.setup(name, start: start, tag: tag, logLevel: level, replace: replace)
        }
        // Draws without a seed of their own can be had again with `crate --seed`.
        try session.log(.debug, "Random seed \(session.seed)")
        return .object(SnapshotObject(session: session))
    }
}

private let startType = ParameterType.anyOf([.oneOf(["new", "last", "dev"]), .int])

private func logLevel(_ name: String?) throws(Failure) -> LogLevel {
    guard let name else { return .info }
    return try throwing { () throws(CrateError) in try LogLevel(named: name) }
}

private func startOption(_ value: Value?) throws(Failure) -> Start {
    switch value {
    case nil, .null: return .new
    case .int(let number): return .number(number)
    case .string(let text): return try throwing { () throws(CrateError) in try Start(text) }
    case .some(let other):
        throw Failure("type", "start: is \"new\", \"last\", \"dev\" or a version's number, not a value of type \(typeName(of: other))")
    }
}
