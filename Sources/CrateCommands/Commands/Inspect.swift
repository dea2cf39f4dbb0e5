import CrateLanguage
import CrateValues
import OpenCrate

func inspectCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "inspect", "Tell what a file is and holds, without running or trusting it.",
        [
            Parameter("file", .anyOf([.object(["artifact"]), .path]), "an artifact, or a file's path"),
            Parameter("kind", .kind, .optional, named: true, "the kind of a path; found out when left out"),
            Parameter("all", .bool, .optional, named: true, "every row of long listings"),
        ],
        takesFurtherOptions: true, furtherOptions: { [unowned session] in session.inspectOptions(ofKind: $0) },
        examples: [
            #"write({a: 1, b: [1, 2]}, "x.json"); inspect "x.json""#,
            #"write({w: zeros([2, 3])}, "m.pth"); print inspect("m.pth", stats: true).parameters  # 6"#,
        ]
    ) { [unowned session] call throws(Failure) in
        let inspection = try session.inspection(call)
        guard call.isStatement else { return .object(InspectionObject(inspection)) }
        if let formed = session.formed(.object(InspectionObject(inspection)), isWhole: true) {
            session.output.show(formed + "\n")
            return .null
        }
        let text = InspectionText(
            inspection, width: session.output.width, showsColour: session.output.showsColour, showsAll: try call.bool(2) ?? false)
        session.output.show(text.text + "\n")
        return .null
    }
}

extension Session {
    fileprivate func inspection(_ call: Call) throws(Failure) -> Inspection {
        let options = try call.kindOptions()
        let kind = try call.string(1)
        switch call.arguments[0] {
        case .string(let path)?:
            let crate = try crate()
            return try throwing { () throws(CrateError) in try crate.inspect(path, kind: kind, options: options) }
        case .object(let object as ArtifactObject)?:
            return try throwing { () throws(CrateError) in try object.artifact.inspect(options: options) }
        case let other:
            throw Failure("type", "inspect takes an artifact or a file's path, not a value of type \(typeName(of: other ?? .null))")
        }
    }
}
