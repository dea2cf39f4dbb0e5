import Foundation
import Testing

@Suite("One command on the command line")
struct CommandLineTests {
    @Test func wordsAreTextUnlessTheyAreJSON() throws {
        let words = ["two words", "3", "-1.5", "true", "null", "[1, \"x\"]", "{\"a\": {}}", "1x", "tab\there", "a\\(1+1)\"b"]
        let done = try Program.run(["print"] + words)
        #expect(done.errors == "")
        #expect(done.output == "two words 3 -1.5 true null [1, \"x\"] {\"a\": {}} 1x tab\there a\\(1+1)\"b\n")
        #expect(done.status == 0)
    }

    @Test func doubleDashEndsTheOptions() throws {
        #expect(try Program.run(["print", "--", "--color", "-c"]).output == "--color -c\n")
    }

    @Test(arguments: [["--depth", "1"], ["--depth=1"]])
    func namedArgumentsHaveTwoForms(option: [String]) throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.file("tree/inner"), withIntermediateDirectories: true)
        try folder.write("tree/inner/deep.txt", "x")
        let whole = try Program.run(["show_files", "tree"], in: folder)
        #expect(whole.output.contains("deep.txt"))
        let done = try Program.run(["show_files", "tree"] + option, in: folder)
        #expect(done.status == 0)
        #expect(done.output.contains("inner"))
        #expect(!done.output.contains("deep.txt"))
    }

    @Test func aFlagTakesNoValue() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.file("tree"), withIntermediateDirectories: true)
        try folder.write("tree/a.txt", "12345")
        let done = try Program.run(["show_files", "--verbose", "tree"], in: folder)
        #expect(done.status == 0)
        #expect(done.output.contains("5 Bytes"))
    }

    @Test func anUnknownOptionIsWrongUse() throws {
        let folder = try Folder()
        let done = try Program.run(["show_files", ".", "--dept", "1"], in: folder)
        #expect(done.status == 2)
        #expect(done.errors.contains("depth"))
    }

    @Test func aCommandThatFailsIsOne() throws {
        let folder = try Folder()
        let done = try Program.run(["show_files", "not_there"], in: folder)
        #expect(done.status == 1)
        #expect(done.errors.contains("not_there"))
    }

    @Test func helpOfACommandComesFromItsDefinition() throws {
        let done = try Program.run(["show_files", "--help"])
        #expect(done.status == 0)
        #expect(done.output.hasPrefix("crate show_files "))
        #expect(done.output.contains("--depth"))
    }

    @Test func aPathIsNeverACommand() throws {
        let folder = try Folder()
        try folder.write("print", "print \"the script\"\n")
        #expect(try Program.run(["./print", "x"], in: folder).output == "the script\n")
        #expect(try Program.run(["print", "x"], in: folder).output == "x\n")
    }
}
