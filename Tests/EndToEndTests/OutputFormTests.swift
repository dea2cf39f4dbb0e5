import Foundation
import Testing

@Suite("Forms of output")
struct OutputFormTests {
    private let rows = "[{a: 1, b: \"x|y\"}, {a: 2, b: null}]"

    @Test(arguments: [
        ("json", "[{\"a\": 1, \"b\": \"x|y\"}, {\"a\": 2, \"b\": null}]\n"), ("csv", "a,b\n1,x|y\n2,\n"),
        ("markdown", "|   a | b    |\n| --: | ---- |\n|   1 | x\\|y |\n|   2 |      |\n"), ("table", "   a     b\n0  1   x|y\n1  2  null\n"),
        ("text", "[{\"a\": 1, \"b\": \"x|y\"}, {\"a\": 2, \"b\": null}]\n"),
    ])
    func aValueIsShownInTheFormAskedFor(form: String, expected: String) throws {
        for arguments in [["--output", form, "-c", rows], ["-c", rows, "--output", form], ["--output=\(form)", "-c", "print \(rows)"]] {
            let done = try Program.run(arguments)
            #expect(done.output == expected, "\(arguments)")
            #expect(done.errors == "")
        }
    }

    @Test(arguments: [
        ("json", "zeros([1, 2])", "[[0.0, 0.0]]"), ("json", "array([1.5, nan])", "[1.5, null]"), ("json", "[inf, {x: nan}]", "[null, {\"x\": null}]"),
        ("json", "\"text\"", "\"text\""), ("json", "0..<3", "[0, 1, 2]"), ("json", "table({a: [1, 2]})", "[{\"a\": 1}, {\"a\": 2}]"), ("json", "true", "true"),
        ("json", "{\"größe\": [1, {}]}", "{\"größe\": [1, {}]}"), ("csv", "{a: 1, b: \"q\"}", "key,value\na,1\nb,q"), ("csv", "{a: [1, 2], b: [3, 4]}", "a,b\n1,3\n2,4"),
        ("csv", "[[1, \"a\"], [2, \"b\"]]", "0,1\n1,a\n2,b"), ("csv", "zeros([2, 2])", "0,1\n0.0,0.0\n0.0,0.0"), ("csv", "[{a: 1}, {b: [1, 2]}]", "a,b\n1,\n,\"[1, 2]\""),
        ("csv", "[1, 2]", "value\n1\n2"), ("csv", "3.5", "3.5"), ("markdown", "[\"a\"]", "| value |\n| ----- |\n| a     |"), ("table", "\"text\"", "text"),
    ])
    func everyTypeHasAForm(form: String, expression: String, expected: String) throws {
        let done = try Program.run(["--output", form, "-c", expression])
        #expect(done.output == expected + "\n")
        #expect(done.status == 0)
    }

    /// What has parts is written in the form, words between are left as they are.
    @Test func printMixesTextAndForm() throws {
        let done = try Program.run(["--output", "json", "-c", "print \"a\", [1]; print \"b\"; print [1, nan]; print 5"])
        #expect(done.output == "a [1]\nb\n[1, null]\n5\n")
    }

    @Test func otherProgramsReadIt() throws {
        let folder = try Folder()
        _ = try Program.run(["-c", "setup \"demo\", tag: \"base\""], in: folder)
        let done = try Program.run(["list_tags", "demo", "--output", "json"], in: folder)
        #expect(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [String] == ["base"])
        #expect(try Program.run(["list_tags", "demo"], in: folder).output == "base\n")
    }

    @Test func aTreeIsATableInOtherForms() throws {
        let folder = try Folder()
        _ = try Program.run(["-c", "make_dir(\"d/inner\"); write_text(\"d/inner/b.txt\", \"12345\"); write_text(\"d/a.txt\", \"\")"], in: folder)
        let json = try Program.run(["show_files", "d", "--output", "json"], in: folder)
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
        #expect(rows.map { $0["path"] as? String } == ["d/inner", "d/inner/b.txt", "d/a.txt"])
        #expect(rows.map { $0["type"] as? String } == ["folder", "file", "file"] && rows.map { $0["size"] as? Int } == [5, 5, 0])
        #expect(rows.allSatisfy { ($0["modified"] as? String)?.hasPrefix("20") == true })
        #expect(try Program.run(["show_files", "--depth", "1", "--output=csv"], in: folder).output.hasPrefix("path,type,size,modified\nd,folder,5,20"))
        #expect(try Program.run(["--output", "markdown", "show_files", "d"], in: folder).output.contains("| d/inner/b.txt | file   |    5 | 20"))
        #expect(try Program.run(["show_files", "d", "--output", "table"], in: folder).output.contains("1  d/inner/b.txt    file     5  20"))
        #expect(try Program.run(["show_files", "d"], in: folder).output == "d\n├── inner/\n│   └── b.txt\n└── a.txt\n")
        // However long.
        _ = try Program.run(["-c", "for i in 0..<100 { write_text(\"d/\\(i).txt\", \"\") }"], in: folder)
        #expect(try Program.run(["show_files", "d", "--output", "table"], in: folder).output.split(separator: "\n").count == 104)
    }

    @Test(arguments: [
        ("usage", "csv", "sort,name,bytes,exclusive,shared\nsnapshot,demo,"), ("usage", "markdown", "| sort     | name"), ("usage", "json", "[{\"sort\": \"snapshot\""),
        ("verify", "json", "{\"checked\": 1"), ("gc --plan", "json", "[]\n"), ("usage", "text", "   size"),
    ])
    func reportsTakeEveryForm(command: String, form: String, beginning: String) throws {
        let folder = try Folder()
        _ = try Program.run(["-c", "setup \"demo\"; save text(\"a.txt\"), \"one\""], in: folder)
        let words = command.split(separator: " ").map(String.init)
        for arguments in [words + ["--output", form], ["--output", form] + words] {
            let done = try Program.run(arguments, in: folder)
            #expect(done.output.hasPrefix(beginning), "\(arguments): \(done.output)\(done.errors)")
        }
    }

    @Test func whatVerifyFindsIsATable() throws {
        let folder = try Folder()
        _ = try Program.run(["-c", "setup \"demo\"; save text(\"a.txt\"), \"one\""], in: folder)
        let file = try #require(folder.files().first { $0.hasSuffix("/a.txt") && $0.hasPrefix("snapshots") })
        try folder.write(file, "two")
        let done = try Program.run(["verify", "--output", "csv"], in: folder)
        #expect(done.status == 1 && done.output.hasPrefix("problem,path,detail\n") && done.output.contains("a.txt"), "\(done.output)")
    }

    @Test func anInspectionTakesAForm() throws {
        let folder = try Folder()
        _ = try Program.run(["-c", "write({a: 1}, \"x.json\")"], in: folder)
        let done = try Program.run(["inspect", "x.json", "--output", "json"], in: folder)
        #expect(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) is [String: Any], "\(done.output)")
    }

    @Test func aCommandsOwnOptionStaysItsOwn() throws {
        let folder = try Folder()
        _ = try Program.run(["-c", "setup \"demo\""], in: folder)
        let done = try Program.run(["verify", "demo", "--output", "json"], in: folder)
        #expect(done.status == 0)
        #expect(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) is [String: Any])
    }

    @Test func withoutAFormAProgramShowsWhatItPrints() throws {
        #expect(try Program.run(["-c", "[1, 2]"]).output == "")
        let arguments = try Program.run(["-c", "print args", "--", "--output", "json"])
        #expect(arguments.output == "[\"--\", \"--output\", \"json\"]\n")
    }

    @Test(arguments: [["--output", "xml", "-c", "1"], ["-c", "1", "--output", "xml"], ["--output"]])
    func anUnknownFormIsWrongUse(arguments: [String]) throws {
        let done = try Program.run(arguments)
        #expect(done.status == 2)
        #expect(done.output == "")
        #expect(done.errors.hasPrefix("crate: --output "))
    }
}
