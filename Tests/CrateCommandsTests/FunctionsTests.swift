import CrateLanguage
import Foundation
import Testing

@testable import CrateCommands

@Suite struct FunctionsTests {
    private func value(_ text: String) throws -> String {
        let bench = try Workbench()
        return bench.shown("print " + text).trimmingCharacters(in: .newlines)
    }

    private func kind(_ text: String) throws -> String? { try Workbench().failure(text)?.kind }

    // MARK: examples

    /// Each function's own examples, `code  # what it gives`.
    @Test func examplesGiveWhatTheySay() throws {
        let bench = try Workbench()
        let functions = valueFunctions() + textFunctions() + fileFunctions(files: bench.session.files)
        var count = 0
        for function in functions {
            #expect(!function.examples.isEmpty, "\(function.name) has no example")
            for example in function.examples {
                let parts = example.components(separatedBy: "  # ")
                guard parts.count == 2, case .finished(let result?) = try Workbench().run(parts[0]) else {
                    Issue.record("\(function.name): \(example): \(try Workbench().shown(parts[0]))")
                    continue
                }
                #expect(result.description == parts[1], "\(function.name): \(example)")
                count += 1
            }
        }
        #expect(count > 60)
    }

    @Test func everyParameterIsExplained() throws {
        let functions = valueFunctions() + textFunctions() + fileFunctions(files: try Workbench().session.files)
        for function in functions {
            #expect(function.summary.hasSuffix("."), "\(function.name)")
            for parameter in function.parameters { #expect(!parameter.summary.isEmpty, "\(function.name) \(parameter.name)") }
        }
        #expect(Set(functions.map(\.name)).count == functions.count)
    }

    // MARK: values

    @Test(arguments: [
        (#"int(" 1_000 ")"#, "1000"), ("int(1e20)", "100000000000000000000"), ("int(true)", "1"),
        (#"int("-123456789012345678901234567890")"#, "-123456789012345678901234567890"),
        (#"float("-inf")"#, "-inf"), (#"float("1_0.5")"#, "10.5"), ("float(2)", "2.0"), ("len(\"né😀\")", "3"), ("type(null)", "null"),
        ("str([1, \"a\"])", "[1, \"a\"]"),
        ("bool(0.0)", "false"), ("len({a: 1})", "1"), ("len(0..<5)", "5"),
    ])
    func conversions(_ text: String, _ expected: String) throws { #expect(try value(text) == expected) }

    @Test(arguments: [
        (#"int("12x")"#, "value"), (#"int("1__0")"#, "value"), (#"int("_1")"#, "value"), ("int([])", "type"),
        ("int(0.0 / 1 + float(\"nan\"))", "value"), (#"float("0x10")"#, "value"),
        (#"bool("maybe")"#, "value"), ("len(5)", "type"), ("keys([])", "type"), ("sort([1, \"a\"])", "type"), ("range(0, 5, 0)", "value"),
        ("range(0, 9223372036854775807, 2)", "limit"),
        ("reversed(0..<9223372036854775807)", "limit"), (#"split("a", "")"#, "value"), (#"replace("a", "", "b")"#, "value"),
        (#"format(1, "q")"#, "value"), (#"format("a", ".2f")"#, "type"), (#"format([], "5d")"#, "type"), (#"format(1.5, "d")"#, "type"),
        (#"pad("a", 5, fill: "ab")"#, "value"), (#"pad("a", -9223372036854775808)"#, "value"), (#"permutation(-9223372036854775808)"#, "value"),
        (#"from_json("[1,]")"#, "malformed"), (#"from_json("[1")"#, "truncated"), ("to_json(len)", "type"), ("filter([1], str)", "type"),
        (#"sort([{a: 1}], by: "b")"#, "key"), ("sort([1], by: 5)", "type"), ("map([1], 2)", "type"),
        (#"format(1, "99999999999f")"#, "value"),
    ])
    func failures(_ text: String, _ expected: String) throws { #expect(try kind(text) == expected, "\(text)") }

    @Test func listsThatHoldThemselvesAreNotWritten() throws {
        #expect(try kind("let a = [1]; a.append(a); to_json(a)") == "recursion")
        #expect(try kind("let d = {}; d.x = [d]; to_json(d)") == "recursion")
        #expect(try value("to_json([[1], [1]])") == "[[1], [1]]")
        #expect(try Workbench().shown("let a = [1]; print to_json([a, a])") == "[[1], [1]]\n")
    }

    @Test(arguments: [
        ("sort([\"f10\", \"f9\", \"F1\", \"f09\", \"f\"], by: \"natural\")", #"["F1", "f", "f09", "f9", "f10"]"#),
        ("sort([\"b2\", \"a10\", \"a2\"], by: \"natural\", reverse: true)", #"["b2", "a10", "a2"]"#),
        ("sort({b: 1, a: 2})", #"["a", "b"]"#),
        ("sort([[2, 1], [1, 2], [1, 1]])", "[[1, 1], [1, 2], [2, 1]]"), ("sort([2.5, 1, 3])", "[1, 2.5, 3]"),
        (
            "sort([{k: 1, n: \"a\"}, {k: 0, n: \"b\"}, {k: 1, n: \"c\"}], by: \"k\", reverse: true)",
            #"[{"k": 1, "n": "a"}, {"k": 1, "n": "c"}, {"k": 0, "n": "b"}]"#
        ),
        ("unique([1, 1.0, \"1\", [1], [1], true])", #"[1, "1", [1], true]"#),
        ("sort([\"f99999999999999999999\", \"f100000000000000000000\"], by: \"natural\")[0]", "f99999999999999999999"),
    ])
    func sorting(_ text: String, _ expected: String) throws { #expect(try value(text) == expected) }

    @Test func pairsAreTakenApartByLoops() throws {
        let bench = try Workbench()
        #expect(bench.shown("for a, b in zip([1, 2], [\"x\", \"y\"]) { print a, b }") == "1 x\n2 y\n")
        #expect(bench.shown("for i, x in enumerate([\"p\"], 5) { print i, x }") == "5 p\n")
        #expect(bench.shown("for k, v in items({q: 1}) { print k, v }") == "q 1\n")
    }

    // MARK: text

    @Test(arguments: [
        (#"split("a b c d", limit: 2)"#, #"["a", "b", "c d"]"#), (#"split("a,b,c", ",", limit: 1)"#, #"["a", "b,c"]"#),
        (#"split("  ")"#, "[]"), (#"split("", ",")"#, #"[""]"#),
        (#"lines("a\r\nb\n\nc")"#, #"["a", "b", "", "c"]"#), (#"find("naïve é", "é")"#, "6"), (#"count("aaaa", "aa")"#, "2"),
        (#"find("abc", "")"#, "0"), (#"upper("straße")"#, "STRASSE"),
        (#"strip("xxaxx", "x")"#, "a"), (#"match("a.b", "*.?")"#, "true"), (#"match("abc", "a[!a-c]c")"#, "false"),
        (#"match("a]c", "a[]]c")"#, "true"), (#"match("a[c", "a[c")"#, "true"),
        (#"match("aXXbXXc", "a*b*c")"#, "true"), (#"match("", "**")"#, "true"), (#"starts_with("é", "é")"#, "true"),
        (#"join([1, 2.5, null], ", ")"#, "1, 2.5, null"),
        (#"pad("é", 3, align: "center", fill: "*")"#, "*é*"), (#"title("o'neil new-york")"#, "O'Neil New-York"),
        (#"contains({a: 1}, "a")"#, "true"), (#"contains([[1]], [1])"#, "true"),
        (#"replace("ééé", "é", "e")"#, "eee"), (#"reversed("añb")"#, "bña"),
    ])
    func texts(_ text: String, _ expected: String) throws { #expect(try value(text) == expected, "\(text)") }

    /// What Python 3.11's `format` gives for the same.
    @Test(arguments: [
        ("3.14159, \".3f\"", "3.142"), ("2.5, \".0f\"", "2"), ("1234567.891, \",.2f\"", "1,234,567.89"), ("-5, \"06d\"", "-00005"),
        ("5, \"+d\"", "+5"), ("255, \"#x\"", "0xff"),
        ("255, \"08b\"", "11111111"), ("5, \"^7\"", "   5   "), ("5, \"*<4\"", "5***"), ("\"ab\", \">5\"", "   ab"),
        ("\"abcdef\", \".3\"", "abc"), ("0.000012345, \"g\"", "1.2345e-05"),
        ("1234.5, \".2e\"", "1.23e+03"), ("0.25, \".1%\"", "25.0%"),
        ("1e100, \".3f\"", "10000000000000000159028911097599180468360808563945281389781327557747838772170381060813469985856815104.000"),
        ("-0.0, \".1f\"", "-0.0"), ("-1.5, \"08.2f\"", "-0001.50"), ("1.5, \"\"", "1.5"),
        ("12345678901234567890123, \",\"", "12,345,678,901,234,567,890,123"), ("7, \".2f\"", "7.00"),
        ("-255, \"x\"", "-ff"), ("3, \" d\"", " 3"), ("float(\"inf\"), \"6.2f\"", "   inf"), ("true, \">6\"", "  true"),
    ])
    func formats(_ arguments: String, _ expected: String) throws {
        #expect(try value("format(\(arguments)) + \"\"") == expected.trimmingCharacters(in: .newlines))
    }

    // MARK: JSON

    @Test func jsonOfEverything() throws {
        #expect(
            try value(#"to_json({a: [1, 2.0, "é", null, true], "b c": {}}, indent: 1)"#)
                == "{\n \"a\": [\n  1,\n  2.0,\n  \"é\",\n  null,\n  true\n ],\n \"b c\": {}\n}")
        #expect(try value(#"to_json({b: 1, a: "é"}, sort_keys: true, ascii: true)"#) == #"{"a": "\u00e9", "b": 1}"#)
        #expect(try value("to_json(0..<3)") == "[0, 1, 2]")
        #expect(
            try value(#"from_json(to_json({a: [1, 1.0, 123456789012345678901234567890]}))"#)
                == #"{"a": [1, 1.0, 123456789012345678901234567890]}"#)
        // The SHA-256 of 1 and 2 as little-endian int64, by hashlib.
        let digest = "0c730b69905c5ef7a4ca5269f72365400bde2dd2c04eaf9bbb3d1c4a265a0131"
        #expect(
            try value(#"to_json({w: array([1, 2])}, arrays: "digest")"#)
                == #"{"w": {"dtype": "int64", "shape": [2], "sha256": "\#(digest)"}}"#)
    }

    // MARK: files

    @Test func filesAndFolders() throws {
        let bench = try Workbench()
        #expect(
            bench.shown(
                """
                make_dir("a/b"); write_text("a/f10.TXT", "x"); write_text("a/f2.txt", "é"); write_text("a/b/g.txt", "123"); write_text("a/h.csv", "")
                print list_files("a"), list_files("a", extension: ".txt", recursive: true), list_dir("a"), size("a"), size("a/f2.txt")
                copy("a", "c"); move("c/b/g.txt", "c/g.txt"); print read_text("c/g.txt"), exists("c/b/g.txt")
                remove("c/g.txt"); remove("c/g.txt", missing: "ok"); remove_dir("c"); print exists("c"), exists("a/b")
                """) == """
                    ["a/f10.TXT", "a/f2.txt", "a/h.csv"] ["a/b/g.txt", "a/f10.TXT", "a/f2.txt"] ["b", "f10.TXT", "f2.txt", "h.csv"] 6 2
                    123 false
                    false true

                    """)
    }

    @Test(arguments: [
        (#"read_text("none.txt")"#, "not_found"), (#"remove("none.txt")"#, "not_found"), (#"remove_dir("none")"#, "not_found"),
        (#"list_files("none")"#, "not_found"),
        (#"make_dir("d"); remove("d")"#, "invalid"), (#"write_text("f", ""); remove_dir("f")"#, "invalid"), (#"remove_dir("/")"#, "unsafe"),
        (#"remove_dir("")"#, "unsafe"),
        (#"write_text("no/such/f", "")"#, "not_found"), (#"copy("none", "x")"#, "not_found"),
        (#"make_dir("d"); write_text("d", "x")"#, "exists"), (#"size("none")"#, "not_found"),
        (#"write_text("f", ""); make_dir("f/g")"#, "not_found"), (#"make_dir("d"); read_text("d")"#, "system"),
        (#"read_text("")"#, "system"),
    ])
    func fileFailures(_ text: String, _ expected: String) throws {
        let failure = try #require(try Workbench().failure(text))
        #expect(failure.kind == expected, "\(failure)")
    }

    @Test(arguments: [
        ("file_name(\"a/b/\")", "b"), ("file_name(\"/\")", ""), ("stem(\".bashrc\")", ".bashrc"), ("extension(\".bashrc\") + \"|\"", "|"),
        ("parent(\"a\")", "."), ("parent(\"/a\")", "/"), ("parent(\"/\")", "/"),
        ("parent(\"a//b/\")", "a"), ("join_path(\"a\", \"/b\", \"\", \"c\")", "/b/c"), ("extension(\"x.tar.gz\")", "gz"),
        ("stem(\"a.b/c\")", "c"),
    ])
    func paths(_ text: String, _ expected: String) throws { #expect(try value(text) == expected) }

    @Test func failedWritesLeaveTheOldFile() throws {
        let bench = try Workbench()
        bench.run(#"write_text("f.txt", "old")"#)
        #expect(bench.failure(#"write_text("f.txt", 5)"#)?.kind == "type")
        #expect(bench.shown(#"print read_text("f.txt")"#) == "old\n")
    }
}
