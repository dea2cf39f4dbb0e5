import CrateLanguage
import OpenCrate

func saveCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "save", "Write a value, or a file made elsewhere, as an artifact.",
        [
            Parameter("artifact", .object(["artifact"]), "where it goes"),
            Parameter("value", .any, .optional, "what is written"),
            Parameter("from", .path, .optional, named: true, "a file to take instead of a value; its kind's reader checks it"),
        ],
        takesFurtherOptions: true, furtherOptions: { [unowned session] in session.saveOptions(ofKind: $0) },
        examples: [#"setup "demo"; save json("data.json"), {"a": [1, 2]}, indent: 2"#]
    ) { call throws(Failure) in
        let artifact = try call.artifact(0)
        switch (call.arguments[1], try call.string(2)) {
        case (let value?, nil): try artifact.save(value, call)
        case (nil, let path?): try artifact.save(from: path, call)
        case (nil, nil): throw Failure("argument", "`save` needs a value, or `from:` with a file's path")
        case (.some, .some): throw Failure("argument", "`save` takes a value or `from:`, not both")
        }
        return .null
    }
}
