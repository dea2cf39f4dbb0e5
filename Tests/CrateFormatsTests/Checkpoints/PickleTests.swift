import CrateFormats
import CrateValues
import Testing

@Suite struct PickleTests {
    private func decode(_ program: [UInt8], limits: Limits = .standard) throws(FormatError) -> Document {
        try Pickle.decode(Bytes(program), limits: limits)
    }
    private func error(_ program: [UInt8], limits: Limits = .standard) -> FormatError? {
        failure { () throws(FormatError) in try decode(program, limits: limits) }
    }
    private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

    // MARK: Values

    @Test func sharedListsComeTwiceAndRecursionIsNamed() throws {
        let document = try Pickle.decode(Samples.bytes("pkl/shared_refs.pkl"))
        #expect(document["a"]?.matches(.list([.integer(1), .integer(2)])) == true)
        #expect(document["b"]?.matches(.list([.integer(1), .integer(2)])) == true)
        guard case .list(let items)? = document["self"], case .opaque(let inner)? = items.last else {
            Issue.record("\(document)")
            return
        }
        #expect(inner.name == "recursive reference")
    }

    @Test func theStandardLibraryIsShownWithArguments() throws {
        let document = try Pickle.decode(Samples.bytes("pkl/stdlib.pkl"))
        guard case .mapping(let ordered)? = document["od"] else {
            Issue.record("\(document)")
            return
        }
        #expect(ordered.isOrderedDict)
        #expect(document["dd"]?.matches(.object(["x": .list([.integer(1)])])) == true)
        #expect(document["counter"]?.matches(.object(["a": .integer(2), "b": .integer(1)])) == true)
        guard case .complex(1, 2)? = document["cx"] else {
            Issue.record("no complex number")
            return
        }
        guard case .opaque(let decimal)? = document["dec"], case .opaque(let identifier)? = document["uuid"],
            case .opaque(let range)? = document["range"]
        else {
            Issue.record("\(document)")
            return
        }
        #expect(decimal.name == "decimal.Decimal" && decimal.arguments.first?.matches(.string("1.50")) == true)
        #expect(identifier.name == "uuid.UUID" && identifier.state?["int"]?.matches(.integer(5)) == true)
        #expect(range.name == "builtins.range" && Document.list(range.arguments).matches(.list([.integer(2), .integer(10), .integer(3)])))
    }

    @Test func estimatorsShowTheirAttributes() throws {
        let sample = try #require(Samples.named("pkl/sklearn_logreg.pkl").first)
        let description = try Pickle.describe(sample.bytes())
        guard case .opaque(let model) = description.document else {
            Issue.record("\(description.document)")
            return
        }
        #expect(model.name == sample.expect?["class"]?.string)
        for (key, wanted) in try #require(sample.expect?["attributes"]?.object) {
            #expect(model.state?[key]?.differences(from: wanted, path: key) == [])
        }
    }

    @Test(arguments: ["sklearn_pipeline", "sklearn_tree", "pandas_df"])
    func classesAreNamed(_ name: String) throws {
        let sample = try #require(Samples.named("pkl/\(name).pkl").first)
        let wanted = try #require(sample.expect?["class"]?.string)
        #expect(
            try Pickle.describe(sample.bytes()).imports.contains { $0.qualifiedName.hasPrefix("pandas.") || $0.qualifiedName == wanted })
    }

    @Test func integersOfEverySize() throws {
        #expect(try decode(ascii("I00\n.")).matches(.bool(false)))
        #expect(try decode(ascii("I01\n.")).matches(.bool(true)))
        #expect(try decode(ascii("L-12345678901234567890L\n.")).matches(.object(["int": .string("-12345678901234567890")])))
        #expect(try decode([0x8A, 0, 0x2E]).matches(.integer(0)))
        #expect(try decode([0x8A, 1, 0xFF, 0x2E]).matches(.integer(-1)))
        #expect(try decode([0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x2E]).matches(.integer(.min)))
        #expect(try decode([0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0x2E]).matches(.object(["int": .string("9223372036854775808")])))
        #expect(try decode([0x8A, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2E]).matches(.integer(1)))
    }

    @Test func textOfEveryKind() throws {
        #expect(try decode(ascii("V\\u00e9\\U0001F600\u{FF}\n.").filter { $0 != 0xC3 }).matches(.string("é😀¿")))
        #expect(try decode(ascii("S'a\\x41\\n'\n.")).matches(.string("aA\n")))
        #expect(try decode(ascii("S'\\xff'\n.")).matches(.object(["bytes_hex": .string("ff")])))
        // A lone surrogate, which Python lets through.
        #expect(try decode([0x8C, 3, 0xED, 0xA0, 0x80, 0x2E]).matches(.string("\u{FFFD}")))
        #expect(error([0x8C, 2, 0xC3, 0x28, 0x2E])?.kind == .malformed)
    }

    @Test func equalKeysAreOneKey() throws {
        // {1: "a", True: "b", 1.0: "c"}
        let program: [UInt8] = [
            0x7D, 0x28, 0x4B, 1, 0x8C, 1, 0x61, 0x88, 0x8C, 1, 0x62, 0x47, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0x8C, 1, 0x63, 0x75, 0x2E,
        ]
        guard case .mapping(let mapping) = try decode(program) else {
            Issue.record("no mapping")
            return
        }
        #expect(mapping.entries.count == 1)
        #expect(mapping.entries.first?.value.matches(.string("c")) == true)
        #expect(error([0x7D, 0x5D, 0x4E, 0x73, 0x2E])?.kind == .malformed)
    }

    // MARK: Refusals

    @Test(arguments: [
        "cos\nsystem\n(S'x'\ntR.", "c__builtin__\neval\n(S'x'\ntR.", "(S'x'\nios\nsystem\n.", "(cos\nsystem\nS'x'\no.", "cos\nsystem\n.",
        "cbuiltins\nint.__class__\n.", "c\nsystem\n.", "ccollections\nOrderedDict\n)R)R.",
        "ccollections\nOrderedDict\n(dS'__class__'\nI1\nsb.",
        "csubprocess\nPopen\n(tR.", "cnumpy.testing._private.utils\nrunstring\n(tR.",
    ])
    func codeIsRefused(_ program: String) {
        #expect(error(ascii(program))?.kind == .unsafe, "\(program)")
    }

    /// A label that only begins like an allowed one is not allowed.
    @Test func labelsMatchExactly() throws {
        guard case .opaque(let opaque) = try decode(ascii("cmy.collections\nOrderedDict\n)R.")) else {
            Issue.record("taken for a dictionary")
            return
        }
        #expect(opaque.name == "my.collections.OrderedDict")
        #expect(error(ascii("ccollections.abc\nOrderedDict\n)R."))?.kind == .unsafe)
    }

    @Test func everyImportIsListedWithItsPlace() throws {
        let description = try Pickle.describe(Bytes(ascii("(ccollections\nOrderedDict\n)Rcos\nsystem\ncmy.module\nThing\nt.")))
        let found = description.imports.map { "\($0.position) \($0.qualifiedName) \($0.verdict)" }
        #expect(found == ["1 collections.OrderedDict harmless", "28 os.system dangerous", "39 my.module.Thing unknown"])
    }

    @Test func depthIsLimited() throws {
        let nested = [UInt8](repeating: 0x5D, count: 100) + [UInt8](repeating: 0x61, count: 99) + [0x2E]
        var limits = Limits.standard
        limits.depth = 99
        #expect(error(nested, limits: limits)?.kind == .limit)
        limits.depth = 100
        #expect(error(nested, limits: limits) == nil)
    }

    @Test func nodesAreLimited() throws {
        let list: [UInt8] = [0x5D, 0x28] + [UInt8](repeating: 0x4E, count: 100) + [0x65, 0x2E]
        var limits = Limits.standard
        limits.nodes = 100
        #expect(error(list, limits: limits)?.kind == .limit)
        limits.nodes = 101
        #expect(error(list, limits: limits) == nil)
    }

    @Test func digitsAreLimited() throws {
        var limits = Limits.standard
        limits.digits = 20
        #expect(error(ascii("L123456789012345678901L\n."), limits: limits)?.kind == .limit)
        #expect(error([0x8A, 40] + [UInt8](repeating: 1, count: 40) + [0x2E], limits: limits)?.kind == .limit)
    }

    @Test(arguments: [
        "pkl/plain_p0.pkl", "pkl/plain_p2.pkl", "pkl/plain_p5.pkl", "pkl/numpy_p2.pkl", "pkl/numpy_p5.pkl", "pkl/stdlib.pkl",
        "pkl/sklearn_tree.pkl",
    ])
    func damageAnywhereIsSurvived(_ name: String) throws {
        let whole = try Samples.bytes(name).array
        var refused = 0
        for index in whole.indices {
            for damaged in [
                Array(whole[..<index]), Damage.flipped(whole, index, 0x01), Damage.flipped(whole, index, 0x80),
                Damage.flipped(whole, index, 0xFF),
            ] {
                do throws(FormatError) {
                    if try Pickle.describe(Bytes(damaged)).failure != nil { refused += 1 }
                } catch { refused += 1 }
            }
        }
        // Every cut at least.
        #expect(refused >= whole.count)
    }
}
