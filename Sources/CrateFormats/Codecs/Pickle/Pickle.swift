import CrateValues

/// Python's pickles, read without running them.
///
/// A pickle is a program; the reader builds what it would build as inert data. Classes and functions become labels: those
/// of the vocabulary (plain containers, numpy arrays) give values, all others stay `Document.opaque`.
public enum Pickle {
    static let format = "pickle"

    /// Shows any pickle, a hostile one too.
    public static func describe(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Checkpoint.Description {
        let program = run(ByteReader(bytes, format: format), limits: limits)
        return try description(.pickle, program) { (graph) throws(FormatError) in
            try PickleResolver(graph, vocabulary: standardVocabulary, limits: limits).document(graph.root)
        }
    }

    /// The data in a pickle; one that asks for anything dangerous is refused, with the name and the place of it.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        let program = run(ByteReader(bytes, format: format), limits: limits)
        try program.graph.requireNothingDangerous(format: format)
        let graph = try program.complete()
        return try PickleResolver(graph, vocabulary: standardVocabulary, limits: limits).document(graph.root)
    }

    static let standardVocabulary: [any PickleVocabulary] = [
        PythonVocabulary(), DatetimeVocabulary(), NumpyVocabulary(), TorchVocabulary(storages: nil),
    ]

    /// Runs the program that starts at the reader's position.
    static func graph(
        of reader: ByteReader, limits: Limits, vocabulary: [any PickleVocabulary] = standardVocabulary
    ) throws(FormatError) -> PickleGraph {
        try run(reader, limits: limits, vocabulary: vocabulary).complete()
    }

    /// Runs the program as far as it goes.
    static func run(
        _ reader: ByteReader, limits: Limits, vocabulary: [any PickleVocabulary] = standardVocabulary, readsInlineArrays: Bool = false
    ) -> Run {
        var machine = PickleMachine(reader, limits: limits, vocabulary: vocabulary)
        machine.readsInlineArrays = readsInlineArrays
        var failure: FormatError?
        do throws(FormatError) { try machine.run() } catch { failure = error }
        let misplaced = machine.graph.misplacedLabels()
        machine.graph.trespasses += misplaced
        return Run(graph: machine.graph, failure: failure)
    }

    /// What a program built, up to its end or to what stopped it.
    struct Run {
        let graph: PickleGraph
        let failure: FormatError?

        func complete() throws(FormatError) -> PickleGraph {
            if let failure { throw failure }
            return graph
        }
    }

    /// Tells the imports also of a pickle that breaks off or whose parts don't fit together; of one without any, what is wrong.
    static func description(
        _ format: Checkpoint.Format, _ run: Run, document: (PickleGraph) throws(FormatError) -> Document
    ) throws(FormatError) -> Checkpoint.Description {
        let imports = run.graph.imports
        let facts: [Inspection.Fact] = [("pickle protocol", .integer(run.graph.protocolVersion))]
        do throws(FormatError) {
            return Checkpoint.Description(format, try document(try run.complete()), imports: imports, facts: facts)
        } catch {
            if imports.isEmpty { throw error }
            return Checkpoint.Description(format, .null, imports: imports, facts: facts, failure: error)
        }
    }
}

extension PickleGraph {
    func requireNothingDangerous(format: String) throws(FormatError) { try Pickle.requireNothingDangerous(imports, format: format) }
}

extension Pickle {
    static func requireNothingDangerous(_ imports: [Import], format: String) throws(FormatError) {
        guard let danger = imports.first(where: { $0.verdict == .dangerous }) else { return }
        throw FormatError(
            .unsafe, format, "asks for \(danger.qualifiedName), which can run code", at: .byte(danger.position),
            hint: "nothing was run; do not load this file in Python either")
    }
}

/// Names whose calls make values here, of one library.
protocol PickleVocabulary: Sendable {
    func knows(module: String, name: String) -> Bool
    /// What a call asks for beside its name: a pickle in bytes, which Python would run, or a function among its arguments.
    func requests(of request: PickleRequest, in graph: PickleGraph) -> [Pickle.Import]
    /// The value of a call; `nil` for one that should stay a label with arguments.
    func value(of call: PickleCall, in resolver: PickleResolver) throws(FormatError) -> Document?
    /// The state of an object that stays a label, as it is best shown.
    func shown(_ state: Document) -> Document
    /// The value of a reference to something kept outside the pickle; `nil` when it is not this library's.
    func value(ofPersistent id: PickleGraph.Item, at position: Int, in resolver: PickleResolver) throws(FormatError) -> Document?
}

extension PickleVocabulary {
    func requests(of request: PickleRequest, in graph: PickleGraph) -> [Pickle.Import] { [] }
    func shown(_ state: Document) -> Document { state }
    func value(ofPersistent id: PickleGraph.Item, at position: Int, in resolver: PickleResolver) throws(FormatError) -> Document? { nil }
}

/// A call as it is met, to be judged.
struct PickleRequest {
    let module: String
    let name: String
    /// A stretch of a tuple that others may share.
    let arguments: ArraySlice<PickleGraph.Item>
    /// REDUCE, NEWOBJ, NEWOBJ_EX, INST or OBJ.
    let opcode: PickleOpcode
    let position: Int

    func argument(_ index: Int) -> PickleGraph.Item? { arguments.dropFirst(index).first }

    /// The name called, as something dangerous.
    var danger: Pickle.Import { Pickle.Import(module: module, name: name, position: position, verdict: .dangerous) }

    func danger(_ what: String) -> Pickle.Import { Pickle.Import(module: "", name: what, position: position, verdict: .dangerous) }
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
    var keywords: PickleGraph.Item?
    let position: Int

    func argument(_ index: Int) -> PickleGraph.Item? { arguments.indices.contains(index) ? arguments[index] : nil }
}
