import CrateLanguage
import OpenCrate

func undoCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "undo", "Take back the last save, restore, delete, backup or `replace` of this version; again and again, one further each time.",
        [Parameter("name", .string, .optional, "a snapshot whose `reset` is to be taken back")],
        examples: [#"setup "demo"; let t = text("a.txt"); save t, "one"; save t, "two"; undo; print load(t)  # one"#]
    ) { [unowned session] call throws(Failure) in
        let crate = try session.crate()
        if let name = try call.string(0) {
            _ = try throwing { () throws(CrateError) in try crate.undoReset(name) }
            return .strings(["reset of \(name)"])
        }
        guard let snapshot = session.snapshot else {
            var failure = Failure(CrateError.notSetUp(operation: "`undo`"))
            failure.hint = "after a reset: undo \"the snapshot's name\""
            throw failure
        }
        let undone = try throwing { () throws(CrateError) in try snapshot.undo() }
        let clock = session.configuration.system.clock
        return .strings(undone.map { "\($0.operation) of \($0.file ?? snapshot.versionName) at \(session.timeText(clock.local($0.time)))" })
    }
}

func transactionCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "transaction", "Make what a block saves, restores, backs up and deletes appear together, or not at all when it fails.",
        [Parameter("body", .block, "what is to be done")],
        examples: [
            #"setup "demo"; transaction { save text("a.txt"), "one"; save text("b.txt"), "two" }; print load(text("b.txt"))  # two"#,
            #"setup "demo"; try { transaction { save text("a.txt"), "one"; raise "no" } } catch { print text("a.txt").exists }  # false"#,
        ]
    ) { [unowned session] call throws(Failure) in
        guard case .function(let body)? = call.arguments[0] else { return .null }
        let snapshot = try session.currentSnapshot("`transaction`")
        try throwing { () throws(CrateError) in try snapshot.beginTransaction() }
        do throws(Failure) { _ = try call.interpreter.call(body, []) } catch {
            snapshot.abandonTransaction()
            throw error
        }
        try throwing { () throws(CrateError) in try snapshot.commitTransaction() }
        return .null
    }
}
