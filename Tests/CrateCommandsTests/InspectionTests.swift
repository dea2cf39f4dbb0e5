import CrateLanguage
import CrateValues
import Foundation
import Testing

@testable import CrateCommands

@Suite("inspect and convert")
struct InspectionTests {
    private let bench: Workbench
    init() throws { bench = try Workbench() }

    private static let samples = checkout.appendingPathComponent("Tests/Fixtures/samples").path

    @Test func `as a statement it shows a page, in an expression it gives a value`() throws {
        bench.run(#"write({layer: {w: ones([3, 2]), b: zeros([2])}, epoch: 5}, "m.pth")"#)
        let page = bench.shown(#"inspect "m.pth""#)
        #expect(page.contains("format           PyTorch checkpoint\n"))
        #expect(page.contains("tensors (2)\n  name     dtype    shape       size\n  layer.w  float64  [3, 2]  48 Bytes\n  layer.b  float64  [2]     16 Bytes\n"))
        #expect(page.contains("values (1)\n  name   value\n  epoch      5\n"))
        #expect(bench.shown(#"let i = inspect("m.pth"); print i.parameters, i["format"], i.tensors.name[1], "file" in i"#) == "8 PyTorch checkpoint layer.b true\n")
        #expect(bench.shown(#"print from_json(to_json(inspect("m.pth"))).tensors[0].shape"#) == "[3, 2]\n")
    }

    @Test func `a value keeps its type to be seen, and a warning is not cut`() throws {
        bench.run(#"write({lr: 1.0, epochs: 1, tol: 0.5}, "m.pth")"#)
        #expect(bench.shown(#"inspect "m.pth""#).contains("  lr        1.0\n  epochs      1\n  tol       0.5\n"))
        let inspection = Inspection(facts: [("note", .string(String(repeating: "a", count: 99))), ("security", .string(String(repeating: "b", count: 99)))])
        let lines = InspectionText(inspection, width: 40, showsColour: false, showsAll: false).text.split(separator: "\n")
        #expect(lines[0].hasSuffix("a…") && lines[1].hasSuffix(String(repeating: "b", count: 99)))
    }

    @Test func `an artifact is inspected by its name, with measures on request`() throws {
        bench.run(#"setup "run"; let m = checkpoint("m.safetensors"); save m, {w: array([1.0, nan, inf, -3.0])}"#)
        let page = bench.shown("inspect m, stats: true")
        #expect(page.contains("  name  dtype    shape      size  min  max  mean  nan  inf\n  w     float64  [4]    32 Bytes   -3    1    -1    1    1\n"))
        #expect(bench.failure("inspect m, statistics: true")?.kind == "invalid")
        #expect(bench.failure("inspect 3")?.kind == "type")
        #expect(bench.failure(#"inspect "nowhere.pth""#)?.kind == "not_found")
    }

    @Test func `long listings are cut, and whole on request`() throws {
        bench.run(#"let d = {}; for i in 0..<100 { d["t\(i)"] = zeros([1]) }; write(d, "many.npz")"#)
        let page = bench.shown(#"inspect "many.npz""#)
        #expect(page.contains("  t34 ") && !page.contains("  t35 ") && page.contains("… 60 more; all: true shows them") && page.contains("  t99 "))
        #expect(bench.shown(#"inspect "many.npz", all: true"#).contains("  t50 "))
    }

    @Test func `a file that is not trusted is looked at and nothing happens`() throws {
        let page = bench.shown(#"inspect "\#(Self.samples)/hostile/pth_malicious.pth""#)
        #expect(page.contains("security         dangerous: asks for posix.system at byte 42"))
        #expect(page.contains("  dangerous        42  posix.system"))
        #expect(!FileManager.default.fileExists(atPath: bench.folder.appendingPathComponent("PWNED").path))
    }

    @Test func `names in a file can't drive the terminal`() throws {
        bench.run(#"write({"a\u001b[31mb\nc": ones([1])}, "m.npz")"#)
        #expect(bench.shown(#"inspect "m.npz""#).contains(#"a\x1b[31mb\nc"#))
        bench.run(#"write({"x\u001b[2J\u202e": "text", "y\u001b[2J": ones([1]), z: ones([1])}, "m.pth")"#)
        bench.output.reported = ""
        bench.run(#"convert "m.pth", "m.safetensors""#)
        #expect(bench.output.reported.contains(#"no place for x\x1b[2J\u{202e}"#))
        #expect(bench.failure(#"convert "m.pth", "m.npy""#)?.hint?.contains(#"y\x1b[2J"#) == true)
    }

    // MARK: convert

    @Test func `tensors get dotted names where there is no nesting, and what is left out is told`() throws {
        bench.run(#"write({model: {w: ones([2]), b: [zeros([1]), 3]}, epoch: 5, note: "x", none: null}, "m.pth")"#)
        #expect(bench.shown(#"convert "m.pth", "m.safetensors"; print keys(read("m.safetensors"))"#).hasPrefix(#"["model.b.0", "model.w""#))
        bench.output.reported = ""
        #expect(bench.shown(#"convert "m.pth", "m.npz"; let z = read("m.npz"); print keys(z), z.epoch"#).contains("\"epoch\", \"note\"] 5"))
        #expect(bench.output.reported == "note: `m.npz` has no place for none\n")
    }

    @Test(arguments: [
        ("t.json", "t.yaml"), ("t.json", "t.csv"), ("t.csv", "t.json"), ("p.png", "p.jpg"), ("p.png", "p.bmp"), ("p.png", "p.gif"), ("s.wav", "s.flac"),
        ("m.pth", "m.npz"), ("m.npz", "m.pth"), ("m.pth", "m.safetensors"), ("m.safetensors", "m.pth"), ("m.npy", "m.pth"),
    ])
    func `any form that is read becomes any that is written`(from: String, to: String) throws {
        bench.run(
            #"""
            write({a: [1, 2], b: ["x", "y"]}, "t.json"); write(table({a: [1, 2]}), "t.csv"); write(zeros([4, 4, 3], dtype: "uint8"), "p.png")
            write(int16([1, 2, 3]), "s.wav", sample_rate: 8000); write({w: ones([2])}, "m.pth"); write({w: ones([2])}, "m.npz")
            write({w: ones([2])}, "m.safetensors"); write(ones([2]), "m.npy")
            """#)
        #expect(bench.failure(#"convert "\#(from)", "new-\#(to)""#)?.message == nil)
        #expect(bench.shown(#"print len(read("new-\#(to)")) > 0"#) == "true\n")
    }

    @Test func `one array is chosen for a form that holds one`() throws {
        bench.run(#"write({w: ones([2]), b: zeros([3])}, "m.pth"); write({w: ones([2]), epoch: 1}, "one.pth")"#)
        let failure = bench.failure(#"convert "m.pth", "m.npy""#)
        #expect(failure?.kind == "unrepresentable" && failure?.hint?.contains("only: \"w\"") == true)
        #expect(bench.shown(#"convert "one.pth", "one.npy"; print read("one.npy")"#) == "[1. 1.]\n")
    }

    @Test func `a file is not converted into itself, nor into a form that can't hold it`() throws {
        bench.run(#"write({a: 1}, "t.json"); write(zeros([2, 2], dtype: "uint8"), "p.png")"#)
        #expect(bench.failure(#"convert "t.json", "./t.json""#)?.kind == "invalid")
        #expect(bench.failure(#"convert "p.png", "p.safetensors""#)?.kind == "unrepresentable")
        #expect(bench.failure(#"convert "t.json", "t.nothing""#)?.kind == "invalid")
        #expect(bench.shown(#"print read("t.json"), exists("p.safetensors")"#) == "{\"a\": 1} false\n")
    }
}
