import CrateValues

/// Python's pickles, read without running them.
///
/// A pickle is a program; the reader builds what it would build as inert data. Classes and functions become labels: those
/// of the vocabulary (plain containers, numpy arrays) give values, all others stay `Document.opaque`.
public enum Pickle {
    static let format = "pickle"

    /// What a pickle holds and asks for.
    public struct Description: Sendable {
        public let document: Document
        /// Every class and function, in the order of the file.
        public let imports: [Import]
        public let protocolVersion: Int
    }

    /// Shows any pickle, a hostile one too.
    public static func describe(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Description {
        let graph = try graph(of: ByteReader(bytes, format: format), limits: limits)
        let document = try PickleResolver(graph, vocabulary: standardVocabulary, limits: limits).document(graph.root)
        return Description(document: document, imports: graph.imports, protocolVersion: graph.protocolVersion)
    }

    /// The data in a pickle; one that asks for anything dangerous is refused, with the name and the place of it.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        let graph = try graph(of: ByteReader(bytes, format: format), limits: limits)
        try graph.requireNothingDangerous(format: format)
        return try PickleResolver(graph, vocabulary: standardVocabulary, limits: limits).document(graph.root)
    }

    static let standardVocabulary: [any PickleVocabulary] = [PythonVocabulary(), NumpyVocabulary()]

    /// Runs the program that starts at the reader's position.
    static func graph(
        of reader: ByteReader, limits: Limits, vocabulary: [any PickleVocabulary] = standardVocabulary
    ) throws(FormatError) -> PickleGraph {
        var machine = PickleMachine(reader, limits: limits, vocabulary: vocabulary)
        return try machine.run()
    }
}

extension PickleGraph {
    func requireNothingDangerous(format: String) throws(FormatError) {
        guard let danger = imports.first(where: { $0.verdict == .dangerous }) else { return }
        throw FormatError(
            .unsafe, format, "asks for \(danger.qualifiedName), which can run code", at: .byte(danger.position),
            hint: "nothing was run; do not load this file in Python either")
    }
}

/// Names whose calls make values here, of one library.
protocol PickleVocabulary: Sendable {
    func knows(module: String, name: String) -> Bool
    /// The value of a call; `nil` for one that should stay a label with arguments.
    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document?
    /// The value of a reference to something kept outside the pickle; `nil` when it is not this library's.
    func value(ofPersistent id: PickleGraph.Item, at position: Int, in resolver: PickleResolver) throws(FormatError) -> Document?
}

extension PickleVocabulary {
    func value(ofPersistent id: PickleGraph.Item, at position: Int, in resolver: PickleResolver) throws(FormatError) -> Document? { nil }
}

/// A call that Python would make.
struct PickleCall {
    let module: String
    let name: String
    let arguments: [PickleGraph.Item]
    /// What was appended to and set in the result.
    let items: [PickleGraph.Item]
    let pairs: [PickleGraph.Item]
    let state: PickleGraph.Item?
    let position: Int

    func argument(_ index: Int) -> PickleGraph.Item? { arguments.indices.contains(index) ? arguments[index] : nil }
}
