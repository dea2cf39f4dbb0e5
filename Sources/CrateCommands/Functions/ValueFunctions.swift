import CrateLanguage
import CrateValues

/// Functions on values of every type, in the order of help.
func valueFunctions() -> [NativeFunction] {
    [lenFunction(), typeFunction()] + conversionFunctions() + dictFunctions() + listFunctions() + jsonFunctions() + tableFunctions()
}

private func lenFunction() -> NativeFunction {
    NativeFunction(
        "len", "Give the number of items, pairs, rows, bytes or characters.",
        [Parameter("value", .items, .required, "a list, dict, text, array, table …")],
        examples: ["len([1, 2, 3])  # 3", #"len("né")  # 2"#, #"len("a\r\n")  # 2"#]
    ) { call throws(Failure) in
        switch call[0] {
        case .list(let list): return .int(list.items.count)
        case .dict(let dict): return .int(dict.count)
        case .string(let text): return .int(text.characterCount)
        case .range(let range): return .int(range.count)
        case .object(let object):
            if let count = object.count { return .int(count) }
        default: break
        }
        throw Failure("type", "a value of type \(typeName(of: call[0])) has no length")
    }
}

private func typeFunction() -> NativeFunction {
    NativeFunction(
        "type", "Give the name of a value's type.", [Parameter("value", .any, .required, "any value")],
        examples: ["type(1.0)  # float", "type({})  # dict"]
    ) { call in
        .string(typeName(of: call[0]))
    }
}

/// Functions on dicts and tables.
private func dictFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "keys", "Give a dict's keys, or a table's column names.", [Parameter("dict", .anyOf([.dict, .object(["table"])]), .required, "a dict or a table")],
            examples: ["keys({a: 1, b: 2})  # [\"a\", \"b\"]"]
        ) { call throws(Failure) in try keys(call[0]) },
        NativeFunction(
            "values", "Give a dict's values, or a table's columns.", [Parameter("dict", .anyOf([.dict, .object(["table"])]), .required, "a dict or a table")],
            examples: ["values({a: 1, b: 2})  # [1, 2]"]
        ) { call throws(Failure) in
            guard case .dict(let dict) = call[0] else {
                return .list(try elements(of: keys(call[0])).map { (key) throws(Failure) in try column(call[0], key) })
            }
            return .list(dict.entries.map(\.value))
        },
        NativeFunction(
            "items", "Give a dict's pairs of key and value.", [Parameter("dict", .dict, .required, "a dict")],
            examples: ["items({a: 1, b: 2})  # [[\"a\", 1], [\"b\", 2]]"]
        ) { call in
            guard case .dict(let dict) = call[0] else { return .list([]) }
            return pairs(dict.entries.map { (Value($0.key), $0.value) })
        },
    ]
}

/// A list of pairs, which `for a, b in …` takes apart.
func pairs(_ pairs: [(Value, Value)]) -> Value {
    let list = ListObject(pairs.map { .list([$0.0, $0.1]) })
    list.holdsPairs = true
    return .list(list)
}

private func keys(_ value: Value) throws(Failure) -> Value {
    switch value {
    case .dict(let dict): return .list(dict.keys.map { Value($0) })
    case .object(let table as TableObject): return .list(table.table.columns.map { .string($0.name) })
    default: throw Failure("type", "a value of type \(typeName(of: value)) has no keys")
    }
}

private func column(_ value: Value, _ key: Value) throws(Failure) -> Value {
    guard case .object(let object) = value else { return .null }
    return try object.element([.at(key)])
}
