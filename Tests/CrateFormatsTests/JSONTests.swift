import CrateFormats
import CrateValues
import Testing

@Suite struct JSONTests {
    private func decode(_ text: String, _ options: JSON.ReadOptions = .init(), limits: Limits = .standard) throws(FormatError) -> Document {
        try JSON.decode(Bytes(text: text), options: options, limits: limits)
    }

    private func encode(_ document: Document, _ options: JSON.WriteOptions = .init()) throws -> String {
        let sink = MemorySink()
        try JSON.encode(document, options: options, to: sink)
        return String(decoding: sink.array, as: UTF8.self)
    }

    private func failure(_ text: String, _ options: JSON.ReadOptions = .init()) -> FormatError? {
        do throws(FormatError) {
            _ = try decode(text, options)
            return nil
        } catch { return error }
    }

    // MARK: samples

    @Test(arguments: Samples.named("json/"))
    func sample(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let document = try sample.fileExtension == "jsonl" ? JSON.decodeLines(bytes) : JSON.decode(bytes)
        if let expected = sample.expect { #expect(document.matches(expected), "\(document)") }
        let sink = MemorySink()
        try JSON.encode(document, to: sink)
        let again = MemorySink()
        try JSON.encode(JSON.decode(Bytes(sink.array)), to: again)
        #expect(sink.array == again.array)
    }

    @Test(arguments: Samples.named("hostile/json_"))
    func hostile(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let decoded = Result { () throws(FormatError) in try JSON.decode(bytes) }
        switch (decoded, sample.want) {
        case (.success, "refuse"): Issue.record("should be refused")
        case (.failure(let error), "load"): Issue.record("\(error)")
        case (.failure(let error), _): #expect(!error.reason.isEmpty && error.place != .whole)
        case (.success, _): break
        }
    }

    @Test func hostileOnesGiveWhatPythonGives() throws {
        #expect(try JSON.decode(Samples.bytes("hostile/json_duplicate.json")).matches(.object(["a": .integer(2)])))
        guard case .list(let items) = try JSON.decode(Samples.bytes("hostile/json_huge_exponent.json")) else { return #expect(Bool(false)) }
        #expect(items[0].matches(.string("inf")))
        guard case .list(let numbers) = try JSON.decode(Samples.bytes("hostile/json_huge_int.json")),
            case .bigInteger(let number) = numbers[0]
        else {
            return #expect(Bool(false))
        }
        #expect(number.description.count == 90_000)
        #expect(try JSON.decode(Samples.bytes("hostile/json_many_keys.json")).keys.count == 7000)
    }

    // MARK: values

    @Test func keepsOrderAndTypes() throws {
        let document = try decode(#"{"z": 1, "a": 1.0, "m": [true, null, -0, -0.0], "": 9223372036854775808}"#)
        #expect(document.keys == ["z", "a", "m", ""])
        #expect(
            document.matches(
                .object([
                    "z": .integer(1), "a": .float(1), "m": .list([.bool(true), .null, .integer(0), .float(-0.0)]),
                    "": .object(["int": .string("9223372036854775808")]),
                ])))
    }

    @Test(arguments: [
        ("0.1", 0.1), ("1e23", 1e23), ("9007199254740993.0", 9_007_199_254_740_992),
        ("2.2250738585072011e-308", Double(bitPattern: 0x000F_FFFF_FFFF_FFFF)),
        ("4.9e-324", .leastNonzeroMagnitude), ("123456789012345678.5", 123_456_789_012_345_680), ("1e-400", 0), ("8.5e22", 8.5e22),
        ("1E+2", 100), ("3e-22", 3e-22),
        ("0.000000000000000000000000000000000000001", 1e-39), ("17976931348623157e292", 1.7976931348623157e308),
    ])
    func floatsAreTheNearestDoubles(_ text: String, _ value: Double) throws {
        guard case .float(let read) = try decode(text) else { return #expect(Bool(false)) }
        #expect(read == value)
    }

    @Test(arguments: [Int.min, Int.max, 0, 999_999_999_999_999_999, -1_000_000_000_000_000_000])
    func integersToTheirLimits(_ value: Int) throws {
        guard case .integer(let read) = try decode(String(value)) else { return #expect(Bool(false)) }
        #expect(read == value)
    }

    @Test func escapes() throws {
        let document = try decode(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00x""#)
        #expect(document.matches(.string("\"\\/\u{8}\u{c}\n\r\tAé😀x")))
    }

    /// A special character at every distance from the start of the eight-byte steps.
    @Test(arguments: 0..<20)
    func stringsOfEveryLength(_ length: Int) throws {
        let plain = String(repeating: "a", count: length)
        #expect(try decode("\"\(plain)\"").matches(.string(plain)))
        #expect(try decode("\"\(plain)\\n\(plain)\"").matches(.string("\(plain)\n\(plain)")))
        #expect(failure("\"\(plain)\u{1}\(plain)\"")?.place == .line(1, column: length + 2))
        #expect(failure("\"\(plain)")?.kind == .truncated)
        #expect(try decode("\"\(plain)é\"").matches(.string(plain + "é")))
    }

    @Test func keysDifferByCodePoints() throws {
        // Equal to each other for Swift, and different keys for every JSON parser.
        let composed = "\u{e9}"
        let decomposed = "e\u{301}"
        #expect(try decode("{\"\(composed)\": 1, \"\(decomposed)\": 2}", .init(refusesDuplicateKeys: true)).keys.count == 2)
    }

    @Test(arguments: [2, 13, 40])
    func lastDuplicateWinsInFirstPlace(_ count: Int) throws {
        let keys = (0..<count).map { "\"k\($0)\": \($0)" }.joined(separator: ", ")
        let text = "{\(keys), \"k0\": \"last\"}"
        let document = try decode(text)
        #expect(document.keys == (0..<count).map { "k\($0)" })
        #expect(document["k0"]?.matches(.string("last")) == true)
        let error = failure(text, .init(refusesDuplicateKeys: true))
        #expect(error?.kind == .malformed && error?.reason.contains("`k0`") == true)
    }

    // MARK: refusals

    @Test(arguments: [
        ("[1,]", 1, 3), ("{\"a\": 1,}", 1, 8), ("[1 2]", 1, 4), ("[01]", 1, 2), ("[-]", 1, 3), ("[1.]", 1, 4), ("[.5]", 1, 2),
        ("[+1]", 1, 2),
        ("[1e]", 1, 4), ("{a: 1}", 1, 2), ("{'a': 1}", 1, 2), ("['a']", 1, 2), ("[True]", 1, 2), ("// c\n1", 1, 1), ("[1] // c", 1, 5),
        ("{\"a\" 1}", 1, 6), ("\"a\nb\"", 1, 3), ("\"\\x\"", 1, 2), ("\"\\u12g4\"", 1, 2), ("\"\\ud800\"", 1, 2),
        ("\"\\udc00\\ud800\"", 1, 2),
        ("[\n  1,\n  é\n]", 3, 3), ("1 1", 1, 3), ("[1]]", 1, 4), ("{\"a\": }", 1, 7), ("[,1]", 1, 2), ("{\"é\": x}", 1, 7),
        ("truely", 1, 5),
    ])
    func refusesAndPointsThere(_ text: String, _ line: Int, _ column: Int) throws {
        let error = try #require(failure(text))
        #expect(error.kind == .malformed)
        #expect(error.place == .line(line, column: column), "\(error)")
    }

    @Test(arguments: [
        "", " ", "[", "{", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\": 1", "\"abc", "\"abc\\", "\"\\u12", "-", "1.", "1e", "\u{feff}",
    ])
    func saysWhenTheTextEndsEarly(_ text: String) {
        #expect(failure(text)?.kind == .truncated, "\(String(describing: failure(text)))")
    }

    @Test func everyPrefixOfARealFileIsRefused() throws {
        let whole = try Samples.bytes("json/python_utf8_indent.json")
        for count in 0..<whole.count {
            let prefix = try #require(whole.slice(0..<count))
            #expect(throws: FormatError.self) { try JSON.decode(prefix) }
        }
    }

    /// One flipped bit may leave it well formed, but must never crash.
    @Test func everyFlippedBitIsReadOrRefused() throws {
        let whole = try Samples.bytes("json/python_ascii.json").array
        var refused = 0
        for index in whole.indices {
            for bit in 0..<8 {
                var damaged = whole
                damaged[index] ^= 1 << bit
                do throws(FormatError) { _ = try JSON.decode(Bytes(damaged)) } catch { refused += 1 }
            }
        }
        #expect(refused > whole.count)
    }

    @Test func hintsSayWhatToWrite() {
        #expect(failure("[None]")?.hint == "write `null`")
        #expect(failure("[1,]")?.hint == "remove the comma")
        #expect(failure("{'a': 1}")?.hint?.contains("double quotes") == true)
        #expect(failure("[1, 2\n")?.reason.contains("line 1's `[`") == true)
    }

    @Test func limits() throws {
        var limits = Limits.standard
        limits.depth = 3
        limits.nodes = 5
        limits.digits = 4
        #expect(throws: Never.self) { try decode("[[[1]]]", limits: limits) }
        for text in ["[[[[1]]]]", "{\"a\": {\"a\": {\"a\": {}}}}", "[1, 2, 3, 4, 5]", "12345", "1.2345"] {
            let error = #expect(throws: FormatError.self) { try decode(text, limits: limits) }
            #expect(error?.kind == .limit, "\(text)")
        }
    }

    @Test func strictReading() {
        let strict = JSON.ReadOptions(refusesDuplicateKeys: true, allowsNonFinite: false)
        for text in ["NaN", "-Infinity", "1e999", "{\"a\": 1, \"a\": 2}", "{}\0", "{} x"] {
            #expect(failure(text, strict)?.kind == .malformed, "\(text)")
        }
        #expect(throws: Never.self) { try decode("{}  \n", strict) }
    }

    // MARK: lines

    @Test func linesPointIntoTheFile() {
        let error = #expect(throws: FormatError.self) { try JSON.decodeLines(Bytes(text: "{\"a\": 1}\n\n{\"a\": [}\n")) }
        #expect(error?.place == .line(3, column: 8))
        let early = #expect(throws: FormatError.self) { try JSON.decodeLines(Bytes(text: "[1\n2]\n")) }
        #expect(early?.place == .line(1, column: 3))
    }

    @Test func linesRoundTrip() throws {
        let text = "{\"a\": 1}\n[1, 2]\n\"x\\ny\"\n"
        let sink = MemorySink()
        try JSON.encodeLines(JSON.decodeLines(Bytes(text: text.replacing("\n", with: "\r\n"))), options: .init(indent: 2), to: sink)
        #expect(String(decoding: sink.array, as: UTF8.self) == text)
    }

    // MARK: writing

    @Test func writesAsPythonDoes() throws {
        let document = Document.object([
            ("b", .list([.integer(1), .float(1e16), .float(0.1), .float(-0.0), .bool(true), .null])), ("a", .string("é😀\"\\\n\u{1}\u{7f}")),
            ("e", .object([])), ("l", .list([])),
        ])
        #expect(
            try encode(document)
                == "{\"b\": [1, 1e+16, 0.1, -0.0, true, null], \"a\": \"é😀\\\"\\\\\\n\\u0001\u{7f}\", \"e\": {}, \"l\": []}")
        #expect(try encode(document, .init(sortsKeys: true, ascii: true)).hasPrefix(#"{"a": "\u00e9\ud83d\ude00\"\\\n\u0001"#))
        #expect(try encode(.object([("a", .list([.integer(1), .list([])]))]), .init(indent: 2)) == "{\n  \"a\": [\n    1,\n    []\n  ]\n}")
    }

    @Test func writesNonFiniteUnlessStrict() throws {
        let document = Document.list([.float(.nan), .float(.infinity), .float(-.infinity)])
        #expect(try encode(document) == "[NaN, Infinity, -Infinity]")
        let error = #expect(throws: FormatError.self) { try encode(document, .init(strict: true)) }
        #expect(error?.kind == .unrepresentable && error?.place == .member("[0]"))
    }

    @Test func otherKeysBecomeTextAsInPython() throws {
        let mapping = Document.mapping(.init([(.integer(0), .null), (.bool(true), .null), (.null, .null), (.float(0.5), .null)]))
        #expect(try encode(mapping) == #"{"0": null, "true": null, "null": null, "0.5": null}"#)
    }

    @Test func arraysBecomeLists() throws {
        let numbers: [Double] = [1, 2, 3, 4, 5, 6]
        let tensor = try #require(Tensor(dtype: .float64, shape: [2, 3], bytes: Bytes(numbers.withUnsafeBytes { Array($0) })))
        #expect(try encode(.tensor(tensor)) == "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]")
        let empty = try #require(Tensor(dtype: .float64, shape: [0, 3], bytes: Bytes([])))
        #expect(try encode(.tensor(empty)) == "[]")
    }

    @Test func whatJSONHasNotIsNamed() throws {
        let document = Document.object([("model", .object([("dtype", .list([.null, .opaque(.init(name: "torch.float16"))]))]))])
        let error = #expect(throws: FormatError.self) { try encode(document) }
        #expect(error?.kind == .unrepresentable)
        #expect(error?.place == .member("model.dtype[1]"))
        #expect(error?.reason.contains("torch.float16") == true)
        #expect(throws: FormatError.self) { try encode(.bytes([1])) }
        #expect(throws: FormatError.self) { try encode(.mapping(.init([(.tuple([.integer(1)]), .null)]))) }
    }

    @Test func deepDocumentsAreNotWritten() throws {
        var document = Document.null
        for _ in 0..<600 { document = .list([document]) }
        let error = #expect(throws: FormatError.self) { try encode(document) }
        #expect(error?.kind == .limit)
    }

    @Test func aFullDiskIsReported() throws {
        let document = Document.list((0..<100_000).map { .integer($0) })
        let error = #expect(throws: FormatError.self) { try JSON.encode(document, to: FullSink(room: 100_000)) }
        #expect(error?.kind == .system)
    }
}
