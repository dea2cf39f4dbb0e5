import CrateLanguage
import Testing

@testable import CrateCommands

@Suite("Archives in the language")
struct ArchiveCommandTests {
    private let bench: Workbench
    init() throws { bench = try Workbench() }

    @Test(arguments: ["data.zip", "data.tar", "data.tar.gz", "data.tgz"]) func `an archive is saved from a dict and read by name`(name: String) throws {
        bench.run(#"setup "run"; let a = archive("\#(name)"); save a, {"notes/a.txt": "hello", "b.json": {x: [1, 2]}, "c.npy": array([1.0, 2.0])}; let l = load(a)"#)
        #expect(bench.shown("print l.names, len(l), l.size > 100") == "[\"b.json\", \"c.npy\", \"notes/a.txt\"] 3 true\n")
        #expect(bench.shown(#"print l.text("notes/a.txt"), l["notes/a.txt"], l.read("b.json").x[1], l.read("c.npy")[1]"#) == "hello <5 bytes: 68656c6c6f> 2 2.0\n")
        #expect(bench.shown(#"print "b.json" in l, "z" in l, [n for n in l][0], l.sizes["notes/a.txt"]"#) == "true false b.json 5\n")
        #expect(bench.failure(#"l["z"]"#)?.kind == "key")
        #expect(bench.failure("l[0]")?.kind == "type")
        #expect(bench.shown(#"extract(a, "out"); print read_text("out/notes/a.txt"), digest(path: "out") == digest(path: "out")"#) == "hello true\n")
        #expect(bench.failure(#"extract(a, "out")"#)?.kind == "exists")
        #expect(bench.shown(#"extract(l, "out", replace: true); extract(a.path, "other"); print len(list_files("other", recursive: true))"#) == "3\n")
    }

    @Test func `one form becomes another, and a folder an archive`() throws {
        bench.run(#"write({"a.txt": "x", "d/b.txt": "y"}, "a.zip"); convert "a.zip", "a.tar.gz"; extract("a.tar.gz", "d"); make_archive("b.zip", folder: "d"); make_archive("c.zip", files: ["d/d", "d/a.txt"])"#)
        #expect(bench.shown(#"print digest(path: "a.zip") == digest(path: "b.zip"), read("c.zip").names"#) == "true [\"d/a.txt\", \"d/d/b.txt\"]\n")
        #expect(bench.failure(#"make_archive("x.zip")"#)?.kind == "argument")
        #expect(bench.failure(#"make_archive("x.rar", folder: "d")"#)?.kind == "unsupported")
        #expect(bench.failure(#"write({"a": 1}, "x.zip")"#)?.kind == "unrepresentable")
        #expect(bench.failure(#"write({"../a": "x"}, "x.zip")"#)?.kind == "unsafe")
        #expect(bench.failure(#"make_archive("x.gz", folder: "d")"#)?.kind == "unsupported")
    }

    @Test func `save takes one source`() throws {
        bench.run(#"setup "run"; make_dir("d"); write_text("d/a.txt", "x")"#)
        #expect(bench.failure(#"save archive("a.zip"), {"a": "x"}, folder: "d""#)?.kind == "argument")
        #expect(bench.failure(#"save archive("a.zip")"#)?.kind == "argument")
        #expect(bench.shown(#"save archive("a.zip"), folder: "d", mtime: 1700000000, compression: 9; print load(archive("a.zip")).names"#) == "[\"a.txt\"]\n")
        #expect(bench.shown(#"save directory("d"), files: ["d/a.txt"]; print load(directory("d")), directory("d").digest == digest(path: directory("d").path)"#)
            == "[\"snapshots/run/v0/directories/d/d/a.txt\"] true\n")
        #expect(bench.failure(#"save archive("a.zip"), folder: "d", compression: 10"#)?.kind == "unrepresentable")
    }

    @Test func `limits hold for what is unpacked`() throws {
        bench.run(#"write({"a.npy": zeros([1000])}, "a.zip")"#)
        #expect(bench.failure(#"extract("a.zip", "o", limits: {inflated_bytes: 1000})"#)?.kind == "limit")
        #expect(bench.failure(#"read("a.zip", limits: {inflated_bytes: 1000})"#)?.kind == "limit")
        #expect(bench.failure(#"extract(read("a.zip"), "o", limits: {members: 1, inflated_bytes: 10})"#)?.kind == "limit")
        #expect(bench.shown(#"extract("a.zip", "o", limits: {inflated_bytes: 9000}); print size("o")"#) == "8128\n")
    }

    @Test func `inspect tells what an archive holds, and what of it is unsafe`() throws {
        let path = checkout.appendingPathComponent("Tests/Fixtures/samples/hostile").path
        let page = bench.shown(#"inspect "\#(path)/zip_slip.zip""#)
        #expect(page.contains("its path leads upwards") && page.contains("its path is absolute") && page.contains("over the link `link`"))
        #expect(bench.shown(#"print inspect("\#(path)/zip_slip.zip").unsafe"#) == "6\n")
        #expect(bench.failure(#"inspect "\#(path)/zip_bad_crc.zip", verify: true"#)?.kind == "malformed")
        #expect(bench.shown(#"print inspect("\#(path)/zip_bad_crc.zip").files"#) == "1\n")
    }

    // MARK: Other kinds

    @Test func `tables, documents and texts are measured`() throws {
        bench.run(#"write_text("t.csv", "a;b;c\r\n1;x;\r\n3;x;0.5\r\n")"#)
        #expect(bench.shown(#"let i = inspect("t.csv"); print i.rows, i.delimiter, i.line_ends, i.column_count, i.columns.type"#) == "2 ; CRLF 3 [\"integer\", \"text\", \"float\"]\n")
        #expect(bench.shown(#"print to_json(inspect("t.csv"))"#).contains(#"{"name": "a", "type": "integer", "missing": 0, "distinct": 2, "min": 1, "max": 3, "mean": 2.0}"#))
        bench.run(#"write_text("x.txt", "one two\r\nthree\n\u{202e}end\u{7}")"#)
        #expect(bench.shown(#"let t = inspect("x.txt"); print t.lines, t.words, t.characters, t.line_ends, t.control_characters, t.marks_that_turn_writing, t.longest_line"#)
            == "3 4 20 1 LF, 1 CRLF 1 1 7\n")
        bench.run(#"write({a: [{b: 1}, {b: "x"}], c: null}, "j.json")"#)
        #expect(bench.shown(#"let j = inspect("j.json"); print j.depth, j.keys, j.paths.path, j.paths.type"#)
            == "3 4 [\".\", \"a\", \"a[]\", \"a[].b\", \"c\"] [\"mapping\", \"list\", \"mapping\", \"integer or text\", \"null\"]\n")
        bench.run(#"write_text("y.yaml", "a: &x [1]\nb: *x\nc: !odd 3\n---\nd: 1\n")"#)
        #expect(bench.shown(#"let y = inspect("y.yaml"); print y.documents, y.anchors, y.aliases, y.tags.line"#) == "2 1 1 [3]\n")
        #expect(bench.shown(#"write_text("f.bin", "%PDF-1.4"); print inspect("f.bin").type"#) == "PDF document\n")
    }
}
