import CrateLanguage
import OpenCrate

func loadCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "load", "Give an artifact's value, or copy its file out.",
        [
            Parameter("artifact", .object(["artifact"]), "what to read"),
            Parameter("to", .path, .optional, named: true, "a path to copy the file to, unchanged"),
        ],
        takesFurtherOptions: true, furtherOptions: { [unowned session] in session.loadOptions(ofKind: $0) },
        examples: [#"setup "demo"; let t = text("a.txt"); save t, "hello"; print load(t)"#]
    ) { call throws(Failure) in
        let artifact = try call.artifact(0)
        guard let path = try call.string(1) else { return try artifact.load(call) }
        try artifact.load(to: path)
        return .null
    }
}
