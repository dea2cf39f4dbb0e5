import CrateLanguage
import Testing

@testable import CrateCommands

@Suite("Completion and signatures")
struct CompletionTests {
    private func bench() throws -> Workbench {
        let bench = try Workbench()
        bench.run(#"let sampled = 1; let d = {alpha: 1, "two words": {inner: 2}, deep: {list: [{last: 1}]}}; let cells = table({x: [1], "the y": ["a"]}); write_text("notes.txt", ""); make_dir("sub/inner")"#)
        bench.run("def mine(a, b = 2) { return a }")
        bench.run(#"setup "run", tag: "base"; let model = json("m.json"); save model, {a: 1}; backup model, tag: "first""#)
        return bench
    }

    @Test("what may be typed depends on the place", arguments: [
        ("print sa", ["sampled", "save"]),
        ("sav", ["save"]),
        ("d.a", ["alpha"]),
        ("print d.ge", ["get"]),
        ("snapshot.ver", ["version", "version_name"]),
        ("\"\\(d.a", ["alpha"]),
        ("d[\"", ["alpha", "two words", "deep"]),
        ("d[\"two w", ["two words"]),
        ("print 1\nif true {\n  reset c", ["confirm:"]),
        ("d[\"a\"].zz", []),
        ("d[\"two words\"][\"", ["inner"]), ("d[\"two words\"].in", ["inner"]), ("print d[\"deep\"].list[0][\"la", ["last"]), ("d.deep.list[-1].", ["last"]),
        ("d.deep[\"list\"][7].", []), ("d[mine(1)].", []), ("d[\"\\(1)\"][\"", []), ("cells[\"", ["x", "the y"]), ("cells[\"the", ["the y"]), ("cells.ro", ["rows"]),
        ("cells[0].", ["x"]), ("mine(", ["a:", "b:"]), ("mine(1, ", ["b:"]), ("mine(b: 2, ", ["a:"]), ("mine(1, b", ["b:"]),
        ("print nothing_like_it", []),
        ("setup \"x\", sta", ["start:"]),
        ("setup \"x\", start: ", ["\"new\"", "\"last\"", "\"dev\"", "cells", "d", "mine", "model", "sampled"]),
        ("setup \"x\", start: n", ["\"new\""]),
        ("setup \"x\", start: \"", ["new", "last", "dev"]),
        ("setup \"x\", replace: tr", ["true"]),
        ("setup \"r", ["run"]),
        ("setup \"run\", tag: \"", ["base"]),
        ("setup \"run\", tag: \"base\", tag", []),
        ("save ", ["model"]),
        ("save model, 1, inde", ["indent:"]),
        ("model.rest", ["restore"]),
        ("json(\"", ["m.backup_first.json", "m.json"]),
        ("restore model, tag: \"", ["first"]),
        ("model.restore(tag: \"f", ["first"]),
        ("read(\"no", ["notes.txt"]),
        ("read(\"sub/in", ["inner/"]),
        ("read('no", ["notes.txt"]),
        ("help \"list_t", ["list_tags"]),
        ("zeros([2], dtype: \"uint1", ["uint16"]), ("zeros([2], dtype: fl", ["\"float16\"", "\"float32\"", "\"float64\""]), ("convert \"no", ["notes.txt"]),
        ("yaml(\"", []), ("backup model, tag: \"", []), ("print \"no", ["notes.txt"]), ("save model, from: \"no", ["notes.txt"]),
    ])
    func completions(text: String, expected: [String]) throws {
        let bench = try bench()
        let found = bench.session.completion(of: text).items.map(\.text)
        #expect((expected.isEmpty ? found : Array(found.prefix(expected.count))) == expected)
    }

    @Test func `numbers of kept values are offered, the newest first`() throws {
        let bench = try bench()
        bench.session.keepValues()
        bench.session.kept?.keep(.int(7), number: 1)
        bench.session.kept?.keep(.dict(DictObject()), number: 12)
        bench.session.statements?.keep(.string("for x in [1] {\n}"), number: 1)
        let values = bench.session.completion(of: "print Out[")
        #expect(values.items.map(\.text) == ["12", "1"] && values.items.map(\.suffix) == ["]", "]"] && values.items.map(\.summary) == ["dict of 0", "int 7"])
        #expect(bench.session.completion(of: "Out[1").items.map(\.text) == ["12", "1"])
        #expect(bench.session.completion(of: "In[").items.map(\.summary) == ["for x in [1] {"])
        #expect(bench.session.completion(of: "d[").items.first?.text != "1")
    }

    @Test("candidates say what they are, and what follows them", arguments: [
        ("sav", "save", " ", "Write a value, or files made elsewhere, as an artifact."),
        ("linspac", "linspace", "(", "Make"),
        ("setup \"x\", log_l", "log_level:", " ", "the least level"),
        ("samp", "sampled", "", "int 1"),
        ("print mode", "model", "", "json m.json"),
        ("d.al", "alpha", "", "int 1"),
        ("read(\"no", "notes.txt", "\"", "text"),
        ("read(\"su", "sub/", "", "folder"),
        ("d[\"al", "alpha", "\"]", "int 1"),
    ])
    func notes(text: String, name: String, suffix: String, summary: String) throws {
        let bench = try bench()
        let item = try #require(bench.session.completion(of: text).items.first { $0.text == name })
        #expect(item.suffix == suffix)
        #expect(summary == "Make" ? !item.summary.isEmpty : item.summary.hasPrefix(summary))
    }

    @Test("a call shows what it takes from there on", arguments: [
        ("save", nil), ("print 1 + 2", nil), ("print ", "values…"), ("let x = 1", nil), ("nothing 1", nil),
        ("save ", "artifact, [value] · from: folder: files:"),
        ("save model, ", "[value] · from: folder: files: indent:"),
        ("save model, 1, from: \"x\", ", "folder: files: indent:"),
        ("reset confirm: ", "confirm: must be true"),
        ("backup model, tag: \"a", "tag: the copy's label; the time when left out"),
        ("let t = linspace(0, ", "stop"), ("mine(", "a, [b]"), ("mine(1, ", "[b]"), ("mine(1, 2", nil),
    ] as [(String, String?)])
    func signatures(text: String, expected: String?) throws {
        let bench = try bench()
        let note = bench.session.signatureNote(for: text)
        if let expected { #expect(note?.text.hasPrefix(expected) == true, "\(note?.text ?? "none")") } else { #expect(note == nil) }
    }

    @Test("the part of a signature that is typed now is known")
    func currentPart() throws {
        let bench = try bench()
        let note = try #require(bench.session.signatureNote(for: "save "))
        #expect(note.current.map { note.text[$0] } == "artifact")
    }
}
