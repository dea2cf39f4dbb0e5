/// Something that a jump out of it must not pass unnoticed.
enum Exit {
    case loop(breaks: Label, continues: Label)
    /// `finally`: the jump notes in a register what it wants, and the cleanup's end carries on with it.
    case cleanup(CleanupExit)
    /// `catch`: the register holds the failure.
    case rescue(Int)
}

final class CleanupExit {
    /// The action to be carried on with, and next to it the value to return or the failure to raise.
    let register: Int
    let label: Label
    var actions: Set<Action> = []

    enum Action: Int, CaseIterable {
        case goOn = 0, raise, giveBack, leaveLoop, nextRound
    }

    init(register: Int, label: Label) {
        self.register = register
        self.label = label
    }
}

extension Compiler {
    mutating func compile(_ statement: Statement) throws(Failure) {
        switch statement.kind {
        case .declaration(let name, let value): try declare(name) { (compiler, register) throws(Failure) in try compiler.compile(value, into: register) }
        case .assignment(let target, let operation, let value): try compileAssignment(target, operation, value, statement.span)
        case .expression(let value): try temporarily { (compiler) throws(Failure) in try compiler.compileStatement(value) }
        case .command(let call):
            try temporarily { (compiler) throws(Failure) in try compiler.compileCommand(call, statement.span, into: compiler.code.reserve()) }
        case .blockCommand(let function): try temporarily { (compiler) throws(Failure) in try compiler.compileBlockCommand(function, statement.span) }
        case .conditional(let branches, let otherwise): try compileConditional(branches, otherwise, statement.span)
        case .loop(let header, let body):
            try compileLoop(header, statement.span) { (compiler) throws(Failure) in try compiler.compileBody(body) }
        case .whileLoop(let condition, let body): try compileWhile(condition, body, statement.span)
        case .attempt(let body, let rescue, let cleanup): try compileAttempt(body, rescue, cleanup, statement.span)
        case .function(let function):
            try declare(function.name) { (compiler, register) throws(Failure) in try compiler.compile(function, into: register) }
        case .handler(let name, let methods): try compileHandler(name, methods, statement.span)
        case .giveBack(let value): try compileReturn(value, statement.span)
        case .leaveLoop: leave(.leaveLoop, through: exits.count, statement.span)
        case .nextRound: leave(.nextRound, through: exits.count, statement.span)
        }
    }

    /// A name alone is the command of that name when no variable has it.
    private mutating func compileStatement(_ value: Expression) throws(Failure) {
        if let command = bareCommand(value) {
            try compileCommand(command, value.span, into: code.reserve())
        } else {
            _ = try operand(value)
        }
    }

    func bareCommand(_ value: Expression) -> CallSyntax? {
        guard case .name(let name) = value.kind, case .host = binding(name), host.verb(named: name.name) != nil else { return nil }
        return CallSyntax(name: name, arguments: [])
    }

    mutating func compileBody(_ block: Block) throws(Failure) {
        let top = code.top
        for statement in block.statements {
            if case .function(let function) = statement.kind { openHoisted(function.name) }
        }
        for statement in block.statements { try compile(statement) }
        code.release(to: top)
    }

    /// Functions of a block may refer to each other before they are made.
    private mutating func openHoisted(_ name: Identifier) {
        guard case .local(let variable) = binding(name) else { return }
        variable.register = code.reserve()
        code.emit(variable.isCaptured ? .newCell : .move, variable.register, code.constant(.null), at: name.span)
    }

    /// Gives the variable a register and `fill`s it.
    private mutating func declare(_ name: Identifier, _ fill: (inout Compiler, Int) throws(Failure) -> Void) throws(Failure) {
        switch binding(name) {
        case .global(let slot):
            // A value whose making fails must not leave half of itself in the variable.
            try temporarily { (compiler) throws(Failure) in
                let register = compiler.code.reserve()
                try fill(&compiler, register)
                compiler.code.emit(.move, slot, register, at: name.span)
            }
        case .local(let variable) where variable.register >= 0 && variable.isCaptured:
            try temporarily { (compiler) throws(Failure) in
                let register = compiler.code.reserve()
                try fill(&compiler, register)
                compiler.code.emit(.setCell, variable.register, register, at: name.span)
            }
        case .local(let variable) where variable.register >= 0: try fill(&self, variable.register)
        case .local(let variable):
            let register = code.reserve()
            try fill(&self, register)
            open(variable, register, name.span)
        default: throw failure("`\(name.name)` can't be declared here", name.span)
        }
    }

    /// The register holds the value already.
    mutating func open(_ variable: Variable, _ register: Int, _ span: Span) {
        variable.register = register
        if variable.isCaptured { code.emit(.newCell, register, register, at: span) }
    }

    // MARK: branches and loops

    private mutating func compileConditional(_ branches: [(condition: Expression, body: Block)], _ otherwise: Block?, _ span: Span) throws(Failure) {
        let end = code.makeLabel()
        for (index, branch) in branches.enumerated() {
            let next = code.makeLabel()
            try jump(to: next, when: false, branch.condition)
            try compileBody(branch.body)
            if index < branches.count - 1 || otherwise != nil { code.emit(.jump, to: end, at: span) }
            code.place(next)
        }
        if let otherwise { try compileBody(otherwise) }
        code.place(end)
    }

    private mutating func compileWhile(_ condition: Expression, _ body: Block, _ span: Span) throws(Failure) {
        let (start, test, end) = (code.makeLabel(), code.makeLabel(), code.makeLabel())
        exits.append(.loop(breaks: end, continues: test))
        code.emit(.jump, to: test, at: span)
        code.place(start)
        try compileBody(body)
        code.place(test)
        // The test stands at the end: one jump less per round.
        if case .literal(.bool(true)) = condition.kind {
            code.emit(.loop, to: start, at: condition.span)
        } else {
            try jump(to: start, when: true, condition, isLoop: true)
        }
        exits.removeLast()
        code.place(end)
    }

    mutating func compileLoop(_ header: ForHeader, _ span: Span, _ body: (inout Compiler) throws(Failure) -> Void) throws(Failure) {
        let top = code.top
        let (next, end) = (code.makeLabel(), code.makeLabel())
        var walked: Int?
        exits.append(.loop(breaks: end, continues: next))
        if case .range(let low, let high, let isClosed) = header.sequence.kind, header.second == nil {
            try compileCounting(header, (low, high, isClosed), (next, end), body)
        } else {
            let state = code.reserve(5)
            walked = state
            try temporarily { (compiler) throws(Failure) in
                compiler.code.emit(.iterate, state, try compiler.operand(header.sequence), at: header.sequence.span)
            }
            code.place(next)
            code.emit(.next, state: state, to: end, header.second == nil ? 1 : 2, at: header.sequence.span)
            openLoopVariables([header.first] + (header.second.map { [$0] } ?? []), state + 3)
            try body(&self)
            code.emit(.jump, to: next, at: span)
        }
        exits.removeLast()
        code.place(end)
        // What was walked through may hold a file or a program open.
        if let walked { code.emit(.move, walked, code.constant(.null), at: span) }
        code.release(to: top)
    }

    /// A range that is written out needs no object: two registers count.
    private mutating func compileCounting(
        _ header: ForHeader, _ range: (low: Expression, high: Expression, isClosed: Bool), _ labels: (next: Label, end: Label),
        _ body: (inout Compiler) throws(Failure) -> Void
    ) throws(Failure) {
        let start = code.makeLabel()
        let state = code.reserve(3)
        try temporarily { (compiler) throws(Failure) in
            let (low, high) = try compiler.operands(range.low, range.high)
            compiler.code.emit(range.isClosed ? .rangeStartClosed : .rangeStart, state, low, high, at: header.sequence.span)
        }
        code.emit(.jump, to: labels.next, at: header.sequence.span)
        code.place(start)
        openLoopVariables([header.first], state + 2)
        try body(&self)
        code.place(labels.next)
        code.emit(.rangeNext, state: state, to: start, at: header.sequence.span)
    }

    private mutating func openLoopVariables(_ names: [Identifier], _ first: Int) {
        for (index, name) in names.enumerated() {
            if case .local(let variable) = binding(name) { open(variable, first + index, name.span) }
        }
    }

    // MARK: jumps out

    private mutating func compileReturn(_ value: Expression?, _ span: Span) throws(Failure) {
        let top = code.top
        let result = if let value { try operand(value) } else { code.constant(.null) }
        let cleanup = exits.contains { if case .cleanup = $0 { true } else { false } }
        if cleanup {
            let register = code.reserve()
            code.emit(.move, register, result, at: span)
            giveBack(register, through: exits.count, span)
        } else {
            giveBack(result, through: exits.count, span)
        }
        code.release(to: top)
    }

    /// Carries on with a return from inside the first `count` exits.
    private mutating func giveBack(_ result: Int, through count: Int, _ span: Span) {
        for index in (0..<count).reversed() {
            switch exits[index] {
            case .loop: continue
            case .rescue(let register): code.emit(.leaveCatch, register, at: span)
            case .cleanup(let exit):
                code.emit(.move, exit.register + 1, result, at: span)
                return leave(exit, with: .giveBack, span)
            }
        }
        code.emit(.giveBack, 0, result, at: span)
    }

    private mutating func leave(_ action: CleanupExit.Action, through count: Int, _ span: Span) {
        for index in (0..<count).reversed() {
            switch exits[index] {
            case .loop(let breaks, let continues):
                return code.emit(.jump, to: action == .leaveLoop ? breaks : continues, at: span)
            case .rescue(let register): code.emit(.leaveCatch, register, at: span)
            case .cleanup(let exit): return leave(exit, with: action, span)
            }
        }
    }

    private mutating func leave(_ exit: CleanupExit, with action: CleanupExit.Action, _ span: Span) {
        exit.actions.insert(action)
        code.emit(.move, exit.register, code.constant(.int(action.rawValue)), at: span)
        code.emit(.jump, to: exit.label, at: span)
    }

    // MARK: try

    private mutating func compileAttempt(_ body: Block, _ rescue: Rescue?, _ cleanup: Block?, _ span: Span) throws(Failure) {
        guard let cleanup else { return try compileRescued(body, rescue, span) }
        let top = code.top
        let exit = CleanupExit(register: code.reserve(2), label: code.makeLabel())
        let start = code.position
        exits.append(.cleanup(exit))
        try compileRescued(body, rescue, span)
        exits.removeLast()
        code.emit(.move, exit.register, code.constant(.int(CleanupExit.Action.goOn.rawValue)), at: span)
        code.place(exit.label)
        code.rescuers.append(Rescuer(range: start..<code.position, target: code.position, kind: .cleansUp, register: exit.register))
        try compileBody(cleanup)
        carryOn(exit, span)
        code.release(to: top)
    }

    /// After a cleanup: what was under way when it began.
    private mutating func carryOn(_ exit: CleanupExit, _ span: Span) {
        for action in CleanupExit.Action.allCases where action == .raise || exit.actions.contains(action) {
            let other = code.makeLabel()
            code.emit(.jumpUnlessEqual, to: other, exit.register, code.constant(.int(action.rawValue)), at: span)
            switch action {
            case .goOn: break
            case .raise: code.emit(.rethrow, exit.register + 1, at: span)
            case .giveBack: giveBack(exit.register + 1, through: exits.count, span)
            case .leaveLoop, .nextRound: leave(action, through: exits.count, span)
            }
            code.place(other)
        }
    }

    private mutating func compileRescued(_ body: Block, _ rescue: Rescue?, _ span: Span) throws(Failure) {
        let start = code.position
        try compileBody(body)
        guard let rescue else { return }
        let end = code.makeLabel()
        let tried = start..<code.position
        code.emit(.jump, to: end, at: span)
        let top = code.top
        let register = code.reserve(2)
        code.rescuers.append(Rescuer(range: tried, target: code.position, kind: .catches, register: register))
        let caught = code.position
        exits.append(.rescue(register))
        if let name = rescue.name, case .local(let variable) = binding(name) {
            let copy = code.reserve()
            code.emit(.move, copy, register, at: name.span)
            open(variable, copy, name.span)
        }
        try compileBody(rescue.body)
        exits.removeLast()
        code.rescuers.append(Rescuer(range: caught..<code.position, target: 0, kind: .restores, register: register))
        code.emit(.leaveCatch, register, at: span)
        code.release(to: top)
        code.place(end)
    }

    // MARK: handlers

    private mutating func compileHandler(_ name: Identifier, _ methods: [FunctionSyntax], _ span: Span) throws(Failure) {
        let top = code.top
        let first = code.reserve(methods.count)
        for (index, method) in methods.enumerated() { try compile(method, into: first + index) }
        var site = CallSite()
        site.name = name.name
        site.methodNames = methods.map(\.name.name)
        code.emit(.defineHandler, first, code.site(site), at: name.span)
        code.release(to: top)
    }
}
