import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

func convertCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "convert", "Write what a file holds in another form: any that is read to any that is written.",
        [
            Parameter("from", .anyOf([.object(["artifact"]), .path]), "an artifact, or a file's path"),
            Parameter("to", .path, "the new file, in the form of its extension"),
        ],
        takesFurtherOptions: true,
        examples: [
            #"write({layer: {w: zeros([2, 3])}}, "m.pth"); convert "m.pth", "m.safetensors"; print keys(read("m.safetensors"))  # ["layer.w"]"#,
            #"write({a: [1, 2]}, "t.json"); convert "t.json", "t.csv""#,
            #"setup "demo"; let t = csv("t.csv"); save t, {a: [1, 2]}; convert t, "t.json"; print exists("t.json")  # true"#,
        ]
    ) { [unowned session] call throws(Failure) in
        let (source, target) = (try path(call.arguments[0]), try call.string(1) ?? "")
        let options = try call.kindOptions()
        let crate = try session.crate()
        let changes = try throwing { () throws(CrateError) in try crate.convert(source, to: target, options: options) }
        if !changes.leftOut.isEmpty { session.output.report("note: `\(target)` has no place for \(shortList(changes.leftOut))\n") }
        if !changes.widened.isEmpty {
            session.output.report("note: `\(target)` holds as float32, which has all of their values: \(shortList(changes.widened))\n")
        }
        return .null
    }
}

private func shortList(_ names: [String]) -> String {
    let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
    return names.prefix(8).joined(separator: ", ").escapedForLine + rest
}

private func path(_ source: Value?) throws(Failure) -> String {
    switch source {
    case .string(let path)?: return path
    case .object(let object as ArtifactObject)?: return object.artifact.path
    case let other: throw Failure("type", "convert takes an artifact or a file's path, not a value of type \(typeName(of: other ?? .null))")
    }
}
