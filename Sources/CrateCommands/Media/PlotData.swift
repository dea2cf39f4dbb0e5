import CrateFormats
import CrateLanguage
import CrateValues

/// Numbers for plots, from arrays, lists, ranges and tables' columns. Missing values (null) leave gaps.
enum PlotData {
    /// More could not be told apart, and an array without rows may have any number of columns.
    private static let maximumSeries = 10_000

    static func numbers(_ value: Value, _ name: String) throws(Failure) -> [Double] {
        if case .list(let list) = value, list.items.contains(where: { if case .null = $0 { true } else { false } }) {
            return try numbers(.list(ListObject(list.items.map { if case .null = $0 { .float(.nan) } else { $0 } })), name)
        }
        guard let tensor = try Tensor(value), tensor.rank == 1 else {
            throw Failure("type", "`\(name)` should be a list or an array of numbers with one dimension, not a value of type \(typeName(of: value))")
        }
        return try failing { () throws(ArrayError) in try tensor.doubles() }
    }

    /// A series for each entry of a dict, for each column of a two-dimensional array, or one without a name.
    static func named(_ value: Value, _ name: String) throws(Failure) -> [(name: String, values: [Double])] {
        if case .dict(let dict) = value {
            var series: [(name: String, values: [Double])] = []
            for (key, values) in dict.entries { series.append((text(key), try numbers(values, text(key)))) }
            return series
        }
        if let tensor = try? Tensor(value), tensor.rank == 2 {
            guard tensor.shape[1] <= maximumSeries else {
                throw Failure(
                    "limit", "`\(name)` has \(tensor.shape[1]) columns, and a plot takes \(maximumSeries) series at most",
                    hint: "each column is a series; plot \(name).T when the rows are meant")
            }
            var series: [(name: String, values: [Double])] = []
            for column in 0..<tensor.shape[1] {
                series.append(("", try failing { () throws(ArrayError) in try tensor.at(column, axis: 1).doubles() }))
            }
            return series
        }
        return [("", try numbers(value, name))]
    }

    /// `nil` counts from 0.
    static func positions(_ value: Value?, for series: [(name: String, values: [Double])]) throws(Failure) -> [[Double]] {
        guard let value else { return series.map { $0.values.indices.map(Double.init) } }
        let x = try numbers(value, "x")
        for (name, values) in series where values.count != x.count {
            throw Failure("value", "`x` has \(x.count) values, `\(name.isEmpty ? "y" : name)` has \(values.count)", hint: "both must be equally long")
        }
        return series.map { _ in x }
    }

    /// What stands under a bar, one for each value. The counts are compared first: a range may be longer than any memory.
    static func labels(_ value: Value, for series: [(name: String, values: [Double])]) throws(Failure) -> [String] {
        switch value {
        case .list(let list):
            try check(list.items.count, against: series)
            return list.items.map { "\($0)" }
        case .range(let range):
            try check(range.count, against: series)
            return (0..<range.count).map { "\(range.lower + $0)" }
        case .object:
            let numbers = try numbers(value, "labels")
            try check(numbers.count, against: series)
            return numbers.map { number in Int(exactly: number).map { "\($0)" } ?? "\(number)" }
        default: throw Failure("type", "`labels` should be a list, not a value of type \(typeName(of: value))")
        }
    }

    private static func check(_ count: Int, against series: [(name: String, values: [Double])]) throws(Failure) {
        for (name, values) in series where values.count != count {
            throw Failure("value", "\(count) labels stand against \(values.count) values\(name.isEmpty ? "" : " of `\(name)`")")
        }
    }

    private static func text(_ key: Key) -> String {
        switch key {
        case .string(let text): text
        case .int(let number): "\(number)"
        case .float(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        default: ""
        }
    }
}
