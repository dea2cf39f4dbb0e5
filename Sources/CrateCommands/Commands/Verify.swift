import CrateLanguage
import CrateValues
import OpenCrate

func verifyCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "verify", "Read artifacts and backups and compare them with what was written; fails when one differs.",
        [
            Parameter("name", .string, .optional, "a snapshot; all when left out"),
            Parameter("version", .any, .optional, named: true, "one version of it: a number, or a folder's name such as \"v0:baseline\""),
            Parameter("sample", .any, .optional, named: true, "a part chosen at random: \"10%\" or 0.1"),
            Parameter("since", .string, .optional, named: true, "only what was written since: \"2026-11-20\", or \"7d\", \"12h\", \"30m\" ago"),
            Parameter("adopt", .bool, .optional, named: true, "take the files as they are, and journal that; makes a lost journal anew"),
            .reportForm("a dict and does not fail"),
        ],
        examples: [#"setup "demo"; save text("a.txt"), "one"; print verify(output: "value").checked  # 1"#]
    ) { [unowned session] call throws(Failure) in
        let crate = try session.crate()
        var scope = VerificationScope(name: try call.string(0), version: try version(call.arguments[1]))
        if let part = call.arguments[2] { scope.sample = try sampled(part) }
        if let text = try call.string(3) { scope.since = try session.moment(text) }
        if try call.bool(4) ?? false {
            return .strings(try throwing { () throws(CrateError) in try crate.adopt(scope) })
        }
        let result = try throwing { () throws(CrateError) in try crate.verify(scope) }
        let form = try call.string(5)
        let told = session.tell(form, report(result), rows: findings(result)) { text(result) }
        guard form == "value" || result.findings.isEmpty else {
            throw Failure("verify", "\(result.findings.count) found that \(result.findings.count == 1 ? "is" : "are") not as written", hint: "`undo` and `restore` bring states back; `verify adopt: true` takes the files as they are; below `resets` is what `undo \"NAME\"` would bring back, and `gc` drops")
        }
        return told
    }
}

private func version(_ value: Value?) throws(Failure) -> Version? {
    switch value {
    case nil, .null: return nil
    case .int(let number): return Version(number: number)
    case .string(let text):
        if let version = Version(folder: text) { return version }
    default: break
    }
    throw Failure("value", "version: is a number, \"dev\", or a folder's name such as \"v0:baseline\"")
}

private func sampled(_ value: Value) throws(Failure) -> Double {
    var part: Double?
    switch value {
    case .int(let number): part = Double(number)
    case .float(let number): part = number
    case .string(let text) where text.hasSuffix("%"): part = Double(text.dropLast()).map { $0 / 100 }
    default: break
    }
    if let part, part > 0, part <= 1 { return part }
    throw Failure("value", "sample: is a part such as \"10%\" or 0.1, above 0 and at most 1")
}

private func report(_ result: Verification) -> Document {
    .object([
        ("checked", .integer(result.checked)), ("skipped", .integer(result.skipped)), ("bytes", .integer(result.bytes)),
        ("findings", findings(result)),
    ])
}

private func findings(_ result: Verification) -> Document {
    .list(result.findings.map { .object([("problem", .string($0.problem.rawValue)), ("path", .string($0.path)), ("detail", .string($0.detail))]) })
}

private func text(_ result: Verification) -> String {
    let findings = result.findings.map { "\($0.problem.rawValue)  \($0.path)  \($0.detail)\n" }.joined()
    let skipped = result.skipped == 0 ? "" : ", \(result.skipped) left out"
    return findings + "\(result.checked) checked, \(sizeText(result.bytes)) read\(skipped), \(differences(result.findings.count))\n"
}

private func differences(_ count: Int) -> String { count == 0 ? "no differences" : count == 1 ? "1 difference" : "\(count) differences" }
