import CrateValues

// What the machine's quick paths leave over: mixed numbers, strings, lists and the host's objects.

extension BinaryOperator {
    /// `a op b` for any two values.
    func apply(_ a: Value, _ b: Value) throws(Failure) -> Value {
        if let result = try objects(a, b) { return result }
        if isComparison { return .bool(try compare(a, b)) }
        if let result = try number(a, b) { return result }
        switch (self, a, b) {
        case (.add, .string(let a), .string(let b)):
            try Limits.checkText(a.utf8.count, adding: b.utf8.count)
            return .string(a + b)
        case (.add, .list(let a), .list(let b)):
            try Limits.checkList(a.items.count, adding: b.items.count)
            return .list(ListObject(a.items + b.items))
        case (.multiply, .string(let text), .int(let count)), (.multiply, .int(let count), .string(let text)):
            return .string(String(repeating: text, count: try BinaryOperator.repetitions(count, of: text.utf8.count, Limits.checkText)))
        case (.multiply, .list(let list), .int(let count)), (.multiply, .int(let count), .list(let list)):
            let repetitions = try BinaryOperator.repetitions(count, of: list.items.count, Limits.checkList)
            return .list(ListObject(Array(repeatElement(list.items, count: repetitions).joined())))
        default: throw mismatch(a, b)
        }
    }

    private func objects(_ a: Value, _ b: Value) throws(Failure) -> Value? {
        if case .object(let object) = a, let result = try object.binary(self, b, isReversed: false) { return result }
        if case .object(let object) = b, let result = try object.binary(self, a, isReversed: true) { return result }
        return nil
    }

    private func compare(_ a: Value, _ b: Value) throws(Failure) -> Bool {
        if self == .equal { return try Value.areEqual(a, b) }
        if self == .notEqual { return try !Value.areEqual(a, b) }
        switch (a, b) {
        case (.string, .string), (.list, .list): break
        default: if Value.numericOrder(a, b) == nil { throw mismatch(a, b) }
        }
        let order = try Value.order(a, b)
        return switch self {
        case .less: order == .less
        case .lessOrEqual: order == .less || order == .equal
        case .greater: order == .greater
        default: order == .greater || order == .equal
        }
    }

    /// An empty text or list counts as one of size 1: repeating nothing for ever would never end.
    private static func repetitions(_ count: Int, of size: Int, _ check: (Int, Int) throws(Failure) -> Void) throws(Failure) -> Int {
        let (total, overflow) = max(count, 0).multipliedReportingOverflow(by: max(size, 1))
        try check(overflow ? Int.max : total, 0)
        return max(count, 0)
    }

    func mismatch(_ a: Value, _ b: Value) -> Failure {
        let hint: String?
        switch (self, a, b) {
        case (.add, .string, _), (.add, _, .string): hint = "put values into text with \"\\(…)\", or convert with `str`, `int` or `float`"
        default: hint = nil
        }
        return Failure("type", "`\(rawValue)` can't be applied to \(typeName(of: a)) and \(typeName(of: b))", hint: hint)
    }
}

extension Value {
    /// `-x`.
    func negated() throws(Failure) -> Value {
        switch self {
        case .int(let number):
            let (result, overflow) = (0).subtractingReportingOverflow(number)
            return overflow ? Value(BigInteger(number).negated) : .int(result)
        case .float(let number): return .float(-number)
        case .bigInt(let number): return Value(number.negated)
        case .object(let object): return try object.negated()
        default: throw Failure("type", "`-` can't be applied to \(typeName(of: self))")
        }
    }

    /// The boolean that a condition must be.
    func condition() throws(Failure) -> Bool {
        if case .bool(let flag) = self { return flag }
        throw Failure("type", "a condition must be true or false, not \(typeName(of: self))", hint: conditionHint)
    }

    private var conditionHint: String? {
        switch self {
        case .int, .float, .bigInt: "compare it: `… != 0`"
        case .string, .list, .dict: "compare its length: `len(…) > 0`"
        case .null: "compare it: `… == null`"
        default: nil
        }
    }

    /// `item in self`.
    func contains(_ item: Value) throws(Failure) -> Bool {
        switch self {
        case .list(let list):
            for other in list.items where try Value.areEqual(other, item) { return true }
            return false
        case .dict(let dict): return Key(item).map { dict[$0] != nil } ?? false
        case .string(let text):
            guard case .string(let part) = item else {
                throw Failure("type", "`in` looks for a string in a string, not for \(typeName(of: item))")
            }
            return part.isEmpty || text.firstRange(ofBytes: part) != nil
        case .range(let range):
            switch item {
            case .int(let number): return number >= range.lower && number < range.upper
            case .float(let number): return Int(exactly: number).map { $0 >= range.lower && $0 < range.upper } ?? false
            default: return false
            }
        case .object(let object): return try object.contains(item)
        default: throw .cannot("be searched with `in`", typeName(of: self))
        }
    }

    /// `lower ..< upper`, or with `upper` included when closed.
    static func range(_ lower: Value, _ upper: Value, isClosed: Bool) throws(Failure) -> (lower: Int, upper: Int) {
        guard case .int(let low) = lower, case .int(let high) = upper else {
            throw Failure("type", "a range goes from int to int, not from \(typeName(of: lower)) to \(typeName(of: upper))")
        }
        guard isClosed else { return (low, high) }
        let (end, overflow) = high.addingReportingOverflow(1)
        if overflow { throw Failure("overflow", "the range ends beyond the largest int") }
        return (low, end)
    }
}
