import CrateLanguage
import CrateValues
import OpenCrate

func usageCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "usage", "Show how much room snapshots, versions, kinds, artifacts and backups take, and what is kept for `undo`.",
        [
            Parameter("name", .string, .optional, "a snapshot; all when left out"), .reportForm("a list of dicts"),
        ],
        examples: [#"setup "demo"; save text("a.txt"), "hello"; print usage("demo", output: "value")[0].bytes > 0  # true"#]
    ) { [unowned session] call throws(Failure) in
        let crate = try session.crate()
        let name = try call.string(0)
        let parts = try throwing { () throws(CrateError) in try crate.usage(name) }
        let rows = Document.list(
            parts.map {
                .object([
                    ("sort", .string($0.sort.rawValue)), ("name", .string($0.name)), ("bytes", .integer($0.bytes)),
                    ("exclusive", .integer($0.exclusive)), ("shared", .integer($0.shared)),
                ])
            })
        return session.tell(try call.string(1), rows) {
            table(parts.map { [sizeText($0.bytes), sizeText($0.shared), $0.sort.rawValue, $0.name] }, ["size", "shared", "what", "name"])
        }
    }
}

func gcCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "gc", "Free what is kept for `undo`, and with rules the versions that none of them names and no other process has set up.",
        [
            Parameter("name", .string, .optional, "a snapshot; all when left out"),
            Parameter("keep_last", .int, .optional, named: true, "the newest so many numbers stay"),
            Parameter("keep_tagged", .bool, .optional, named: true, "versions with a tag stay"),
            Parameter("newer_than", .string, .optional, named: true, "versions stay that were written to since: \"2026-11-20\", or \"30d\" ago"),
            Parameter("best", .string, .optional, named: true, "versions stay that have the best number in a JSON artifact, or none there: \"metrics.json:accuracy\""),
            Parameter("best_count", .int, .optional, named: true, "how many of the best; 1"),
            Parameter("smallest", .bool, .optional, named: true, "the smallest number is the best, as of a loss"),
            Parameter("plan", .bool, .optional, named: true, "only show what would go, and what could not be had back"),
            Parameter("confirm", .bool, .optional, named: true, "must be true"),
            .reportForm("a list of dicts"),
        ],
        examples: [
            #"setup "demo"; save text("a.txt"), "one"; save text("a.txt"), "two"; print len(gc("demo", plan: true, output: "value"))  # 1"#,
            #"setup "demo"; setup "demo"; gc "demo", keep_last: 1, confirm: true"#,
        ]
    ) { [unowned session] call throws(Failure) in
        let crate = try session.crate()
        let name = try call.string(0)
        let retention = try retention(call, session)
        let isPlan = try call.bool(7) ?? false
        let isConfirmed = try call.bool(8) ?? false
        let plan = try throwing { () throws(CrateError) in
            isPlan ? try crate.planCollection(name, retention) : try crate.collect(name, retention, confirm: isConfirmed)
        }
        let rows = Document.list(
            plan.items.map { .object([("path", .string($0.path)), ("bytes", .integer($0.bytes)), ("loses", .string($0.loses)), ("held", .null)]) }
                + plan.held.map { .object([("path", .string($0.path)), ("bytes", .integer(0)), ("loses", .string("")), ("held", .string($0.holder))]) })
        return session.tell(try call.string(9), rows) {
            (plan.items.isEmpty ? "" : table(plan.items.map { [sizeText($0.bytes), $0.loses] }, ["size", "what is lost"]))
                + plan.held.map { "`\($0.path)` stays: \($0.holder) has set it up\n" }.joined()
                + "\(sizeText(plan.bytes)) \(isPlan ? "would be freed" : "freed")\n"
        }
    }
}

private func retention(_ call: Call, _ session: Session) throws(Failure) -> Retention {
    var retention = Retention()
    retention.last = try call.int(1)
    if let last = retention.last, last < 0 { throw Failure("value", "keep_last: is a number from 0") }
    retention.isTaggedKept = try call.bool(2) ?? false
    if let text = try call.string(3) { retention.newerThan = try session.moment(text) }
    if let count = try call.int(5), count < 1 { throw Failure("value", "best_count: is a number from 1") }
    if call.arguments[4] == nil, call.arguments[5] != nil || call.arguments[6] != nil {
        throw Failure("value", "best_count: and smallest: go with best:, such as best: \"metrics.json:loss\"")
    }
    if let text = try call.string(4) {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex, text.index(after: colon) != text.endIndex else {
            throw Failure("value", "best: names a JSON artifact and a key in it, such as \"metrics.json:accuracy\"")
        }
        retention.best = Retention.Metric(
            artifact: String(text[..<colon]), key: String(text[text.index(after: colon)...]), isSmallestBest: try call.bool(6) ?? false,
            count: try call.int(5) ?? 1)
    }
    return retention
}

/// Columns under their titles; all but the last two are aligned to the right.
private func table(_ rows: [[String]], _ titles: [String]) -> String {
    let widths = titles.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
    return ([titles] + rows).map { row in
        row.enumerated().map { column, cell in
            let space = String(repeating: " ", count: widths[column] - cell.count)
            return column == titles.count - 1 ? cell : column < titles.count - 2 || titles.count == 2 ? space + cell : cell + space
        }.joined(separator: "  ") + "\n"
    }.joined()
}
