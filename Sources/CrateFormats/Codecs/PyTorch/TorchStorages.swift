import CrateValues

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

        var elementType: DType? {
            if case .typed(let dtype) = type { dtype } else { nil }
        }
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

    private let graph: PickleGraph
    private var byKey: [String: Storage] = [:]

    var count: Int { byKey.count }

    /// None, for reading names only.
    init() { graph = PickleGraph() }

    /// Asks `load` once for each storage's raw bytes; they must be exactly as many as the references say.
    init(_ graph: PickleGraph, isBigEndian: Bool, load: (Reference) throws(FormatError) -> Bytes) throws(FormatError) {
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
            let bytes = try load(reference)
            guard bytes.count == size else {
                throw TorchStorages.malformed(
                    "announces \(size) bytes for the storage \(reference.key), which has \(bytes.count)", at: object.position)
            }
            byKey[name] = try TorchStorages.storage(reference.type, bytes, isBigEndian: isBigEndian)
        }
    }

    private static func storage(_ type: TorchTypes.Storage, _ bytes: Bytes, isBigEndian: Bool) throws(FormatError) -> Storage {
        guard isBigEndian else { return Storage(type: type, bytes: bytes, needsSwap: false) }
        guard case .typed(let dtype) = type else { return Storage(type: type, bytes: bytes, needsSwap: true) }
        return Storage(type: type, bytes: try ElementBytes.swapped(bytes, dtype: dtype, format: PyTorch.format), needsSwap: false)
    }

    private static func malformed(_ reason: String, at position: Int) -> FormatError {
        FormatError(.malformed, PyTorch.format, reason, at: .byte(position))
    }

    /// The storage of one reference.
    func storage(_ id: PickleGraph.Item, at position: Int) throws(FormatError) -> Storage {
        let reference = try TorchStorages.reference(id, in: graph, at: position)
        guard let storage = byKey[reference.key] else { throw TorchStorages.malformed("has no storage \(reference.key)", at: position) }
        guard let view = reference.view else { return Storage(type: reference.type, bytes: storage.bytes, needsSwap: storage.needsSwap) }
        let unit = reference.type.unit
        let elements = storage.bytes.count / unit
        guard view.offset >= 0, view.size >= 0, view.offset <= elements, view.size <= elements - view.offset,
            let part = storage.bytes.slice((view.offset * unit)..<((view.offset + view.size) * unit))
        else { throw TorchStorages.malformed("refers to a part outside the storage \(reference.key)", at: position) }
        return Storage(type: reference.type, bytes: part, needsSwap: storage.needsSwap)
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
