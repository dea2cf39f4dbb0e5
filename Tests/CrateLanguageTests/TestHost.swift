import CrateLanguage

/// The few verbs, functions and objects that programs of the tests use. Printed lines are collected.
final class TestHost: Host {
    var printed: [String] = []
    var handlers: [String: HandlerDefinition] = [:]
    var grids: [String: GridObject] = [:]
    private var verbs: [String: NativeFunction] = [:]
    private var functions: [String: NativeFunction] = [:]

    init() {
        for verb in makeVerbs() { verbs[verb.name] = verb }
        for function in makeFunctions() { functions[function.name] = function }
    }

    func verb(named name: String) -> NativeFunction? { verbs[name] }

    func function(named name: String) -> NativeFunction? {
        if let handler = handlers[name] { return kind(of: handler) }
        return functions[name]
    }

    func constant(named name: String) throws(Failure) -> Value? { name == "pi" ? .float(3.141592653589793) : nil }

    var names: [String] { verbs.keys.sorted() + functions.keys.sorted() + ["pi"] }

    func define(handler: HandlerDefinition) throws(Failure) { handlers[handler.name] = handler }

    // MARK: verbs

    private func makeVerbs() -> [NativeFunction] {
        let values = [Parameter("values", .any, .variadic)]
        return [
            NativeFunction("print", "Prints values.", values) { [unowned self] call in
                printed.append(call.rest.map(\.description).joined(separator: " "))
                return .null
            },
            NativeFunction("info", "Logs values.", values) { [unowned self] call in
                printed.append("info: " + call.rest.map(\.description).joined(separator: " "))
                return .null
            },
            NativeFunction("note", "Notes nothing.") { [unowned self] _ in
                printed.append("note!")
                return .string("noted")
            },
            NativeFunction("save", "Saves a value.", [Parameter("target"), Parameter("value"), Parameter("indent", .int, .optional, named: true)], takesFurtherOptions: true) {
                [unowned self] call in
                let options = call.options.map { "\($0.name)=\($0.value.description)" }
                printed.append("saved \(call.arguments[0]?.description ?? "") \(call.arguments[1]?.nestedDescription ?? "") indent=\(call.arguments[2]?.description ?? "-") \(options.joined(separator: " "))")
                return .null
            },
            NativeFunction("setup", "Opens.", [Parameter("name", .string), Parameter("start", .oneOf(["new", "last", "dev"]), .optional, named: true)]) { [unowned self] call in
                printed.append("setup \(call.arguments[0]?.description ?? "") \(call.arguments[1]?.description ?? "-")")
                return .null
            },
            NativeFunction("raise", "Raises.", [Parameter("message"), Parameter("kind", .string, .optional, named: true)]) { (call) throws(Failure) in
                if case .object(let object)? = call.arguments[0], let caught = object as? CaughtFailure { throw caught.failure }
                throw Failure(call.arguments[1]?.description ?? "raised", call.arguments[0]?.description ?? "")
            },
            NativeFunction("assert", "Checks.", [Parameter("condition", .bool), Parameter("message", .string, .optional)]) { (call) throws(Failure) in
                if case .bool(true)? = call.arguments[0] { return .null }
                throw Failure("assertion", call.arguments[1]?.description ?? "assertion failed")
            },
            NativeFunction("exception", "Logs the current failure.", values) { [unowned self] call in
                printed.append("exception: \(call.rest.map(\.description).joined(separator: " ")) (\(call.interpreter.currentFailure?.message ?? "none"))")
                return .null
            },
            NativeFunction("exit", "Ends.", [Parameter("status", .int, .optional)]) { (call) throws(Failure) in
                if case .int(let status)? = call.arguments[0] { throw Failure.exit(status) }
                throw Failure.exit(0)
            },
            NativeFunction("interrupt", "Asks to stop, as Ctrl-C does.") { call in
                call.interpreter.interrupt()
                return .null
            },
        ]
    }

    // MARK: functions

    private func makeFunctions() -> [NativeFunction] {
        [
            NativeFunction("len", "Length.", [Parameter("value")]) { (call) throws(Failure) in
                switch call.arguments[0] {
                case .string(let text)?: return .int(text.count)
                case .list(let list)?: return .int(list.items.count)
                case .dict(let dict)?: return .int(dict.count)
                case .range(let range)?: return .int(range.count)
                default: throw Failure("type", "no length")
                }
            },
            NativeFunction("str", "Text.", [Parameter("value")]) { call in .string(call.arguments[0]?.description ?? "") },
            NativeFunction("type", "Type.", [Parameter("value")]) { call in .string(typeName(of: call.arguments[0] ?? .null)) },
            NativeFunction("range", "Range.", [Parameter("end", .int)]) { call in
                if case .int(let end)? = call.arguments[0] { return .range(RangeObject(lower: 0, upper: end)) }
                return .null
            },
            NativeFunction("join", "Joins.", [Parameter("list", .list), Parameter("separator", .string, .optional)]) { call in
                guard case .list(let list)? = call.arguments[0] else { return .null }
                return .string(list.items.map(\.description).joined(separator: call.arguments[1]?.description ?? ""))
            },
            NativeFunction("map", "Applies.", [Parameter("list", .list), Parameter("function", .function)]) { (call) throws(Failure) in
                guard case .list(let list)? = call.arguments[0], case .function(let function)? = call.arguments[1] else { return .null }
                var results: [Value] = []
                for item in list.items { results.append(try call.interpreter.call(function, [item])) }
                return .list(ListObject(results))
            },
            NativeFunction("grid", "A grid of numbers.", [Parameter("rows", .int), Parameter("columns", .int)]) { call in
                guard case .int(let rows)? = call.arguments[0], case .int(let columns)? = call.arguments[1] else { return .null }
                return .object(GridObject(rows: rows, columns: columns))
            },
            NativeFunction("stack", "Names of the calls under way.") { call in
                .list(ListObject(call.interpreter.stack.map { .string($0.function) }))
            },
        ]
    }

    private func kind(of handler: HandlerDefinition) -> NativeFunction {
        NativeFunction(handler.name, "An artifact.", [Parameter("name", .string)]) { call in
            .object(ArtifactObject(kind: handler, name: call.arguments[0]?.description ?? "", interpreter: call.interpreter))
        }
    }
}

/// What a `handler` of a test makes.
final class ArtifactObject: Object {
    let kind: HandlerDefinition
    let name: String
    unowned let interpreter: Interpreter

    init(kind: HandlerDefinition, name: String, interpreter: Interpreter) {
        self.kind = kind
        self.name = name
        self.interpreter = interpreter
    }

    override var typeName: String { "artifact" }
    override var memberNames: [String] { ["path", "name"] }

    override func member(_ member: String) throws(Failure) -> Value? {
        switch member {
        case "path": .string("/tmp/\(name)")
        case "name": .string(name)
        default: nil
        }
    }

    override func method(_ name: String) -> NativeFunction? {
        guard let method = kind.methods.first(where: { $0.name == name }) else { return nil }
        return NativeFunction(name, "A method.", [Parameter("arguments", .any, .variadic)]) { [self] (call) throws(Failure) in
            try interpreter.call(method.function, [.object(self)] + call.rest)
        }
    }
}

/// Rows of ints that give copies when read, as arrays and tables do.
final class GridObject: Object {
    var rows: [[Int]]

    init(rows: Int, columns: Int) { self.rows = Array(repeating: Array(repeating: 0, count: columns), count: rows) }

    init(_ rows: [[Int]]) { self.rows = rows }

    override var typeName: String { "grid" }
    override var description: String { "grid\(rows)" }
    override var isCopiedOnRead: Bool { true }
    override var count: Int? { rows.count }
    override var memberNames: [String] { ["first", "height"] }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "first": .object(GridObject([rows[0]]))
        case "height": .int(rows.count)
        default: nil
        }
    }

    override func setMember(_ name: String, to value: Value) throws(Failure) -> Bool {
        guard name == "first", case .object(let object) = value, let grid = object as? GridObject else { return false }
        rows[0] = grid.rows[0]
        return true
    }

    override func item(at position: Int) throws(Failure) -> Value { .int(rows[position].reduce(0, +)) }

    override func element(_ indices: [Index]) throws(Failure) -> Value {
        switch indices.count {
        case 1:
            guard case .at(.int(let row)) = indices[0] else { throw Failure("type", "a row is an int") }
            return .object(GridObject([rows[row]]))
        case 2:
            guard case .at(.int(let row)) = indices[0] else { throw Failure("type", "a row is an int") }
            switch indices[1] {
            case .at(.int(let column)): return .int(rows[row][column])
            case .slice(nil, nil, nil): return .list(ListObject(rows[row].map { .int($0) }))
            default: throw Failure("type", "not that")
            }
        default: throw Failure("index", "two at most")
        }
    }

    override func setElement(_ indices: [Index], to value: Value) throws(Failure) {
        if indices.count == 1, case .at(.int(let index)) = indices[0] {
            if case .int(let number) = value, rows.count == 1 { rows[0][index] = number; return }
            if case .object(let object) = value, let grid = object as? GridObject { rows[index] = grid.rows[0]; return }
        }
        if indices.count == 2, case .at(.int(let row)) = indices[0], case .at(.int(let column)) = indices[1], case .int(let number) = value {
            rows[row][column] = number
            return
        }
        throw Failure("type", "a grid holds ints")
    }

    override func binary(_ op: BinaryOperator, _ other: Value, isReversed: Bool) throws(Failure) -> Value? {
        guard case .int(let number) = other else { return nil }
        switch op {
        case .add: return .object(GridObject(rows.map { $0.map { $0 + number } }))
        case .subtract: return .object(GridObject(rows.map { $0.map { isReversed ? number - $0 : $0 - number } }))
        case .matrixMultiply: return .string("grid @ \(number)")
        case .equal: return .object(GridObject(rows.map { $0.map { $0 == number ? 1 : 0 } }))
        default: return nil
        }
    }

    override func contains(_ item: Value) throws(Failure) -> Bool {
        if case .int(let number) = item { rows.contains { $0.contains(number) } } else { false }
    }
}
