import Foundation
import Testing

@Suite("Exit status, streams and the command line")
struct ExitStatusTests {
    @Test func aTextRuns() throws {
        let done = try Program.run(["-c", "print \"hi\""])
        #expect(done.status == 0)
        #expect(done.output == "hi\n")
        #expect(done.errors == "")
    }

    @Test func aFailureEndsTheProgramWithOne() throws {
        let done = try Program.run(["-c", "print 1\nraise \"too bad\"\nprint 2"])
        #expect(done.status == 1)
        #expect(done.output == "1\n")
        #expect(done.errors.contains("<command>:2:1"))
        #expect(done.errors.contains("too bad"))
        #expect(done.errors.hasSuffix("\n"))
    }

    @Test(arguments: ["print 1\nlet = 3", "print 1\nif true {", "print 1\nprint \"open", "print 1\n)"])
    func nothingOfAProgramRunsThatDoesNotParse(text: String) throws {
        let done = try Program.run(["-c", text])
        #expect(done.status == 2)
        #expect(done.output == "")
        #expect(done.errors.contains("<command>:"))
    }

    @Test func exitGivesItsStatus() throws {
        #expect(try Program.run(["-c", "print 1; exit 7; print 2"]).status == 7)
        #expect(try Program.run(["-c", "exit"]).status == 0)
    }

    @Test(arguments: [
        ["--no-such-option"], ["--seed"], ["--seed", "-1"], ["--seed", "many"], ["--color", "blue"], ["-c"], ["no_such_command"],
        ["no/such/file.crate"], ["/"], ["print", "--1x", "2"],
    ])
    func wrongUseIsTwo(arguments: [String]) throws {
        let done = try Program.run(arguments)
        #expect(done.status == 2)
        #expect(done.output == "")
        #expect(done.errors.hasPrefix("crate: "))
        #expect(done.errors.split(separator: "\n").count == 1)
    }

    @Test func aScriptGetsItsArguments() throws {
        let folder = try Folder()
        try folder.write("job.crate", "print args\nprint len(args)\n")
        let done = try Program.run(["job.crate", "a b", "--help", "-c", "ü"], in: folder)
        #expect(done.output == "[\"a b\", \"--help\", \"-c\", \"ü\"]\n4\n")
        #expect(done.status == 0)
    }

    @Test func aScriptRunsByItsFirstLine() throws {
        let folder = try Folder()
        let script = try folder.write("job", "#!/usr/bin/env crate\nprint \"ran with\", args[0]\n")
        #expect(chmod(script, 0o755) == 0)
        let bin = try Folder()
        #expect(symlink(try Program.path(), bin.file("crate")) == 0)
        let done = try Program.run(path: script, ["x"], environment: ["PATH": bin.path + ":/usr/bin:/bin"])
        #expect(done.output == "ran with x\n")
        #expect(done.status == 0)
    }

    @Test func messagesSayFileLineAndColumn() throws {
        let folder = try Folder()
        try folder.write("job.crate", "let a = 1\n\nprint a + missing_name\n")
        let done = try Program.run(["job.crate"], in: folder)
        #expect(done.status == 1)
        #expect(done.errors.hasPrefix("job.crate:3:11: "))
        #expect(done.errors.contains("print a + missing_name"))
        #expect(done.errors.contains("^~~"))
    }

    @Test(arguments: [[], ["-"]])
    func standardInputIsAProgram(arguments: [String]) throws {
        let done = try Program.run(arguments, input: "let a = 20\nprint a + 1\nraise \"end\"\n")
        #expect(done.output == "21\n")
        #expect(done.errors.contains("<stdin>:3:1"))
        #expect(done.status == 1)
    }

    @Test func emptyInputIsAnEmptyProgram() throws {
        let done = try Program.run([], input: "")
        #expect(done.status == 0)
        #expect(done.output + done.errors == "")
    }

    @Test func aScriptThatIsNoTextIsRefused() throws {
        let folder = try Folder()
        try Data([0x70, 0xFF, 0xFE, 0x0A]).write(to: URL(filePath: folder.file("job.crate")))
        let done = try Program.run(["job.crate"], in: folder)
        #expect(done.status == 2)
        #expect(done.errors == "crate: job.crate is not UTF-8 text\n")
    }

    @Test func helpAndVersionGoToStandardOutput() throws {
        let help = try Program.run(["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("crate FILE"))
        #expect(help.errors == "")
        let version = try Program.run(["--version"])
        #expect(version.status == 0)
        #expect(version.output.wholeMatch(of: /crate \d+\.\d+\.\d+\n/) != nil)
    }

    @Test func outputComesBeforeTheErrorThatFollowsIt() throws {
        let folder = try Folder()
        let both = try folder.open("both", O_WRONLY | O_CREAT | O_APPEND)
        let child = try ChildProcess(
            Program.path(), ["-c", "print \"first\"; raise \"second\""], environment: [:], folder: nil, output: both, errors: dup(both))
        #expect(child.wait() == 1)
        let text = try folder.read("both")
        #expect(text.hasPrefix("first\n"))
        #expect(text.contains("second"))
    }

    @Test func aSeedMakesDrawsRepeatable() throws {
        let text = "print random([3])"
        let seven = try Program.run(["--seed", "7", "-c", text])
        #expect(seven.status == 0)
        #expect(!seven.output.isEmpty)
        #expect(try Program.run(["--seed=7", "-c", text]).output == seven.output)
        #expect(try Program.run(["--seed", "8", "-c", text]).output != seven.output)
    }
}
