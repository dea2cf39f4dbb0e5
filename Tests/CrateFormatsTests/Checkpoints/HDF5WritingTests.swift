import CrateFormats
import CrateValues
import Testing

@Suite struct HDF5WritingTests {
    private func again(_ document: Document, _ fileExtension: String = "h5") throws -> Document {
        try Checkpoint.decode(Checkpoint.bytes(document, fileExtension), fileExtension: fileExtension)
    }

    @Test(arguments: DType.allCases)
    func everyElementType(_ dtype: DType) throws {
        let bytes = Bytes((0..<(6 * dtype.size)).map { dtype == .bool ? UInt8($0 & 1) : UInt8($0 + 1) })
        let tensor = try #require(Tensor(dtype: dtype, shape: [2, 3], bytes: bytes))
        if let error = failure({ () throws(FormatError) in try Checkpoint.bytes(.object([("t", .tensor(tensor))]), "h5") }) {
            #expect(error.kind == .unrepresentable && error.reason.contains(dtype.rawValue))
            #expect([.float8_e4m3fnuz, .float8_e5m2fnuz, .float8_e8m0fnu].contains(dtype))
            return
        }
        guard case .tensor(let back)? = try again(.object([("t", .tensor(tensor))]))["t"] else {
            Issue.record("no array")
            return
        }
        #expect(try back.dtype == dtype && back.shape == [2, 3] && back.digest() == tensor.digest())
    }

    @Test func plainValuesComeBack() throws {
        let big = try #require(BigInteger(decimal: "18446744073709551615"))
        let document = try again(
            .object([
                ("bool", .bool(true)), ("int", .integer(-5)), ("float", .float(0.015)), ("complex", .complex(1, -2)),
                ("text", .string("é ✓")),
                ("nothing", .string("")), ("null", .null), ("bytes", .bytes([0, 1, 255])),
                ("texts", .list([.string("a"), .string(""), .string("bcd")])),
                ("nested", .list([.list([.string("a"), .string("b")]), .list([.string("c"), .string("d")])])), ("big", .bigInteger(big)),
            ]))
        #expect(document["bool"]?.matches(.bool(true)) == true && document["int"]?.matches(.integer(-5)) == true)
        #expect(document["float"]?.matches(.float(0.015)) == true && document["null"]?.matches(.null) == true)
        #expect(document["complex"]?.differences(from: .list([.float(1), .float(-2)])) == [])
        #expect(document["text"]?.matches(.string("é ✓")) == true && document["nothing"]?.matches(.string("")) == true)
        #expect(document["bytes"]?.matches(.object(["bytes_hex": .string("0001ff")])) == true)
        #expect(document["texts"]?.matches(.list([.string("a"), .string(""), .string("bcd")])) == true)
        #expect(document["nested"]?.matches(.list([.list([.string("a"), .string("b")]), .list([.string("c"), .string("d")])])) == true)
        guard case .tensor(let large)? = document["big"], large.dtype == .uint64, large.scalars() == [.unsigned(.max)] else {
            Issue.record("the large integer is lost")
            return
        }
    }

    @Test func listsOfNumbersBecomeArrays() throws {
        let document = try again(
            .object([("a", .list([.list([.integer(1), .integer(2)]), .list([.integer(3), .integer(4)])])), ("b", .tuple([.bool(true)]))]))
        guard case .tensor(let a)? = document["a"], case .tensor(let b)? = document["b"] else {
            Issue.record("\(document)")
            return
        }
        #expect(a.shape == [2, 2] && a.dtype == .int64 && a.scalars() == [.int(1), .int(2), .int(3), .int(4)] && b.dtype == .bool)
    }

    /// More links than one node, and than one level of nodes, holds.
    @Test(arguments: [0, 1, 8, 9, 256, 257, 9000])
    func groupsOfAnySize(_ count: Int) throws {
        let document = Document.object((0..<count).map { ("name \($0)", .integer($0)) })
        let back = try again(document)
        #expect(back.keys == document.keys.sorted())
        for index in stride(from: 0, to: count, by: 97) { #expect(back["name \(index)"]?.matches(.integer(index)) == true) }
    }

    @Test func moreTextsThanOneCollectionHolds() throws {
        let texts = (0..<70_000).map { Document.string($0 % 100 == 0 ? String(repeating: "x", count: $0 / 10) : "\($0)") }
        guard case .list(let items)? = try again(.object([("t", .list(texts))]))["t"] else {
            Issue.record("no list")
            return
        }
        #expect(
            items.count == texts.count
                && zip(items, texts).allSatisfy { a, b in
                    if case .string(let x) = a, case .string(let y) = b { x == y } else { false }
                })
    }

    @Test func attributesAreWrittenAgain() throws {
        let document = try HDF5.decode(Samples.bytes("h5/types.h5"))
        guard case .mapping(var mapping) = document else {
            Issue.record("no mapping")
            return
        }
        mapping.entries.removeAll { if case .opaque = $0.value { true } else { false } }
        let back = try again(.mapping(mapping))
        #expect(back[HDF5.attributesKey]?.matches(.object(["k": .integer(5), "name": .string("demo")])) == true)
        #expect(back[HDF5.datasetAttributesKey]?["f4"]?["unit"]?.matches(.string("m/s")) == true)
    }

    @Test func viewsAreWrittenAsTheyAreSeen() throws {
        let square = Tensor.floats([0, 1, 2, 3, 4, 5], [2, 3])
        let turned = try #require(Tensor(dtype: .float32, shape: [3, 2], strides: [1, 3], offset: 0, bytes: square.bytes))
        guard case .tensor(let back)? = try again(.object([("t", .tensor(turned))]))["t"] else {
            Issue.record("no array")
            return
        }
        #expect(try back.shape == [3, 2] && back.digest() == turned.digest())
    }

    @Test(arguments: [
        (Document.object([("a", .object([("b", .opaque(.init(name: "builtins.range")))]))]), "a/b"),
        (.object([("a/b", .integer(1))]), "a/b"), (.object([("", .integer(1))]), ""), (.object([("a", .bytes([]))]), "a"),
        (.object([("a", .list([.integer(1), .string("x")]))]), "a"), (.object([("a", .list([.list([.integer(1)]), .integer(2)]))]), "a"),
        (.object([("a", .string("x\0y"))]), "a"), (.object([("a", .set([]))]), "a"),
        (.object([(HDF5.attributesKey, .object([("k", .object([]))]))]), "k"),
        (.object([(HDF5.attributesKey, .integer(1))]), HDF5.attributesKey),
        (.object([(HDF5.attributesKey, .object([("k", .list(.init(repeating: .integer(1), count: 9000)))]))]), "k"),
    ])
    func whatCannotBeWrittenIsNamed(_ document: Document, _ name: String) {
        let error = failure { () throws(FormatError) in try Checkpoint.bytes(document, "h5") }
        #expect(error?.kind == .unrepresentable)
        if !name.isEmpty { #expect(error?.place == .member(name)) }
    }

    @Test func aLoneValueNeedsAName() {
        #expect(failure { () throws(FormatError) in try Checkpoint.bytes(.integer(1), "h5") }?.kind == .unrepresentable)
    }

    @Test func aFullDiskIsTold() {
        let document = Document.object([("a", .tensor(Tensor.floats([1, 2], [2])))])
        for room in [0, 90, 100, 200] {
            let error = failure { () throws(FormatError) in try HDF5.encode(document, to: FullSink(room: room)) }
            #expect(error?.kind == .system)
        }
    }

    // MARK: Conversion

    /// What PyTorch keeps of an optimizer: integers as keys, lists of dicts, and a value that no group holds.
    @Test func aTrainingStateIsFitted() throws {
        let weight = Document.tensor(Tensor.floats([1, 2], [2]))
        let state = Document.mapping(.init([(.integer(0), .object([("exp_avg", weight)]))]))
        let document = Document.object([
            ("model", .object([("0.weight", weight)])),
            ("groups", .list([.object([("lr", .float(0.1)), ("betas", .tuple([.float(0.9), .float(0.99)]))])])),
            ("state", state), ("dtype", .opaque(.init(name: "torch.float16"))), ("a/b", .integer(1)),
        ])
        let conversion = try Checkpoint.convert(document, from: .pyTorch, to: .hdf5)
        #expect(conversion.leftOut == ["dtype", "a/b"])
        let back = try again(conversion.document)
        #expect(back["groups"]?["0"]?["lr"]?.matches(.float(0.1)) == true)
        guard case .tensor(let average)? = back["state"]?["0"]?["exp_avg"], case .tensor(let betas)? = back["groups"]?["0"]?["betas"] else {
            Issue.record("\(back)")
            return
        }
        #expect(average.shape == [2] && betas.scalars() == [.float(0.9), .float(0.99)])
    }

    @Test func onlyTheWeightsOfAModelAreConverted() throws {
        let document = try Keras.decode(Samples.bytes("keras/model.keras"))
        let conversion = try Checkpoint.convert(document, from: .keras, to: .hdf5)
        #expect(conversion.leftOut == [])
        #expect(try again(conversion.document).keys == ["layers", "optimizer", "vars"])
        let flat = try Checkpoint.convert(document, from: .keras, to: .safetensors)
        #expect(flat.document.keys.contains("layers.dense.vars.0"))
        #expect(try Checkpoint.convert(document, from: .keras, to: .keras).document.keys == document.keys)
    }

    // MARK: Random documents

    /// Nested groups of arrays, numbers and texts, with attributes, come back bit for bit.
    @Test(arguments: 0..<40)
    func randomWeightsComeBack(_ seed: UInt64) throws {
        var random = RandomDocument(seed: seed)
        let document = try random.group(depth: 0)
        let back = try again(document)
        #expect(back.identity == document.identity)
        // And what was read is written as the same bytes again.
        #expect(try Checkpoint.bytes(back, "h5") == Checkpoint.bytes(document, "h5"))
    }

    /// Damage at every byte of a small file of ours.
    @Test func damageIsSurvived() throws {
        let document = Document.object([
            ("g", .object([("w", .tensor(Tensor.floats([1, 2, 3], [3]))), (HDF5.attributesKey, .object([("name", .string("dense"))]))])),
            ("s", .list([.string("a"), .string("b")])),
        ])
        let whole = try Checkpoint.bytes(document, "h5").array
        for index in whole.indices {
            #expect(failure { () throws(FormatError) in try HDF5.decode(Bytes(whole[..<index])) } != nil)
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                let error = failure { () throws(FormatError) in try HDF5.decode(Bytes(Damage.flipped(whole, index, mask))) }
                #expect(error?.reason.isEmpty != true)
            }
        }
    }
}

/// Documents that the format holds, the same for the same seed.
private struct RandomDocument {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }

    private mutating func name() -> String {
        let letters = ["a", "B", "0", "é", "_", " ", ".", "✓", "kernel", "layer"]
        return "n" + (0..<next(4)).map { _ in letters[next(letters.count)] }.joined()
    }

    mutating func group(depth: Int) throws -> Document {
        var entries: [(String, Document)] = []
        var ofDatasets: [(String, Document)] = []
        for index in 0..<(1 + next(12)) {
            let name = "\(name())\(index)"
            if depth < 4, next(3) == 0 {
                entries.append((name, try group(depth: depth + 1)))
            } else {
                entries.append((name, try value()))
                if next(4) == 0 { ofDatasets.append((name, .object([("unit", .string("m"))]))) }
            }
        }
        entries.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        if next(2) == 0 {
            entries.append((HDF5.attributesKey, .object([("name", .string(name())), ("n", .integer(next(100))), ("w", try array())])))
        }
        ofDatasets.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        if !ofDatasets.isEmpty { entries.append((HDF5.datasetAttributesKey, .object(ofDatasets))) }
        return .object(entries)
    }

    private mutating func value() throws -> Document {
        switch next(8) {
        case 0: .string(name())
        case 1: .integer(next(1 << 30) - 1000)
        case 2: .float(Double(next(1000)) / 7)
        case 3: .list((0...next(5)).map { _ in .string(name()) })
        case 4: .bool(next(2) == 0)
        default: try array()
        }
    }

    /// At least one dimension: one number alone becomes a plain value.
    private mutating func array() throws -> Document {
        let types: [DType] = [.float32, .float64, .float16, .bfloat16, .int8, .int32, .int64, .uint16, .bool, .complex64]
        let dtype = types[next(types.count)]
        let shape = (0...next(3)).map { _ in next(5) }
        let count = shape.reduce(dtype.size, *)
        let bytes = (0..<count).map { _ in UInt8(dtype == .bool ? next(2) : next(256)) }
        return .tensor(try #require(Tensor(dtype: dtype, shape: shape, bytes: Bytes(bytes))))
    }
}
