import CrateCommands
import CrateLanguage

let drillSubcommand = Subcommand(
    name: "drill", summary: "try on a clone of the store what must never happen to it", operands: "",
    options: [
        CommandLineOption(name: "--json", summary: "the report as JSON, for other programs"),
        CommandLineOption(name: "--keep", summary: "leave the clone there, to look at it"),
    ],
    notes: [
        "Looks what the file system of the current folder can do. Then clones the store that is there, or makes a small one, in a folder beside it; "
            + "kills programs that write to it, flips bits, deletes, restores and takes back, and says whether anything was lost or any damage not found. The store itself is only read.",
        "Exit status: 0 every promise was kept, 1 one was not, 2 wrong use.",
    ]
) { call throws(WrongUse) in
    if !call.operands.isEmpty { throw WrongUse("drill takes no arguments; it works on the store of the current folder") }
    let session = call.session
    Interrupts.shared.watchProgram()
    do throws(Failure) {
        let drill = { () throws(Failure) in try session.drill(isKept: call.has("--keep")) { call.output.reportProgress("drill: \($0) …") } }
        let outcome: Result<DrillReport, Failure> = Interrupts.shared.forwarding(to: session) { Result(catching: drill) }
        call.output.reportProgress(nil)
        let report = try outcome.get()
        call.output.show(call.has("--json") ? report.json : report.text(colour: call.output.showsColour))
        return report.isGood ? ExitStatus.success : ExitStatus.failure
    } catch {
        call.output.report(error.render(colour: call.output.reportsColour, width: call.output.reportWidth) + "\n")
        return error.kind == "interrupted" ? ExitStatus.interrupted : ExitStatus.failure
    }
}
