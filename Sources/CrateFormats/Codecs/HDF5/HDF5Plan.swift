import CrateValues

/// What is to be written, with the place of every text and array already decided.
indirect enum HDF5Node {
    case group([(name: [UInt8], node: HDF5Node)], attributes: [(name: String, value: HDF5Value)])
    /// `start` counts from the first array's; nil for a dataset without bytes.
    case dataset(HDF5Value, start: Int?, attributes: [(name: String, value: HDF5Value)])
}

/// Turns a document into nodes: texts go to the heap, arrays get their places one after the other.
struct HDF5Plan {
    private var heap: HDF5HeapWriter
    /// The arrays in order, each from a multiple of 8 bytes on.
    private(set) var contents: [HDF5Value.Content] = []
    private(set) var contentSize = 0

    private static let highestRank = 32

    init(heapAddress: Int) { heap = HDF5HeapWriter(address: heapAddress) }

    /// The heap of texts, when all is planned.
    mutating func finishHeap() -> [UInt8] { heap.finish() }

    // MARK: Groups

    mutating func group(_ mapping: Document.Mapping, _ path: [String]) throws(FormatError) -> HDF5Node {
        guard path.count < Limits.standard.depth else {
            throw HDF5Plan.unrepresentable(path, "is nested more than \(Limits.standard.depth) deep")
        }
        var children: [(name: [UInt8], node: HDF5Node)] = []
        let ofDatasets = try attributeMapping(mapping, HDF5.datasetAttributesKey, path)
        for entry in mapping.entries {
            guard case .string(let name) = entry.key else { throw HDF5Plan.unrepresentable(path, "has a key that is not text") }
            if name == HDF5.attributesKey || name == HDF5.datasetAttributesKey { continue }
            try HDF5Plan.check(name: name, path)
            children.append((Array(name.utf8), try node(entry.value, path + [name], attributes: ofDatasets?[name])))
        }
        children.sort { $0.name.lexicographicallyPrecedes($1.name) }
        for (first, second) in zip(children, children.dropFirst()) where first.name == second.name {
            throw HDF5Plan.unrepresentable(path, "has the name \(String(decoding: first.name, as: UTF8.self)) twice")
        }
        let own = try attributeMapping(mapping, HDF5.attributesKey, path)
        return .group(children, attributes: try own.map { (own) throws(FormatError) in try attributes(own, path) } ?? [])
    }

    private mutating func node(_ value: Document, _ path: [String], attributes: Document?) throws(FormatError) -> HDF5Node {
        if case .mapping(let inner) = value { return try group(inner, path) }
        var own: Document.Mapping?
        if case .mapping(let mapping)? = attributes { own = mapping }
        let value = HDF5Plan.adapted(try self.value(value, path), own)
        var start: Int?
        if value.byteCount > 0 {
            start = contentSize
            contents.append(value.content)
            let (size, overflow) = contentSize.addingReportingOverflow(value.byteCount.addingClamped(7) & ~7)
            guard !overflow else { throw HDF5Plan.unrepresentable(path, "is too large") }
            contentSize = size
        }
        guard let own else { return .dataset(value, start: start, attributes: []) }
        return .dataset(value, start: start, attributes: try self.attributes(own, path))
    }

    /// Keras takes bfloat16 only as two bytes without a meaning, with the type in the attribute `dtype`.
    private static func adapted(_ value: HDF5Value, _ attributes: Document.Mapping?) -> HDF5Value {
        guard case .tensor(let tensor) = value.content, tensor.dtype == .bfloat16, case .string("bfloat16")? = attributes?["dtype"] else {
            return value
        }
        return HDF5Value(type: HDF5Value.opaque(2), space: value.space, content: value.content)
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name != "." && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
    }

    private static func check(name: String, _ path: [String]) throws(FormatError) {
        guard isName(name) else {
            throw unrepresentable(path + [name], "has a name that the format can't hold: empty, \".\", or with a slash or NUL")
        }
    }

    // MARK: Attributes

    private func attributeMapping(_ mapping: Document.Mapping, _ key: String, _ path: [String]) throws(FormatError) -> Document.Mapping? {
        guard let value = mapping[key] else { return nil }
        guard case .mapping(let attributes) = value else { throw HDF5Plan.unrepresentable(path + [key], "must be a mapping of attributes") }
        return attributes
    }

    private mutating func attributes(_ mapping: Document.Mapping, _ path: [String]) throws(FormatError) -> [(
        name: String, value: HDF5Value
    )] {
        var attributes: [(name: String, value: HDF5Value)] = []
        for entry in mapping.entries {
            guard case .string(let name) = entry.key, !name.isEmpty, !name.utf8.contains(0) else {
                throw HDF5Plan.unrepresentable(path, "has an attribute whose name is not text")
            }
            attributes.append((name, try value(entry.value, path + [name])))
        }
        return attributes
    }

    // MARK: Values

    /// Whether a value that is no mapping can be written.
    static func holds(_ value: Document) -> Bool {
        var plan = HDF5Plan(heapAddress: 0)
        do throws(FormatError) { return try plan.value(value, []).space.isEmpty == false } catch { return false }
    }

    private mutating func value(_ document: Document, _ path: [String]) throws(FormatError) -> HDF5Value {
        switch document {
        case .tensor(let tensor): return try HDF5Plan.array(tensor, path)
        case .bool(let flag): return try HDF5Plan.array(Tensor(.bool(flag), dtype: .bool), path)
        case .integer(let number): return try HDF5Plan.array(Tensor(.int(number), dtype: .int64), path)
        case .float(let number): return try HDF5Plan.array(Tensor(.float(number), dtype: .float64), path)
        case .complex(let real, let imaginary): return try HDF5Plan.array(Tensor(.complex(real, imaginary), dtype: .complex128), path)
        case .bigInteger(let number):
            guard let small = UInt64(number.description) else { throw HDF5Plan.unrepresentable(path, "is an integer of more than 64 bits") }
            return try HDF5Plan.array(Tensor(.unsigned(small), dtype: .uint64), path)
        case .string(let text):
            return HDF5Value(type: HDF5Value.variableText, space: HDF5Value.space([]), content: .bytes(try reference(text, path)))
        case .bytes(let bytes) where !bytes.isEmpty:
            return HDF5Value(type: HDF5Value.opaque(bytes.count), space: HDF5Value.space([]), content: .bytes(bytes))
        case .null: return HDF5Value(type: HDF5Value.type(of: .float32) ?? [], space: HDF5Value.nullSpace, content: .bytes([]))
        case .list(let items), .tuple(let items): return try list(items, path)
        case .bytes: throw HDF5Plan.unrepresentable(path, "is bytes without any")
        case .mapping: throw HDF5Plan.unrepresentable(path, "is an attribute, which can't be a mapping")
        case .set, .timestamp, .opaque: throw HDF5Plan.unrepresentable(path, "is no array, number or text")
        }
    }

    private static func array(_ tensor: Tensor, _ path: [String]) throws(FormatError) -> HDF5Value {
        guard let type = HDF5Value.type(of: tensor.dtype) else {
            throw unrepresentable(path, "is of type \(tensor.dtype.rawValue), which the format lacks")
        }
        guard tensor.rank <= highestRank else { throw unrepresentable(path, "has \(tensor.rank) dimensions; \(highestRank) are possible") }
        return HDF5Value(type: type, space: HDF5Value.space(tensor.shape), content: .tensor(tensor))
    }

    private mutating func reference(_ text: String, _ path: [String]) throws(FormatError) -> [UInt8] {
        guard !text.utf8.contains(0) else { throw HDF5Plan.unrepresentable(path, "is a text with a NUL in it") }
        return heap.add(text)
    }

    // MARK: Lists

    /// Texts, or numbers of one type, nested evenly.
    private mutating func list(_ items: [Document], _ path: [String]) throws(FormatError) -> HDF5Value {
        guard let (shape, leaves) = HDF5Plan.even(.list(items)), shape.count <= HDF5Plan.highestRank else {
            throw HDF5Plan.unrepresentable(path, "is a list whose items are not all of one type and length")
        }
        if leaves.isEmpty { return try HDF5Plan.array(HDF5Plan.tensor([Double](), .float64, shape), path) }
        var texts: [UInt8] = []
        for leaf in leaves {
            guard case .string(let text) = leaf else { return try HDF5Plan.numbers(leaves, shape, path) }
            texts += try reference(text, path)
        }
        return HDF5Value(type: HDF5Value.variableText, space: HDF5Value.space(shape), content: .bytes(texts))
    }

    /// The shape and the items at the end of lists in lists; `nil` when they are uneven.
    private static func even(_ document: Document, depth: Int = 0) -> (shape: [Int], leaves: [Document])? {
        guard case .list(let items) = document.tupleAsList else { return ([], [document]) }
        guard depth < highestRank else { return nil }
        var shape: [Int]?
        var leaves: [Document] = []
        for item in items {
            guard let inner = even(item, depth: depth + 1), shape == nil || shape == inner.shape else { return nil }
            shape = inner.shape
            leaves += inner.leaves
        }
        return ([items.count] + (shape ?? []), leaves)
    }

    private static func numbers(_ leaves: [Document], _ shape: [Int], _ path: [String]) throws(FormatError) -> HDF5Value {
        let integers = leaves.compactMap { if case .integer(let value) = $0 { value } else { nil } }
        if integers.count == leaves.count { return try array(tensor(integers, .int64, shape), path) }
        let floats = leaves.compactMap { if case .float(let value) = $0 { value } else { nil } }
        if floats.count == leaves.count { return try array(tensor(floats, .float64, shape), path) }
        let flags = leaves.compactMap { if case .bool(let value) = $0 { UInt8(value ? 1 : 0) } else { nil } }
        if flags.count == leaves.count { return try array(tensor(flags, .bool, shape), path) }
        throw unrepresentable(path, "is a list whose items are not all numbers of one type, or all texts")
    }

    private static func tensor<Number: BitwiseCopyable>(_ numbers: [Number], _ dtype: DType, _ shape: [Int]) -> Tensor {
        let bytes = Bytes(numbers.withUnsafeBytes { Array($0) })
        return Tensor(dtype: dtype, shape: shape, bytes: bytes) ?? Tensor(.float(0), dtype: dtype)
    }

    private static func unrepresentable(_ path: [String], _ what: String) -> FormatError {
        let name = path.joined(separator: "/")
        return FormatError(
            .unrepresentable, HDF5.format, name.isEmpty ? what : "holds groups of arrays, numbers and texts; \(name) \(what)",
            at: name.isEmpty ? .whole : .member(name), hint: "leave it out, or save as .pth")
    }
}

extension Document {
    fileprivate var tupleAsList: Document { if case .tuple(let items) = self { .list(items) } else { self } }
}
