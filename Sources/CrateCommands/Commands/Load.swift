import CrateLanguage
import OpenCrate

func loadCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "load", "Give an artifact's value, or copy its file out.",
        [
            Parameter("artifact", .object(["artifact"]), "what to read"),
            Parameter("to", .path, .optional, named: true, "a path to copy the file to, unchanged"),
            Parameter("verify", .bool, .optional, named: true, "read every byte first and fail when it is not what was saved"),
        ],
        takesFurtherOptions: true, furtherOptions: { [unowned session] in session.loadOptions(ofKind: $0) },
        examples: [#"setup "demo"; let t = text("a.txt"); save t, "hello"; print load(t)"#]
    ) { call throws(Failure) in
        let artifact = try call.artifact(0)
        let isVerified = try call.bool(2) ?? false
        guard let path = try call.string(1) else { return try artifact.load(call, isVerified: isVerified) }
        try artifact.load(to: path, isVerified: isVerified)
        return .null
    }
}
