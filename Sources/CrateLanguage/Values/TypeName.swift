/// The type's name as `type(x)` gives it and messages use it.
public func typeName(of value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool: "bool"
    case .int, .bigInt: "int"
    case .float: "float"
    case .string: "string"
    case .list: "list"
    case .dict: "dict"
    case .range: "range"
    case .function: "function"
    case .object(let object): object.typeName
    }
}
