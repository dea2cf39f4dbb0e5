import CrateLanguage

func showCommand(_ session: Session) -> NativeFunction {
    NativeFunction(
        "show", "Show values as the prompt does: tables aligned, pictures, plots and sound drawn where the terminal can.",
        [
            Parameter("values", .any, .variadic, "what is shown, one below the other"),
            Parameter("depth", .int, .optional, named: true, "levels of nested lists and dicts that are opened"),
            Parameter("items", .int, .optional, named: true, "items shown of each list and dict, rows of a table"),
        ],
        examples: [#"show table({a: [1, 2], b: ["x", "y"]})"#, "show zeros([2, 2])", "show {a: [1, [2, 3]]}, depth: 2  # {\"a\": [1, [… 2 items]]}"]
    ) { [unowned session] call throws(Failure) in
        let folding = try Folding(depth: call.int(1), items: call.int(2))
        for value in call.rest { session.present(value, isQuoted: false, folding: folding) }
        return .null
    }
}

extension Folding {
    /// `nil` when neither is asked for; what is not said is then not bounded.
    fileprivate init?(depth: Int?, items: Int?) throws(Failure) {
        if depth == nil, items == nil { return nil }
        self = .none
        if let depth { self.depth = min(max(depth, 0), 100) }
        if let items { show(items: max(items, 1)) }
    }
}
