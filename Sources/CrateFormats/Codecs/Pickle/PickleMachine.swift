import CrateValues

/// Runs a pickle's program up to STOP without doing what it asks: calls are recorded, nothing is imported.
///
/// Opcodes of protocols 0 to 5, from Python's `pickletools`. The stack is one array; marks are positions in it.
struct PickleMachine {
    var reader: ByteReader
    var graph = PickleGraph()
    let limits: Limits
    let vocabulary: [any PickleVocabulary]
    var stack: [PickleGraph.Item] = []
    var marks: [Int] = []
    /// joblib's files have arrays' elements between the opcodes.
    var readsInlineArrays = false
    /// One past the frame that the reader is in, or was in last.
    private(set) var frameEnd = 0
    /// Bytes that a function has been judged for, since many calls may share them.
    var judgedBytes: Set<JudgedBytes> = []
    /// Fields of numpy's types that have been looked at.
    var typeFieldCount = 0
    private var memo = PickleMemo()
    private var labelNumbers: [String: Int] = [:]
    private var lastOpcode: PickleOpcode?

    init(_ reader: ByteReader, limits: Limits, vocabulary: [any PickleVocabulary]) {
        self.reader = reader
        self.limits = limits
        self.vocabulary = vocabulary
    }

    mutating func run() throws(FormatError) {
        guard !reader.isAtEnd else { throw reader.error(.truncated, "is empty") }
        graph.root = try runToStop()
        graph.end = reader.position
    }

    private mutating func runToStop() throws(FormatError) -> PickleGraph.Item {
        while true {
            let code = try reader.byte()
            guard let opcode = PickleOpcode(rawValue: code) else { throw reader.malformed("has the unknown opcode \(code)") }
            if opcode == .stop {
                // Python may go on at the end of the frame, and would see another program than the one here.
                guard reader.position >= frameEnd else { throw reader.error(.unsafe, "stops inside of a frame, which no pickler does") }
                return try pop()
            }
            try step(opcode)
            lastOpcode = opcode
            // Before the memory is taken; what is shared is counted later, each time.
            if max(graph.objects.count, stack.count) > limits.nodes { throw reader.error(.limit, "builds more than \(limits.nodes) values") }
        }
    }

    /// What a pickle in the middle of this one builds: with a stack and a memory of its own, but among the same objects. None is nested
    /// in it again.
    mutating func nested() throws(FormatError) -> PickleGraph.Item {
        let outer = (stack, marks, memo, lastOpcode)
        (stack, marks, memo, lastOpcode, readsInlineArrays) = ([], [], PickleMemo(), nil, false)
        let root = try runToStop()
        (stack, marks, memo, lastOpcode) = outer
        readsInlineArrays = true
        return root
    }

    private mutating func step(_ opcode: PickleOpcode) throws(FormatError) {
        switch opcode {
        case .proto, .frame, .stop: try envelope(opcode)
        case .mark: marks.append(stack.count)
        case .pop: try popOrUnmark()
        case .popMark: _ = try popToMark()
        case .dup: stack.append(try top())
        case .put, .binPut, .longBinPut, .memoize: memo[try memoIndex(opcode)] = try top()
        case .get, .binGet, .longBinGet: stack.append(try remembered(at: try memoIndex(opcode)))
        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .int, .binInt, .binInt1, .binInt2, .long, .long1, .long4: stack.append(try number(opcode))
        case .float, .binFloat: stack.append(.float(try float(opcode)))
        case .unicode, .binUnicode, .shortBinUnicode, .binUnicode8: stack.append(.string(try text(opcode)))
        case .string, .binString, .shortBinString: stack.append(.oldString(try oldString(opcode)))
        case .binBytes, .shortBinBytes, .binBytes8, .byteArray8: stack.append(.bytes(try bytes(opcode)))
        case .emptyList: push(.list)
        case .emptyTuple: push(.tuple)
        case .emptyDict: push(.dictionary)
        case .emptySet: push(.set)
        case .list: push(.list, items: try popToMark())
        case .tuple: push(.tuple, items: try popToMark())
        case .tuple1: push(.tuple, items: try pop(1))
        case .tuple2: push(.tuple, items: try pop(2))
        case .tuple3: push(.tuple, items: try pop(3))
        case .frozenSet: push(.frozenSet, items: try popToMark())
        case .dict: dictionary(try paired(try popToMark()))
        case .append: try append(try pop(1))
        case .appends, .addItems: try append(try popToMark())
        case .setItem: try set(try pop(2))
        case .setItems: try set(try popToMark())
        case .global, .stackGlobal, .reduce, .build, .newObj, .newObjEx, .inst, .obj, .persID, .binPersID: try construct(opcode)
        case .ext1, .ext2, .ext4: try registered(opcode)
        case .nextBuffer, .readonlyBuffer: throw reader.error(.unsupported, "keeps data outside its file")
        }
    }

    private mutating func envelope(_ opcode: PickleOpcode) throws(FormatError) {
        if opcode == .proto {
            let version = Int(try reader.byte())
            guard version <= 5 else { throw reader.error(.unsupported, "has protocol \(version); 0 to 5 are known") }
            graph.protocolVersion = version
        } else {
            let length = try reader.count(UInt64.self)
            guard length <= reader.remaining else {
                throw reader.error(.truncated, "has a frame of \(length) bytes where \(reader.remaining) are left")
            }
            frameEnd = max(frameEnd, reader.position + length)
        }
    }

    // MARK: Stack

    func top() throws(FormatError) -> PickleGraph.Item {
        guard let item = stack.last, stack.count > floor else { throw underflow() }
        return item
    }

    mutating func pop() throws(FormatError) -> PickleGraph.Item {
        let item = try top()
        stack.removeLast()
        return item
    }

    /// The last `count` items, the topmost last.
    mutating func pop(_ count: Int) throws(FormatError) -> [PickleGraph.Item] {
        guard stack.count - floor >= count else { throw underflow() }
        let items = Array(stack[(stack.count - count)...])
        stack.removeLast(count)
        return items
    }

    mutating func popToMark() throws(FormatError) -> [PickleGraph.Item] {
        guard let mark = marks.popLast() else { throw reader.malformed("closes a group that was not opened") }
        let items = Array(stack[mark...])
        stack.removeLast(items.count)
        return items
    }

    /// POP also takes a mark away, which picklers use to give up a recursive tuple, but never for one just set.
    private mutating func popOrUnmark() throws(FormatError) {
        guard marks.last == stack.count else {
            _ = try pop()
            return
        }
        guard lastOpcode != .mark else { throw reader.malformed("opens groups only to drop them, which no pickler does") }
        marks.removeLast()
    }

    /// Items below the innermost mark are out of reach.
    private var floor: Int { marks.last ?? 0 }

    private func underflow() -> FormatError { reader.malformed("takes a value from the empty stack") }

    mutating func push(_ kind: PickleGraph.Object.Kind, items: [PickleGraph.Item] = [], pairs: [PickleGraph.Item] = []) {
        stack.append(make(kind, items: items, pairs: pairs))
    }

    mutating func make(_ kind: PickleGraph.Object.Kind, items: [PickleGraph.Item] = [], pairs: [PickleGraph.Item] = []) -> PickleGraph.Item
    {
        graph.objects.append(PickleGraph.Object(kind: kind, items: items, pairs: pairs, position: reader.origin + reader.position - 1))
        return .object(graph.objects.count - 1)
    }

    // MARK: Filling containers

    private func paired(_ items: [PickleGraph.Item]) throws(FormatError) -> [PickleGraph.Item] {
        guard items.count.isMultiple(of: 2) else { throw reader.malformed("has a key without a value") }
        return items
    }

    private mutating func append(_ items: [PickleGraph.Item]) throws(FormatError) {
        guard case .object(let index) = try top() else { throw reader.malformed("appends to something that is not a list") }
        switch graph.objects[index].kind {
        case .list, .set, .call: graph.objects[index].items += items
        default: throw reader.malformed("appends to something that is not a list")
        }
    }

    private mutating func dictionary(_ pairs: [PickleGraph.Item]) {
        push(.dictionary, pairs: pairs)
        noteBehaviour(pairs, of: graph.objects.count - 1)
    }

    private mutating func set(_ items: [PickleGraph.Item]) throws(FormatError) {
        let pairs = try paired(items)
        guard case .object(let index) = try top() else { throw reader.malformed("sets a key of something that is not a dictionary") }
        switch graph.objects[index].kind {
        case .dictionary, .call:
            graph.objects[index].pairs += pairs
            noteBehaviour(pairs, of: index)
        default: throw reader.malformed("sets a key of something that is not a dictionary")
        }
    }

    // MARK: Memo

    private mutating func memoIndex(_ opcode: PickleOpcode) throws(FormatError) -> Int {
        switch opcode {
        case .binPut, .binGet: Int(try reader.byte())
        case .longBinPut, .longBinGet: Int(try reader.littleEndian(UInt32.self))
        case .put, .get: try lineNumber()
        default: memo.count
        }
    }

    private func remembered(at index: Int) throws(FormatError) -> PickleGraph.Item {
        guard let item = memo[index] else { throw reader.malformed("recalls number \(index), which was never stored") }
        return item
    }

    // MARK: Labels

    /// A class by its number in Python's extension registry, which is whatever the loading program has put there.
    private mutating func registered(_ opcode: PickleOpcode) throws(FormatError) {
        let position = reader.origin + reader.position - 1
        let number =
            switch opcode {
            case .ext1: Int(try reader.byte())
            case .ext2: Int(try reader.littleEndian(UInt16.self))
            default: Int(try reader.littleEndian(Int32.self))
            }
        stack.append(label(module: "", name: "number \(number) of Python's extension registry", at: position))
    }

    /// The number of the label, which is judged when it is first met.
    mutating func label(module: String, name: String, at position: Int) -> PickleGraph.Item {
        let module = Pickle.presentModule(module)
        let name = Pickle.presentName(name, in: module)
        let key = "\(module)\n\(name)"
        if let number = labelNumbers[key] { return .label(number) }
        let isKnown = vocabulary.contains { $0.knows(module: module, name: name) }
        let verdict = isKnown ? .harmless : Pickle.verdict(module: module, name: name)
        labelNumbers[key] = graph.labels.count
        graph.labels.append(PickleGraph.Label(module: module, name: name, position: position, verdict: verdict))
        return .label(graph.labels.count - 1)
    }
}
