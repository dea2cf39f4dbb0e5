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
            pushCall(callable, try popToMark(), by: opcode, at: position)
        case .obj:
            var items = try popToMark()
            guard !items.isEmpty else { throw reader.malformed("makes an object without a class") }
            pushCall(items.removeFirst(), items, by: opcode, at: position)
        case .reduce, .newObj:
            let parts = try pop(2)
            guard let arguments = graph.tuple(parts[1]) else { throw reader.malformed("calls with arguments that are not a tuple") }
            pushCall(parts[0], arguments, tuple: parts[1], by: opcode, at: position)
        case .newObjEx:
            let parts = try pop(3)
            guard let arguments = graph.tuple(parts[1]) else { throw reader.malformed("calls with arguments that are not a tuple") }
            pushCall(parts[0], arguments, tuple: parts[1], keywords: parts[2], by: opcode, at: position)
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

    private mutating func pushCall(
        _ callable: PickleGraph.Item, _ arguments: [PickleGraph.Item], tuple: PickleGraph.Item? = nil, keywords: PickleGraph.Item? = nil,
        by opcode: PickleOpcode, at position: Int
    ) {
        judge(callable, arguments[...], by: opcode, at: position)
        let packed = tuple ?? make(.tuple, items: arguments)
        push(.call(callable: callable, arguments: packed))
        let number = graph.objects.count - 1
        if let keywords { graph.objects[number].keywords = keywords }
        if graph.startsWithBehaviour(callable, arguments) { graph.behaviouralDictionaries.insert(number) }
    }

    /// Only a label can be judged: whatever calls the result of another call is out to run code.
    private mutating func judge(
        _ callable: PickleGraph.Item, _ arguments: ArraySlice<PickleGraph.Item>, by opcode: PickleOpcode, at position: Int
    ) {
        guard case .label(let number) = callable else { return trespass("a computed function", at: position) }
        if arguments.count == 1, case .bytes(let bytes)? = arguments.first, bytes.count > 64,
            !judgedBytes.insert(JudgedBytes(label: number, bytes: bytes.stretch)).inserted
        {
            return
        }
        let label = graph.labels[number]
        let request = PickleRequest(module: label.module, name: label.name, arguments: arguments, opcode: opcode, position: position)
        for words in vocabulary {
            let found = words.requests(of: request, in: graph)
            graph.trespasses += found
        }
        guard label.module == "copyreg", label.name == "__newobj__" else { return }
        // NEWOBJ under another name: it makes an object of its first argument.
        guard let made = arguments.first, let inner = graph.label(of: made), inner.module != "copyreg", inner.qualifiedName != "builtins.type" else {
            return trespass("a computed class", at: position)
        }
        judge(made, arguments.dropFirst(), by: .newObj, at: position)
    }

    private mutating func build(at position: Int) throws(FormatError) {
        let state = try pop()
        if graph.replacesBehaviour(state) { trespass("an object's class or methods through BUILD", at: position) }
        switch try top() {
        case .object(let index):
            if let misuse = try misuse(of: index, state) { trespass(misuse, at: position) }
            try requireFirstState(ofStandIn: index)
            graph.objects[index].state = state
            try readInlineArray(index)
        case .label: trespass("a class's attributes through BUILD", at: position)
        default: throw reader.malformed("sets the state of a plain value")
        }
    }

    /// What BUILD would change beside the object itself.
    private mutating func misuse(of index: Int, _ state: PickleGraph.Item) throws(FormatError) -> String? {
        guard case .call(let callable, let arguments) = graph.objects[index].kind, let label = graph.label(of: callable) else { return nil }
        if label.qualifiedName == "numpy.dtype" { return try misuse(ofType: index, graph.tuple(arguments) ?? [], state) }
        return label.mayReturnClass ? "a class's attributes through BUILD" : nil
    }

    /// numpy shares the types that are not copies; and a type that denies its Python objects, or has some where there are none, makes
    /// numpy take bytes for addresses, and joblib read other bytes than are read here.
    private mutating func misuse(
        ofType index: Int, _ arguments: [PickleGraph.Item], _ state: PickleGraph.Item
    ) throws(FormatError) -> String? {
        guard graph.objects[index].state == nil else { return "a numpy type through a second BUILD" }
        switch arguments.dropFirst(2).first {
        case .bool(true), .integer(1): break
        default: return "a numpy type of all through BUILD"
        }
        guard let parts = graph.tuple(state), parts.count >= 8 else { return nil }
        typeFieldCount += graph.object(of: parts[4])?.pairs.count ?? 0
        guard typeFieldCount <= limits.nodes else { throw reader.error(.limit, "has numpy types with more than \(limits.nodes) fields") }
        let holdsObjects = graph.holdsObjects(typeWith: arguments, parts)
        if holdsObjects { graph.objectTypes.insert(index) }
        guard case .integer(let flags) = parts[7], (flags & 1 == 1) == holdsObjects else { return "a numpy type that belies its Python objects" }
        return nil
    }

    private mutating func trespass(_ what: String, at position: Int) {
        graph.trespasses.append(Pickle.Import(module: "", name: what, position: position, verdict: .dangerous))
    }
}

/// The bytes that a function was called with.
struct JudgedBytes: Hashable {
    let label: Int
    let bytes: Bytes.Stretch
}

extension Bytes {
    /// Which bytes these are, not what they say; for as long as they are held.
    struct Stretch: Hashable {
        let region: ObjectIdentifier
        let range: Range<Int>
    }

    var stretch: Stretch { Stretch(region: ObjectIdentifier(region), range: range) }
}
