import CrateFormats
import CrateValues
import Testing

@Suite struct PickleWritingTests {
    private let square = Tensor.floats([0, 1, 2, 3, 4, 5], [2, 3])

    private func again(_ document: Document, _ fileExtension: String = "pkl") throws -> Document {
        try Checkpoint.decode(Checkpoint.bytes(document, fileExtension), fileExtension: fileExtension)
    }

    /// An array that occurs twice is one array in Python, too.
    @Test(arguments: ["pkl", "joblib"]) func sharedArraysAreWrittenOnce(_ fileExtension: String) throws {
        let large = try #require(Tensor(dtype: .float64, shape: [1000], bytes: Bytes([UInt8](repeating: 1, count: 8000))))
        let file = try Checkpoint.bytes(.object([("a", .tensor(large)), ("b", .list([.tensor(large)]))]), fileExtension)
        #expect(file.count < 9000)
        let document = try Checkpoint.decode(file, fileExtension: fileExtension)
        guard case .tensor(let a)? = document["a"], case .list(let items)? = document["b"], case .tensor(let b)? = items.first else {
            Issue.record("\(document)")
            return
        }
        #expect(a.bytes.range == b.bytes.range)
    }

    /// Views of one memory are arrays of their own.
    @Test func viewsAreTheirOwnArrays() throws {
        let row = try #require(Tensor(dtype: .float32, shape: [3], strides: [1], offset: 3, bytes: square.bytes))
        let transposed = try #require(Tensor(dtype: .float32, shape: [3, 2], strides: [1, 3], offset: 0, bytes: square.bytes))
        let document = Document.list([.tensor(square), .tensor(row), .tensor(transposed)])
        #expect(try again(document).identity == document.identity)
    }

    /// joblib maps what begins at a multiple of 16 bytes.
    @Test func joblibsArraysAreAligned() throws {
        let file = try Checkpoint.bytes(.object([("a", .tensor(square)), ("text", .string("x")), ("b", .tensor(Tensor.floats([1], [1])))]), "joblib")
        let document = try Checkpoint.decode(file, fileExtension: "joblib")
        for name in ["a", "b"] {
            guard case .tensor(let tensor)? = document[name] else {
                Issue.record("no array")
                return
            }
            #expect(tensor.bytes.range.lowerBound % 16 == 0 && tensor.bytes.region === file.region)
        }
    }

    @Test func joblibIsCompressedByOptionOrName() throws {
        let zeros = try #require(Tensor(dtype: .float64, shape: [1000], bytes: Bytes([UInt8](repeating: 0, count: 8000))))
        let written = [
            try Checkpoint.bytes(.tensor(zeros), "joblib", options: .init(compresses: true)), try Checkpoint.bytes(.tensor(zeros), "joblib.z"),
            try Checkpoint.bytes(.tensor(zeros), "joblib.gz"),
        ]
        #expect(written.map { Array($0.array.prefix(2)) } == [[0x78, 0x5E], [0x78, 0x5E], [0x1F, 0x8B]])
        for file in written {
            #expect(file.count < 500)
            #expect(try Checkpoint.decode(file, fileExtension: "joblib").identity == Document.tensor(zeros).identity)
        }
    }

    @Test(arguments: [
        (Document.tensor(Tensor(.float(1), dtype: .bfloat16)), "bfloat16"), (.opaque(.init(name: "builtins.range")), "builtins.range"),
        (.mapping(.init([(.list([]), .null)])), "as a key"), (.set([.list([])]), "in a set"),
        (.timestamp(Timestamp(year: 2020, month: 1, day: 1, time: .init(hour: 0, minute: 0, second: 0, nanosecond: 1))), "nanoseconds"),
        (.timestamp(Timestamp(year: 0, month: 1, day: 1)), "1 to 9999"),
    ]) func whatCannotBeWrittenIsNamed(_ document: Document, _ reason: String) {
        let error = failure { () throws(FormatError) in try Checkpoint.bytes(.object([("a", .list([document]))]), "pkl") }
        #expect(error?.kind == .unrepresentable && error?.reason.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.place == .member("a[0]"))
    }

    @Test(arguments: ["pkl", "joblib", "joblib.gz"]) func aFullDiskIsTold(_ fileExtension: String) {
        let sink = FullSink(room: 20)
        let error = failure { () throws(FormatError) in
            try Checkpoint.encode(.tensor(square), fileExtension: fileExtension, rootName: "m", to: sink)
        }
        #expect(error?.kind == .system)
    }

    // MARK: PyTorch

    @Test func parametersAndMetadataAreKept() throws {
        let parameters = try Checkpoint.decode(Samples.bytes("pth/parameters.pth"), fileExtension: "pth")
        for document in [parameters, try again(parameters, "pth")] {
            guard case .tensor(let p)? = document["p"], case .tensor(let frozen)? = document["frozen"], case .tensor(let rg)? = document["rg"]
            else {
                Issue.record("\(document)")
                return
            }
            #expect(p.marks == [.parameter, .requiresGrad] && frozen.marks == .parameter && rg.marks == .requiresGrad)
        }
        let state = try Checkpoint.decode(Samples.bytes("pth/state_dict.pth"), fileExtension: "pth")
        guard case .mapping(let mapping) = state, case .string("_metadata")? = mapping.attributes.first?.key else {
            Issue.record("no metadata")
            return
        }
        #expect(try again(state, "pth").identity == state.identity)
    }

    @Test func safetensorsTextsAreKept() throws {
        let bytes = try Samples.bytes("safetensors/dtypes.safetensors")
        let document = try Safetensors.decode(bytes)
        #expect(try Checkpoint.bytes(document, "safetensors") == bytes)
        let other = try Checkpoint.bytes(document, "safetensors", options: .init(metadata: [("note", "é")]))
        #expect(try Safetensors.metadata(other).map(\.key) == ["note"])
        #expect(try Safetensors.metadata(Checkpoint.bytes(document, "safetensors", options: .init(metadata: []))).isEmpty)
    }
}
