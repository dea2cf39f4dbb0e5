import CrateLanguage
import CrateValues

func sortFunction() -> NativeFunction {
    NativeFunction(
        "sort", "Give the items in order, equal ones as they stand; of a table the rows.",
        [
            Parameter("items", .items, .required, "a list, range, dict, text, table …"),
            Parameter(
                "by", .any, .optional, named: true,
                "\"natural\" (file2 before file10), a function of one item, or the name of a key or column"),
            Parameter("reverse", .bool, .optional, named: true, "the greatest first"),
        ],
        examples: [
            "sort([3, 1, 2])  # [1, 2, 3]", #"sort(["f10", "f2"], by: "natural")  # ["f2", "f10"]"#,
            #"sort([{a: 2}, {a: 1}], by: "a")  # [{"a": 1}, {"a": 2}]"#,
        ]
    ) { call throws(Failure) in
        if case .object(let object) = call[0], let table = object as? TableObject {
            guard case .string(let name) = call[1] else { throw Failure("argument", "sorting a table needs `by:` with a column's name") }
            let order = try sortedPositions(try elements(of: try table.element([.at(.string(name))])), call, Value.order)
            return .object(table.rows(order))
        }
        if case .object(let object) = call[0], let array = object as? any ArrayLike, case .null = call[1], array.tensor.rank == 1 {
            let isReversed = call.flag(2)
            do throws(ArrayError) { return .object(ArrayObject(try array.tensor.sorted(descending: isReversed))) } catch { throw Failure(error) }
        }
        let items = try call.items(0)
        let order = try sortedPositions(try sortKeys(items, call), call, order(call[1]))
        return .list(order.map { items[$0] })
    }
}

/// What each item is sorted by.
private func sortKeys(_ items: [Value], _ call: Call) throws(Failure) -> [Value] {
    switch call[1] {
    case .null, .string("natural"): return items
    case .function: return try call.map(items, by: call[1])
    case .string(let name): return try items.map { (item) throws(Failure) in try field(name, of: item) }
    case let other: throw Failure("type", "`by:` takes \"natural\", a function or a key's name, not a value of type \(typeName(of: other))")
    }
}

private func field(_ name: String, of item: Value) throws(Failure) -> Value {
    switch item {
    case .dict(let dict): if let value = dict[name] { return value }
    case .object(let object): if let value = try object.member(name) { return value }
    default: break
    }
    throw Failure("key", "an item to sort has no `\(name)`: \(String(item.nestedDescription.prefix(60)))")
}

private func order(_ by: Value) -> (Value, Value) throws(Failure) -> Value.Order {
    guard case .string("natural") = by else { return Value.order }
    return { (a, b) throws(Failure) in
        guard case .string(let x) = a, case .string(let y) = b else { return try Value.order(a, b) }
        let order = naturalOrder(x, y)
        return order < 0 ? .less : order > 0 ? .greater : .equal
    }
}

/// Positions in the order of `keys`. Equal keys keep their order, also when reversed.
private func sortedPositions(
    _ keys: [Value], _ call: Call, _ order: (Value, Value) throws(Failure) -> Value.Order
) throws(Failure) -> [Int] {
    let reverse = call.flag(2)
    var comparisons = 0
    do {
        return try keys.indices.sorted { a, b in
            try call.pause(at: comparisons)
            comparisons &+= 1
            let outcome = try order(keys[a], keys[b])
            return outcome == .less && !reverse || outcome == .greater && reverse || (outcome == .equal && a < b)
        }
    } catch let failure as Failure {
        throw failure
    } catch {
        throw Failure("type", "these items can't be put in order")
    }
}

/// Negative, zero or positive: runs of digits count as numbers, everything else by code points.
func naturalOrder(_ a: String, _ b: String) -> Int {
    let (x, y) = (Array(a.utf8), Array(b.utf8))
    var (i, j) = (0, 0)
    while i < x.count, j < y.count {
        if isDigit(x[i]), isDigit(y[j]) {
            let (first, second) = (takeNumber(x, &i), takeNumber(y, &j))
            if first.count != second.count { return first.count - second.count }
            if let difference = zip(first, second).first(where: { $0 != $1 }) { return Int(difference.0) - Int(difference.1) }
        } else {
            if x[i] != y[j] { return Int(x[i]) - Int(y[j]) }
            i += 1
            j += 1
        }
    }
    if x.count - i != y.count - j { return (x.count - i) - (y.count - j) }
    // Equal but for leading zeros: the plain order decides, so that equal means the same.
    return a == b ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
}

private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// The digits from `position`, without leading zeros.
private func takeNumber(_ bytes: [UInt8], _ position: inout Int) -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    return bytes[start..<position].drop { $0 == UInt8(ascii: "0") }
}
