import CrateFormats
import CrateLanguage
import CrateValues

/// `plot`, `scatter`, `bar` and `histogram`.
func plotFunctions() -> [NativeFunction] {
    [
        curves(
            "plot", "Draw values as lines.", .line,
            ["plot([1, 4, 9], title: \"Squares\")", "plot([0, 1, 2], {up: [0, 1, 2], down: [2, 1, 0]}, xlabel: \"x\", size: [640, 400])"]),
        curves("scatter", "Draw values as points.", .points, ["scatter([1, 2, 3], [3, 1, 2], grid: false)"]),
        bar(), histogram(),
    ]
}

private func curves(_ name: String, _ summary: String, _ style: Plot.Style, _ examples: [String]) -> NativeFunction {
    let leading = [
        Parameter("x", .series, .required, "horizontal places; or, when it stands alone, what `y` takes, over 0, 1, 2 …"),
        Parameter("y", .series, .optional, "values, a dict of named series, or an array whose columns are series"),
        Parameter("markers", .bool, .optional, named: true, "whether each value gets a point"),
    ]
    return NativeFunction(name, summary, leading + PlotOptions.parameters, examples: examples) { call throws(Failure) in
        let (first, second) = (call.arguments[0] ?? .null, call.arguments[1])
        let series = try PlotData.named(second ?? first, "y")
        let positions = try PlotData.positions(second == nil ? nil : first, for: series)
        let style = try call.bool(2) == true && style == .line ? .linePoints : style
        var plot = Plot(series: zip(series, positions).map { Plot.Series(name: $0.name, x: $1, y: $0.values, style: style) })
        try PlotOptions.apply(to: &plot, call, first: leading.count)
        return .object(PlotObject(plot))
    }
}

private func bar() -> NativeFunction {
    let leading = [
        Parameter("labels", .any, .required, "one for each bar; or, when it stands alone, a dict of labels and values"),
        Parameter("values", .series, .optional, "heights, or a dict of named series of heights"),
    ]
    return NativeFunction(
        "bar", "Draw values as bars.", leading + PlotOptions.parameters,
        examples: ["bar([\"a\", \"b\"], [3, 5])", "bar({train: 0.9, test: 0.8}, ylabel: \"accuracy\")"]
    ) { call throws(Failure) in
        let (labels, series) = try barData(call.arguments[0] ?? .null, call.arguments[1])
        var plot = Plot.bars(categories: labels, series)
        try PlotOptions.apply(to: &plot, call, first: leading.count)
        return .object(PlotObject(plot))
    }
}

private func barData(_ first: Value, _ second: Value?) throws(Failure) -> (labels: [String], series: [(name: String, values: [Double])]) {
    if let second {
        let series = try PlotData.named(second, "values")
        return (try PlotData.labels(first, for: series), series)
    }
    guard case .dict(let dict) = first else {
        let series = try PlotData.named(first, "values")
        return ((0..<(series.first?.values.count ?? 0)).map { "\($0)" }, series)
    }
    let heights = Value.list(ListObject(dict.entries.map(\.value)))
    let series = [("", try PlotData.numbers(heights, "values"))]
    return (try PlotData.labels(.list(ListObject(dict.entries.map { Value($0.key) })), for: series), series)
}

private func histogram() -> NativeFunction {
    let leading = [
        Parameter("values", .series, .required, "numbers, or a dict of named series"),
        Parameter("bins", .int, .optional, named: true, "how many; chosen by the data when left out"),
    ]
    return NativeFunction(
        "histogram", "Draw how often values occur.", leading + PlotOptions.parameters, examples: ["histogram([1, 2, 2, 3, 3, 3], bins: 3)"]
    ) { call throws(Failure) in
        let bins = try call.int(1)
        if let bins, !(1...10_000).contains(bins) { throw Failure("value", "`bins` takes a number from 1 to 10000, not \(bins)") }
        var series: [(name: String, values: [Double])] = []
        let given = call.arguments[0] ?? .null
        // Any shape will do: a picture's histogram is that of all its samples.
        if case .object = given, let tensor = try Tensor(given) {
            series = [("", try failing { () throws(ArrayError) in try tensor.doubles() })]
        } else {
            series = try PlotData.named(given, "values")
        }
        var plot = Plot.histogram(series, bins: bins)
        try PlotOptions.apply(to: &plot, call, first: leading.count)
        return .object(PlotObject(plot))
    }
}
