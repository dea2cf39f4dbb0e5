extension Interpreter {
    /// Runs the innermost frame, and the calls it makes, until it ends; gives what it returns. For a source `nil` means
    /// that its last statement was no expression.
    ///
    /// This is the whole dispatch loop in one function: the next instruction, the frame's registers and its constants
    /// stay in the processor's registers. The quick cases touch no reference count; everything else is in functions
    /// that may throw.
    func execute() throws(Failure) -> Value? {
        let entry = depth
        let frames = frames
        let globals = registers.globals
        let interruption = interruption
        var base = frames[depth].base
        var constants = frames[depth].header.pointee.constants
        var next = frames[depth].next
        while true {
            do throws(Failure) {
                while true {
                    let step = next.pointee
                    next += 1
                    switch step.operation {
                    case .move:
                        base.at(step.a).copy(operand(step.b, base, constants))
                    case .getCell:
                        if case .object(let cell) = base.at(step.b).pointee { base.at(step.a).pointee = unsafeDowncast(cell, to: Cell.self).value }
                    case .setCell:
                        if case .object(let cell) = base.at(step.a).pointee { unsafeDowncast(cell, to: Cell.self).value = operand(step.b, base, constants).pointee }
                    case .newCell:
                        base.at(step.a).pointee = .object(Cell(operand(step.b, base, constants).pointee))
                    case .getCapture:
                        if let closure = frames[depth].closure { base.at(step.a).pointee = closure.takeUnretainedValue().captures[Int(step.b)].value }
                    case .setCapture:
                        if let closure = frames[depth].closure { closure.takeUnretainedValue().captures[Int(step.a)].value = operand(step.b, base, constants).pointee }
                    case .getGlobal:
                        let global = globals.at(step.b)
                        if registers.isUnset(global) { throw unsetGlobal(Int(step.b)) }
                        base.at(step.a).copy(global)
                    case .setGlobal:
                        if registers.isUnset(globals.at(step.a)) { throw unsetGlobal(Int(step.a)) }
                        globals.at(step.a).copy(operand(step.b, base, constants))
                    case .lateName:
                        let site = frames[depth].site(step.b)
                        base.at(step.a).pointee = try lookUp(site.pointee.name, hint: site.pointee.hint)
                    case .hostConstant:
                        frames[depth].next = next
                        base.at(step.a).pointee = try hostConstant(frames[depth].site(step.b).pointee.name)
                    case .fail:
                        throw frames[depth].code.takeUnretainedValue().failures[Int(step.b)]
                    case .add:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            let (result, overflow) = a.addingReportingOverflow(b)
                            if !overflow {
                                base.at(step.a).put(.int(result))
                                continue
                            }
                        } else if case .float(let a) = x.pointee, case .float(let b) = y.pointee {
                            base.at(step.a).put(.float(a + b))
                            continue
                        }
                        if base.at(step.a) == x, try x.appendInPlace(y) { continue }
                        base.at(step.a).pointee = try BinaryOperator.add.apply(x.pointee, y.pointee)
                    case .subtract:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            let (result, overflow) = a.subtractingReportingOverflow(b)
                            if !overflow {
                                base.at(step.a).put(.int(result))
                                continue
                            }
                        } else if case .float(let a) = x.pointee, case .float(let b) = y.pointee {
                            base.at(step.a).put(.float(a - b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.subtract.apply(x.pointee, y.pointee)
                    case .multiply:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            let (result, overflow) = a.multipliedReportingOverflow(by: b)
                            if !overflow {
                                base.at(step.a).put(.int(result))
                                continue
                            }
                        } else if case .float(let a) = x.pointee, case .float(let b) = y.pointee {
                            base.at(step.a).put(.float(a * b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.multiply.apply(x.pointee, y.pointee)
                    case .divide:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .float(let a) = x.pointee, case .float(let b) = y.pointee, b != 0 {
                            base.at(step.a).put(.float(a / b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.divide.apply(x.pointee, y.pointee)
                    case .floorDivide:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee, b > 0 {
                            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
                            base.at(step.a).put(.int(remainder < 0 ? quotient - 1 : quotient))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.floorDivide.apply(x.pointee, y.pointee)
                    case .remainder:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee, b > 0 {
                            let (_, remainder) = a.quotientAndRemainder(dividingBy: b)
                            base.at(step.a).put(.int(remainder < 0 ? remainder + b : remainder))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.remainder.apply(x.pointee, y.pointee)
                    case .power:
                        base.at(step.a).pointee = try BinaryOperator.power.apply(operand(step.b, base, constants).pointee, operand(step.c, base, constants).pointee)
                    case .matrixMultiply:
                        base.at(step.a).pointee = try BinaryOperator.matrixMultiply.apply(operand(step.b, base, constants).pointee, operand(step.c, base, constants).pointee)
                    case .addInt:
                        let x = base.at(step.b)
                        if case .int(let a) = x.pointee {
                            let (result, overflow) = a.addingReportingOverflow(Int(step.c))
                            if !overflow {
                                base.at(step.a).put(.int(result))
                                continue
                            }
                        }
                        base.at(step.a).pointee = try BinaryOperator.add.apply(x.pointee, .int(Int(step.c)))
                    case .subtractInt:
                        let x = base.at(step.b)
                        if case .int(let a) = x.pointee {
                            let (result, overflow) = a.subtractingReportingOverflow(Int(step.c))
                            if !overflow {
                                base.at(step.a).put(.int(result))
                                continue
                            }
                        }
                        base.at(step.a).pointee = try BinaryOperator.subtract.apply(x.pointee, .int(Int(step.c)))
                    case .equal:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            base.at(step.a).put(.bool(a == b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.equal.apply(x.pointee, y.pointee)
                    case .notEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            base.at(step.a).put(.bool(a != b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.notEqual.apply(x.pointee, y.pointee)
                    case .less:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            base.at(step.a).put(.bool(a < b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.less.apply(x.pointee, y.pointee)
                    case .lessOrEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            base.at(step.a).put(.bool(a <= b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.lessOrEqual.apply(x.pointee, y.pointee)
                    case .greater:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            base.at(step.a).put(.bool(a > b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.greater.apply(x.pointee, y.pointee)
                    case .greaterOrEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee {
                            base.at(step.a).put(.bool(a >= b))
                            continue
                        }
                        base.at(step.a).pointee = try BinaryOperator.greaterOrEqual.apply(x.pointee, y.pointee)
                    case .contains:
                        base.at(step.a).pointee = .bool(try operand(step.c, base, constants).pointee.contains(operand(step.b, base, constants).pointee))
                    case .containsNot:
                        base.at(step.a).pointee = .bool(try !operand(step.c, base, constants).pointee.contains(operand(step.b, base, constants).pointee))
                    case .range:
                        let range = try Value.range(operand(step.b, base, constants).pointee, operand(step.c, base, constants).pointee, isClosed: false)
                        base.at(step.a).pointee = .range(RangeObject(lower: range.lower, upper: range.upper))
                    case .rangeClosed:
                        let range = try Value.range(operand(step.b, base, constants).pointee, operand(step.c, base, constants).pointee, isClosed: true)
                        base.at(step.a).pointee = .range(RangeObject(lower: range.lower, upper: range.upper))
                    case .negate:
                        base.at(step.a).pointee = try operand(step.b, base, constants).pointee.negated()
                    case .not:
                        base.at(step.a).pointee = .bool(try !operand(step.b, base, constants).pointee.condition())
                    case .requireBool:
                        if case .bool = base.at(step.a).pointee { continue }
                        _ = try base.at(step.a).pointee.condition()
                    case .jump:
                        next = frames[depth].header.pointee.instructions + Int(step.a)
                    case .loop:
                        if interruption.isRaised { try checkInterrupted() }
                        next = frames[depth].header.pointee.instructions + Int(step.a)
                    case .jumpIfTrue:
                        let isTrue: Bool
                        if case .bool(let flag) = base.at(step.b).pointee { isTrue = flag } else { isTrue = try base.at(step.b).pointee.condition() }
                        if step.c != 0, interruption.isRaised { try checkInterrupted() }
                        if isTrue { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpIfFalse:
                        let isTrue: Bool
                        if case .bool(let flag) = base.at(step.b).pointee { isTrue = flag } else { isTrue = try base.at(step.b).pointee.condition() }
                        if !isTrue { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpIfValue:
                        if case .null = base.at(step.b).pointee { continue }
                        next = frames[depth].header.pointee.instructions + Int(step.a)
                    case .jumpIfGiven:
                        if case .object(let object) = base.at(step.b).pointee, object === missing { continue }
                        next = frames[depth].header.pointee.instructions + Int(step.a)
                    case .jumpIfEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if interruption.isRaised { try checkInterrupted() }
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a == b } else { holds = try BinaryOperator.equal.test(x, y) }
                        if holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpIfNotEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if interruption.isRaised { try checkInterrupted() }
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a != b } else { holds = try BinaryOperator.notEqual.test(x, y) }
                        if holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpIfLess:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if interruption.isRaised { try checkInterrupted() }
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a < b } else { holds = try BinaryOperator.less.test(x, y) }
                        if holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpIfLessOrEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if interruption.isRaised { try checkInterrupted() }
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a <= b } else { holds = try BinaryOperator.lessOrEqual.test(x, y) }
                        if holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpIfGreater:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if interruption.isRaised { try checkInterrupted() }
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a > b } else { holds = try BinaryOperator.greater.test(x, y) }
                        if holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpIfGreaterOrEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if interruption.isRaised { try checkInterrupted() }
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a >= b } else { holds = try BinaryOperator.greaterOrEqual.test(x, y) }
                        if holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpUnlessEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a == b } else { holds = try BinaryOperator.equal.test(x, y) }
                        if !holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpUnlessNotEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a != b } else { holds = try BinaryOperator.notEqual.test(x, y) }
                        if !holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpUnlessLess:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a < b } else { holds = try BinaryOperator.less.test(x, y) }
                        if !holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpUnlessLessOrEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a <= b } else { holds = try BinaryOperator.lessOrEqual.test(x, y) }
                        if !holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpUnlessGreater:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a > b } else { holds = try BinaryOperator.greater.test(x, y) }
                        if !holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .jumpUnlessGreaterOrEqual:
                        let (x, y) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        let holds: Bool
                        if case .int(let a) = x.pointee, case .int(let b) = y.pointee { holds = a >= b } else { holds = try BinaryOperator.greaterOrEqual.test(x, y) }
                        if !holds { next = frames[depth].header.pointee.instructions + Int(step.a) }
                    case .newList:
                        base.at(step.a).pointee = .list(ListObject(base.at(step.b).take(Int(step.c))))
                    case .newDict:
                        base.at(step.a).pointee = .dict(try DictObject(pairs: base.at(step.b), count: Int(step.c)))
                    case .interpolate:
                        let site = frames[depth].site(step.b)
                        base.at(step.a).pointee = .string(try joinedText(site, base, constants))
                    case .appendItem:
                        if case .list(let list) = base.at(step.a).pointee { try list.append(operand(step.b, base, constants).pointee) }
                    case .appendItems:
                        if case .list(let list) = base.at(step.a).pointee { try list.append(contentsOf: base.at(step.b).take(Int(step.c))) }
                    case .addPairs:
                        if case .dict(let dict) = base.at(step.a).pointee { try dict.add(pairs: base.at(step.b), count: Int(step.c)) }
                    case .getIndex:
                        let (container, index) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .list(let list) = container.pointee, case .int(let position) = index.pointee, position >= 0, position < list.items.count {
                            base.at(step.a).pointee = list.items[position]
                            continue
                        }
                        base.at(step.a).pointee = try container.pointee.element(index.pointee)
                    case .setIndex:
                        let (index, value) = (operand(step.b, base, constants), operand(step.c, base, constants))
                        if case .dict(let dict) = base.at(step.a).pointee, case .string(let name) = index.pointee {
                            dict[name] = value.pointee
                        } else {
                            try base.at(step.a).pointee.setElement(index.pointee, to: value.pointee)
                        }
                    case .getElement:
                        let site = frames[depth].site(step.c)
                        base.at(step.a).pointee = try base.at(step.b).pointee.elements((base.at(step.b) + 1).indices(site))
                    case .setElement:
                        let site = frames[depth].site(step.c)
                        try base.at(step.b).pointee.setElements((base.at(step.b) + 1).indices(site), to: operand(step.a, base, constants).pointee)
                    case .getMember:
                        frames[depth].next = next
                        base.at(step.a).pointee = try operand(step.b, base, constants).pointee.member(frames[depth].site(step.c).pointee.name)
                    case .setMember:
                        frames[depth].next = next
                        try base.at(step.a).pointee.setMember(frames[depth].site(step.b).pointee.name, to: operand(step.c, base, constants).pointee)
                    case .storeBackIndex:
                        guard base.at(step.a).pointee.isCopiedOnRead else { continue }
                        try base.at(step.a).pointee.setElement(operand(step.b, base, constants).pointee, to: operand(step.c, base, constants).pointee)
                    case .storeBackElement:
                        guard base.at(step.b).pointee.isCopiedOnRead else { continue }
                        let site = frames[depth].site(step.c)
                        try base.at(step.b).pointee.setElements((base.at(step.b) + 1).indices(site), to: operand(step.a, base, constants).pointee)
                    case .storeBackMember:
                        guard base.at(step.a).pointee.isCopiedOnRead else { continue }
                        try base.at(step.a).pointee.setMember(frames[depth].site(step.b).pointee.name, to: operand(step.c, base, constants).pointee)
                    case .call:
                        let window = base.at(step.a)
                        if interruption.isRaised { try checkInterrupted() }
                        frames[depth].next = next
                        if case .function(let function) = window.pointee, function.accepts(step.c) {
                            try enter(function, window)
                        } else {
                            let site = frames[depth].site(step.b)
                            guard try callSlowly(window, site.pointee.argumentCount, site.pointee.labels, site.pointee.name) else { continue }
                        }
                        base = window + 1
                        constants = frames[depth].header.pointee.constants
                        next = frames[depth].next
                    case .callGlobal:
                        let window = base.at(step.a)
                        if interruption.isRaised { try checkInterrupted() }
                        frames[depth].next = next
                        if case .function(let function) = globals.at(step.c).pointee, function.accepts(step.b), function.captures.isEmpty {
                            try enter(function, window)
                        } else {
                            if registers.isUnset(globals.at(step.c)) { throw unsetGlobal(Int(step.c)) }
                            window.pointee = globals.at(step.c).pointee
                            guard try callSlowly(window, Int(step.b), [], self.globals.names[Int(step.c)]) else { continue }
                        }
                        base = window + 1
                        constants = frames[depth].header.pointee.constants
                        next = frames[depth].next
                    case .callNative:
                        if interruption.isRaised { try checkInterrupted() }
                        frames[depth].next = next
                        try callNative(base.at(step.a), frames[depth].site(step.b), Int(step.c))
                    case .callMethod:
                        let window = base.at(step.a)
                        if interruption.isRaised { try checkInterrupted() }
                        frames[depth].next = next
                        guard try callMethod(window, frames[depth].site(step.b)) else { continue }
                        base = window + 1
                        constants = frames[depth].header.pointee.constants
                        next = frames[depth].next
                    case .callLate:
                        let window = base.at(step.a)
                        if interruption.isRaised { try checkInterrupted() }
                        frames[depth].next = next
                        guard try callLate(window, frames[depth].site(step.b)) else { continue }
                        base = window + 1
                        constants = frames[depth].header.pointee.constants
                        next = frames[depth].next
                    case .quickMethod:
                        let receiver = operand(step.b, base, constants)
                        if try base.at(step.a).callQuickly(receiver, frames[depth].site(step.c).pointee.method) { next += 2 }
                    case .closure:
                        base.at(step.a).pointee = .function(makeFunction(frames[depth].code.takeUnretainedValue().prototypes[Int(step.c)], base))
                    case .defineHandler:
                        frames[depth].next = next
                        try defineHandler(base.at(step.a), frames[depth].site(step.b).pointee)
                    case .iterate:
                        try base.at(step.a).startIteration(operand(step.b, base, constants).pointee)
                    case .next:
                        if interruption.isRaised { try checkInterrupted() }
                        let isAtEnd = step.c == 1 ? try !base.at(step.a).nextItem() : try !base.at(step.a).nextPair()
                        if isAtEnd { next = frames[depth].header.pointee.instructions + Int(step.b) }
                    case .rangeStart:
                        let range = try Value.range(operand(step.b, base, constants).pointee, operand(step.c, base, constants).pointee, isClosed: false)
                        base.at(step.a).put(.int(range.lower))
                        (base.at(step.a) + 1).put(.int(range.upper))
                    case .rangeStartClosed:
                        let range = try Value.range(operand(step.b, base, constants).pointee, operand(step.c, base, constants).pointee, isClosed: true)
                        base.at(step.a).put(.int(range.lower))
                        (base.at(step.a) + 1).put(.int(range.upper))
                    case .rangeNext:
                        let state = base.at(step.a)
                        if interruption.isRaised { try checkInterrupted() }
                        guard case .int(let number) = state.pointee, case .int(let limit) = state[1], number < limit else { continue }
                        (state + 2).put(.int(number))
                        state.put(.int(number &+ 1))
                        next = frames[depth].header.pointee.instructions + Int(step.b)
                    case .giveBack:
                        let frame = frames[depth]
                        let result = base - 1
                        result.copy(operand(step.b, base, constants))
                        base.clear(frame.header.pointee.registerCount)
                        depth -= 1
                        if depth < entry { return result.move(leaving: .null) }
                        base = frames[depth].base
                        constants = frames[depth].header.pointee.constants
                        next = frames[depth].next
                    case .halt:
                        let result = step.a == 0 ? nil : operand(step.b, base, constants).pointee
                        frames[depth].clear()
                        depth -= 1
                        return result
                    case .leaveCatch:
                        leaveCatch(base.at(step.a))
                    case .rethrow:
                        throw raisedAgain(base.at(step.a))
                    }
                }
            } catch {
                frames[depth].next = next
                try recover(error, entry: entry)
                base = frames[depth].base
                constants = frames[depth].header.pointee.constants
                next = frames[depth].next
            }
        }
    }
}

/// A register of the frame, or a constant when the operand is negative.
@inline(__always)
func operand(_ number: Int32, _ base: UnsafeMutablePointer<Value>, _ constants: UnsafeMutablePointer<Value>) -> UnsafeMutablePointer<Value> {
    number >= 0 ? base + Int(number) : constants + Int(~number)
}

extension UnsafeMutablePointer<Value> {
    @inline(__always)
    fileprivate func at(_ register: Int32) -> UnsafeMutablePointer<Value> { self + Int(register) }

    /// The value, leaving another in its place.
    @inline(__always)
    fileprivate func move(leaving value: Value) -> Value {
        let result = pointee
        pointee = value
        return result
    }
}

extension Frame {
    @inline(__always)
    fileprivate func site(_ number: Int32) -> UnsafeMutablePointer<CallSite> { header.pointee.sites + Int(number) }
}

extension Function {
    /// Whether it is a function of the language with that many parameters.
    @inline(__always)
    fileprivate func accepts(_ count: Int32) -> Bool {
        guard let header else { return false }
        return header.pointee.parameterCount == Int(count)
    }
}
