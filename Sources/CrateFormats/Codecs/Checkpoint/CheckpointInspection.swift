import CrateValues

extension Checkpoint {
    /// What a person wants to know of a checkpoint before using it, however much it is trusted: format, framework, tensors, other
    /// values, and every name that a pickle in it asks for, with a verdict and its position.
    ///
    /// - Parameter measures: adds least, greatest and mean value and the counts of NaN and infinities to each tensor, which reads it.
    /// - Throws: as `describe`.
    public static func inspect(
        _ bytes: Bytes, fileExtension: String, measures: Bool = false, limits: Limits = .standard, surroundings: Surroundings = .none
    ) throws(FormatError) -> Inspection {
        let description = try describe(bytes, fileExtension: fileExtension, limits: limits, surroundings: surroundings)
        let leaves = description.document.leaves
        let tensors = leaves.compactMap { leaf in if case .tensor(let tensor) = leaf.value { (leaf.name, tensor) } else { nil } }
        let packed = leaves.compactMap { PackedTensor($0) }
        let facts: [Inspection.Fact] = [
            ("format", .string(description.format.rawValue))
        ] + description.facts.filter { !$0.value.isMapping } + [
            ("tensor_count", .integer(tensors.count + packed.count)),
            ("parameters", .integer(tensors.reduce(0) { $0 &+ $1.1.count } &+ packed.reduce(0) { $0 &+ $1.count })),
            ("tensor_size", .integer(tensors.reduce(0) { $0 &+ $1.1.byteCount } &+ packed.reduce(0) { $0 &+ $1.byteCount })), ("security", .string(description.security)),
        ]
        var listings = [try tensorListing(tensors, packed, measures: measures, description.format), valueListing(leaves), objectListing(leaves)]
        listings += description.facts.compactMap(mappingListing)
        if description.holdsPickle { listings.append(importListing(description.imports)) }
        if let members = description.members { listings.append(members) }
        return Inspection(facts: facts, listings: listings.filter { !$0.rows.isEmpty || $0.title == "imports" })
    }

    private static func tensorListing(
        _ tensors: [(String, Tensor)], _ packed: [PackedTensor], measures: Bool, _ format: Format
    ) throws(FormatError) -> Inspection.Listing {
        let columns = ["name", "dtype", "shape", "size"] + (measures ? ["min", "max", "mean", "nan", "inf"] : [])
        var rows: [[Document]] = []
        for (name, tensor) in tensors {
            let row: [Document] = [
                .string(name), .string(tensor.dtype.rawValue), .list(tensor.shape.map { .integer($0) }), .integer(tensor.byteCount),
            ]
            rows.append(row + (measures ? try measured(tensor, format) : []))
        }
        let unread = [Document](repeating: .null, count: columns.count - 4)
        rows += packed.map { [.string($0.name), .string($0.type), .list($0.shape.map { .integer($0) }), .integer($0.byteCount)] + unread }
        return Inspection.Listing("tensors", columns: columns, rows: rows)
    }

    private static func measured(_ tensor: Tensor, _ format: Format) throws(FormatError) -> [Document] {
        let statistics: ArrayStatistics?
        do { statistics = try tensor.statistics() } catch { throw FormatError(.limit, format.rawValue, error.message, hint: error.hint) }
        guard let statistics else { return [.null, .null, .null, .null, .null] }
        return [
            statistics.minimum.map(Document.init) ?? .null, statistics.maximum.map(Document.init) ?? .null,
            statistics.mean.map { .float($0) } ?? .null, .integer(statistics.nanCount), .integer(statistics.infinityCount),
        ]
    }

    /// A fact of many parts, such as the metadata of GGUF or the inputs of ONNX.
    private static func mappingListing(_ fact: Inspection.Fact) -> Inspection.Listing? {
        guard case .mapping(let mapping) = fact.value else { return nil }
        return Inspection.Listing(fact.name, columns: ["name", "value"], rows: mapping.entries.map { [.string($0.key.keyText), $0.value] })
    }

    private static func valueListing(_ leaves: [Document.Leaf]) -> Inspection.Listing {
        let rows = leaves.compactMap { leaf -> [Document]? in
            switch leaf.value {
            case .tensor, .opaque: nil
            // The machinery of objects, such as the empty hooks of a PyTorch module.
            case let value where value.isEmpty && leaf.lastKey.hasPrefix("_"): nil
            default: [.string(leaf.name.isEmpty ? "(all)" : leaf.name), leaf.value]
            }
        }
        return Inspection.Listing("values", columns: ["name", "value"], rows: rows)
    }

    /// What stays a label: its class, and how its constructor would have been called.
    private static func objectListing(_ leaves: [Document.Leaf]) -> Inspection.Listing {
        let rows = leaves.compactMap { leaf -> [Document]? in
            guard case .opaque(let opaque) = leaf.value, PackedTensor(leaf) == nil else { return nil }
            return [.string(leaf.name.isEmpty ? "(all)" : leaf.name), .string(opaque.name), .list(opaque.arguments)]
        }
        return Inspection.Listing("objects", columns: ["name", "class", "arguments"], rows: rows)
    }

    /// Dangerous names first, then by position.
    private static func importListing(_ imports: [Pickle.Import]) -> Inspection.Listing {
        let order: [Pickle.Verdict] = [.dangerous, .unknown, .harmless]
        let sorted = order.flatMap { verdict in imports.filter { $0.verdict == verdict } }
        return Inspection.Listing(
            "imports", columns: ["verdict", "position", "name"],
            rows: sorted.map { [.string($0.verdict.rawValue), $0.place, .string($0.qualifiedName)] })
    }
}

extension Pickle.Import {
    fileprivate var place: Document { member.map { .string("\(position) in \($0)") } ?? .integer(position) }
}

/// A tensor whose numbers are packed in a way that is only described here, as GGUF's quantised blocks.
private struct PackedTensor {
    let name: String
    let type: String
    let shape: [Int]
    let byteCount: Int

    init?(_ leaf: Document.Leaf) {
        guard case .opaque(let opaque) = leaf.value, let described = opaque.describedTensor else { return nil }
        name = leaf.name
        (type, shape, byteCount) = described
    }

    /// Elements, as far as they can be counted.
    var count: Int { Tensor.elementCount(shape) ?? 0 }
}

extension Document.Leaf {
    fileprivate var lastKey: Substring { name.split(separator: ".").last ?? "" }
}

extension Document {
    fileprivate var isMapping: Bool { if case .mapping = self { true } else { false } }

    fileprivate var isEmpty: Bool {
        switch self {
        case .null: true
        case .list(let items), .tuple(let items), .set(let items): items.isEmpty
        case .mapping(let mapping): mapping.entries.isEmpty
        default: false
        }
    }
}

extension Checkpoint.Description {
    /// numpy's arrays do when they are of objects.
    fileprivate var holdsPickle: Bool { format == .pyTorch || format == .pickle || !imports.isEmpty }

    /// The findings in one sentence.
    fileprivate var security: String {
        if let failure, dangers.isEmpty { return "\(failure.kind == .unsafe ? "dangerous" : "unclear"): it \(failure.reason)" }
        if let danger = dangers.first {
            let place = danger.member.map { " of \($0)" } ?? ""
            return "dangerous: asks for \(danger.qualifiedName) at byte \(danger.position)\(place)" + (dangers.count > 1 ? " and \(dangers.count - 1) more" : "")
        }
        guard holdsPickle else { return "holds data only" }
        let unknown = imports.count { $0.verdict == .unknown }
        if imports.isEmpty { return "asks for nothing" }
        return unknown == 0 ? "asks for harmless names only" : "asks for \(unknown) unknown name\(unknown == 1 ? "" : "s"), shown and never run"
    }
}

extension Document {
    init(_ scalar: Scalar) {
        self = switch scalar {
        case .bool(let value): .bool(value)
        case .int(let value): .integer(value)
        case .unsigned(let value): .bigInteger(BigInteger(value))
        case .float(let value): .float(value)
        case .complex(let real, let imaginary): .complex(real, imaginary)
        }
    }
}
