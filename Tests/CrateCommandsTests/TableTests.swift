import CrateLanguage
import CrateValues
import Foundation
import Testing

@testable import CrateCommands

@Suite struct TableTests {
    private let setUp =
        "let t = table({id: [1, 2, 3], x: [0.5, 10.25, 2], ok: [true, false, true], s: [\"a\", null, \"ccc\"], n: [1, null, 3]}); "

    private func shown(_ text: String) throws -> String {
        try Workbench().shown(setUp + text).trimmingCharacters(in: .newlines)
    }

    @Test func printsAsPandasDoes() throws {
        #expect(try shown("print table({col_a: [100, 200], col_b: [300, 400]})") == "   col_a  col_b\n0    100    300\n1    200    400")
        #expect(
            try shown("print t") == """
                   id      x     ok     s     n
                0   1   0.50   true     a     1
                1   2  10.25  false  null  null
                2   3   2.00   true   ccc     3
                """)
        #expect(try shown("print table({a: []})") == "Empty table\nColumns: [a]")
        #expect(try shown("print [t]") == "[<table of 3 rows and 5 columns>]")
    }

    @Test func longTablesAreCut() throws {
        let lines = try shown("print table({v: range(1000)})").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 14)
        #expect(lines[6] == "...  ..." && lines[11] == "999  999" && lines[13] == "[1000 rows x 1 columns]")
    }

    @Test func cellsCannotDriveTheTerminal() throws {
        let text = try shown(#"print table({v: ["\u001b[2Jx\ny"]})"#)
        let cell = #"\x1b[2Jx\ny"#
        #expect(text == "   \(String(repeating: " ", count: cell.count - 1))v\n0  \(cell)")
    }

    @Test(arguments: [
        ("t.id", "[1 2 3]"), ("type(t.id)", "array"), ("t.n", "[1, null, 3]"), ("t[\"s\"]", #"["a", null, "ccc"]"#),
        ("t[0]", #"{"id": 1, "x": 0.5, "ok": true, "s": "a", "n": 1}"#),
        ("t[-1].id", "3"), ("len(t)", "3"), ("t[1:].rows", "2"), ("t[5:].rows", "0"), ("t.columns", #"["id", "x", "ok", "s", "n"]"#),
        ("t.shape", "[3, 5]"), ("t.types.n", "int64"),
        ("head(t, 1).id[0]", "1"), ("tail(t, 1).id[0]", "3"), ("head(t, 100).rows", "3"), ("\"id\" in t", "true"), ("keys(t)[0]", "id"),
        ("sort(t, by: \"x\").id", "[1 3 2]"),
        ("sort(t, by: \"x\", reverse: true).s", #"[null, "ccc", "a"]"#), ("[r.id for r in t]", "[1, 2, 3]"), ("t == table(t)", "true"),
        ("t == t[1:]", "false"),
        ("table([[1, 2], [3, 4]]).columns", #"["column_0", "column_1"]"#), ("table([{a: 1}, {a: 2}]).a", "[1 2]"),
        ("table(array([[1, 2], [3, 4]]), columns: [\"p\", \"q\"]).q", "[2 4]"),
        ("table([], columns: [\"p\"]).columns", #"["p"]"#), ("describe(t).columns", #"["statistic", "id", "x", "n"]"#),
        ("describe(t).id", "[3.  2.  1.  1.  1.5 2.  2.5 3. ]"),
        ("to_json(t[:1])", #"{"id": [1], "x": [0.5], "ok": [true], "s": ["a"], "n": [1]}"#),
    ])
    func parts(_ text: String, _ expected: String) throws { #expect(try shown("print \(text)") == expected, "\(text)") }

    @Test func columnsCanBeSet() throws {
        #expect(try shown("t.id = [7, 8, 9]; t[\"new\"] = t.x * 2; print t.id, t.new, t.columns[-1]") == "[7 8 9] [ 1.  20.5  4. ] new")
    }

    @Test(arguments: [
        ("t[3]", "index"), ("t[\"nope\"]", "key"), ("t.nope", "name"), ("t.id = [1]", "value"), ("t[0] = 5", "type"),
        ("table({a: [1], b: []})", "value"), ("table(5)", "value"),
        ("table([[1], [1, 2]])", "value"), ("table([[1, 2]], columns: [\"a\"])", "value"),
        ("table([[1, 2]], columns: [\"a\", \"a\"])", "value"), ("sort(t)", "argument"), ("sort(t, by: \"nope\")", "key"),
        ("sort(t, by: \"s\")", "type"), ("describe(table({a: [\"x\"]}))", "value"), ("t[0, 1]", "index"), ("t[1.5]", "type"),
    ])
    func failures(_ text: String, _ expected: String) throws {
        let failure = try #require(try Workbench().failure(setUp + text))
        #expect(failure.kind == expected, "\(text): \(failure)")
    }
}

@Suite struct ConversionTests {
    /// Everything that a file can hold goes through the language and back.
    @Test func documentsComeBack() throws {
        let tensor = Tensor(.float(1.5), dtype: .float32)
        let document = Document.mapping(
            .init([
                (.string("a"), .list([.null, .bool(true), .integer(1), .float(1), .string("é")])), (.integer(3), .tuple([.integer(1)])),
                (.tuple([.integer(1), .string("x")]), .null),
                (.string("c"), .complex(1, -2)), (.string("b"), .bytes([0, 255])), (.string("s"), .set([.integer(1)])),
                (.string("o"), .opaque(.init(name: "torch.float16"))),
                (.string("t"), .timestamp(.init(year: 2024, month: 5, day: 6))), (.string("w"), .tensor(tensor)),
                (.string("od"), .mapping(.init([], isOrderedDict: true))),
            ]))
        let again = try CrateCommands.document(from: value(from: document))
        // Regions and objects show as addresses, so the tensor is compared by its value.
        guard case .mapping(let a) = document, case .mapping(let b) = again else { return #expect(Bool(false)) }
        #expect(a.entries.count == b.entries.count)
        for (x, y) in zip(a.entries, b.entries) {
            #expect("\(x.key)" == "\(y.key)")
            if case .tensor(let p) = x.value, case .tensor(let q) = y.value {
                #expect(p.dtype == q.dtype && p.onlyElement == q.onlyElement)
            } else {
                #expect("\(x.value)" == "\(y.value)")
            }
        }
    }

    @Test func objectsOfFiles() throws {
        let bytes = BytesObject(Bytes([0x68, 0xC3, 0xA9, 0x00]))
        #expect(bytes.description == "<4 bytes: 68c3a900>")
        #expect(try bytes.element([.at(.int(-3))]).description == "195")
        guard case .object(let part) = try bytes.element([.slice(start: .int(1), stop: .null, step: nil)]) else {
            return #expect(Bool(false))
        }
        #expect(part.count == 3)
        #expect(throws: Failure.self) { try bytes.element([.at(.int(4))]) }
        let early = TimestampObject(.init(year: 2024, month: 2, day: 29, time: .init(hour: 23, minute: 0, second: 0, offsetMinutes: -60)))
        let late = TimestampObject(.init(year: 2024, month: 3, day: 1, time: .init(hour: 1, minute: 0, second: 0, offsetMinutes: 0)))
        #expect(try late.binary(.subtract, .object(early), isReversed: false)?.description == "3600.0")
        #expect(try early.binary(.less, .object(late), isReversed: false)?.description == "true")
        #expect(early.description == "2024-02-29 23:00:00-01:00")
        #expect(ComplexObject(1, -0.0).description == "(1.0-0.0j)")
        #expect(try SetObject([.integer(1)]).contains(.int(1)))
    }
}
