import CrateValues

/// The dtypes of a pickle: `dtype(code, False, True)` with the state (3, order, base, names, fields, size, alignment, flags).
struct NumpyPickleType {
    let graph: PickleGraph
    /// Those that were read, by the numbers of their objects: fields may share one.
    private var known: [Int: Found] = [:]
    /// The fields that were looked at.
    private(set) var fieldCount = 0

    private struct Found {
        let type: NumpyType
        /// Of the type and of all inside of it.
        let fieldCount: Int
    }

    /// Fields of one type, counting those of shared types each time.
    private static let mostFields = 100_000

    init(_ graph: PickleGraph) { self.graph = graph }

    /// `nil` when `item` is no dtype that numpy writes.
    mutating func type(_ item: PickleGraph.Item) throws(FormatError) -> NumpyType? { try found(item, depth: 0)?.type }

    private mutating func found(_ item: PickleGraph.Item, depth: Int) throws(FormatError) -> Found? {
        guard depth < 32, case .object(let number) = item else { return nil }
        if let found = known[number] { return found }
        let found = try read(graph.objects[number], depth: depth)
        known[number] = found
        return found
    }

    private mutating func read(_ object: PickleGraph.Object, depth: Int) throws(FormatError) -> Found? {
        guard case .call(let callable, let arguments) = object.kind, let label = graph.label(of: callable),
            label.qualifiedName == "numpy.dtype", let code = graph.tuple(arguments)?.first.flatMap(NumpyPickleType.text),
            let type = NumpyType(code: code)
        else { return nil }
        guard let state = object.state else { return Found(type: type, fieldCount: 0) }
        guard let parts = graph.tuple(state), parts.count >= 8, case .integer(3...4) = parts[0], let order = NumpyPickleType.text(parts[1]),
            graph.tuple(parts[2]) == nil, case .integer(let size) = parts[5]
        else { return nil }
        // numpy lets the size of these alone be another than that of the code, but writes no such type.
        switch type {
        case .bytes, .text: guard size == type.size else { return nil }
        case .raw(let code, let codeSize) where code.contains("V"):
            guard size == codeSize else { return nil }
            if graph.object(of: parts[4]) != nil { return try record(names: parts[3], fields: parts[4], size: size, depth: depth) }
        default: break
        }
        guard case .none = parts[4] else { return nil }
        if case .time(_, let isSpan, _) = type {
            return Found(type: .time(unit: unit(parts), isSpan: isSpan, isBigEndian: order == ">"), fieldCount: 0)
        }
        return Found(type: type.ordered(bigEndian: order == ">"), fieldCount: 0)
    }

    /// Protocol 2 of Python 2 writes text as old strings.
    static func text(_ item: PickleGraph.Item) -> String? {
        switch item {
        case .string(let text): text
        case .oldString(let bytes): PickleText.decode(bytes)
        default: nil
        }
    }

    private mutating func record(
        names: PickleGraph.Item, fields: PickleGraph.Item, size: Int, depth: Int
    ) throws(FormatError) -> Found? {
        guard let names = graph.tuple(names), let pairs = graph.object(of: fields)?.pairs, size >= 0 else { return nil }
        var byName: [ExactText: PickleGraph.Item] = [:]
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            if let name = NumpyPickleType.text(pairs[index]) { byName[ExactText(name)] = pairs[index + 1] }
        }
        fieldCount += names.count + byName.count
        var (found, count): ([NumpyType.Field], Int) = ([], 0)
        for name in names {
            guard let name = NumpyPickleType.text(name), let item = byName[ExactText(name)], let parts = graph.tuple(item),
                parts.count >= 2, case .integer(let offset) = parts[1],
                let (field, inside) = try field(name, parts[0], offset, depth: depth)
            else { return nil }
            found.append(field)
            count += 1 + inside
            guard count <= NumpyPickleType.mostFields else {
                throw FormatError(.limit, Pickle.format, "has a numpy type of more than \(NumpyPickleType.mostFields) fields")
            }
        }
        return Found(type: .record(found, size: size), fieldCount: count)
    }

    /// A field that is an array has a base dtype and a shape in its state.
    private mutating func field(
        _ name: String, _ dtype: PickleGraph.Item, _ offset: Int, depth: Int
    ) throws(FormatError) -> (NumpyType.Field, inside: Int)? {
        if let state = graph.object(of: dtype)?.state, let parts = graph.tuple(state), parts.count >= 3, let base = graph.tuple(parts[2]),
            base.count == 2
        {
            guard let found = try found(base[0], depth: depth + 1), let shape = graph.tuple(base[1]) else { return nil }
            var sizes: [Int] = []
            for item in shape {
                guard case .integer(let size) = item else { return nil }
                sizes.append(size)
            }
            return (NumpyType.Field(name: name, type: found.type, offset: offset, shape: sizes), found.fieldCount)
        }
        guard let found = try found(dtype, depth: depth + 1) else { return nil }
        return (NumpyType.Field(name: name, type: found.type, offset: offset, shape: []), found.fieldCount)
    }

    /// A time's unit stands last: ({}, (unit, count, 1, 1)). As in NPY files, the count is a part of its name when it is not 1.
    private func unit(_ parts: [PickleGraph.Item]) -> String {
        guard parts.count >= 9, let metadata = graph.tuple(parts[8]), metadata.count == 2, let facts = graph.tuple(metadata[1]),
            let unit = facts.first.flatMap(unitName)
        else { return "" }
        if facts.count > 1, case .integer(let count) = facts[1], count > 1 { return "\(count)\(unit)" }
        return unit
    }

    /// Bytes, which protocols 0 to 2 have no form for: there Python writes `_codecs.encode("D", "latin1")`.
    private func unitName(_ item: PickleGraph.Item) -> String? {
        switch item {
        case .string(let text): return text
        case .bytes(let bytes), .oldString(let bytes): return PickleText.decode(bytes)
        default:
            guard case .call(let callable, let arguments)? = graph.object(of: item)?.kind, graph.label(of: callable)?.qualifiedName == "_codecs.encode",
                let text = graph.tuple(arguments)?.first
            else { return nil }
            return NumpyPickleType.text(text)
        }
    }
}
