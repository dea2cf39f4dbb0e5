import CrateFormats
import CrateValues
import Testing

@Suite struct YAMLTests {
    private func decode(_ text: String, limits: Limits = .standard) throws(FormatError) -> Document {
        try YAML.decode(Bytes(text: text), limits: limits)
    }

    private func failure(_ text: String, limits: Limits = .standard) -> FormatError? {
        do throws(FormatError) {
            _ = try decode(text, limits: limits)
            return nil
        } catch { return error }
    }

    private func encode(_ document: Document, _ options: YAML.WriteOptions = .init()) throws -> String {
        let sink = MemorySink()
        try YAML.encode(document, options: options, to: sink)
        return String(decoding: sink.array, as: UTF8.self)
    }

    // MARK: samples

    @Test(arguments: Samples.named("yaml/"))
    func sample(_ sample: Sample) throws {
        let document = try YAML.decode(sample.bytes())
        let expected = try #require(sample.expect)
        #expect(document.matches(expected), "\(document)")
        let again = try decode(encode(document))
        #expect(try encode(again) == encode(document))
    }

    @Test(arguments: [
        ("billion_laughs", FormatError.Kind.limit), ("recursive", .unsupported), ("python_object", .unsafe), ("deep", .limit),
        ("bad_utf8", .malformed),
        ("undefined_alias", .malformed), ("tab_indent", .malformed),
    ])
    func hostile(_ name: String, _ kind: FormatError.Kind) throws {
        let bytes = try Samples.bytes("hostile/yaml_\(name).yaml")
        let error = #expect(throws: FormatError.self) { try YAML.decode(bytes) }
        #expect(error?.kind == kind)
        #expect(error?.place != .whole)
    }

    @Test func longNumbersOfOtherBasesAreTheirValue() throws {
        let digits = String(repeating: "f", count: 90_000)
        let value = try #require(BigInteger(digits, radix: 16))
        #expect(value + BigInteger(1) == BigInteger(2).power(360_000))
        guard case .bigInteger(value) = try decode("0x" + digits), case .bigInteger(let negative) = try decode("-0b1" + String(repeating: "0", count: 64)) else {
            Issue.record("no big integers")
            return
        }
        #expect(negative.negated == BigInteger(2).power(64))
    }

    /// libyaml takes the longer for each further level.
    @Test func inspectingDeepNestingEndsWhereReadingDoes() throws {
        let found = try YAML.inspect(Bytes([UInt8](repeating: UInt8(ascii: "["), count: 300_000)))
        guard case .string("nested more than 512 levels deep")? = found["problem"] else {
            Issue.record("\(found)")
            return
        }
    }

    @Test func everyHostileFileIsTried() {
        #expect(Samples.named("hostile/yaml_").count == 7)
    }

    @Test func unknownTagsAreReported() throws {
        let loaded = try YAML.load(Samples.bytes("yaml/tags.yaml"))
        #expect(loaded.unknownTags == [.init(tag: "!custom", line: 7, column: 4)])
    }

    // MARK: plain scalars, all as PyYAML 6 resolves them

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("+12", 12), ("1_000", 1000), ("0b101", 5), ("-0b11", -3), ("017", 15), ("0_7", 7), ("00", 0), ("0x1F", 31),
        ("-0xff", -255),
        ("1:30", 90), ("190:20:30", 685230), ("-1:00", -60), ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
        ("1__0", 10), ("0_", 0),
    ])
    func integers(_ text: String, _ value: Int) throws {
        #expect(try decode(text).matches(.integer(value)), "\(text)")
    }

    @Test func integersOfAnySize() throws {
        #expect(try decode("123456789012345678901234567890").matches(.object(["int": .string("123456789012345678901234567890")])))
        #expect(try decode("-0x10000000000000000").matches(.object(["int": .string("-18446744073709551616")])))
        #expect(try decode("9223372036854775808:00").matches(.string("9223372036854775808:00")))
    }

    @Test(
        arguments: [
            ("1.", 1.0), ("1.5", 1.5), (".5", 0.5), ("-1.5e+3", -1500), ("1.0E-2", 0.01), ("1_0.0_1", 10.01), ("190:20:30.15", 685230.15),
            (".inf", .infinity),
            ("-.INF", -.infinity), ("+.Inf", .infinity), ("1.e+2", 100), ("-0.0", -0.0), ("1.7976931348623157e+309", .infinity),
            ("1_.5", 1.5), ("._5", nil), ("-_1.", nil),
        ] as [(String, Double?)])
    func floats(_ text: String, _ value: Double?) throws {
        #expect(try decode(text).matches(value.map { .float($0) } ?? .string(text)), "\(text)")
    }

    @Test func notANumber() throws {
        for text in [".nan", ".NaN", ".NAN"] { #expect(try decode(text).matches(.string("nan")), "\(text)") }
    }

    @Test(arguments: [
        "1e3", "1.5e3", "0o17", "08", "09.5x", "0x", "0b", "0b2", "0xg", "1:60", ":1", "-.5", "+.nan", ".", "+", "1.2.3", "--1", "1-2",
        "yEs",
        "y", "n", "nUll", "nan", "inf", ".Nan", "2024-1-1", "2024-05-06x", "2024-05-06T07:08", "true1", "tru", "=", "<<", "_1", "0x_",
        "0.1.", "1e+3", "~a",
        "1_000,5", "٣", "no way",
    ])
    func staysText(_ text: String) throws {
        #expect(try decode("- \(text)").matches(.list([.string(text)])), "\(text)")
    }

    @Test(arguments: [("yes", true), ("No", false), ("ON", true), ("off", false), ("TRUE", true), ("False", false)])
    func booleans(_ text: String, _ value: Bool) throws {
        #expect(try decode(text).matches(.bool(value)))
        #expect(try decode("'\(text)'").matches(.string(text)))
    }

    @Test(arguments: ["", "~", "null", "Null", "NULL", "# only a comment", "--- \n..."])
    func nulls(_ text: String) throws { #expect(try decode(text).matches(.null)) }

    @Test(arguments: [
        ("2024-05-06", "2024-05-06"), ("2024-05-06T07:08:09Z", "2024-05-06 07:08:09+00:00"),
        ("2024-5-6 7:08:09.25 +05:30", "2024-05-06 07:08:09.250000+05:30"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.100000-05:00"), ("2001-12-15 2:59:43.10", "2001-12-15 02:59:43.100000"),
        ("2024-02-29", "2024-02-29"),
        ("2001-12-14 21:59:43 -5", "2001-12-14 21:59:43-05:00"),
    ])
    func timestamps(_ text: String, _ expected: String) throws {
        guard case .timestamp(let timestamp) = try decode(text) else { return #expect(Bool(false), "\(text)") }
        #expect(timestamp.pythonText == expected)
    }

    @Test(arguments: ["2023-02-29", "2024-13-01", "2024-00-01", "2024-05-06 24:00:00", "0000-01-01"])
    func impossibleDatesAreErrors(_ text: String) {
        #expect(failure("a: \(text)")?.place == .line(1, column: 4))
    }

    // MARK: structure

    @Test func mergesAsPyYAMLDoes() throws {
        let text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {own: 0, <<: [*a, *b], z: 5}\nd:\n  <<: *a\n  <<: *b\n  y: 9\n"
        let document = try decode(text)
        #expect(document["c"]?.keys == ["y", "z", "x", "own"])
        #expect(document["c"]?.matches(.object(["y": .integer(2), "z": .integer(5), "x": .integer(1), "own": .integer(0)])) == true)
        #expect(document["d"]?.matches(.object(["x": .integer(1), "y": .integer(9), "z": .integer(4)])) == true)
        #expect(failure("<<: 3")?.kind == .malformed)
        #expect(failure("<<: [{a: 1}, 2]")?.kind == .malformed)
        #expect(try decode("'<<': 3").matches(.object(["<<": .integer(3)])))
    }

    @Test func anchorsAreSharedAndMayBeRedefined() throws {
        #expect(try decode("[&a 1, *a, &a 2, *a]").matches(.list([.integer(1), .integer(1), .integer(2), .integer(2)])))
        #expect(failure("&a [1, {x: *a}]")?.reason.contains("hold itself") == true)
        #expect(failure("--- &a 1\n--- *a\n")?.place == .line(2, column: 5))
    }

    @Test func duplicateKeysInFirstPlace() throws {
        #expect(try decode("{a: 1, b: 2, a: 3}").keys == ["a", "b"])
        #expect(try decode("{1: x, 1.0: y, true: z}").matches(.object([:])) == false)
        guard case .mapping(let mapping) = try decode("{1: x, 1.0: y, true: z}") else { return #expect(Bool(false)) }
        #expect(mapping.entries.count == 1)
    }

    @Test func keysOfOtherTypes() throws {
        guard case .mapping(let mapping) = try decode("{1: a, null: b, [1, 2]: c, 2024-01-01: d}") else { return #expect(Bool(false)) }
        #expect(mapping.entries.count == 4)
        guard case .tuple = mapping.entries[2].key else { return #expect(Bool(false)) }
        #expect(failure("{{a: 1}: 2}")?.kind == .unsupported)
    }

    @Test func severalDocuments() throws {
        #expect(try YAML.decodeAll(Bytes(text: "")).isEmpty)
        #expect(try YAML.decodeAll(Bytes(text: "--- a\n--- [b]\n")).count == 2)
        #expect(try decode("%YAML 1.1\n---\na\n...\n").matches(.string("a")))
    }

    @Test func tags() throws {
        #expect(try decode("!!set {b, a}").matches(.list([.string("b"), .string("a")])))
        #expect(try decode("! 12").matches(.integer(12)))
        #expect(try decode("!local 12").matches(.string("12")))
        #expect(
            try decode("[!!float 12, !!float 017, !!float 1e3, !!float .inf, !!float 1:30]").matches(
                .list([
                    .float(12), .float(17), .float(1000), .string("inf"), .float(90),
                ])))
        #expect(try decode("!!binary |\n  aGVs\n  bG8=\n").matches(.object(["bytes_hex": .string("68656c6c6f")])))
        for text in [
            "!!int x", "!!binary a", "!!binary a===", "!!seq {}", "!!map []", "!!omap [{a: 1, b: 2}]", "!!omap {a: 1}", "!!bool maybe",
            "!!timestamp x",
        ] {
            #expect(failure(text)?.kind == .malformed, "\(text)")
        }
        for text in [
            "!!python/tuple [1]", "!!python/object/apply:os.system [ls]", "a: !!python/name:os.system x",
            "!<tag:yaml.org,2002:python/none> x",
        ] {
            #expect(failure(text)?.kind == .unsafe, "\(text)")
        }
    }

    @Test func utf16() throws {
        let bytes: [UInt8] = [0xFF, 0xFE] + "a: é😀".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try YAML.decode(Bytes(bytes)).matches(.object(["a": .string("é😀")])))
    }

    // MARK: limits and damage

    @Test func nodesAndDepthCountThroughAliases() {
        var limits = Limits.standard
        limits.nodes = 20
        #expect(failure("a: &a [1, 2, 3, 4]\nb: [*a, *a, *a]", limits: limits)?.kind == .limit)
        #expect(failure("a: &a [1, 2, 3, 4]\nb: [*a, *a]", limits: limits) == nil)
        #expect(failure("a: &a {k: 1, l: 2, m: 3, n: 4}\nb: {<<: [*a, *a, *a]}", limits: limits)?.kind == .limit)
        limits = .standard
        limits.depth = 4
        #expect(failure("a: &a [[1]]\nb: &b [*a]", limits: limits) == nil)
        #expect(failure("a: &a [[1]]\nb: &b [*a]\nc: [*b]", limits: limits)?.kind == .limit)
        #expect(failure("[[[[[1]]]]]", limits: limits)?.kind == .limit)
    }

    /// A chain of aliases that stays flat in the file and would be deep when walked.
    @Test func aliasesCannotBuildDepth() {
        var text = "- &n0 [0]\n"
        for level in 1..<2000 { text += "- &n\(level) [*n\(level - 1)]\n" }
        #expect(failure(text)?.kind == .limit)
    }

    @Test func everyPrefixIsReadOrRefused() throws {
        let whole = try Samples.bytes("yaml/features.yaml")
        var refused = 0
        for count in 0..<whole.count {
            let prefix = try #require(whole.slice(0..<count))
            do throws(FormatError) { _ = try YAML.decode(prefix) } catch { refused += 1 }
        }
        #expect(refused > 50)
    }

    @Test(arguments: [("a: b: c", 1, 5), ("a:\n\t- b", 2, 1), ("[1, 2", 2, 1), ("a: @x", 1, 4), ("a: 'x\n", 2, 1), ("a: *nope", 1, 4)])
    func errorsPoint(_ text: String, _ line: Int, _ column: Int) throws {
        let error = try #require(failure(text))
        #expect(error.place == .line(line, column: column), "\(error)")
    }

    // MARK: writing

    @Test func writesAsSafeDumpDoes() throws {
        let document = Document.object([
            ("epoch", .integer(5)), ("lr", .float(0.001)), ("big", .float(1e16)), ("none", .null), ("flag", .bool(true)),
            ("empty", .list([])),
            ("nothing", .object([])),
            ("list", .list([.integer(1), .list([.integer(2)]), .object([("a", .integer(1)), ("b", .string("x"))])])),
            ("text", .string("multi\nline")), ("nan", .float(.nan)), ("date", .timestamp(.init(year: 2024, month: 1, day: 2))),
            ("bytes", .bytes([1, 2, 3])),
        ])
        // The output of PyYAML 6.0.3's safe_dump for the same values.
        #expect(
            try encode(document) == """
                big: 1.0e+16
                bytes: !!binary |
                  AQID
                date: 2024-01-02
                empty: []
                epoch: 5
                flag: true
                list:
                - 1
                - - 2
                - a: 1
                  b: x
                lr: 0.001
                nan: .nan
                none: null
                nothing: {}
                text: 'multi

                  line'

                """)
        #expect(try encode(document, .init(sortsKeys: false)).hasPrefix("epoch: 5\nlr: 0.001\n"))
    }

    @Test(arguments: [
        "", "yes", "1", "1.0", "null", "~", "2024-01-01", "0x1F", "12:30", ".inf", "<<", "=", " lead", "trail ", "a: b", "- a", "# c",
        "a #b", "@x", "`x", "!t", "&a", "*a",
        "{", "[", "'", "\"", "\\", "multi\nline\n", "\n", "a\n\nb", "tab\tin", "\t", "é✓", "😀", "\u{0}", "\u{1b}[31m", "\u{85}", "\u{2028}",
        "\u{feff}x", "x\u{feff}", "---", "...", "--- x",
        "key: |", "%d", ",", "?", "? a", "-", ":", "a:", "1e3", "0o17", "off", "\r\n", "a\rb", "  two\n    four\n", "x\n y\n", " \n ",
        "\u{7f}", "\u{a0}", "\u{d7ff}\u{e000}\u{fffd}",
    ])
    func textsComeBack(_ text: String) throws {
        let document = Document.object([(text, .list([.string(text), .object([("k", .string(text))])]))])
        let written = try encode(document)
        #expect(try decode(written).matches(.object([text: .list([.string(text), .object(["k": .string(text)])])])), "\(written)")
        #expect(try decode(encode(.string(text))).matches(.string(text)))
    }

    @Test func longTextsAreFoldedAndComeBack() throws {
        let text = (0..<200).map { "word\($0)" }.joined(separator: " ") + "  " + String(repeating: "x", count: 300)
        let written = try encode(.object([("t", .string(text))]))
        #expect(written.split(separator: "\n").count > 5)
        #expect(try decode(written)["t"]?.matches(.string(text)) == true)
    }

    @Test(arguments: [0.1, 1e16, 1e-7, .leastNonzeroMagnitude, 1.7976931348623157e308, -0.0, 123456789.125, 1e22, .infinity, -.infinity])
    func floatsComeBack(_ value: Double) throws {
        #expect(try decode(encode(.float(value))).matches(value.isInfinite ? .string(value < 0 ? "-inf" : "inf") : .float(value)))
    }

    @Test func sortsKeysLikePython() throws {
        let numbers = Document.mapping(.init([(.integer(10), .null), (.float(2.5), .null), (.integer(-1), .null)]))
        #expect(try encode(numbers) == "-1: null\n2.5: null\n10: null\n")
        let mixed = Document.mapping(.init([(.string("b"), .null), (.integer(1), .null), (.string("a"), .null)]))
        #expect(try encode(mixed) == "b: null\n1: null\na: null\n")
    }

    @Test func setsAndTuplesAndBytes() throws {
        #expect(try encode(.set([.string("b"), .string("a")])) == "!!set\nb: null\na: null\n")
        #expect(try encode(.tuple([.integer(1)])) == "- 1\n")
        let bytes = (0..<200).map { UInt8($0) }
        guard case .bytes(let read) = try decode(encode(.bytes(bytes))) else { return #expect(Bool(false)) }
        #expect(read == bytes)
        for count in 0..<5 {
            guard case .bytes(let read) = try decode(encode(.bytes(Array(bytes.prefix(count))))) else { return #expect(Bool(false)) }
            #expect(read.count == count)
        }
    }

    @Test func whatYAMLHasNotIsNamed() throws {
        let error = #expect(throws: FormatError.self) { try encode(.object([("a", .list([.complex(1, 2)]))])) }
        #expect(error?.kind == .unrepresentable && error?.place == .member("a[0]"))
        let full = #expect(throws: FormatError.self) {
            try YAML.encode(.string(String(repeating: "x", count: 100_000)), to: FullSink(room: 1000))
        }
        #expect(full?.kind == .system && full?.reason == "no space left on device")
    }
}
