import Foundation
import Testing

@Suite("crate drill")
struct DrillTests {
    private struct Report: Decodable {
        struct Line: Decodable { let name: String, mark: String, detail: String }
        let good: Bool
        let lines: [Line]
        let folder: String?

        subscript(name: String) -> Line? { lines.first { $0.name == name } }
    }

    private func drill(_ options: [String] = [], in folder: Folder) throws -> (report: Report, status: Int32) {
        let done = try Program.run(["drill", "--json"] + options, in: folder)
        #expect(done.errors.isEmpty)
        return (try JSONDecoder().decode(Report.self, from: Data(done.output.utf8)), done.status)
    }

    private func prepared() throws -> Folder {
        let folder = try Folder()
        let made = try Program.run(["-c", "setup \"x\"\nsave text(\"a.txt\"), \"one\"\nsave text(\"a.txt\"), \"two\"\nsave directory(\"d\"), {\"f\": \"in a folder\"}"], in: folder)
        try #require(made.status == 0, "\(made.errors)")
        return folder
    }

    @Test func aSoundStorePassesAndIsLeftAsItWas() throws {
        let folder = try prepared()
        let before = folder.files()
        let (report, status) = try drill(in: folder)
        #expect(report.good && status == 0, "\(report)")
        #expect(report["what is in it"]?.detail.hasPrefix("2 files read, ") == true)
        #expect(report["flipped bits"]?.detail == "24 of 24 found by `verify`")
        #expect(report["your store"]?.detail == "is as it was")
        #expect(folder.files() == before)
    }

    @Test func aDamagedStoreIsNamed() throws {
        let folder = try prepared()
        try folder.write("snapshots/x/v0/texts/a.txt", "tow")
        let (report, status) = try drill(in: folder)
        #expect(!report.good && status == 1)
        #expect(report["what is in it"]?.detail == "1 found, such as: snapshots/x/v0/texts/a.txt is changed; see `crate verify`")
        #expect(try folder.read("snapshots/x/v0/texts/a.txt") == "tow")
    }

    @Test func withoutAStoreASmallOneIsMadeAndKeptWhenAsked() throws {
        let folder = try Folder()
        let (report, status) = try drill(["--keep"], in: folder)
        #expect(report.good && status == 0, "\(report)")
        let kept = try #require(report.folder)
        #expect(folder.files().contains("\(kept)/snapshots/sample/v0/texts/note-0.txt"))
        #expect(try Program.run(["drill", "x"], in: folder).status == 2)
    }

    @Test func anInterruptedDrillLeavesNothing() throws {
        let folder = try prepared()
        let before = folder.files()
        let child = try ChildProcess(try Program.path(), ["drill"], environment: [:], folder: folder.path)
        while folder.files().count == before.count { sched_yield() }
        kill(child.id, SIGINT)
        #expect(child.wait() == 130)
        #expect(folder.files() == before)
    }
}
