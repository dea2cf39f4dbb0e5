import CrateValues

/// Records what would make objects in Python.
extension PickleMachine {
    mutating func construct(_ opcode: PickleOpcode) throws(FormatError) {
        let position = reader.origin + reader.position - 1
        switch opcode {
        case .global: stack.append(try labelFromLines(at: position))
        case .stackGlobal: try stackGlobal(at: position)
        case .inst:
            let callable = try labelFromLines(at: position)
            pushCall(callable, try popToMark(), at: position)
        case .obj:
            var items = try popToMark()
            guard !items.isEmpty else { throw reader.malformed("makes an object without a class") }
            pushCall(items.removeFirst(), items, at: position)
        case .reduce, .newObj:
            let parts = try pop(2)
            guard let arguments = graph.tuple(parts[1]) else { throw reader.malformed("calls with arguments that are not a tuple") }
            pushCall(parts[0], arguments, tuple: parts[1], at: position)
        case .newObjEx:
            let parts = try pop(3)
            guard let arguments = graph.tuple(parts[1]) else { throw reader.malformed("calls with arguments that are not a tuple") }
            pushCall(parts[0], arguments + [parts[2]], at: position)
        case .persID: push(.persistent(.string(try asciiLine())))
        case .binPersID: push(.persistent(try pop()))
        default: try build(at: position)
        }
    }

    private mutating func labelFromLines(at position: Int) throws(FormatError) -> PickleGraph.Item {
        let module = try asciiLine()
        return label(module: module, name: try asciiLine(), at: position)
    }

    private mutating func stackGlobal(at position: Int) throws(FormatError) {
        let parts = try pop(2)
        guard case .string(let module) = parts[0], case .string(let name) = parts[1] else {
            throw reader.malformed("names a class by something that is not text")
        }
        stack.append(label(module: module, name: name, at: position))
    }

    /// Only a label can be judged: whatever calls the result of another call is out to run code.
    private mutating func pushCall(
        _ callable: PickleGraph.Item, _ arguments: [PickleGraph.Item], tuple: PickleGraph.Item? = nil, at position: Int
    ) {
        if let label = graph.label(of: callable) {
            for words in vocabulary where words.knows(module: label.module, name: label.name) {
                graph.trespasses += words.requests(of: arguments, module: label.module, name: label.name, at: position)
            }
        } else {
            trespass("a computed function", at: position)
        }
        let packed = tuple ?? make(.tuple, items: arguments)
        push(.call(callable: callable, arguments: packed))
    }

    private mutating func build(at position: Int) throws(FormatError) {
        let state = try pop()
        if replacesBehaviour(state) { trespass("an object's class or methods through BUILD", at: position) }
        switch try top() {
        case .object(let index):
            graph.objects[index].state = state
            try readInlineArray(index)
        case .label: trespass("a class's attributes through BUILD", at: position)
        default: throw reader.malformed("sets the state of a plain value")
        }
    }

    /// Whether the state is a dictionary with a key that changes what the object is rather than what it holds.
    private func replacesBehaviour(_ state: PickleGraph.Item) -> Bool {
        guard let object = graph.object(of: state) else { return false }
        if case .tuple = object.kind { return object.items.contains { !isSameObject($0, state) && replacesBehaviourInDictionary($0) } }
        return replacesBehaviourInDictionary(state)
    }

    private func replacesBehaviourInDictionary(_ state: PickleGraph.Item) -> Bool {
        guard let pairs = graph.object(of: state)?.pairs else { return false }
        return stride(from: 0, to: pairs.count, by: 2).contains { index in
            guard case .string(let key) = pairs[index] else { return false }
            return Pickle.behaviouralAttributes.contains(key)
        }
    }

    private func isSameObject(_ a: PickleGraph.Item, _ b: PickleGraph.Item) -> Bool {
        if case .object(let x) = a, case .object(let y) = b { x == y } else { false }
    }

    private mutating func trespass(_ what: String, at position: Int) {
        graph.trespasses.append(Pickle.Import(module: "", name: what, position: position, verdict: .dangerous))
    }
}
