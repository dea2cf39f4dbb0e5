import CrateLanguage
import Testing

@testable import CrateCommands

/// Values that are large, or small but large when written out.
@Suite struct FunctionsLargeTests {
    private func value(_ text: String) throws -> String { try Workbench().shown(text) }

    private func failure(_ text: String) throws -> Failure { try #require(try Workbench().failure(text)) }

    // MARK: shared values

    @Test func sharedValuesCountAsOftenAsTheyOccur() throws {
        var list = Value.list([.int(1)])
        for _ in 0..<40 { list = .list([list, list]) }
        var kind: String?
        do throws(Failure) { _ = try document(from: list, most: 1000) } catch { kind = error.kind }
        #expect(kind == "limit")
        // Three values: the list, and its item twice.
        let item = Value.dict(DictObject())
        #expect(throws: Never.self) { try document(from: .list([item, item]), most: 3) }
        #expect(throws: Failure.self) { try document(from: .list([item, item]), most: 2) }
    }

    @Test(arguments: ["to_json(0..<9223372036854775807)", "write([0..<10000000], \"l.yaml\")", "table({x: 0..<10000000})"])
    func longRangesAreRefusedBeforeTheyAreSetUp(_ statement: String) throws {
        #expect(try failure(statement).kind == "limit")
    }

    @Test func rangesAreDataStill() throws {
        #expect(try value("print to_json([0..<3, 5..<5])") == "[[0, 1, 2], []]\n")
    }

    // MARK: searching

    /// Each would take hours if the text were compared anew at every place.
    @Test(arguments: [
        ("find(t, p)", "-1"), ("contains(t, p)", "false"), ("count(t, p)", "0"), ("len(replace(t, p, \"\"))", "1048576"),
        ("len(split(t, p))", "1"), ("count(t, \"a\")", "1048576"), ("find(t + \"b\", p)", "524288"),
    ])
    func searchingTakesTimeInProportion(_ call: String, _ expected: String) throws {
        let setUp = "let h = \"a\"; for i in 0..<19 { h = h + h }; let t = h + h; let p = h + \"b\"; "
        #expect(try value(setUp + "print \(call)") == expected + "\n")
    }

    @Test(arguments: [
        (#"find("aabaabaaab", "aabaaa")"#, "3"), (#"find("abcabcabd", "abcabd")"#, "3"), (#"count("abababab", "abab")"#, "2"),
        (#"count("aaaaa", "aa")"#, "2"), (#"find("ab", "abc")"#, "-1"), (#"find("e\u0301x\u00e9", "\u00e9")"#, "2"),
        (#"find("ααβ", "β")"#, "2"), (#"find("", "a")"#, "-1"), (#"count("abc", "")"#, "1"), (#"contains("", "")"#, "true"),
        (#"split("aXYbXXYc", "XY")"#, #"["a", "bX", "c"]"#), (#"find("aa\nab", "ab")"#, "3"),
    ])
    func placesAreThose(_ call: String, _ expected: String) throws {
        #expect(try value("print \(call)") == expected + "\n", "\(call)")
    }

    // MARK: unique

    @Test(arguments: [
        ("unique([[1], [1.0], [2], [1, 2], [[1]], [[1]]])", "[[1], [2], [1, 2], [[1]]]"),
        ("unique([{a: 1, b: [2]}, {b: [2.0], a: 1}, {a: 1}])", #"[{"a": 1, "b": [2]}, {"a": 1}]"#),
        ("unique([[true], [1], [null], [\"1\"], [0..<2], [0..<2]])", #"[[true], [1], [null], ["1"], [0..<2]]"#),
        ("unique([[2 ** 70], [2.0 ** 70], 2 ** 70, 2 ** 70])", "[[1180591620717411303424], 1180591620717411303424]"),
        ("unique([[0.0], [-0.0]])", "[[0.0]]"), ("len(unique([[i] for i in 0..<20000]))", "20000"),
        ("len(unique([{i: [i % 7]} for i in 0..<7000]))", "7"),
    ])
    func listsAndDictsAreToldApart(_ call: String, _ expected: String) throws {
        #expect(try value("print \(call)") == expected + "\n", "\(call)")
    }

    @Test func endlessValuesHaveFingerprints() throws {
        #expect(try value("let a = [1]; for i in 0..<40 { a = [a, a] }; let b = [2]; b.append(b); print len(unique([a, a, b, b]))") == "2\n")
    }

    // MARK: stopping

    @Test(arguments: ["sort", "unique", "map", "to_json", "find"])
    func longLoopsStopWhenAsked(_ name: String) throws {
        let bench = try Workbench()
        let function = try #require(bench.session.function(named: name))
        let items = Value.list((0..<10_000).map { .int($0) })
        let identity = try #require(bench.session.function(named: "str"))
        let second: Value? =
            switch name {
            case "map": .function(Function(identity))
            case "find": .int(9_999)
            default: nil
            }
        var arguments: [Value?] = [items, second]
        arguments += Array(repeating: nil, count: max(0, function.parameters.count - 2))
        let call = Call(
            arguments: arguments, location: Location(source: Source(name: "t", text: ""), span: Span(0, 0)),
            interpreter: bench.session.interpreter)
        bench.session.interpreter.interrupt()
        var kind: String?
        do throws(Failure) { _ = try function.body(call) } catch { kind = error.kind }
        #expect(kind == "interrupted")
    }
}
