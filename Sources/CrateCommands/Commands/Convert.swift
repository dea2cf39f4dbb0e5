import CrateLanguage
import OpenCrate

func convertCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "convert", "Write what a file holds in another form: any that is read to any that is written.",
        [Parameter("from", .path, "the file"), Parameter("to", .path, "the new file, in the form of its extension")],
        takesFurtherOptions: true,
        examples: [
            #"write({layer: {w: zeros([2, 3])}}, "m.pth"); convert "m.pth", "m.safetensors"; print keys(read("m.safetensors"))  # ["layer.w"]"#,
            #"write({a: [1, 2]}, "t.json"); convert "t.json", "t.csv""#,
        ]
    ) { [unowned session] call throws(Failure) in
        let (source, target) = (try call.string(0) ?? "", try call.string(1) ?? "")
        let options = try call.kindOptions()
        let crate = try session.crate()
        let leftOut = try throwing { () throws(CrateError) in try crate.convert(source, to: target, options: options) }
        guard !leftOut.isEmpty else { return .null }
        let shown = leftOut.prefix(8).joined(separator: ", ")
        let rest = leftOut.count > 8 ? " and \(leftOut.count - 8) more" : ""
        session.output.report("note: `\(target)` has no place for \(shown)\(rest)\n")
        return .null
    }
}
