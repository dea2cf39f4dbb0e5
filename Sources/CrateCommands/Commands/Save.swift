import CrateLanguage
import OpenCrate

func saveCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "save", "Write a value, or files made elsewhere, as an artifact.",
        [
            Parameter("artifact", .object(["artifact"]), "where it goes"),
            Parameter("value", .any, .optional, "what is written"),
            Parameter("from", .path, .optional, named: true, "a file to take instead of a value; its kind's reader checks it"),
            Parameter("folder", .path, .optional, named: true, "a folder whose files a directory or archive is made of"),
            Parameter("files", .list, .optional, named: true, "paths of the files that a directory or archive is made of"),
        ],
        takesFurtherOptions: true, furtherOptions: { [unowned session] in session.saveOptions(ofKind: $0) },
        examples: [#"setup "demo"; save json("data.json"), {"a": [1, 2]}, indent: 2"#]
    ) { call throws(Failure) in
        let artifact = try call.artifact(0)
        switch (call.arguments[1], try call.string(2), try call.string(3), try call.strings(4)) {
        case (let value?, nil, nil, nil): try artifact.save(value, call)
        case (nil, let path?, nil, nil): try artifact.save(from: path, call)
        case (nil, nil, let folder?, nil): try artifact.save(folder: folder, call)
        case (nil, nil, nil, let files?): try artifact.save(files: files, call)
        default: throw Failure("argument", "`save` takes one of these: a value, `from:` with a file's path, `folder:`, `files:`")
        }
        return .null
    }
}
