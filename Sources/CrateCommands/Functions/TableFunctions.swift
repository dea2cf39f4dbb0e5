import CrateLanguage
import CrateValues

/// Functions on tables, and on lists where they make sense there.
func tableFunctions() -> [NativeFunction] {
    let rows = Parameter("table", .items, .required, "a table, or a list")
    let count = Parameter("count", .int, .optional, "how many; 5")
    return [
        NativeFunction(
            "table", "Make a table of a dict of columns, a list of dicts, or a list of rows with the columns' names.",
            [
                Parameter("data", .any, .required, "columns or rows"),
                Parameter("columns", .list, .optional, named: true, "the columns' names, for rows"),
            ],
            examples: [#"table([[1, "a"], [2, "b"]], columns: ["id", "name"]).name  # ["a", "b"]"#, "len(table({x: [1, 2, 3]}))  # 3"]
        ) { call throws(Failure) in .object(try makeTable(call)) },
        NativeFunction("head", "Give the first rows or items.", [rows, count], examples: ["head([1, 2, 3], 2)  # [1, 2]"]) {
            call throws(Failure) in
            try part(call) { total, count in 0..<min(total, count) }
        },
        NativeFunction("tail", "Give the last rows or items.", [rows, count], examples: ["tail([1, 2, 3], 2)  # [2, 3]"]) {
            call throws(Failure) in
            try part(call) { total, count in max(0, total - count)..<total }
        },
        NativeFunction(
            "describe", "Give count, mean, standard deviation, least, quartiles and greatest of each column of numbers, as a table.",
            [Parameter("table", .object(["table"]), .required, "a table")], examples: ["describe(table({x: [1, 2, 3]})).x[1]  # 2.0"]
        ) { call throws(Failure) in
            guard case .object(let object) = call[0], let table = object as? TableObject else { return .null }
            return .object(TableObject(try summary(of: table.table)))
        },
    ]
}

private func makeTable(_ call: Call) throws(Failure) -> TableObject {
    if case .object(let object) = call[0], let table = object as? TableObject { return TableObject(table.table) }
    var table = try tableOf(try document(from: call[0], interpreter: call.interpreter))
    guard case .list(let names) = call[1] else { return TableObject(table) }
    let texts = names.items.map(\.description)
    guard Set(texts).count == texts.count else { throw Failure("value", "two columns have the same name") }
    if table.columns.isEmpty { table = Table(columns: texts.map { .init(name: $0, values: .strings([])) }) ?? table }
    guard texts.count == table.columns.count else {
        throw Failure("value", "\(texts.count) names for \(table.columns.count) columns")
    }
    let columns = zip(texts, table.columns).map { Table.Column(name: $0.0, values: $0.1.values) }
    return TableObject(Table(columns: columns) ?? table)
}

/// Some of the rows of a table or of the items of a list.
private func part(_ call: Call, _ range: (_ total: Int, _ count: Int) -> Range<Int>) throws(Failure) -> Value {
    let count = max(0, call.whole(1) ?? 5)
    if case .object(let object) = call[0], object.count != nil {
        let range = range(object.count ?? 0, count)
        return try object.element([.slice(start: .int(range.lowerBound), stop: .int(range.upperBound), step: nil)])
    }
    let items = try call.items(0)
    return .list(Array(items[range(items.count, count)]))
}

private func summary(of table: Table) throws(Failure) -> Table {
    let names = ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]
    var columns = [Table.Column(name: "statistic", values: .strings(names))]
    for column in table.columns {
        guard let numbers = column.values.numbers?.sorted() else { continue }
        columns.append(.init(name: column.name, values: .floats(statistics(numbers))))
    }
    guard columns.count > 1 else { throw Failure("value", "the table has no column of numbers") }
    return Table(columns: columns) ?? table
}

/// Of sorted numbers; the deviation is that of a sample, and quartiles are interpolated, as pandas has them.
private func statistics(_ numbers: [Double]) -> [Double] {
    guard let least = numbers.first, let greatest = numbers.last else { return [0] + Array(repeating: .nan, count: 7) }
    let count = Double(numbers.count)
    let mean = numbers.reduce(0, +) / count
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = numbers.count > 1 ? (squares / (count - 1)).squareRoot() : .nan
    return [count, mean, deviation, least, quantile(numbers, 0.25), quantile(numbers, 0.5), quantile(numbers, 0.75), greatest]
}

private func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let lower = Int(position)
    let upper = min(lower + 1, sorted.count - 1)
    return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
}
