import Foundation
import Testing

@Suite("Progress")
struct ProgressTests {
    /// A folder with a file of nothing that takes long to read.
    private func folder() throws -> Folder {
        let home = try Folder()
        let file = try home.open("large.bin", O_WRONLY | O_CREAT)
        defer { close(file) }
        try #require(ftruncate(file, 12 << 30) == 0)
        return home
    }

    /// Work whose end is known shows a bar, Ctrl-C stops it, and nothing of it stays.
    @Test(arguments: [
        "digest(path: \"large.bin\")", "copy(\"large.bin\", \"copy.bin\")", "make_archive(\"a.tar\", files: [\"large.bin\"])",
        "make_archive(\"a.zip\", files: [\"large.bin\"])", "make_archive(\"a.tar.gz\", files: [\"large.bin\"])",
    ])
    func longWorkShowsABarAndIsStopped(statement: String) throws {
        let home = try folder()
        let terminal = try Terminal(home: home, columns: 120)
        try terminal.expect("In [1]:")
        terminal.type("let kept = 6\r")
        try terminal.expect("In [2]:")
        terminal.type(statement + "\r")
        try terminal.wait("a bar") { screen in
            guard let line = screen.lines.last else { return false }
            return line.contains("%  ") && line.contains(" of 12.0 GB") && line.contains("/s") && line.hasSuffix(" left")
        }
        terminal.type(Keys.interrupt)
        try terminal.wait("the prompt") { $0.lines.contains { $0.contains("error: interrupted") } && $0.lines.last == "In [3]:" }
        #expect(!terminal.screen.lines.contains { $0.contains("━") })
        terminal.type("kept\r")
        try terminal.expect("Out [3]: 6", "In [4]:")
        #expect(home.files().filter { $0.hasPrefix("copy") || $0.hasPrefix(".crate-tmp") || $0.hasPrefix("a.") } == [])
    }

    /// A pipe says nothing of its size: the bar tells the time until its writer is done, and is gone then.
    @Test func aBarIsErasedAtTheEnd() throws {
        let home = try Folder()
        try #require(mkfifo(home.file("pipe"), 0o600) == 0)
        let terminal = try Terminal(home: home)
        try terminal.expect("In [1]:")
        terminal.type("read(\"pipe\", kind: \"text\")\r")
        try terminal.wait("the bar") { $0.lines.last?.hasPrefix("read pipe  0 s") == true || $0.lines.last?.hasPrefix("read pipe  1 s") == true }
        let writer = try home.open("pipe", O_WRONLY)
        #expect(write(writer, "done", 4) == 4)
        close(writer)
        try terminal.expect("In [1]: read(\"pipe\", kind: \"text\")", "Out [1]: \"done\"", "In [2]:")
    }

    @Test(arguments: [["--quiet"], []], ["xterm-256color", "dumb"])
    func aBarIsShownOnlyWhereItIsWanted(arguments: [String], terminalType: String) throws {
        let home = try Folder()
        for name in ["pipe", "other"] { try #require(mkfifo(home.file(name), 0o600) == 0) }
        let isWanted = arguments.isEmpty && terminalType != "dumb"
        let terminal = try Terminal(arguments + ["-c", "read(\"pipe\", kind: \"text\"); print \"read\""], environment: ["TERM": terminalType], home: home)
        if isWanted { try terminal.wait("the bar") { $0.lines.last?.hasPrefix("read pipe") == true } }
        let writer = try home.open("pipe", O_WRONLY)
        close(writer)
        #expect(terminal.end() == 0)
        #expect(terminal.screen.lines == ["read"])
        #expect(terminal.screen.received.contains("read pipe") == isWanted)
    }

    @Test func colourIsLeftOutWithoutTheBar() throws {
        let home = try folder()
        let terminal = try Terminal(["-c", "digest(path: \"large.bin\")"], environment: ["NO_COLOR": "1", "LANG": "C"], home: home, columns: 60)
        try terminal.wait("a plain bar") { $0.lines.last?.hasPrefix("digest large.bin  ") == true && $0.lines.last?.contains("-----") == true }
        #expect(!terminal.screen.received.contains("\u{1B}[32m"))
        terminal.type(Keys.interrupt)
        #expect(terminal.end() == 130)
    }

    /// What is logged meanwhile stands above, in whole lines.
    @Test func aBarDoesNotMixWithOutput() throws {
        let home = try Folder()
        try #require(mkfifo(home.file("pipe"), 0o600) == 0)
        let terminal = try Terminal(home: home)
        try terminal.expect("In [1]:")
        terminal.type("print \"before\"; let t = read(\"pipe\", kind: \"text\"); print t; error \"after\"\r")
        try terminal.wait("the bar") { $0.lines.suffix(2).first == "before" && $0.lines.last?.hasPrefix("read pipe  ") == true }
        let writer = try home.open("pipe", O_WRONLY)
        #expect(write(writer, "content", 7) == 7)
        close(writer)
        try terminal.wait("the rest") { screen in
            screen.lines.last == "In [2]:" && screen.lines.contains("content") && screen.lines.contains("before") && !screen.lines.contains { $0.contains("read pipe  ") }
        }
    }
}
