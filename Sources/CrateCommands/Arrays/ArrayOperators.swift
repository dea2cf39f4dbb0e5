import CrateLanguage
import CrateValues

extension BinaryOperation {
    /// `nil` for the matrix product, which is not element by element.
    init?(_ op: BinaryOperator) {
        switch op {
        case .add: self = .add
        case .subtract: self = .subtract
        case .multiply: self = .multiply
        case .divide: self = .divide
        case .floorDivide: self = .floorDivide
        case .remainder: self = .remainder
        case .power: self = .power
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        case .matrixMultiply: return nil
        }
    }
}

/// `a op b` where one side is an array and the other an array, a number or a list; `nil` when it is something else.
func arrayBinary(_ op: BinaryOperator, _ tensor: Tensor, _ other: Value, isReversed: Bool) throws(Failure) -> Value? {
    guard let operand = try Operand(other) else { return nil }
    return try arrayResult { () throws(ArrayError) in
        let (a, b): (Operand, Operand) = isReversed ? (operand, .array(tensor)) : (.array(tensor), operand)
        if let operation = BinaryOperation(op) { return try Tensor.combine(operation, a, b) }
        guard case .array(let x) = a, case .array(let y) = b else {
            throw ArrayError(.type, "@ multiplies matrices, not a matrix and a number", hint: "use *")
        }
        return try x.matrixProduct(y)
    }
}
