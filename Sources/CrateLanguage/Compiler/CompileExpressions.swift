extension Compiler {
    /// Where the value stands: a constant, a variable's register, or a new temporary.
    mutating func operand(_ expression: Expression) throws(Failure) -> Int {
        switch expression.kind {
        case .literal(let literal): return code.constant(Value(literal))
        case .name(let name): if let register = register(of: name) { return register }
        case .negative(let inner):
            if case .literal(.int(let number)) = inner.kind { return code.constant(.int(-number)) }
            if case .literal(.float(let number)) = inner.kind { return code.constant(.float(-number)) }
        default: break
        }
        let register = code.reserve()
        try compile(expression, into: register)
        return register
    }

    /// Two operands, evaluated from left to right.
    mutating func operands(_ left: Expression, _ right: Expression) throws(Failure) -> (Int, Int) {
        let first = try operand(left, before: [right])
        return (first, try operand(right))
    }

    /// An operand that stays as it is while what comes after it is evaluated: a call could change a global variable.
    mutating func operand(_ expression: Expression, before others: [Expression]) throws(Failure) -> Int {
        let register = try operand(expression)
        guard isTopLevel, case .name = expression.kind, others.contains(where: { $0.mayCall }) else { return register }
        let copy = code.reserve()
        code.emit(.move, copy, register, at: expression.span)
        return copy
    }

    /// The register that is the variable, if it has one of its own here.
    func register(of name: Identifier) -> Int? {
        switch binding(name) {
        case .local(let variable) where !variable.isCaptured: variable.register
        case .global(let slot) where isTopLevel: slot
        default: nil
        }
    }

    mutating func compile(_ expression: Expression, into target: Int) throws(Failure) {
        let top = code.top
        let span = expression.span
        switch expression.kind {
        case .literal, .negative: try compileSimple(expression, into: target)
        case .interpolation(let pieces): try compileInterpolation(pieces, into: target, span)
        case .name(let name): compileName(name, into: target)
        case .list(let items): try compileList(items, into: target, span)
        case .comprehension(let body, let header, let condition): try compileComprehension(body, header, condition, into: target, span)
        case .dict(let pairs): try compileDict(pairs, into: target, span)
        case .not(let operand): code.emit(.not, target, try self.operand(operand), at: span)
        case .binary(let operation, let left, let right): try compileBinary(operation, left, right, into: target, span)
        case .both(let left, let right): try compileShortCircuit(.jumpIfFalse, left, right, into: target)
        case .either(let left, let right): try compileShortCircuit(.jumpIfTrue, left, right, into: target)
        case .coalesce(let left, let right): try compileCoalesce(left, right, into: target)
        case .contains(let item, let container, let isNegated):
            let (first, second) = try operands(item, container)
            code.emit(isNegated ? .containsNot : .contains, target, first, second, at: span)
        case .range(let low, let high, let isClosed):
            let (first, second) = try operands(low, high)
            code.emit(isClosed ? .rangeClosed : .range, target, first, second, at: span)
        case .namedCall(let call): try compileCall(call, into: target, span)
        case .call(let callee, let arguments): try compileCall(callee, arguments, into: target, span)
        case .methodCall(let receiver, let name, let arguments): try compileMethod(receiver, name, arguments, into: target, span)
        case .member(let container, let name):
            code.emit(.getMember, target, try operand(container), memberSite(name), at: name.span)
        case .element(let container, let indices): try compileElement(container, indices, into: target, span)
        }
        code.release(to: top)
    }

    private mutating func compileSimple(_ expression: Expression, into target: Int) throws(Failure) {
        if case .negative(let inner) = expression.kind, !inner.isNumber {
            code.emit(.negate, target, try operand(inner), at: expression.span)
        } else {
            code.emit(.move, target, try operand(expression), at: expression.span)
        }
    }

    mutating func compileName(_ name: Identifier, into target: Int) {
        switch binding(name) {
        case .local(let variable): code.emit(variable.isCaptured ? .getCell : .move, target, variable.register, at: name.span)
        case .capture(let number): code.emit(.getCapture, target, number, at: name.span)
        case .global(let slot): code.emit(isTopLevel ? .move : .getGlobal, target, slot, at: name.span)
        case .host:
            if let native = native(name.name) {
                code.emit(.move, target, code.constant(.function(Function(native))), at: name.span)
            } else {
                code.emit(.hostConstant, target, site(named: name.name), at: name.span)
            }
        case .late(let hint): code.emit(.lateName, target, site(named: name.name, hint: hint), at: name.span)
        }
    }

    func native(_ name: String) -> NativeFunction? { host.function(named: name) ?? host.verb(named: name) }

    mutating func site(named name: String, hint: String? = nil) -> Int {
        var site = CallSite()
        site.name = name
        site.hint = hint
        return code.site(site)
    }

    mutating func memberSite(_ name: Argument.Label) -> Int { site(named: name.name) }

    // MARK: operators

    private mutating func compileBinary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int, _ span: Span
    ) throws(Failure) {
        if case .literal(.int(let number)) = right.kind, operation == .add || operation == .subtract, Int32(exactly: number) != nil {
            return code.emit(operation == .add ? .addInt : .subtractInt, target, try registerOperand(left), number, at: span)
        }
        let (first, second) = try operands(left, right)
        code.emit(Operation(operation), target, first, second, at: span)
    }

    /// An operand that is no constant.
    mutating func registerOperand(_ expression: Expression) throws(Failure) -> Int {
        let operand = try operand(expression)
        guard operand < 0 else { return operand }
        let register = code.reserve()
        code.emit(.move, register, operand, at: expression.span)
        return register
    }

    private mutating func compileShortCircuit(_ jump: Operation, _ left: Expression, _ right: Expression, into target: Int) throws(Failure) {
        let end = code.makeLabel()
        try compile(left, into: target)
        code.emit(jump, to: end, target, at: left.span)
        try compile(right, into: target)
        code.emit(.requireBool, target, at: right.span)
        code.place(end)
    }

    private mutating func compileCoalesce(_ left: Expression, _ right: Expression, into target: Int) throws(Failure) {
        let end = code.makeLabel()
        try compile(left, into: target)
        code.emit(.jumpIfValue, to: end, target, at: left.span)
        try compile(right, into: target)
        code.place(end)
    }

    // MARK: conditions

    /// Jumps when the condition is `outcome`. A comparison and its jump are one instruction.
    mutating func jump(to label: Label, when outcome: Bool, _ condition: Expression, isLoop: Bool = false) throws(Failure) {
        let top = code.top
        switch condition.kind {
        case .not(let inner) where !isLoop: try jump(to: label, when: !outcome, inner)
        case .binary(let operation, let left, let right) where outcome == isLoop && Operation(jump: operation, when: outcome) != nil:
            let (first, second) = try operands(left, right)
            code.emit(Operation(jump: operation, when: outcome) ?? .jump, to: label, first, second, at: condition.span)
        case .both(let left, let right) where !isLoop && !outcome:
            try jump(to: label, when: false, left)
            try jump(to: label, when: false, right)
        case .either(let left, let right) where !isLoop && !outcome:
            let end = code.makeLabel()
            try jump(to: end, when: true, left)
            try jump(to: label, when: false, right)
            code.place(end)
        default:
            let register = try registerOperand(condition)
            code.emit(outcome ? .jumpIfTrue : .jumpIfFalse, to: label, register, isLoop ? 1 : 0, at: condition.span)
        }
        code.release(to: top)
    }

    // MARK: strings, lists and dicts

    /// Values for one instruction are laid out in consecutive registers, this many at most.
    private static var batch: Int { 64 }

    private mutating func compileInterpolation(_ pieces: [Expression.Piece], into target: Int, _ span: Span) throws(Failure) {
        guard pieces.count <= Compiler.batch else {
            let half = pieces.count / 2
            let left = Expression(kind: .interpolation(Array(pieces[..<half])), span: span, height: 1)
            let right = Expression(kind: .interpolation(Array(pieces[half...])), span: span, height: 1)
            let (first, second) = try operands(left, right)
            return code.emit(.add, target, first, second, at: span)
        }
        var site = CallSite()
        let values = pieces.compactMap { if case .value(let value) = $0 { value } else { nil } }
        for piece in pieces {
            switch piece {
            case .text(let text): site.operands.append(Int32(truncatingIfNeeded: code.constant(.string(text))))
            case .value(let value): site.operands.append(Int32(truncatingIfNeeded: try operand(value, before: values)))
            }
        }
        code.emit(.interpolate, target, code.site(site), at: span)
    }

    private mutating func compileList(_ items: [Expression], into target: Int, _ span: Span) throws(Failure) {
        try compileBatches(items.count, [.newList, .appendItems], into: target, span) { (compiler, index, register) throws(Failure) in
            try compiler.compile(items[index], into: register)
        }
    }

    /// Lays out items batch by batch: the first makes the collection, the others extend it.
    private mutating func compileBatches(
        _ count: Int, _ operations: [Operation], width: Int = 1, into target: Int, _ span: Span,
        _ item: (inout Compiler, Int, Int) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        let collection = count > Compiler.batch ? code.reserve() : target
        repeat {
            let size = min(Compiler.batch, count - start)
            let top = code.top
            let first = top
            for index in 0..<size { try item(&self, start + index, code.reserve(width)) }
            code.emit(operations[start == 0 ? 0 : 1], collection, first, size, at: span)
            code.release(to: top)
            start += size
        } while start < count
        if collection != target { code.emit(.move, target, collection, at: span) }
    }

    private mutating func compileDict(_ pairs: [(key: Expression, value: Expression)], into target: Int, _ span: Span) throws(Failure) {
        try compileBatches(pairs.count, [.newDict, .addPairs], width: 2, into: target, span) { (compiler, index, register) throws(Failure) in
            try compiler.compile(pairs[index].key, into: register)
            try compiler.compile(pairs[index].value, into: register + 1)
        }
    }

    private mutating func compileComprehension(
        _ body: Expression, _ header: ForHeader, _ condition: Expression?, into target: Int, _ span: Span
    ) throws(Failure) {
        let list = code.reserve()
        code.emit(.newList, list, list, 0, at: span)
        try compileLoop(header, span) { (compiler) throws(Failure) in
            let skip = compiler.code.makeLabel()
            if let condition { try compiler.jump(to: skip, when: false, condition) }
            try compiler.temporarily { (compiler) throws(Failure) in
                compiler.code.emit(.appendItem, list, try compiler.operand(body), at: body.span)
            }
            compiler.code.place(skip)
        }
        code.emit(.move, target, list, at: span)
    }
}

extension Expression {
    fileprivate var isNumber: Bool {
        switch kind {
        case .literal(.int), .literal(.float): true
        default: false
        }
    }

    /// Whether evaluating it may run code that assigns variables.
    var mayCall: Bool {
        switch kind {
        case .literal, .name: false
        case .negative(let inner), .not(let inner): inner.mayCall
        case .binary(_, let left, let right), .range(let left, let right, _), .both(let left, let right), .either(let left, let right),
            .coalesce(let left, let right), .contains(let left, let right, _):
            left.mayCall || right.mayCall
        case .list(let items): items.contains { $0.mayCall }
        case .element(let container, let indices): container.mayCall || indices.contains { $0.parts.contains { $0.mayCall } }
        case .member(let container, _): container.mayCall
        default: true
        }
    }

    /// Whether its instructions write to their target only when everything else is done, so that the target may be a
    /// variable that the expression reads.
    var writesLast: Bool {
        switch kind {
        case .both, .either, .coalesce: false
        default: true
        }
    }
}

extension Value {
    init(_ literal: Literal) {
        switch literal {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .bigInt(let number): self = .bigInt(number)
        case .float(let number): self = .float(number)
        case .string(let text): self = .string(text)
        }
    }
}

extension Operation {
    init(_ operation: BinaryOperator) {
        self =
            switch operation {
            case .add: .add
            case .subtract: .subtract
            case .multiply: .multiply
            case .divide: .divide
            case .floorDivide: .floorDivide
            case .remainder: .remainder
            case .matrixMultiply: .matrixMultiply
            case .power: .power
            case .equal: .equal
            case .notEqual: .notEqual
            case .less: .less
            case .lessOrEqual: .lessOrEqual
            case .greater: .greater
            case .greaterOrEqual: .greaterOrEqual
            }
    }

    /// The instruction that compares and jumps; `nil` when the operator is no comparison.
    init?(jump operation: BinaryOperator, when outcome: Bool) {
        switch operation {
        case .equal: self = outcome ? .jumpIfEqual : .jumpUnlessEqual
        case .notEqual: self = outcome ? .jumpIfNotEqual : .jumpUnlessNotEqual
        case .less: self = outcome ? .jumpIfLess : .jumpUnlessLess
        case .lessOrEqual: self = outcome ? .jumpIfLessOrEqual : .jumpUnlessLessOrEqual
        case .greater: self = outcome ? .jumpIfGreater : .jumpUnlessGreater
        case .greaterOrEqual: self = outcome ? .jumpIfGreaterOrEqual : .jumpUnlessGreaterOrEqual
        default: return nil
        }
    }
}
