import CrateLanguage
import CrateValues

/// A function of arrays that takes no state along, so that it is a method of arrays, too.
struct ArrayFunction: Sendable {
    let name: String
    let summary: String
    let parameters: [Parameter]
    let examples: [String]
    let body: @Sendable (ArrayArguments) throws(Failure) -> Value

    init(
        _ name: String, _ summary: String, _ parameters: [Parameter], _ examples: [String],
        body: @escaping @Sendable (ArrayArguments) throws(Failure) -> Value
    ) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.examples = examples
        self.body = body
    }

    var function: NativeFunction {
        NativeFunction(name, summary, parameters, examples: examples) { (call) throws(Failure) in
            try body(ArrayArguments(name: name, parameters: parameters, values: call.arguments, rest: call.rest))
        }
    }

    /// The function with `receiver` as its first argument.
    func method(of receiver: Value) -> NativeFunction {
        let takesRest = parameters.first?.presence == .variadic
        return NativeFunction(name, summary, Array(parameters.dropFirst())) { (call) throws(Failure) in
            let values = (takesRest ? [nil] : [receiver]) + call.arguments
            return try body(ArrayArguments(name: name, parameters: parameters, values: values, rest: takesRest ? [receiver] : call.rest))
        }
    }

    /// All of them, in the order of help.
    static let all: [ArrayFunction] =
        construction + shapes + reductions + mathematics + selection + [matmul, dot] + casts

    static let methods: [String: ArrayFunction] = Dictionary(
        (shapes + reductions + mathematics + selection + [matmul, dot, unique, copy]).map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first })
}

/// Bound arguments as arrays, shapes and types. Messages name the function and the parameter.
struct ArrayArguments {
    let name: String
    let parameters: [Parameter]
    let values: [Value?]
    let rest: [Value]

    init(name: String, parameters: [Parameter], values: [Value?], rest: [Value]) {
        self.name = name
        self.parameters = parameters
        self.values = values
        self.rest = rest
    }

    /// `nil` when left out or null.
    subscript(position: Int) -> Value? {
        guard values.indices.contains(position), let value = values[position] else { return nil }
        if case .null = value { return nil }
        return value
    }

    func wrong(_ position: Int, _ wanted: String) -> Failure {
        let given = self[position].map { "a value of type \(CrateLanguage.typeName(of: $0))" } ?? "nothing"
        return Failure("type", "\(name): `\(parameters[position].name)` should be \(wanted), not \(given)")
    }

    func tensor(_ position: Int) throws(Failure) -> Tensor {
        guard let value = self[position], let tensor = try Tensor(value) else { throw wrong(position, "an array, a list or a number") }
        return tensor
    }

    func operand(_ position: Int) throws(Failure) -> Operand {
        guard let value = self[position], let operand = try Operand(value) else { throw wrong(position, "an array, a list or a number") }
        return operand
    }

    func optionalOperand(_ position: Int) throws(Failure) -> Operand? { self[position] == nil ? nil : try operand(position) }

    func int(_ position: Int) throws(Failure) -> Int? {
        switch self[position] {
        case nil: return nil
        case .int(let number): return number
        default: throw wrong(position, "a whole number")
        }
    }

    func double(_ position: Int) throws(Failure) -> Double? {
        switch self[position] {
        case nil: return nil
        case .int(let number): return Double(number)
        case .float(let number): return number
        default: throw wrong(position, "a number")
        }
    }

    func flag(_ position: Int) throws(Failure) -> Bool? {
        switch self[position] {
        case nil: return nil
        case .bool(let flag): return flag
        default: throw wrong(position, "true or false")
        }
    }

    func dtype(_ position: Int) throws(Failure) -> DType? {
        guard let value = self[position] else { return nil }
        guard case .string(let text) = value else { throw wrong(position, "an element type, such as \"float32\"") }
        guard let dtype = DType(rawValue: text) else {
            throw Failure(
                "value", "there is no element type `\(text)`",
                hint: "the types are " + DType.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return dtype
    }

    /// Whole numbers: one, or a list of them.
    func ints(_ position: Int) throws(Failure) -> [Int]? {
        switch self[position] {
        case nil: return nil
        case .int(let number): return [number]
        case .list(let list):
            var numbers: [Int] = []
            for item in list.items {
                guard case .int(let number) = item else { throw wrong(position, "a list of whole numbers") }
                numbers.append(number)
            }
            return numbers
        default: throw wrong(position, "a whole number or a list of them")
        }
    }

    /// A shape that must be there.
    func shape(_ position: Int) throws(Failure) -> [Int] {
        guard let shape = try ints(position) else { throw wrong(position, "a shape, such as [2, 3]") }
        return shape
    }

    /// The arrays of a list, or of the further arguments.
    func tensors(_ position: Int) throws(Failure) -> [Tensor] {
        guard case .list(let list)? = self[position] else { throw wrong(position, "a list of arrays") }
        var tensors: [Tensor] = []
        for item in list.items {
            guard let tensor = try Tensor(item) else { throw wrong(position, "a list of arrays") }
            tensors.append(tensor)
        }
        return tensors
    }
}
