import CrateLanguage
import OpenCrate

func resetCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "reset", "Take away every version of the current snapshot and its counter; `undo \"NAME\"` brings them back until `gc` frees their bytes.",
        [.confirmation("must be true")],
        examples: [#"setup "demo"; reset confirm: true"#]
    ) { [unowned session] call throws(Failure) in
        let snapshot = try session.currentSnapshot("`reset`")
        let isConfirmed = try call.bool(0) ?? false
        let crate = try session.crate()
        let size = try throwing { () throws(CrateError) in try crate.reset(snapshot.name, confirm: isConfirmed) }
        session.snapshot = nil
        session.reportFreed(size, "`undo \"\(snapshot.name)\"` brings it back")
        return .null
    }
}

func listTagsCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "list_tags", "List the tags of a snapshot, sorted, each once.",
        [Parameter("name", .string, .optional, "the snapshot's name; the current one when left out")],
        examples: [#"setup "demo", tag: "baseline"; print list_tags()"#]
    ) { [unowned session] call throws(Failure) in
        let name = if let given = try call.string(0) { given } else { try session.currentSnapshot("`list_tags`").name }
        let crate = try session.crate()
        return .strings(try throwing { () throws(CrateError) in try crate.tags(of: name) })
    }
}
