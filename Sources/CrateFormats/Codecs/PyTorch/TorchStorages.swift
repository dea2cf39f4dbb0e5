import CrateValues
import Glibc

/// The storages that a checkpoint's pickle refers to, found and checked before any tensor is made.
///
/// A reference is `("storage", class, key, location, size)`, where the size counts elements (bytes, for untyped storages);
/// the layout before PyTorch 1.6 has a sixth part that names a stretch of the storage.
struct TorchStorages {
    struct Storage {
        let type: TorchTypes.Storage
        let bytes: Bytes
        /// Untyped bytes of a big-endian file, to be turned round when a tensor gives them a type.
        let needsSwap: Bool
        /// Whether the bytes only stand for those of the file, which nobody wants.
        let isStandIn: Bool

        var elementType: DType? {
            if case .typed(let dtype) = type { dtype } else { nil }
        }
    }

    /// What is made of a storage's bytes at most once: tensors over it may be many, and larger than it is.
    struct Change: Hashable {
        enum Sort { case swapped, negated, conjugated }

        let sort: Sort
        let dtype: DType
        let bytes: Bytes.Stretch
    }

    /// A reference, read but not yet followed.
    struct Reference {
        let type: TorchTypes.Storage
        let key: String
        let size: Int
        /// Where it is asked for.
        let position: Int
        /// First element and size of a stretch (old layout).
        let view: (offset: Int, size: Int)?

        var byteCount: Int? {
            let (count, overflow) = size.multipliedReportingOverflow(by: type.unit)
            return overflow || size < 0 ? nil : count
        }
    }

    /// Where the storages' raw bytes come from. Asking for the size of one reads nothing.
    protocol Source {
        func size(of reference: Reference) throws(FormatError) -> Int
        func bytes(of reference: Reference) throws(FormatError) -> Bytes
        var isBigEndian: Bool { get }
    }

    private let graph: PickleGraph
    private var byKey: [String: Storage] = [:]

    var count: Int { byKey.count }

    /// Reads each storage once; it must have exactly as many bytes as the references say. Of those that are not `wanted`, when
    /// that is given, the size alone is looked at.
    init(_ graph: PickleGraph, from source: some Source, wanted: Set<String>? = nil) throws(FormatError) {
        self.graph = graph
        for object in graph.objects {
            guard case .persistent(let id) = object.kind else { continue }
            let reference = try TorchStorages.reference(id, in: graph, at: object.position)
            let name = reference.key
            guard let size = reference.byteCount else {
                throw TorchStorages.malformed("has a storage of impossible size", at: object.position)
            }
            if let known = byKey[name] {
                guard known.bytes.count == size else {
                    throw TorchStorages.malformed("gives the storage \(name) two sizes", at: object.position)
                }
                continue
            }
            let actual = try source.size(of: reference)
            guard actual == size else {
                throw TorchStorages.malformed("announces \(size) bytes for the storage \(name), which has \(actual)", at: object.position)
            }
            byKey[name] =
                wanted.map { $0.contains(name) } ?? true
                ? try TorchStorages.storage(reference.type, try source.bytes(of: reference), isBigEndian: source.isBigEndian)
                : try TorchStorages.standIn(reference.type, size: size)
        }
    }

    private static func storage(_ type: TorchTypes.Storage, _ bytes: Bytes, isBigEndian: Bool) throws(FormatError) -> Storage {
        guard isBigEndian else { return Storage(type: type, bytes: bytes, needsSwap: false, isStandIn: false) }
        guard case .typed(let dtype) = type else { return Storage(type: type, bytes: bytes, needsSwap: true, isStandIn: false) }
        let swapped = try ElementBytes.swapped(bytes, dtype: dtype, format: PyTorch.format)
        return Storage(type: type, bytes: swapped, needsSwap: false, isStandIn: false)
    }

    /// Addresses without memory behind them: tensors over them have their types and shapes, and reading them would give zeros.
    private static func standIn(_ type: TorchTypes.Storage, size: Int) throws(FormatError) -> Storage {
        guard size > 0 else { return Storage(type: type, bytes: Bytes(ByteRegion(zeroed: 0)), needsSwap: false, isStandIn: true) }
        let start = mmap(nil, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let start, start != MAP_FAILED else {
            throw FormatError(.limit, PyTorch.format, "has a storage of \(size) bytes, more than there are addresses for")
        }
        return Storage(type: type, bytes: Bytes(ByteRegion(mapped: start, count: size)), needsSwap: false, isStandIn: true)
    }

    private static func malformed(_ reason: String, at position: Int) -> FormatError {
        FormatError(.malformed, PyTorch.format, reason, at: .byte(position))
    }

    /// The keys of the storages that the tensors in `document` are views of.
    func keys(usedBy document: Document) -> Set<String> {
        var regions: Set<ObjectIdentifier> = []
        document.forEachTensor { regions.insert(ObjectIdentifier($0.bytes.region)) }
        return Set(byKey.filter { regions.contains(ObjectIdentifier($0.value.bytes.region)) }.keys)
    }

    /// The storage of one reference.
    func storage(_ id: PickleGraph.Item, at position: Int) throws(FormatError) -> Storage {
        let reference = try TorchStorages.reference(id, in: graph, at: position)
        guard let storage = byKey[reference.key] else { throw TorchStorages.malformed("has no storage \(reference.key)", at: position) }
        let unit = reference.type.unit
        let elements = storage.bytes.count / unit
        let view = reference.view ?? (0, elements)
        guard view.offset >= 0, view.size >= 0, view.offset <= elements, view.size <= elements - view.offset,
            let part = reference.view == nil ? storage.bytes : storage.bytes.slice((view.offset * unit)..<((view.offset + view.size) * unit))
        else { throw TorchStorages.malformed("refers to a part outside the storage \(reference.key)", at: position) }
        return Storage(type: reference.type, bytes: part, needsSwap: storage.needsSwap, isStandIn: storage.isStandIn)
    }

    static func reference(_ id: PickleGraph.Item, in graph: PickleGraph, at position: Int) throws(FormatError) -> Reference {
        guard let parts = graph.tuple(id), parts.count == 5 || parts.count == 6, text(parts[0]) == "storage",
            let label = graph.label(of: parts[1]),
            let key = text(parts[2]), case .integer(let size) = parts[4]
        else { throw malformed("refers to something that is not a storage", at: position) }
        guard let type = TorchTypes.storage(module: label.module, name: label.name) else {
            throw malformed("has a storage of the unknown class \(label.qualifiedName)", at: position)
        }
        let view = parts.count == 6 ? try view(parts[5], in: graph, at: position) : nil
        return Reference(type: type, key: key, size: size, position: position, view: view)
    }

    private static func view(_ item: PickleGraph.Item, in graph: PickleGraph, at position: Int) throws(FormatError) -> (
        offset: Int, size: Int
    )? {
        if case .none = item { return nil }
        guard let parts = graph.tuple(item), parts.count == 3, case .integer(let offset) = parts[1], case .integer(let size) = parts[2]
        else { throw malformed("refers to a part of a storage in an unknown way", at: position) }
        return (offset, size)
    }

    private static func text(_ item: PickleGraph.Item) -> String? {
        switch item {
        case .string(let text): text
        case .oldString(let bytes): PickleText.decode(bytes)
        default: nil
        }
    }
}
