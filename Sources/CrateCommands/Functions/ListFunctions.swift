import CrateLanguage

/// Functions on whatever has items.
func listFunctions() -> [NativeFunction] {
    let items = Parameter("items", .items, .required, "a list, range, dict, text, array …")
    return [
        sortFunction(),
        NativeFunction("reversed", "Give the items from last to first.", [items], examples: ["reversed([1, 2, 3])  # [3, 2, 1]"]) {
            call throws(Failure) in
            if case .string(let text) = call[0] { return .string(String(text.reversed())) }
            return .list(try call.items(0).reversed())
        },
        rangeFunction(),
        NativeFunction(
            "enumerate", "Give pairs of position and item.", [items, Parameter("start", .int, .optional, "the first position; 0")],
            examples: [#"enumerate(["a", "b"])  # [[0, "a"], [1, "b"]]"#]
        ) { call throws(Failure) in
            let start = call.whole(1) ?? 0
            return pairs(try call.items(0).enumerated().map { (.int(start &+ $0.offset), $0.element) })
        },
        NativeFunction(
            "zip", "Give the first items of all lists, then the second ones …, as long as the shortest lasts.",
            [Parameter("lists", .items, .variadic, "lists")], examples: [#"zip([1, 2], ["a", "b"])  # [[1, "a"], [2, "b"]]"#]
        ) { call throws(Failure) in
            let lists = try call.rest.map { (list) throws(Failure) in try elements(of: list) }
            let rows = ListObject((0..<(lists.map(\.count).min() ?? 0)).map { position in .list(lists.map { $0[position] }) })
            rows.holdsPairs = lists.count == 2
            return .list(rows)
        },
        NativeFunction(
            "unique", "Give each item once, in the order of first appearance; of an array the elements in order.", [items],
            examples: ["unique([2, 1, 2])  # [2, 1]", "unique(array([2, 1, 2]))  # [1 2]"]
        ) { call throws(Failure) in
            if let distinct = try ofArray("unique", call) { return distinct }
            var distinct = DistinctValues()
            for item in try call.items(0) {
                try call.interpreter.checkInterrupted()
                try distinct.add(item)
            }
            return .list(distinct.kept)
        },
    ] + functionsByFunction(items)
}

private func functionsByFunction(_ items: Parameter) -> [NativeFunction] {
    let by = Parameter("by", .function, .required, "a function of one item")
    return [
        NativeFunction(
            "map", "Give what a function makes of each item.", [items, by],
            examples: ["def half(x) { return x / 2 }; map([2, 4], half)  # [1.0, 2.0]"]
        ) { call throws(Failure) in .list(try call.map(try call.items(0), by: call[1])) },
        NativeFunction(
            "filter", "Give the items for which a function gives true.", [items, by],
            examples: ["def small(x) { return x < 3 }; filter([1, 5, 2], small)  # [1, 2]"]
        ) { call throws(Failure) in
            let items = try call.items(0)
            let flags = try call.map(items, by: call[1])
            var kept: [Value] = []
            for (item, flag) in zip(items, flags) where try truth(flag, of: "the function") { kept.append(item) }
            return .list(kept)
        },
    ]
}

private func rangeFunction() -> NativeFunction {
    NativeFunction(
        "range", "Give the whole numbers from the first, 0 when left out, up to but without the last.",
        [
            Parameter("first", .int, .required, "the first, or the last when it is the only argument"),
            Parameter("last", .int, .optional, "where it ends"),
            Parameter("step", .int, .optional, "from one to the next; 1"),
        ],
        examples: ["[x for x in range(3)]  # [0, 1, 2]", "range(10, 0, -5)  # [10, 5]"]
    ) { call throws(Failure) in
        let first = call.whole(0) ?? 0
        let lower = call.whole(1) == nil ? 0 : first
        let upper = call.whole(1) ?? first
        let step = call.whole(2) ?? 1
        if step == 1 { return .range(RangeObject(lower: lower, upper: upper)) }
        guard step != 0 else { throw Failure("value", "a range's step can't be 0") }
        let (distance, overflow) = upper.subtractingReportingOverflow(lower)
        guard !overflow, distance / step <= maximumElements else { throw Failure("limit", "this range is too long for a list") }
        return .list(stride(from: lower, to: upper, by: step).map { .int($0) })
    }
}
