import CrateValues
import Testing

@testable import CrateFormats

private typealias P = PickleProgram

/// What Python would do with a file is harmless, or is named.
@Suite("Pickles that hide what they ask for")
struct HostilePickleTests {
    struct Attack: CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        var testDescription: String { name }

        init(_ name: String, _ opcodes: [UInt8]...) {
            self.name = name
            bytes = (PickleProgram() + Array(opcodes.joined()) + [0x2E]).bytes
        }
    }

    private static let loader = P.name("torch.storage", "_load_from_bytes")
    private static let evil = P.data([0x80, 4] + P.attack + [0x2E])
    private static let namespace = P.name("types", "SimpleNamespace") + P.ascii(")") + P.new
    private static let fromType = P.name("torch._tensor", "_rebuild_from_type_v2")
    private static let tensor = P.name("torch", "Tensor")

    static let handedOn = [
        Attack("a function called by PyTorch's", fromType, P.tuple(loader, tensor, P.tuple(evil), P.ascii("}")), P.ascii("R")),
        Attack("a function in a list", P.list(loader)),
        Attack("a function as a key", P.dictionary(loader, P.ascii("N"))),
        Attack("a function as a default", P.name("collections", "defaultdict"), P.tuple(loader), P.ascii("R")),
        Attack("a function as an argument by name", P.name("collections", "OrderedDict"), P.ascii(")"), P.dictionary(P.text("k"), loader), [0x92]),
        Attack("a mapped file through copyreg", P.name("copyreg", "__newobj__"), P.tuple(P.name("numpy", "memmap"), P.text("x"), P.text("uint8"), P.text("w+")), P.ascii("R")),
        Attack("a mapped file through _reconstructor", P.name("copyreg", "_reconstructor"), P.tuple(P.name("numpy", "memmap"), P.name("numpy", "memmap"), P.text("x")), P.ascii("R")),
        Attack("arguments of an array that are used twice", P.name("numpy", "dtype"), P.memoize, P.ascii("0"), P.tuple(P.name("numpy", "memmap"), P.tuple(P.integer(0)), P.text("b")), P.memoize, P.ascii("0"),
            P.name("numpy.core.multiarray", "_reconstruct"), [0x68, 1], P.ascii("R0"), P.name("torch", "Size"), [0x68, 1], P.ascii("R"), P.list([0x68, 1])),
        Attack("a computed class", P.name("copyreg", "__newobj__"), P.tuple(P.name("builtins", "type"), P.text("X"), P.tuple(), P.ascii("}")), P.ascii("R")),
        Attack("a class of a value, of protocol 0", P.name("copyreg", "_reconstructor"), P.tuple(P.name("builtins", "type"), P.name("builtins", "type"), P.ascii("N")), P.ascii("R")),
        Attack("a class of its own", P.name("builtins", "type"), P.tuple(P.text("X"), P.tuple(), P.ascii("}")), P.ascii("R")),
        Attack("the class of a value", P.name("copyreg", "_reconstructor"), P.tuple(P.name("builtins", "type"), P.ascii("N"), P.ascii("N")), P.ascii("R0"),
            P.name("copyreg", "__newobj__"), P.tuple(P.name("builtins", "type") + P.tuple(P.ascii("N")) + P.ascii("R")), P.ascii("R")),
        Attack("a function of a random source", P.name("numpy.random._pickle", "__generator_ctor"), P.tuple(P.text("x"), P.name("builtins", "str")), P.ascii("R")),
        Attack("a function that is no rebuilder", fromType, P.tuple(P.name("torch.jit._pickle", "build_intlist"), tensor, P.tuple(P.ascii("N")), P.ascii("}")), P.ascii("R")),
        Attack("attributes through an argument", P.name("torch._utils", "_rebuild_parameter_with_state"),
            P.tuple(P.ascii("N"), P.no, P.ascii("}"), P.dictionary(P.text("__setstate__"), P.name("builtins", "str"))), P.ascii("R")),
    ]

    private static let behaviour = P.dictionary(P.text("__setstate__"), P.name("builtins", "list"))
    static let states = [
        Attack("a key of Python 2", namespace, P.dictionary(P.oldText("__setstate__"), P.name("builtins", "list")), P.ascii("b")),
        Attack("a called dictionary of pairs", namespace, P.name("collections", "OrderedDict"),
            P.tuple(P.list(P.tuple(P.text("__setstate__"), P.name("builtins", "list")))), P.ascii("Rb")),
        Attack("a called dictionary that is filled", namespace, P.name("collections", "OrderedDict"), P.ascii(")R("), P.text("__setstate__"), P.name("builtins", "list"), P.ascii("ub")),
        Attack("a called dictionary of another", namespace, P.name("builtins", "dict"), P.tuple(behaviour), P.ascii("Rb")),
        Attack("a called tuple", namespace, P.name("builtins", "tuple"), P.tuple(P.list(P.ascii("N"), behaviour)), P.ascii("Rb")),
        Attack("a pair of attributes", namespace, P.tuple(P.ascii("N"), behaviour), P.ascii("b")),
        Attack("what gives its argument back", namespace, P.name("torch.jit._pickle", "restore_type_tag"), P.tuple(behaviour, P.text("x")), P.ascii("Rb")),
        Attack("a dictionary of protocol 0", namespace, P.name("copyreg", "_reconstructor"), P.tuple(P.name("builtins", "dict"), P.name("builtins", "dict"), behaviour), P.ascii("Rb")),
        Attack("a computed key", namespace, P.dictionary(P.name("builtins", "str") + P.tuple(P.data(Array("__setstate__".utf8)), P.text("ascii")) + P.ascii("R"), P.ascii("N")), P.ascii("b")),
        Attack("a class given back", P.name("torch.jit._pickle", "build_intlist"), P.tuple(P.name("uuid", "UUID")), P.ascii("R"), P.tuple(P.ascii("N"), P.ascii("}")), P.ascii("b")),
        Attack("numpy's own type", P.type("f4", isCopy: false, size: -1)),
        Attack("a type twice", P.type("f4", size: -1), P.tuple(P.integer(3)), P.ascii("b")),
        Attack("a type with objects that denies them", P.type("O", flags: 0)),
        Attack("a type without objects that has some", P.type("u1", flags: 63)),
    ]

    static let names = [
        Attack("a module of Python 2", P.ascii("cSimpleHTTPServer\nHTTPServer\n")), Attack("another", P.ascii("ccookielib\nFileCookieJar\n")),
        Attack("joblib's arrays in files beside it", P.name("joblib.numpy_pickle", "NDArrayWrapper")),
        Attack("joblib's packed arrays in files beside it", P.name("joblib.numpy_pickle", "ZNDArrayWrapper")),
    ]

    @Test(arguments: handedOn + states + names) func `what it asks for is dangerous`(_ attack: Attack) throws {
        for fileExtension in ["pkl", "joblib", "pth"] {
            #expect(!(try Checkpoint.describe(Bytes(attack.bytes), fileExtension: fileExtension).dangers.isEmpty))
            let refusal = failure { () throws(FormatError) in try Checkpoint.decode(Bytes(attack.bytes), fileExtension: fileExtension) }
            #expect(refusal?.kind == .unsafe)
        }
    }

    static let harmless = [
        Attack("a mapped array's class", P.name("numpy.core.multiarray", "_reconstruct"), P.tuple(P.name("numpy", "memmap"), P.tuple(P.integer(0)), P.data([0x62])), P.ascii("R"),
            P.tuple(P.integer(1), P.tuple(P.integer(2)), P.type("u1", size: -1), P.no, P.data([1, 2])), P.ascii("b")),
        Attack("the class of None", P.name("builtins", "type"), P.tuple(P.ascii("N")), P.ascii("R")),
        Attack("a state in a pair", namespace, P.tuple(P.dictionary(P.text("a"), P.ascii("N")), P.ascii("N")), P.ascii("b")),
        Attack("a called dictionary as a state", namespace, P.name("collections", "OrderedDict"), P.ascii(")R("), P.text("a"), P.ascii("Nub")),
        Attack("an object of protocol 0", P.name("copyreg", "_reconstructor"), P.tuple(P.name("my.shop", "Thing"), P.name("builtins", "object"), P.ascii("N")), P.ascii("R"),
            P.dictionary(P.text("a"), P.ascii("N")), P.ascii("b")),
        Attack("a class named like a module of Python 2", P.name("my.shop", "Cookie")),
    ]

    @Test(arguments: harmless) func `what picklers write is not`(_ file: Attack) throws {
        #expect(try Checkpoint.describe(Bytes(file.bytes), fileExtension: "pkl").dangers.isEmpty)
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(Bytes(file.bytes), fileExtension: "pkl") } == nil)
    }

    // MARK: joblib

    private static let payload = P.ascii("0") + P.attack + [0x2E]
    private static let inner = [0x80, 4] + P.attack + [0x2E, 0, 0, 0]

    /// Each makes joblib read another number of bytes than the state seems to say.
    static let standIns = [
        Attack("made by copyreg", P.name("copyreg", "_reconstructor"), P.tuple(P.name("joblib.numpy_pickle", "NumpyArrayWrapper"), P.name("builtins", "object"), P.ascii("N")), P.ascii("R"),
            P.standInState(P.type("u1"), count: 1), P.ascii("b."), payload),
        Attack("made by a call", P.name("joblib.numpy_pickle", "NumpyArrayWrapper"), P.ascii(")R"), P.standInState(P.type("u1"), count: payload.count), P.ascii("b"), payload),
        Attack("of records with objects", P.standIn,
            P.standInState(P.type("V8", names: P.tuple(P.text("f")), fields: P.dictionary(P.text("f"), P.type("O") + P.integer(0) + [0x86]), size: 8, flags: 27), count: 4), P.ascii("b"), inner),
        Attack("of another size than its code", P.standIn, P.standInState(P.type("S100", size: 1), count: 1), P.ascii("b"), payload, [UInt8](repeating: 0x41, count: 100)),
        Attack("flagged as objects", P.standIn, P.standInState(P.type("u1", flags: 63), count: inner.count), P.ascii("b"), inner),
        Attack("of types in a list that begins with a time", P.standIn, P.standInState(P.type("M8,O"), count: 4), P.ascii("b"), inner),
        Attack("padded by True", P.standIn, P.standInState(P.type("u1"), count: 1, P.text("numpy_array_alignment_bytes") + P.yes), P.ascii("b"), [8], P.ascii("0N."), [0, 0, 0, 0, 0], payload),
        Attack("padded by a key of Python 2", P.standIn, P.standInState(P.type("u1"), count: 8, P.oldText("numpy_array_alignment_bytes") + P.text("x")), P.ascii("b"), [8], [UInt8](repeating: 0, count: 16), payload),
        Attack("with a method", P.standIn, P.standInState(P.type("u1"), count: payload.count, P.text("read_array") + P.name("builtins", "dict")), P.ascii("b"), payload),
        Attack("with a called state", P.standIn, P.name("collections", "OrderedDict"), P.tuple(P.standInState(P.type("u1"), count: 1)), P.ascii("Rb"), payload),
        Attack("with a second state", P.standIn, P.memoize, P.standInState(P.type("u1"), count: 1), P.ascii("b"), [1], P.ascii("0"), [0x68, 0], P.standInState(P.type("u1"), count: 40), P.ascii("b"), payload),
        Attack("of objects that may be mapped", P.standIn, P.standInState(P.type("O", flags: 63), count: 1, P.text("allow_mmap") + P.yes), P.ascii("b"), [0x80, 4, 0x4E, 0x2E]),
        Attack("in a frame", [0x95, 200, 0, 0, 0, 0, 0, 0, 0], P.standIn, P.standInState(P.type("u1"), count: 40), P.ascii("b"), payload, [UInt8](repeating: 0x4E, count: 200)),
        Attack("whose objects end in a frame", P.standIn, P.standInState(P.type("O", flags: 63), count: 1), P.ascii("b"), [0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E], P.ascii("NNNNNNN"), payload),
    ]

    @Test(arguments: standIns) func `a stand-in that joblib reads otherwise is refused`(_ attack: Attack) throws {
        let inspection = try Checkpoint.inspect(Bytes(attack.bytes), fileExtension: "joblib")
        guard case .string(let verdict)? = inspection["security"], verdict.hasPrefix("dangerous") else {
            Issue.record("\(attack.name): \(String(describing: inspection["security"]))")
            return
        }
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(Bytes(attack.bytes), fileExtension: "joblib") }?.kind == .unsafe)
    }

    /// joblib skips an array's elements; `pickle.load` runs them.
    @Test func `what stands in an array's elements is told`() throws {
        let file = Bytes(Attack("", P.standIn, P.standInState(P.type("u1"), count: Self.payload.count), P.ascii("b"), Self.payload).bytes)
        #expect(try Checkpoint.describe(file, fileExtension: "pkl").dangers.map(\.qualifiedName) == ["os.system"])
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(file, fileExtension: "pkl") }?.kind == .unsafe)
        let plain = Bytes(Attack("", P.standIn, P.standInState(P.type("u1"), count: 3), P.ascii("b"), [1, 2, 3]).bytes)
        guard case .tensor(let tensor) = try Checkpoint.decode(plain, fileExtension: "pkl") else { Issue.record("no array"); return }
        #expect(tensor.bytes.array == [1, 2, 3])
    }

    /// PyTorch's older files go on where a pickle's frame ends.
    @Test func `a pickle ends with its frame`() {
        let file: [UInt8] = [0x80, 4, 0x95, 5, 0, 0, 0, 0, 0, 0, 0, 0x4E, 0x2E, 0x4E, 0x4E, 0x4E]
        #expect(failure { () throws(FormatError) in try Pickle.decode(Bytes(file)) }?.kind == .unsafe)
    }

    // MARK: Memory and time

    @Test func `arguments by name copy no others`() throws {
        let file = PickleProgram() + P.ascii("(") + P.repeated(P.ascii("N"), 20_000) + P.ascii("t") + P.memoize + P.ascii("0") + P.name("torch", "Size") + P.memoize + P.ascii("0}")
            + P.memoize + P.ascii("0(") + P.repeated([0x68, 1, 0x68, 0, 0x68, 2, 0x92], 20_000) + P.ascii("t.")
        let graph = try Pickle.graph(of: ByteReader(Bytes(file.bytes), format: Pickle.format), limits: .standard)
        #expect(graph.objects.reduce(0) { $0 + $1.items.count } < 50_000)
    }

    @Test(arguments: [P.data([UInt8](repeating: 7, count: 1 << 16)), [0x54] + P.littleEndian(1 << 16) + [UInt8](repeating: 0xE0, count: 1 << 16)])
    func `shared bytes are shared`(_ data: [UInt8]) throws {
        func file(_ uses: Int) -> Bytes { Bytes((PickleProgram() + data + P.memoize + P.ascii("0](") + P.repeated([0x68, 0], uses) + P.ascii("e.")).bytes) }
        guard case .list(let items) = try Pickle.decode(file(100)) else { Issue.record("no list"); return }
        let starts = Set(items.map { item -> UInt in
            guard case .bytes(let array) = item else { return 0 }
            return array.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        })
        #expect(items.count == 100 && starts.count == 1 && !starts.contains(0))
        // Whoever goes on with the document may copy each.
        #expect(failure { () throws(FormatError) in try Pickle.decode(file(20_000)) }?.kind == .limit)
    }

    @Test func `bytes that calls make of shared text are counted`() {
        let text = [0x58] + P.littleEndian(1 << 16) + [UInt8](repeating: 0x41, count: 1 << 16)
        let call = [0x68, 1, 0x68, 0] + P.text("latin1") + [0x86] + P.ascii("R")
        let file = PickleProgram() + text + P.memoize + P.ascii("0") + P.name("_codecs", "encode") + P.memoize + P.ascii("0](") + P.repeated(call, 10_000) + P.ascii("e.")
        #expect(failure { () throws(FormatError) in try Pickle.decode(Bytes(file.bytes)) }?.kind == .limit)
    }

    private func scalar(_ type: [UInt8], _ bytes: [UInt8]) -> Bytes {
        Bytes((PickleProgram() + P.name("numpy.core.multiarray", "scalar") + P.tuple(type, P.data(bytes)) + P.ascii("R.")).bytes)
    }

    @Test func `records whose fields overlap stay bytes`() throws {
        let fields = (0..<50).map { P.text("f\($0)") + P.type("S100") + P.integer(0) + [0x86] }
        let names = P.ascii("(") + (0..<50).flatMap { P.text("f\($0)") } + P.ascii("t")
        let type = P.type("V100", names: names, fields: P.dictionary(Array(fields.joined())), size: 100)
        guard case .opaque(let opaque) = try Pickle.decode(scalar(type, [UInt8](repeating: 1, count: 100))) else { Issue.record("columns"); return }
        #expect(opaque.arguments.first?.matches(.string("V100")) == true)
        let two = P.type("V2", names: P.tuple(P.text("a"), P.text("b")),
            fields: P.dictionary(P.text("a"), P.type("u1") + P.integer(0) + [0x86], P.text("b"), P.type("u1") + P.integer(1) + [0x86]), size: 2)
        #expect(try Pickle.decode(scalar(two, [1, 2]))["b"] != nil)
        // Two ways to see the same bytes.
        let union = P.type("V2", names: P.tuple(P.text("a"), P.text("b")),
            fields: P.dictionary(P.text("a"), P.type("u2") + P.integer(0) + [0x86], P.text("b"), P.type("u1") + P.integer(0) + [0x86]), size: 2)
        #expect(try Pickle.decode(scalar(union, [1, 2]))["a"] != nil)
    }

    @Test func `types that share their parts are read once`() {
        var file = PickleProgram() + P.type("S0") + P.memoize + P.ascii("0")
        for level in 0..<25 {
            let field = { (name: String) in P.text(name) + [0x68, UInt8(level * 1)] + P.integer(0) + [0x86] }
            file = file + P.type("V0", names: P.tuple(P.text("a"), P.text("b"), P.text("c"), P.text("d")), fields: P.dictionary(field("a"), field("b"), field("c"), field("d")), size: 0)
                + P.memoize + P.ascii("0")
        }
        file = file + P.name("numpy.core.multiarray", "scalar") + P.tuple([0x68, 25], P.data([])) + P.ascii("R.")
        #expect(failure { () throws(FormatError) in try Pickle.decode(Bytes(file.bytes)) }?.kind == .limit)
    }

    @Test func `a state that many share is looked at once`() throws {
        let count = 30_000
        let file = PickleProgram() + P.ascii("}") + P.memoize + P.ascii("(") + P.text("k") + P.memoize + P.ascii("N") + P.repeated([0x68, 1, 0x4E], count) + P.ascii("u0(")
            + P.repeated([0x68, 0], count) + P.ascii("t") + P.memoize + P.ascii("0") + P.name("types", "SimpleNamespace") + P.ascii(")") + P.new + P.repeated([0x68, 2, 0x62], count) + P.ascii("0N.")
        #expect(failure { () throws(FormatError) in try Pickle.decode(Bytes(file.bytes)) } == nil)
    }

    @Test func `a file inside of a pickle is read once`() throws {
        let magic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        let file = magic + P.ascii("I1001\n.}" + String(repeating: "N0", count: 20_000) + ".(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI0\nNtQ.(lV0\na.") + [UInt8](repeating: 0, count: 8)
        let program = PickleProgram() + P.data(file) + [0x85] + P.memoize + P.ascii("0") + Self.loader + P.memoize + P.ascii("0(") + P.repeated([0x68, 1, 0x68, 0, 0x52, 0x30], 20_000) + P.ascii("t.")
        let description = try Pickle.describe(Bytes(program.bytes))
        #expect(description.dangers.isEmpty && description.imports.count < 10)
    }

    @Test func `leaves of shared lists are found in one pass`() throws {
        var document = Document.tensor(try #require(Tensor(dtype: .uint8, shape: [0], bytes: Bytes([UInt8]()))))
        var shared = Document.list([])
        for _ in 0..<12 { shared = .list([shared, shared]) }
        document = .list([shared, document])
        for _ in 0..<400 { document = .list([document]) }
        #expect(document.leaves.map(\.name).map { $0.suffix(4) } == [".0.0", ".0.1"])
    }

    /// A view may repeat its elements without bound, so the storage is negated and not the view.
    @Test func `a negated view stays a view`() throws {
        let storage = "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI1\nNtQ"
        let magic: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        let tensor = "ctorch._utils\n_rebuild_tensor_v2\n(\(storage)I0\n(I1073741824\nt(I0\ntI00\n}(dVneg\nI01\nstR."
        let file = magic + P.ascii("I1001\n.}.\(tensor)(lV0\na.") + [1, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0x80, 0x3F]
        guard case .tensor(let view) = try PyTorch.decode(Bytes(file)) else { Issue.record("no tensor"); return }
        #expect(view.shape == [1 << 30] && view.strides == [0] && view.bytes.array == [0, 0, 0x80, 0xBF])
    }

    /// A byte of a file can make one of either.
    @Test func `objects and values take few words`() {
        #expect(MemoryLayout<PickleGraph.Object>.stride <= 5 * MemoryLayout<Int>.size && MemoryLayout<PickleGraph.Item>.stride <= 3 * MemoryLayout<Int>.size)
    }

    // MARK: Values

    /// Unicode calls the first two equivalent, and the last two; Python does not.
    @Test func `keys are equal by their code points`() throws {
        let file = PickleProgram() + P.dictionary(P.text("\u{212A}"), P.integer(1), P.text("K"), P.integer(2), P.text("e\u{301}"), P.integer(3), P.text("\u{E9}"), P.integer(4)) + P.ascii(".")
        guard case .mapping(let mapping) = try Pickle.decode(Bytes(file.bytes)) else { Issue.record("no mapping"); return }
        #expect(mapping.entries.count == 4)
    }
}
