import CrateLanguage
import OpenCrate

private let artifactParameter = Parameter("artifact", .object(["artifact"]), "the artifact")

func backupCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "backup", "Keep a copy of an artifact beside it, under a tag or the time.",
        [
            artifactParameter,
            Parameter("tag", .string, .optional, named: true, "the copy's label; the time when left out"),
            Parameter("replace", .bool, .optional, named: true, "replace the copy that has this tag"),
        ],
        examples: [#"setup "demo"; let t = text("a.txt"); save t, "one"; backup t, tag: "first""#]
    ) { call throws(Failure) in
        let artifact = try call.artifact(0)
        return .string(try artifact.backup(tag: call.string(1), replace: call.bool(2) ?? false))
    }
}

func listBackupsCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "list_backups", "List the file names of an artifact's backups, oldest first.",
        [artifactParameter],
        examples: [#"setup "demo"; let t = text("a.txt"); save t, "one"; backup t, tag: "x"; print list_backups(t)"#]
    ) { call throws(Failure) in
        .strings(try call.artifact(0).listBackups())
    }
}

func restoreCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "restore", "Bring a backup back in place of the artifact.",
        [artifactParameter, Parameter("tag", .string, .optional, named: true, "which backup; the newest when left out")],
        examples: [#"setup "demo"; let t = text("a.txt"); save t, "one"; backup t, tag: "x"; save t, "two"; restore t, tag: "x"; print load(t)"#]
    ) { call throws(Failure) in
        let artifact = try call.artifact(0)
        return .string(try artifact.restore(tag: call.string(1)))
    }
}

func deleteCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "delete", "Take an artifact away; its backups stay, and `undo` brings it back until `gc` frees its bytes.",
        [artifactParameter, .confirmation("must be true")],
        examples: [#"setup "demo"; let t = text("a.txt"); save t, "one"; delete t, confirm: true; print t.exists"#]
    ) { [unowned session] call throws(Failure) in
        let artifact = try call.artifact(0)
        let size = try artifact.delete(confirm: call.bool(1) ?? false)
        session.reportFreed(size, "`undo` brings it back")
        return .null
    }
}
