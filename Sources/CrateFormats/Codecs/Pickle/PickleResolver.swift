import CrateValues

/// Turns a pickle's graph into a document.
///
/// An object that is used twice is resolved once, and counted each time: a small file whose parts refer to each other
/// can't grow into an endless tree. An object inside itself becomes the label `recursive reference`.
final class PickleResolver {
    /// What the stack of calls bears, whatever the limits say; `torch.save` itself gives up before 2000.
    static let deepest = 2000

    let graph: PickleGraph
    let limits: Limits
    let format: String
    private let vocabulary: [any PickleVocabulary]
    /// The objects that were made, and what each counts.
    private var resolved: [(document: Document, nodes: Int, bytes: Int)?]
    /// What has been made of bytes that several values may share.
    private var arrays: [Bytes.Stretch: [UInt8]] = [:]
    private var oldStrings: [Bytes.Stretch: Document] = [:]
    private var copies: [Int: Bytes] = [:]
    private var madeByteCount = 0
    private var shownByteCount = 0
    /// The types of numpy that were read.
    var numpyTypes: NumpyPickleType
    /// What a vocabulary has made of a file's bytes, to be used again.
    var storages: [Bytes.Stretch: TorchStorages.Storage] = [:]
    var changedStorages: [TorchStorages.Change: Bytes] = [:]
    private var nodeCount = 0
    private var depth = 0

    init(_ graph: PickleGraph, vocabulary: [any PickleVocabulary], limits: Limits, format: String = Pickle.format) {
        self.graph = graph
        self.vocabulary = vocabulary
        self.limits = limits
        self.format = format
        resolved = Array(repeating: nil, count: graph.objects.count)
        numpyTypes = NumpyPickleType(graph)
    }

    func error(_ kind: FormatError.Kind, _ reason: String, at position: Int) -> FormatError {
        FormatError(kind, format, reason, at: .byte(position))
    }

    // MARK: Items

    func document(_ item: PickleGraph.Item) throws(FormatError) -> Document {
        try count(1)
        switch item {
        case .none: return .null
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .bigInteger(let value): return .bigInteger(value)
        case .float(let value): return .float(value)
        case .string(let value): return .string(value)
        case .bytes(let value):
            try show(bytes: value.count)
            return .bytes(array(value))
        case .oldString(let value):
            try show(bytes: value.count)
            return oldString(value)
        case .label(let number): return .opaque(.init(name: graph.labels[number].qualifiedName))
        case .object(let number): return try object(number)
        }
    }

    func documents(_ items: [PickleGraph.Item]) throws(FormatError) -> [Document] {
        var documents: [Document] = []
        documents.reserveCapacity(items.count)
        for item in items { documents.append(try document(item)) }
        return documents
    }

    /// The same array for the same bytes: each use of a memoised one costs next to nothing in the file.
    func array(_ bytes: Bytes) -> [UInt8] {
        guard bytes.count > PickleResolver.smallCount else { return bytes.array }
        if let array = arrays[bytes.stretch] { return array }
        let array = bytes.array
        arrays[bytes.stretch] = array
        return array
    }

    private func oldString(_ bytes: Bytes) -> Document {
        if let document = oldStrings[bytes.stretch] { return document }
        let isText = bytes.withBytes { $0.allSatisfy { $0 < 0x80 } }
        let document: Document = isText ? .string(String(decoding: bytes.array, as: UTF8.self)) : .bytes(bytes.array)
        if bytes.count > PickleResolver.smallCount { oldStrings[bytes.stretch] = document }
        return document
    }

    /// Bytes that are rather copied than looked up.
    private static let smallCount = 64

    private func count(_ nodes: Int) throws(FormatError) {
        nodeCount += nodes
        guard nodeCount <= limits.nodes else {
            throw FormatError(.limit, format, "holds more than \(limits.nodes) values, counting shared ones each time")
        }
    }

    /// Counts bytes that are made of the file's, which may be several times as many as it has: a small one whose calls share their arguments
    /// must not fill the memory.
    func charge(bytes count: Int) throws(FormatError) {
        madeByteCount += count
        try requireFewBytes(madeByteCount)
    }

    /// Counts bytes each time that they are shown, since whoever goes on with the document may copy them.
    private func show(bytes count: Int) throws(FormatError) {
        shownByteCount += count
        try requireFewBytes(shownByteCount)
    }

    private func requireFewBytes(_ count: Int) throws(FormatError) {
        guard count <= 8 * graph.end + 64 << 20 else { throw FormatError(.limit, format, "becomes much larger than it is") }
    }

    /// Counts what an array becomes where it is no view of the file: values one by one, or bytes in another order.
    func charge(_ type: NumpyType, shape: [Int], bytes: Bytes) throws(FormatError) {
        if case .number(_, isBigEndian: false) = type { return }
        // As columns at most so many; that there are as many bytes as the shape asks for shows later.
        let size = type.size > 0 ? bytes.count / type.size * max(type.columnSize ?? 0, type.size) : 0
        try charge(bytes: size)
        try show(bytes: size)
        let (nodes, overflow) = (Tensor.elementCount(shape) ?? 0).multipliedReportingOverflow(by: type.valuesPerElement)
        try count(overflow ? limits.nodes + 1 : min(nodes, limits.nodes + 1) + type.fieldCount)
    }

    private static let recursion = Document.opaque(.init(name: "recursive reference"))

    private func object(_ number: Int) throws(FormatError) -> Document {
        if let done = resolved[number] {
            try count(done.nodes)
            try show(bytes: done.bytes)
            return done.document
        }
        guard depth < min(limits.depth, PickleResolver.deepest) else {
            throw error(.limit, "is nested more than \(min(limits.depth, PickleResolver.deepest)) deep", at: graph.objects[number].position)
        }
        resolved[number] = (PickleResolver.recursion, 0, 0)
        depth += 1
        let before = (nodes: nodeCount, bytes: shownByteCount)
        let document = try make(graph.objects[number])
        if case .bytes(let made) = document { try show(bytes: made.count) }
        depth -= 1
        resolved[number] = (document, nodeCount - before.nodes, shownByteCount - before.bytes)
        return document
    }

    private func make(_ object: PickleGraph.Object) throws(FormatError) -> Document {
        switch object.kind {
        case .list: return .list(try documents(object.items))
        case .tuple: return .tuple(try documents(object.items))
        case .set, .frozenSet: return .set(try unique(object.items, at: object.position))
        case .dictionary: return .mapping(try mapping(object.pairs, at: object.position))
        case .persistent(let id):
            for words in vocabulary {
                if let value = try words.value(ofPersistent: id, at: object.position, in: self) { return value }
            }
            return .opaque(.init(name: "persistent reference", arguments: [try document(id)]))
        case .call(let callable, let arguments): return try call(object, callable, graph.tuple(arguments) ?? [])
        }
    }

    // MARK: Calls

    private func call(_ object: PickleGraph.Object, _ callable: PickleGraph.Item, _ arguments: [PickleGraph.Item]) throws(FormatError)
        -> Document
    {
        guard let label = graph.label(of: callable) else {
            return .opaque(.init(name: "call of a computed function", arguments: [try document(callable)] + (try documents(arguments))))
        }
        let call = PickleCall(
            module: label.module, name: label.name, arguments: arguments, items: object.items, pairs: object.pairs, state: object.state,
            keywords: object.keywords, position: object.position)
        if label.verdict == .harmless {
            for words in vocabulary where words.knows(module: label.module, name: label.name) {
                if let value = try words.value(of: call, in: self) { return value }
            }
        }
        return .opaque(try opaque(call, name: label.qualifiedName, arguments: arguments))
    }

    /// The call as a label: its state, or what was filled into it, or both as a tuple.
    func opaque(_ call: PickleCall, name: String, arguments: [PickleGraph.Item]) throws(FormatError) -> Document.Opaque {
        var parts: [Document] = []
        if let state = call.state { parts.append(vocabulary.reduce(try document(state)) { $1.shown($0) }) }
        if !call.items.isEmpty { parts.append(.list(try documents(call.items))) }
        if !call.pairs.isEmpty { parts.append(.mapping(try mapping(call.pairs, at: call.position))) }
        let arguments = try documents(arguments) + (try documents(call.keywords.map { [$0] } ?? []))
        return Document.Opaque(name: name, arguments: arguments, state: parts.count > 1 ? .tuple(parts) : parts.first)
    }

    // MARK: Containers

    /// A later pair replaces the value of an earlier equal key, which keeps its place, as in Python.
    func mapping(_ pairs: [PickleGraph.Item], at position: Int, isOrderedDict: Bool = false) throws(FormatError) -> Document.Mapping {
        var entries: [(key: Document, value: Document)] = []
        var places: [DocumentKey: Int] = [:]
        entries.reserveCapacity(pairs.count / 2)
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let key = try document(pairs[index])
            let value = try document(pairs[index + 1])
            if let place = try place(of: key, in: &places, next: entries.count, at: position) {
                entries[place].value = value
            } else {
                entries.append((key, value))
            }
        }
        return Document.Mapping(entries, isOrderedDict: isOrderedDict)
    }

    func unique(_ items: [PickleGraph.Item], at position: Int) throws(FormatError) -> [Document] {
        var elements: [Document] = []
        var places: [DocumentKey: Int] = [:]
        for item in items {
            let element = try document(item)
            if try place(of: element, in: &places, next: elements.count, at: position) == nil { elements.append(element) }
        }
        return elements
    }

    /// Where an equal key stands already; otherwise notes that this one will stand at `next`.
    private func place(of key: Document, in places: inout [DocumentKey: Int], next: Int, at position: Int) throws(FormatError) -> Int? {
        switch DocumentKey.make(key) {
        case .unhashable: throw error(.malformed, "uses a list, dictionary or set as a key", at: position)
        case .distinct: return nil
        case .key(let key):
            // The time that comparing takes.
            switch key {
            case .string(let text): try count(text.text.utf8.count / 128)
            case .bytes(let bytes): try count(bytes.count / 128)
            default: break
            }
            if let place = places[key] { return place }
            places[key] = next
            return nil
        }
    }

    // MARK: Plain arguments

    func string(_ item: PickleGraph.Item?) -> String? {
        switch item {
        case .string(let text): text
        case .oldString(let bytes): PickleText.decode(bytes)
        default: nil
        }
    }

    func integer(_ item: PickleGraph.Item?) -> Int? {
        if case .integer(let value) = item { value } else { nil }
    }

    /// A tuple or list of integers.
    func integers(_ item: PickleGraph.Item?) -> [Int]? {
        guard let item, let object = graph.object(of: item) else { return nil }
        switch object.kind {
        case .tuple, .list: break
        default: return nil
        }
        var values: [Int] = []
        for item in object.items {
            guard let value = integer(item) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Bytes, shared with the file where it holds them plainly: also as `bytearray(b)` or `_codecs.encode(text, "latin1")`.
    func bytes(_ item: PickleGraph.Item?) throws(FormatError) -> Bytes? {
        switch item {
        case .bytes(let bytes), .oldString(let bytes): return bytes
        case .object(let number)?:
            if let copy = copies[number] { return copy }
            let shown = shownByteCount
            guard case .bytes(let array) = try object(number) else { return nil }
            shownByteCount = shown
            try charge(bytes: array.count)
            let copy = Bytes(array)
            copies[number] = copy
            return copy
        default: return nil
        }
    }
}
