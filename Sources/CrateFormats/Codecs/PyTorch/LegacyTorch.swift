import CrateValues

/// The layout before PyTorch 1.6: five parts one after the other, the first four and the list of the last being pickles.
///
/// A number that marks the format, a version, a dictionary about the machine, the data, and then the list of storage keys
/// with, in its order, each storage's count of elements (int64) and bytes.
struct LegacyTorch {
    private let graph: PickleGraph
    private let storages: FileStorages
    private let limits: Limits
    /// Of all four pickles, since PyTorch runs all four.
    private let imports: [Pickle.Import]

    // The number 0x1950a86a20f9469cfc6c as a pickle of protocol 2.
    private static let magic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

    static func recognizes(_ bytes: Bytes) -> Bool { bytes.starts(with: magic) }

    /// - Parameter isInside: for the bytes of a storage inside of another pickle, which has no further one inside.
    init(_ bytes: Bytes, limits: Limits, isInside: Bool = false) throws(FormatError) {
        self.limits = limits
        let vocabulary = isInside ? LegacyTorch.innerVocabulary : Pickle.standardVocabulary
        var reader = ByteReader(bytes, format: PyTorch.format, at: LegacyTorch.magic.count)
        let version = try LegacyTorch.next(&reader, limits, vocabulary)
        guard case .integer(1001) = version.root else { throw reader.error(.unsupported, "has an unknown version of the old layout") }
        let machine = try LegacyTorch.next(&reader, limits, vocabulary)
        graph = try LegacyTorch.next(&reader, limits, vocabulary)
        let list = try LegacyTorch.next(&reader, limits, vocabulary)
        imports = version.imports + machine.imports + graph.imports + list.imports
        storages = FileStorages(
            byKey: try LegacyTorch.storages(graph, try LegacyTorch.keys(list, reader), &reader),
            isBigEndian: LegacyTorch.isBigEndian(machine))
    }

    // MARK: Inside of another pickle

    private static let innerVocabulary: [any PickleVocabulary] = [TorchVocabulary(storages: nil, isInside: true), PythonVocabulary()]

    /// The file in the bytes of another pickle, where storages stand alone; `nil` for anything else than a storage.
    static func storage(in bytes: Bytes, limits: Limits) throws(FormatError) -> (storage: TorchStorages.Storage, imports: [Pickle.Import])? {
        guard recognizes(bytes) else { return nil }
        let file = try LegacyTorch(bytes, limits: limits, isInside: true)
        guard let object = file.graph.object(of: file.graph.root), case .persistent(let id) = object.kind else { return nil }
        return (try TorchStorages(file.graph, from: file.storages).storage(id, at: object.position), file.imports)
    }

    // MARK: A file of its own

    func document(only selection: Checkpoint.Selection?) throws(FormatError) -> Document {
        try Pickle.requireNothingDangerous(imports, format: PyTorch.format)
        return try PyTorch.document(graph, from: storages, limits: limits, only: selection)
    }

    func description() throws(FormatError) -> Checkpoint.Description {
        let run = Pickle.Run(graph: graph, failure: nil)
        var description = try Pickle.description(.pyTorch, run) { (graph) throws(FormatError) in
            try PyTorch.document(graph, from: storages, limits: limits)
        }
        description.imports = imports
        description.facts += [
            ("framework", .string("PyTorch")), ("layout", .string("before PyTorch 1.6")),
            ("byte order", .string(storages.isBigEndian ? "big" : "little")),
        ]
        return description
    }

    /// The pickle at the reader's position, which moves behind its STOP.
    private static func next(
        _ reader: inout ByteReader, _ limits: Limits, _ vocabulary: [any PickleVocabulary]
    ) throws(FormatError) -> PickleGraph {
        let graph = try Pickle.graph(of: reader, limits: limits, vocabulary: vocabulary)
        try reader.seek(to: graph.end)
        return graph
    }

    private static func isBigEndian(_ machine: PickleGraph) -> Bool {
        guard let pairs = machine.object(of: machine.root)?.pairs else { return false }
        return stride(from: 0, to: pairs.count - 1, by: 2).contains { index in
            if case .string("little_endian") = pairs[index], case .bool(false) = pairs[index + 1] { true } else { false }
        }
    }

    private static func keys(_ list: PickleGraph, _ reader: ByteReader) throws(FormatError) -> [String] {
        var keys: [String] = []
        for item in list.object(of: list.root)?.items ?? [] {
            guard case .string(let key) = item else { throw reader.malformed("has a storage key that is not text") }
            keys.append(key)
        }
        return keys
    }

    /// Stretches of the file by key.
    private struct FileStorages: TorchStorages.Source {
        let byKey: [String: Bytes]
        let isBigEndian: Bool

        func size(of reference: TorchStorages.Reference) throws(FormatError) -> Int { try bytes(of: reference).count }

        func bytes(of reference: TorchStorages.Reference) throws(FormatError) -> Bytes {
            guard let found = byKey[reference.key] else {
                throw FormatError(.malformed, PyTorch.format, "has no storage \(reference.key)", at: .byte(reference.position))
            }
            return found
        }
    }

    private static func storages(_ graph: PickleGraph, _ keys: [String], _ reader: inout ByteReader) throws(FormatError) -> [String: Bytes] {
        var units: [String: Int] = [:]
        for object in graph.objects {
            guard case .persistent(let id) = object.kind else { continue }
            let reference = try TorchStorages.reference(id, in: graph, at: object.position)
            units[reference.key] = reference.type.unit
        }
        var bytes: [String: Bytes] = [:]
        for key in keys {
            guard let unit = units[key] else { throw reader.malformed("has the storage \(key), which nothing refers to") }
            let (byteCount, overflow) = try reader.count(Int64.self).multipliedReportingOverflow(by: unit)
            guard !overflow else { throw reader.malformed("has a storage of impossible size") }
            bytes[key] = try reader.bytes(byteCount)
        }
        return bytes
    }
}
