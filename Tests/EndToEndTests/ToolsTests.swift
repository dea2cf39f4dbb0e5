import Foundation
import Testing

@Suite("check and fmt on the command line")
struct ToolsTests {
    @Test func checkTellsAndCounts() throws {
        let folder = try Folder()
        try folder.write("a.crate", "let rate = 1\nprint rat\n")
        try folder.write("b.crate", "print 1\n")
        let done = try Program.run(["check", "a.crate", "b.crate"], in: folder)
        #expect(done.status == 1)
        #expect(
            done.output == """
                a.crate:1:5: warning: `rate` is never used
                  let rate = 1
                      ^~~~
                hint: a name that begins with `_` may go unused
                a.crate:2:7: error: unknown name `rat`
                  print rat
                        ^~~
                hint: did you mean `rate`?

                """)
        #expect(done.errors == "1 error, 1 warning\n")
        let clean = try Program.run(["check", "b.crate"], in: folder)
        #expect(clean.status == 0 && clean.output.isEmpty && clean.errors.isEmpty)
    }

    @Test func warningsFailWhenStrict() throws {
        #expect(try Program.run(["check", "-"], input: "let a = 1\n").status == 0)
        #expect(try Program.run(["check", "--strict", "-"], input: "let a = 1\n").status == 1)
        #expect(try Program.run(["check", "--strict", "-"], input: "let a = 1\nprint a\n").status == 0)
    }

    @Test(arguments: [["--output", "json"], ["--output=json"]])
    func checkSpeaksJSON(option: [String]) throws {
        let done = try Program.run(["check", "-"] + option, input: "print rat\n")
        #expect(done.status == 1)
        #expect(done.errors.isEmpty)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(done.output.utf8)) as? [String: Any])
        #expect((report["findings"] as? [[String: Any]])?.first?["kind"] as? String == "name")
    }

    @Test func nothingRunsOrIsWrittenByAChecker() throws {
        let folder = try Folder()
        try folder.write("a.crate", "setup \"x\"\nwrite_text(\"made\", \"x\")\nprint \"ran\"\n")
        #expect(try Program.run(["check", "a.crate"], in: folder).output.isEmpty)
        #expect(folder.files() == ["a.crate"])
    }

    @Test(arguments: [
        ["check"], ["check", "missing.crate"], ["check", "--output", "xml", "-"], ["check", "--nope", "-"], ["fmt", "--nope"], ["fmt", "missing.crate"],
        ["completions"], ["completions", "tcsh"], ["man", "x"], ["lsp", "x"], ["check", "--output"], ["check", "--strict=1", "-"],
    ])
    func wrongUseIsTwo(arguments: [String]) throws {
        let done = try Program.run(arguments)
        #expect(done.status == 2)
        #expect(done.output.isEmpty)
        #expect(done.errors.hasPrefix("crate: ") && done.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: ["check", "fmt", "drill", "lsp", "completions", "man"])
    func everySubcommandHasHelp(name: String) throws {
        let done = try Program.run([name, "--help"])
        #expect(done.status == 0)
        #expect(done.output.hasPrefix("crate \(name)"))
        #expect(try Program.run(["--help"]).output.contains("crate \(name)"))
    }

    @Test func fmtChangesFilesInPlaceAndKeepsTheirMode() throws {
        let folder = try Folder()
        let path = try folder.write("a.crate", "let  a=1 # one\nprint a")
        #expect(chmod(path, 0o755) == 0)
        #expect(symlink("a.crate", folder.file("link.crate")) == 0)
        let done = try Program.run(["fmt", "link.crate"], in: folder)
        #expect(done.status == 0 && done.output.isEmpty && done.errors.isEmpty)
        #expect(try folder.read("a.crate") == "let a = 1  # one\nprint a\n")
        var status = stat()
        #expect(lstat(folder.file("link.crate"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o755)
    }

    @Test func fmtChecksAndDiffsWithoutChanging() throws {
        let folder = try Folder()
        let text = "let  a=1\nprint a\n"
        try folder.write("a.crate", text)
        try folder.write("b.crate", "print 1\n")
        let check = try Program.run(["fmt", "--check", "a.crate", "b.crate"], in: folder)
        #expect(check.status == 1 && check.output == "a.crate\n")
        #expect(try Program.run(["fmt", "--check", "b.crate"], in: folder).status == 0)
        let diff = try Program.run(["fmt", "--diff", "a.crate", "b.crate"], in: folder)
        #expect(diff.status == 1 && diff.output == "--- a.crate\n+++ a.crate\n@@ -1,2 +1,2 @@\n-let  a=1\n+let a = 1\n print a\n")
        #expect(try folder.read("a.crate") == text)
    }

    /// `patch` makes of the old text the new one, by the diff.
    @Test(.enabled(if: access("/usr/bin/patch", X_OK) == 0))
    func patchReadsTheDiff() throws {
        let folder = try Folder()
        let lines = (0..<60).map { $0 % 17 == 3 ? "print  \($0)" : $0 % 23 == 5 ? "\n\nprint \($0)" : "print \($0)" }
        try folder.write("a.crate", lines.joined(separator: "\n"))
        try folder.write("diff", try Program.run(["fmt", "--diff", "a.crate"], in: folder).output)
        #expect(try Program.run(path: "/usr/bin/patch", ["a.crate", "diff"], in: folder).status == 0)
        #expect(try Program.run(["fmt", "--check", "a.crate"], in: folder).status == 0)
    }

    @Test func fmtReadsStandardInput() throws {
        #expect(try Program.run(["fmt"], input: "print  1").output == "print 1\n")
        #expect(try Program.run(["fmt", "-"], input: "print  1").output == "print 1\n")
    }

    @Test func fmtLeavesBrokenFilesAlone() throws {
        let folder = try Folder()
        try folder.write("bad.crate", "let  a = (\n")
        try folder.write("good.crate", "print  1\n")
        let done = try Program.run(["fmt", "bad.crate", "good.crate"], in: folder)
        #expect(done.status == 2)
        #expect(done.errors.hasPrefix("bad.crate:1:11: error: expected an expression, found the end"))
        #expect(try folder.read("bad.crate") == "let  a = (\n")
        #expect(try folder.read("good.crate") == "print 1\n")
    }

    @Test func aScriptMayBeCalledLikeASubcommand() throws {
        let folder = try Folder()
        try folder.write("check", "print \"the script\"\n")
        #expect(try Program.run(["./check"], in: folder).output == "the script\n")
    }
}

@Suite("What other programs read: completions, the manual page, the language server")
struct GeneratedFilesTests {
    private func completed(bash words: [String]) throws -> Set<String> {
        let folder = try Folder()
        try folder.write("crate.bash", try Program.run(["completions", "bash"]).output)
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        let script = "source crate.bash; COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1); _crate; printf '%s\\n' \"${COMPREPLY[@]}\""
        let done = try Program.run(path: "/bin/bash", ["--norc", "-c", script], in: folder)
        #expect(done.errors.isEmpty)
        return Set(done.output.split(separator: "\n").map(String.init))
    }

    @Test func bashCompletes() throws {
        #expect(try completed(bash: ["crate", "show_"]) == ["show_files"])
        #expect(try completed(bash: ["crate", "--se"]) == ["--seed"])
        #expect(try Set(["check", "completions", "convert", "critical"]).isSubset(of: completed(bash: ["crate", "c"])))
        #expect(try completed(bash: ["crate", "--seed", "7", "show_files", "--d"]) == ["--depth"])
        #expect(try completed(bash: ["crate", "setup", "x", "--start", ""]) == ["new", "last", "dev"])
        #expect(try completed(bash: ["crate", "setup", "x", "--start", "=", "n"]) == ["new"])
        #expect(try completed(bash: ["crate", "--color", "a"]) == ["auto", "always"])
        #expect(try completed(bash: ["crate", "completions", ""]) == ["bash", "zsh", "fish"])
        #expect(try completed(bash: ["crate", "check", "crate."]) == ["crate.bash"])
    }

    @Test(.enabled(if: access("/usr/bin/fish", X_OK) == 0))
    func fishCompletes() throws {
        let folder = try Folder()
        try folder.write("crate.fish", try Program.run(["completions", "fish"]).output)
        func completed(_ line: String) throws -> String {
            let done = try Program.run(path: "/usr/bin/fish", ["--no-config", "-c", "source crate.fish; complete -C '\(line)'"], in: folder, environment: ["HOME": folder.path])
            #expect(done.errors.isEmpty)
            return done.output
        }
        #expect(try completed("crate show").contains("show_files\tShow a folder as a tree."))
        #expect(try completed("crate setup x --sta").contains("--start\t"))
        #expect(try completed("crate setup x --start ").contains("last\t"))
        #expect(try completed("crate fmt --d").contains("--diff\t"))
    }

    /// zsh completes only in a terminal of its own, which `zpty` makes.
    @Test(.enabled(if: access("/usr/bin/zsh", X_OK) == 0))
    func zshCompletes() throws {
        let folder = try Folder()
        try folder.write("_crate", try Program.run(["completions", "zsh"]).output)
        try folder.write("try.zsh", """
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PS1=; fpath=($PWD $fpath); autoload -Uz compinit; compinit -D -u; print RE""ADY'
            zpty -r shell line '*READY*'
            zpty -w -n shell "$1"$'\\t'
            zpty -r shell line "*$2*" && print found
            zpty -d shell
            """)
        for (line, expected) in [("crate show_", "files "), ("crate setup x --star", "--start="), ("crate fmt --di", "--diff ")] {
            let done = try Program.run(path: "/usr/bin/timeout", ["20", "/usr/bin/zsh", "-f", "try.zsh", line, expected], in: folder, environment: ["HOME": folder.path, "TERM": "dumb"])
            #expect(done.output.contains("found"), "\(line): \(done.output)\(done.errors)")
        }
    }

    @Test(.enabled(if: access("/usr/bin/groff", X_OK) == 0))
    func groffReadsTheManual() throws {
        let page = try Program.run(["man"]).output
        let done = try Program.run(path: "/usr/bin/groff", ["-man", "-Tutf8", "-ww", "-P-cbou"], input: page)
        #expect(done.status == 0)
        #expect(done.errors.isEmpty)
        for words in ["CRATE(1)", "SUBCOMMANDS", "crate check FILE…", "--strict", "show_files", "--depth", "checkpoint", "linspace(", "EXIT STATUS"] {
            #expect(done.output.contains(words), "\(words)")
        }
    }

    @Test func theServerTalksOverItsStreams() throws {
        func framed(_ body: String) -> String { "Content-Length: \(body.utf8.count)\r\n\r\n\(body)" }
        let input = [
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}"#,
            #"{"jsonrpc":"2.0","method":"initialized","params":{}}"#,
            #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.crate","languageId":"crate","version":1,"text":"print rat\n"}}}"#,
            "this is not JSON",
            #"{"jsonrpc":"2.0","id":2,"method":"textDocument/formatting","params":{"textDocument":{"uri":"file:///a.crate"},"options":{}}}"#,
            #"{"jsonrpc":"2.0","id":3,"method":"shutdown"}"#, #"{"jsonrpc":"2.0","method":"exit"}"#,
        ].map(framed).joined()
        let done = try Program.run(["lsp", "--stdio"], input: input)
        #expect(done.status == 0)
        #expect(done.errors.isEmpty)
        let bodies = done.output.components(separatedBy: "Content-Length: ").dropFirst().map { $0.components(separatedBy: "\r\n\r\n")[1] }
        let messages = try bodies.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        #expect(messages.map { $0["id"] as? Int } == [1, nil, nil, 2, 3])
        #expect(messages[1]["method"] as? String == "textDocument/publishDiagnostics")
        #expect((messages[2]["error"] as? [String: Any])?["code"] as? Int == -32700)
    }

    @Test func anEditorThatGoesAwayEndsTheServer() throws {
        #expect(try Program.run(["lsp"], input: "").status == 1)
        #expect(try Program.run(["lsp"], input: "Content-Length: 100\r\n\r\n{").status == 1)
    }
}
