import CrateFormats
import CrateLanguage
import CrateValues

/// The named arguments that all plots take.
enum PlotOptions {
    static let parameters = [
        Parameter("title", .string, .optional, named: true, "above the plot"),
        Parameter("xlabel", .string, .optional, named: true, "below the horizontal axis"),
        Parameter("ylabel", .string, .optional, named: true, "beside the vertical axis"),
        Parameter("legend", .any, .optional, named: true, "whether there is one; or a name, or names, for the series"),
        Parameter("grid", .bool, .optional, named: true, "false for none"),
        Parameter("size", .list, .optional, named: true, "[width, height] in pixels, [800, 500] when left out"),
        Parameter("color", .any, .optional, named: true, "a name or \"#rrggbb\", or a list with one for each series"),
        Parameter("xlim", .list, .optional, named: true, "[low, high] of the horizontal axis"),
        Parameter("ylim", .list, .optional, named: true, "[low, high] of the vertical axis"),
    ]

    /// Sets what `call` names; `first` is the position of `title` among its parameters.
    static func apply(to plot: inout Plot, _ call: Call, first: Int) throws(Failure) {
        plot.title = try call.string(first) ?? ""
        plot.xLabel = try call.string(first + 1) ?? plot.xLabel
        plot.yLabel = try call.string(first + 2) ?? plot.yLabel
        try setLegend(call.arguments[first + 3], of: &plot)
        plot.showsGrid = try call.bool(first + 4) ?? true
        if let size = try pair(call.arguments[first + 5], "size") { (plot.width, plot.height) = try pixels(size) }
        try setColors(call.arguments[first + 6], of: &plot)
        plot.xRange = try range(call.arguments[first + 7], "xlim")
        plot.yRange = try range(call.arguments[first + 8], "ylim")
    }

    private static func setLegend(_ value: Value?, of plot: inout Plot) throws(Failure) {
        switch value {
        case nil, .null: return
        case .bool(let isShown): plot.showsLegend = isShown
        case .some(let value):
            for (index, name) in try texts(value, "legend").enumerated() where index < plot.series.count { plot.series[index].name = name }
        }
    }

    private static func setColors(_ value: Value?, of plot: inout Plot) throws(Failure) {
        guard let value, !value.isNull else { return }
        for (index, name) in try texts(value, "color").enumerated() where index < plot.series.count {
            guard let color = Color(named: name) else {
                throw Failure("value", "there is no colour \"\(name)\"", hint: "use #rrggbb or one of \(Color.names.joined(separator: ", "))")
            }
            plot.series[index].color = color
        }
    }

    private static func texts(_ value: Value, _ name: String) throws(Failure) -> [String] {
        let items: [Value] = if case .list(let list) = value { list.items } else { [value] }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw Failure("type", "`\(name)` should be text or a list of texts") }
            texts.append(text)
        }
        return texts
    }

    private static func pair(_ value: Value?, _ name: String) throws(Failure) -> (Double, Double)? {
        guard let value, !value.isNull else { return nil }
        let numbers = try PlotData.numbers(value, name)
        guard numbers.count == 2 else { throw Failure("value", "`\(name)` takes two numbers, not \(numbers.count)") }
        return (numbers[0], numbers[1])
    }

    private static func pixels(_ size: (Double, Double)) throws(Failure) -> (Int, Int) {
        guard let width = Int(exactly: size.0), let height = Int(exactly: size.1), Plot.sides.contains(width), Plot.sides.contains(height) else {
            throw Failure("value", "`size` takes whole numbers from \(Plot.sides.lowerBound) to \(Plot.sides.upperBound)")
        }
        return (width, height)
    }

    private static func range(_ value: Value?, _ name: String) throws(Failure) -> ClosedRange<Double>? {
        guard let (low, high) = try pair(value, name) else { return nil }
        guard low < high, (high - low).isFinite else { throw Failure("value", "`\(name)` takes [low, high] with low below high") }
        return low...high
    }
}

extension Value {
    fileprivate var isNull: Bool { if case .null = self { true } else { false } }
}
