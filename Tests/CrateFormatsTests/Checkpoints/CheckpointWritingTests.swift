import CrateFormats
import CrateValues
import Testing

@Suite struct CheckpointWritingTests {
    private let square = Tensor.floats([0, 1, 2, 3, 4, 5], [2, 3])

    private func again(_ document: Document, _ fileExtension: String) throws -> Document {
        try Checkpoint.decode(Checkpoint.bytes(document, fileExtension), fileExtension: fileExtension)
    }

    /// Every sample that loads is written and read again.
    @Test(arguments: CheckpointSampleTests.loadable.filter { $0.name.hasPrefix("pth/") && $0.name != "pth/many.pth" })
    func checkpointsComeBack(_ sample: Sample) throws {
        let document = try Checkpoint.decode(sample.bytes(), fileExtension: sample.fileExtension)
        let written = try again(document, "pth")
        var facts = try #require(sample.expect)
        // Strides and offsets of a lone view may change; its elements may not.
        if case .object(let entries) = facts { facts = .object(entries.mapValues(\.withoutLayout)) }
        #expect(written.differences(from: facts) == [])
    }

    @Test func tuplesSetsAndOrderedDictsKeepTheirTypes() throws {
        let inner = Document.mapping(.init([(.integer(3), .tuple([.null, .set([.integer(1)])]))], isOrderedDict: true))
        guard case .mapping(let outer) = try again(.object([("a", inner)]), "pth"), case .mapping(let ordered) = outer.entries[0].value,
            case .integer(3) = ordered.entries[0].key, case .tuple(let items) = ordered.entries[0].value, case .set = items[1]
        else {
            Issue.record("types changed")
            return
        }
        #expect(ordered.isOrderedDict && !outer.isOrderedDict)
    }

    @Test func integersAtTheEdgesOfTheirOpcodes() throws {
        let values = [0, 255, 256, 65_535, 65_536, -1, Int(Int32.max), Int(Int32.min), Int(Int32.max) + 1, Int.max, Int.min]
        let big = try #require(BigInteger(decimal: "-123456789012345678901234567890"))
        guard case .list(let items) = try again(.list(values.map { .integer($0) } + [.bigInteger(big)]), "pth") else {
            Issue.record("no list")
            return
        }
        for (item, value) in zip(items, values) { #expect(item.matches(.integer(value))) }
        #expect(items.last?.matches(.object(["int": .string("-123456789012345678901234567890")])) == true)
    }

    // MARK: Sharing

    @Test func tensorsThatShareBytesShareOneStorage() throws {
        let row = try #require(Tensor(dtype: .float32, shape: [3], strides: [1], offset: 3, bytes: square.bytes))
        let transposed = try #require(Tensor(dtype: .float32, shape: [3, 2], strides: [1, 3], offset: 0, bytes: square.bytes))
        let file = try Checkpoint.bytes(.object([("all", .tensor(square)), ("row", .tensor(row)), ("t", .tensor(transposed))]), "pth")
        let names = try ZipArchive(file).members.map(\.name)
        #expect(names == ["model/data.pkl", "model/byteorder", "model/data/0", "model/version"])
        let document = try Checkpoint.decode(file, fileExtension: "pth")
        guard case .tensor(let a)? = document["all"], case .tensor(let b)? = document["row"], case .tensor(let c)? = document["t"] else {
            Issue.record("\(document)")
            return
        }
        #expect(a.bytes.range == b.bytes.range && b.bytes.range == c.bytes.range)
        #expect(b.offset == 3 && c.strides == [1, 3])
        #expect(try c.digest() == transposed.digest())
    }

    @Test func aLoneViewIsWrittenWithoutTheRest() throws {
        let row = try #require(Tensor(dtype: .float32, shape: [3], strides: [1], offset: 3, bytes: square.bytes))
        let file = try Checkpoint.bytes(.tensor(row), "pth")
        #expect(try ZipArchive(file)["model/data/0"]?.size == 12)
        guard case .tensor(let back) = try Checkpoint.decode(file, fileExtension: "pth") else {
            Issue.record("no tensor")
            return
        }
        #expect(back.scalars() == [.float(3), .float(4), .float(5)])
    }

    @Test func negativeStridesAreTurnedRound() throws {
        let reversed = try #require(Tensor(dtype: .float32, shape: [6], strides: [-1], offset: 5, bytes: square.bytes))
        for fileExtension in ["pth", "npz", "safetensors"] {
            guard case .tensor(let back)? = try again(.object([("r", .tensor(reversed))]), fileExtension)["r"] else {
                Issue.record("no tensor")
                return
            }
            #expect(back.scalars() == [5, 4, 3, 2, 1, 0].map { .float($0) })
        }
    }

    @Test func broadcastTensorsStaySmall() throws {
        let one = Tensor.floats([7], [1])
        let wide = try #require(Tensor(dtype: .float32, shape: [1000, 1000], strides: [0, 0], offset: 0, bytes: one.bytes))
        let file = try Checkpoint.bytes(.tensor(wide), "pth")
        #expect(file.count < 2000)
        guard case .tensor(let back) = try Checkpoint.decode(file, fileExtension: "pth") else {
            Issue.record("no tensor")
            return
        }
        #expect(back.shape == [1000, 1000] && back.strides == [0, 0])
    }

    @Test(arguments: DType.allCases)
    func everyElementType(_ dtype: DType) throws {
        let bytes = Bytes((0..<(4 * dtype.size)).map { dtype == .bool ? UInt8($0 & 1) : UInt8($0 + 1) })
        let tensor = try #require(Tensor(dtype: dtype, shape: [2, 2], bytes: bytes))
        guard case .tensor(let back)? = try again(.object([("t", .tensor(tensor))]), "pth")["t"] else {
            Issue.record("no tensor")
            return
        }
        #expect(back.dtype == dtype && back.shape == [2, 2])
        #expect(try back.digest() == tensor.digest())
        for fileExtension in ["safetensors", "npz"] {
            let document = Document.object([("t", .tensor(tensor))])
            if let error = failure({ () throws(FormatError) in try Checkpoint.bytes(document, fileExtension) }) {
                #expect(error.kind == .unrepresentable && error.reason.contains(dtype.rawValue))
                continue
            }
            guard case .tensor(let other)? = try again(document, fileExtension)["t"] else {
                Issue.record("no tensor")
                return
            }
            #expect(try other.dtype == dtype && other.digest() == tensor.digest())
        }
    }

    // MARK: Refusals

    @Test func whatCannotBeWrittenIsNamedByItsPath() {
        let bad = Document.object([("a", .list([.null, .object([("b", .opaque(.init(name: "builtins.range")))])]))])
        let error = failure { () throws(FormatError) in try Checkpoint.bytes(bad, "pth") }
        #expect(error?.kind == .unrepresentable)
        #expect(error?.place == .member("a[1].b"))
    }

    @Test func elementTypesAndDevicesAreWrittenAgain() throws {
        let device = Document.opaque(.init(name: "torch.device", arguments: [.string("cuda"), .integer(1)]))
        let document = try again(.object([("d", device), ("t", .opaque(.init(name: "torch.float16")))]), "pth")
        guard case .opaque(let back)? = document["d"], case .opaque(let type)? = document["t"] else {
            Issue.record("\(document)")
            return
        }
        #expect(back.name == "torch.device" && back.arguments.count == 2)
        #expect(type.name == "torch.float16")
    }

    @Test func anUnknownExtensionIsTold() {
        #expect(failure { () throws(FormatError) in try Checkpoint.bytes(.null, "ckpt") }?.kind == .unsupported)
    }

    @Test(arguments: ["pth", "npz", "safetensors"])
    func aFullDiskIsTold(_ fileExtension: String) {
        let sink = FullSink(room: 60)
        let error = failure { () throws(FormatError) in
            try Checkpoint.encode(.object([("a", .tensor(square))]), fileExtension: fileExtension, rootName: "m", to: sink)
        }
        #expect(error?.kind == .system)
    }

    // MARK: Safetensors

    @Test func theReferenceFileIsWrittenAgainByteForByte() throws {
        for name in ["safetensors/numpy.safetensors", "safetensors/dtypes.safetensors", "safetensors/empty.safetensors"] {
            let bytes = try Samples.bytes(name)
            let metadata = try Safetensors.metadata(bytes)
            let written = try Checkpoint.bytes(Safetensors.decode(bytes), "safetensors", options: .init(metadata: metadata))
            #expect(written == bytes, "\(name)")
        }
    }

    @Test func nestedNamesAreJoined() throws {
        let document = try again(.object([("layer", .object([("weight", .tensor(square))])), ("bias", .tensor(square))]), "safetensors")
        #expect(Set(document.keys) == ["layer.weight", "bias"])
    }

    @Test(arguments: [
        (Document.object([("epoch", .integer(3))]), "epoch"), (Document.object([("a", .object([("b", .string("x"))]))]), "a.b"),
        (Document.object([("__metadata__", .tensor(Tensor.floats([1], [1])))]), "__metadata__"),
        (Document.object([("a.b", .tensor(Tensor.floats([1], [1]))), ("a", .object([("b", .tensor(Tensor.floats([1], [1])))]))]), "a.b"),
    ])
    func whatIsNoTensorIsNamed(_ document: Document, _ name: String) {
        let error = failure { () throws(FormatError) in try Checkpoint.bytes(document, "safetensors") }
        #expect(error?.kind == .unrepresentable)
        #expect(error?.place == .member(name))
    }

    @Test func aRepeatedNameIsRefused() {
        let entry = #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
        let header = Array(#"{"a":\#(entry),"a":\#(entry)}"#.utf8)
        let bytes = Bytes([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header)
        #expect(failure { () throws(FormatError) in try Safetensors.decode(bytes) }?.kind == .malformed)
    }

    // MARK: NPY

    @Test(arguments: ["npy/f4.npy", "npy/u1_3d.npy", "npy/i8_1d.npy", "npy/zero_dim.npy", "npy/empty.npy", "npy/c16.npy", "npy/bool.npy"])
    func numpysFilesAreWrittenAgainByteForByte(_ name: String) throws {
        let bytes = try Samples.bytes(name)
        #expect(try Checkpoint.bytes(NPY.decode(bytes), "npy") == bytes)
    }

    @Test func compressedArraysComeBack() throws {
        let zeros = try #require(Tensor(dtype: .float64, shape: [100, 100], bytes: Bytes([UInt8](repeating: 0, count: 80_000))))
        let file = try Checkpoint.bytes(.object([("z", .tensor(zeros))]), "npz", options: .init(compresses: true))
        #expect(file.count < 1000)
        guard case .tensor(let back)? = try Checkpoint.decode(file, fileExtension: "npz")["z"] else {
            Issue.record("no tensor")
            return
        }
        #expect(back.shape == [100, 100])
    }

    // MARK: Damage

    @Test(arguments: [
        "pth/minimal_writer.pth", "pth/float8.pth", "pth/legacy_dtypes.pth", "pth/repacked_deflated.pth", "safetensors/numpy.safetensors",
        "safetensors/reordered.safetensors", "npy/f4.npy", "npy/structured.npy", "npy/unicode.npy", "npz/compressed.npz",
    ])
    func damageAnywhereIsSurvived(_ name: String) throws {
        let sample = try #require(Samples.named(name).first)
        let whole = try sample.bytes().array
        var refused = 0
        for index in whole.indices {
            for damaged in [
                Array(whole[..<index]), Damage.flipped(whole, index, 0x01), Damage.flipped(whole, index, 0x80),
                Damage.flipped(whole, index, 0xFF),
            ] {
                let error = failure { () throws(FormatError) in try Checkpoint.decode(Bytes(damaged), fileExtension: sample.fileExtension) }
                if error != nil { refused += 1 }
            }
        }
        #expect(refused > whole.count / 2)
    }
}

extension Expected {
    /// The same without the facts about how the elements stand in memory.
    fileprivate var withoutLayout: Expected {
        guard case .object(var facts) = self, facts["sha256"] != nil else {
            if case .object(let entries) = self { return .object(entries.mapValues(\.withoutLayout)) }
            return self
        }
        facts["stride"] = nil
        facts["offset"] = nil
        return .object(facts)
    }
}
