/// A place in the code that is not known yet.
struct Label {
    fileprivate let number: Int
}

/// Collects the instructions of one function and hands out its registers.
struct CodeBuilder {
    private(set) var instructions: [Instruction] = []
    private(set) var spans: [Span] = []
    private(set) var constants: [Value] = []
    var sites: [CallSite] = []
    var rescuers: [Rescuer] = []
    var prototypes: [Prototype] = []
    var failures: [Failure] = []
    /// The most registers in use at once.
    private(set) var registerCount: Int
    /// The first register that is free.
    private(set) var top: Int
    private var targets: [Int?] = []
    private var jumps: [(instruction: Int, label: Int)] = []
    /// By `Key`, which tells texts apart by their bytes: Swift's `==` would take é in one piece and in two for the same.
    private var texts: [Key: Int] = [:]
    private var numbers: [Int: Int] = [:]

    init(firstRegister: Int) {
        top = firstRegister
        registerCount = firstRegister
    }

    var position: Int { instructions.count }

    mutating func emit(_ operation: Operation, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, at span: Span) {
        instructions.append(
            Instruction(operation: operation, a: Int32(truncatingIfNeeded: a), b: Int32(truncatingIfNeeded: b), c: Int32(truncatingIfNeeded: c)))
        spans.append(span)
    }

    // MARK: jumps

    mutating func makeLabel() -> Label {
        targets.append(nil)
        return Label(number: targets.count - 1)
    }

    mutating func place(_ label: Label) { targets[label.number] = position }

    /// An instruction whose operand `a` is the label's place; `next` and `rangeNext` have it in `b`.
    mutating func emit(_ operation: Operation, to label: Label, _ b: Int = 0, _ c: Int = 0, at span: Span) {
        jumps.append((position, label.number))
        emit(operation, 0, b, c, at: span)
    }

    mutating func emit(_ operation: Operation, state: Int, to label: Label, _ c: Int = 0, at span: Span) {
        jumps.append((position, label.number))
        emit(operation, state, 0, c, at: span)
    }

    mutating func resolveJumps() {
        for (instruction, label) in jumps {
            let target = Int32(truncatingIfNeeded: targets[label] ?? 0)
            switch instructions[instruction].operation {
            case .next, .rangeNext: instructions[instruction].b = target
            default: instructions[instruction].a = target
            }
        }
        jumps = []
    }

    // MARK: registers and constants

    mutating func reserve(_ count: Int = 1) -> Int {
        let first = top
        top += count
        registerCount = max(registerCount, top)
        return first
    }

    mutating func release(to register: Int) { top = register }

    /// An operand that stands for the constant.
    mutating func constant(_ value: Value) -> Int {
        switch value {
        case .string(let text):
            if let known = texts[.string(text)] { return known }
            let operand = append(value)
            texts[.string(text)] = operand
            return operand
        case .int(let number):
            if let known = numbers[number] { return known }
            let operand = append(value)
            numbers[number] = operand
            return operand
        default: return append(value)
        }
    }

    private mutating func append(_ value: Value) -> Int {
        constants.append(value)
        return ~(constants.count - 1)
    }

    mutating func site(_ site: CallSite) -> Int {
        sites.append(site)
        return sites.count - 1
    }
}
