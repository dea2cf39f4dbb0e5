import CrateLanguage
import CrateValues

/// Functions that turn one type into another.
func conversionFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "str", "Give a value as text, as `print` shows it.", [Parameter("value", .any, .required, "any value")],
            examples: ["str(1.0) + \"!\"  # 1.0!"]
        ) { call in .string(call[0].description) },
        NativeFunction(
            "int", "Give a whole number: of text, of a float without its fraction, of true (1) or false (0).",
            [Parameter("value", .any, .required, "any value")],
            examples: [#"int("42")  # 42"#, "int(-2.7)  # -2"]
        ) { call throws(Failure) in try integer(call[0]) },
        NativeFunction(
            "float", "Give a float: of text or of any number.", [Parameter("value", .any, .required, "any value")],
            examples: [#"float("1e3")  # 1000.0"#, "float(2)  # 2.0"]
        ) { call throws(Failure) in try float(call[0]) },
        NativeFunction(
            "bool", "Give true or false: of text that says so, of a number that is not zero.",
            [Parameter("value", .any, .required, "any value")],
            examples: [#"bool("true")  # true"#, "bool(0)  # false"]
        ) { call throws(Failure) in .bool(try boolean(call[0])) },
    ]
}

private func integer(_ value: Value) throws(Failure) -> Value {
    switch number(in: value) {
    case .int, .bigInt: return number(in: value)
    case .bool(let flag): return .int(flag ? 1 : 0)
    case .float(let number):
        if let whole = Int(exactly: number.rounded(.towardZero)) { return .int(whole) }
        guard let whole = BigInteger(truncating: number) else { throw Failure("value", "\(Value.float(number)) is no whole number") }
        return .bigInt(whole)
    case .string(let text):
        let digits = digits(in: text)
        if let whole = Int(digits) { return .int(whole) }
        guard let whole = BigInteger(decimal: digits) else { throw unreadable(text, as: "a whole number") }
        return whole.asInt.map { .int($0) } ?? .bigInt(whole)
    default: throw impossible(value, "a whole number")
    }
}

private func float(_ value: Value) throws(Failure) -> Value {
    switch number(in: value) {
    case .int(let number): return .float(Double(number))
    case .bigInt(let number): return .float(number.toDouble)
    case .float(let number): return .float(number)
    case .bool(let flag): return .float(flag ? 1 : 0)
    case .string(let text):
        let digits = digits(in: text)
        // Swift reads hexadecimal floats, too, which nobody means here.
        guard !digits.contains(where: { "xXpP".contains($0) }), let number = Double(digits) else { throw unreadable(text, as: "a number") }
        return .float(number)
    default: throw impossible(value, "a float")
    }
}

private func boolean(_ value: Value) throws(Failure) -> Bool {
    switch number(in: value) {
    case .bool(let flag): return flag
    case .int(let number): return number != 0
    case .bigInt: return true
    case .float(let number): return number != 0
    case .string(let text):
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw unreadable(text, as: "true or false")
        }
    default: throw impossible(value, "true or false")
    }
}

/// The element of an array that has only one; any other value as it is.
private func number(in value: Value) -> Value {
    guard case .object(let object) = value, let array = object as? ArrayObject else { return value }
    return array.onlyValue ?? value
}

/// The text without white space around it and without underscores between digits, as Python reads numbers.
private func digits(in text: String) -> String {
    let trimmed = text.trimmingSpace()
    guard trimmed.contains("_") else { return trimmed }
    let characters = Array(trimmed)
    let isSpelledWell = characters.indices.allSatisfy { index in
        characters[index] != "_"
            || (index > 0 && index + 1 < characters.count && characters[index - 1].isASCIIDigit && characters[index + 1].isASCIIDigit)
    }
    return isSpelledWell ? trimmed.filter { $0 != "_" } : trimmed
}

extension Character {
    fileprivate var isASCIIDigit: Bool { "0"..."9" ~= self }
}

private func unreadable(_ text: String, as what: String) -> Failure {
    Failure("value", "\(Value.string(String(text.prefix(40))).nestedDescription) can't be read as \(what)")
}

private func impossible(_ value: Value, _ what: String) -> Failure {
    Failure("type", "a value of type \(typeName(of: value)) can't be turned into \(what)")
}
