import CrateLanguage
import CrateValues
import Foundation
import Testing

@testable import CrateShell

@Suite("Lessons")
struct LessonTests {
    private static let text = #"""
        #!/usr/bin/env crate
        # %% [markdown]
        # # Adding things
        #
        # With *numbers* and `text`.
        # %% Numbers
        #| Sums first.
        let a = 1  #-
        print a + 1
        #= 2
        a * 10
        #= 10
        # %% Errors
        1 / 0
        #~ division_by_zero
        # %% Your turn
        #| Make `b` seven.
        #? let makes a variable
        #!exercise
        let b = 7
        #!check
        assert b == 7, "b should be seven"

        """#

    private let lesson = LessonReader.read(Self.text, name: "lesson.crate")

    private func check(_ text: String) throws -> LessonCheck {
        try LessonCheck(LessonReader.read(text, name: "l.crate"), environment: ["HOME": "/nonexistent"])
    }

    @Test func `steps, narration, code, outputs, hints and exercises are told apart`() throws {
        #expect(lesson.title == "Adding things")
        #expect(lesson.steps.map(\.title) == ["", "Numbers", "Errors", "Your turn"] && lesson.title(of: 0) == "Adding things")
        let parts = lesson.steps.prefix(2).flatMap(\.parts)
        guard parts.count == 4, case .narration(let opening) = parts[0], case .narration(let second) = parts[1], case .code(let sum) = parts[2],
            case .code(let product) = parts[3]
        else {
            Issue.record("\(parts)")
            return
        }
        #expect(opening == "# Adding things\n\nWith *numbers* and `text`." && second == "Sums first.")
        #expect(sum.lines.count == 2 && sum.shown == ["print a + 1"] && sum.expected == ["2"] && sum.range == 7..<9)
        #expect(product.expected == ["10"])
        #expect(lesson.steps[2].cells[0].expectedError == "division_by_zero")
        #expect(lesson.steps[3].isExercise && lesson.steps[3].hints == ["let makes a variable"] && lesson.steps[3].cells.count == 2)
    }

    @Test func `a lesson that does what it says has no findings`() throws {
        #expect(try check(Self.text).findings.map(\.message) == [])
    }

    @Test(arguments: [
        ("print 1\n#= 2", 2, "what is shown differs"), ("print 1\n#~ type", 1, "no error came"), ("1 / 0\n#~ type", 1, "an error of kind division_by_zero came"),
        ("print 1\n1 / 0", 1, "not expected"), ("let x = [\n#= 1\n2]", 1, "not whole"), ("# %% A\n#!exercise\nlet b = 1\n#!check\nassert b == 2", 5, "not expected"),
        ("print 1\nprint 2\n#= 1", 3, "differs"), ("print 1\r\n#= 2\r\n", 2, "what is shown differs"), ("print 1\r\n#~ type\r\n", 1, "no error came"),
        ("# %% A\nexit 3\n# %% B\nprint 1\n#= 2", 2, "leaves the lesson"), ("exit 0\n#~ type\nprint 1", 1, "and one of kind type"), ("print 1\n#~ exit", 1, "no error came"),
        ("print 1\n#!exercize", 2, "unknown directive `#!exercize`"), ("# %% [markdown]\n# words\n#!chek\nprint 1", 3, "unknown directive `#!chek`"),
        ("print 1\n#!seed x", 2, "`#!seed` takes a whole number"), ("print 1\n#!exercise now", 2, "stands alone"), ("print 1\n#!check\nprint 2", 2, "stands behind no `#!exercise`"),
        ("#= 1\nprint 1", 1, "stands behind no code"), ("print 1\n#| words\n#= 2", 3, "stands behind no code"), ("#~ type\nprint 1", 1, "stands behind no code"),
    ])
    func `what is not as the lesson says is found, with its line`(text: String, line: Int, message: String) throws {
        let findings = try check(text).findings
        #expect(findings.count == 1 && findings.first?.line == line && findings.first?.message.contains(message) == true, "\(findings)")
    }

    @Test(arguments: ["print 1\nexit 3", "# %% A\nexit 3\n#~ exit\n# %% B\nprint 1", "#!/usr/bin/env crate\r\n# %% A\r\nprint 1\r\n#= 1\r\n", "#!seed 7  \nprint seed\n#= 7"])
    func `what is as it says is not complained about`(text: String) throws { #expect(try check(text).findings.map(\.message) == []) }

    @Test func `what stands in a string is text`() throws {
        let text = "let a = \"\"\"\n#= 1\n# %% B\n#!chek\n  \\(len(\"\"\"\n#| x\n\"\"\"))\n\"\"\"\nprint a\n#= …\n#= # %% B\n#= #!chek\n#=   4\n"
        #expect(try check(text).findings.map(\.message) == [])
        #expect(LessonReader.read(text, name: "l.crate").steps.count == 1)
        let page = "# Page\n\n```crate\nlet a = \"\"\"\n#= 1\n\"\"\"\nprint a\n#= #= 1\n```\n"
        let lesson = LessonReader.read(page, name: "page.md")
        #expect(try LessonCheck(lesson, environment: ["HOME": "/nonexistent"]).findings.map(\.message) == [])
    }

    @Test func `an update keeps the line ends`() throws {
        let text = "# %% A\r\nprint 1\r\n#= 2\r\n"
        #expect(try check(text).updated(LessonReader.read(text, name: "l.crate")) == "# %% A\r\nprint 1\r\n#= 1\r\n")
    }

    @Test func `an ellipsis stands for anything, and spaces at line ends for nothing`() throws {
        #expect(try check("print \"took 12 ms at 9:00\"\n#= took … ms at …\nprint \"a  \"\n#= a").findings.isEmpty)
        #expect(try check("print \"took 12 ms\"\n#= took … s…x").findings.count == 1)
    }

    @Test(arguments: [
        ("1,2,3", ["…"], true), ("1,2,3", ["1", "…", "3"], true), ("1,2,3", ["1", "…", "2", "3"], true), ("1,2,3", ["…", "2", "…"], true), ("1,2,3", ["1", "…"], true),
        ("1,2,3", ["1", "…", "4"], false), ("1,2,3", ["…", "3", "…", "2", "…"], false), ("1,2,3", ["1", "2", "…", "2", "3"], false), ("1,12,3", ["…", "…2", "3"], true),
    ])
    func `an ellipsis alone stands for any lines`(shown: String, expected: [String], agrees: Bool) throws {
        let text = "print replace(\"\(shown)\", \",\", \"\\n\")\n" + expected.map { "#= \($0)\n" }.joined()
        #expect(try check(text).findings.isEmpty == agrees)
    }

    @Test func `of a Markdown file the code that is fenced as crate runs`() throws {
        let text = "# Title\n\nWords.\n\n```sh\n## no step\ncrate x\n```\n\n## One\n<!-- crate: let a = 1 -->\n```crate\n\nprint a\n#= 1\n```\n\nMore.\n\n```crate\nprint a + 1\n#= 3\n```\n"
        let lesson = LessonReader.read(text, name: "docs/page.md")
        #expect(lesson.title == "Title" && lesson.steps.map(\.title) == ["", "One"] && lesson.cells.map(\.range) == [10..<11, 12..<14, 20..<21])
        let findings = try LessonCheck(lesson, environment: ["HOME": "/nonexistent"]).findings
        #expect(findings.map(\.line) == [22] && findings.first?.message == "what is shown differs")
    }

    @Test func `what is shown takes the place of what was expected, and twice is the same`() throws {
        let old = "# %% A\nprint 1\n#= 0\nif true {\n  print 2, 3\n}\n  #= old\n  #= lines\nprint 4\n"
        let updated = try check(old).updated(LessonReader.read(old, name: "l.crate"))
        #expect(updated == "# %% A\nprint 1\n#= 1\nif true {\n  print 2, 3\n}\n  #= 2 3\nprint 4\n")
        #expect(try check(updated).findings.isEmpty)
        let loose = "print \"took 5 ms\"\n#= took … ms\n"
        #expect(try check(loose).updated(LessonReader.read(loose, name: "l.crate")) == loose)
        #expect(try check(updated).updated(LessonReader.read(updated, name: "l.crate")) == updated)
    }

    @Test func `runs are the same each time: draws, clock and files`() throws {
        let text = "setup \"x\"\nprint random([2])\ninfo \"hello\"\nprint read_text(\"snapshots/x/v0/x.log\")\nprint list_dir(\".\")\n"
        let lesson = LessonReader.read(text, name: "l.crate")
        let outputs = try (0..<2).map { _ in
            try LessonCheck(lesson, environment: ["HOME": "/nonexistent"]).results.values.map(\.shown).joined()
        }
        #expect(outputs[0] == outputs[1] && outputs[0].contains("2026-01-01 09:0"))
        #expect(outputs[0].contains("[\"snapshots\"]") || outputs[0].contains("snapshots"))
    }

    // MARK: Markdown

    @Test func `narration is wrapped, with marks for what has no colour`() {
        let plain = MarkdownText(width: 30, showsColour: false, code: CodeColours { _ in false })
        #expect(plain.text("# Title\nOne *two* **three** `four five` six seven eight.") == "Title\n\nOne two three `four five` six\nseven eight.\n")
        // Backticks take room where they stay.
        #expect(plain.text("one `two` three `four` five sixs") == "one `two` three `four` five\nsixs\n")
        #expect(plain.text("`a longer piece of code than the line has room for` end") == "`a longer piece of code than\nthe line has room for` end\n")
        #expect(plain.text("```\nlet text = \"one two\" + \"three four\"\n```") == "    let text = \"one two\" +\n    \"three four\"\n")
        #expect(plain.text("- one\n- two that is long enough to wrap around\n\n1. first") == "  • one\n  • two that is long enough to\n    wrap around\n  1. first\n")
        #expect(plain.text("a*b and 2 * 3, [site](https://x.y), ``` no") == "a*b and 2 * 3, site\n(https://x.y), ``` no\n")
        let coloured = MarkdownText(width: 30, showsColour: true, code: CodeColours { _ in true })
        #expect(coloured.text("```sh\nprint 1\n```") == "    print 1\n" && coloured.text("```\nprint 1\n```").contains("\u{1B}[1;34mprint"))
        #expect(plain.text("> quoted\n> text\n```\ncode  here\n```") == "│ quoted text\n\n    code  here\n")
    }

    @Test(arguments: [false, true])
    func `narration and code drive no terminal`(showsColour: Bool) {
        let code = CodeColours { _ in true }
        let markdown = MarkdownText(width: 80, showsColour: showsColour, code: code)
        let text = "# A \u{1B}]0;x\u{7}\nb \u{9B}31m `c\u{1B}[2J` \u{202E}[d](e\u{1B})\n```\nf \"\u{1B}[2J\" # \u{7F}\n```"
        for shown in [markdown.text(text), code.text("print \"\u{1B}[2J\" # \u{9B}\u{202E}", inColour: showsColour)] {
            // What is left are colours.
            let rest = shown.replacing(/\u{1B}\[[0-9;]*m/, with: "")
            #expect(rest.unicodeScalars.allSatisfy { $0 == "\n" || !$0.isHidden }, "\(shown.debugDescription)")
            #expect(shown.contains("\\x1b[2J"))
        }
    }

    // MARK: exports

    private func record(_ text: String) throws -> LessonRecord {
        let lesson = LessonReader.read(text, name: "l.crate")
        return LessonRecord(lesson, try LessonCheck(lesson, environment: ["HOME": "/nonexistent"])) { $0 == "print" }
    }

    @Test func `a page can't be broken by what a lesson holds`() throws {
        let page = LessonForm.html.text(of: try record("#| <script>alert(1)</script> [x](javascript:alert(1)) \"q\" & more\nprint \"<b>\"\n"))
        #expect(!page.contains("<script>") && page.contains("&lt;script&gt;") && !page.contains("href=\"javascript"))
        #expect(page.contains("<pre class=\"output\">&lt;b&gt;</pre>") && page.contains("<span class=\"verb\">print</span>"))
    }

    @Test func `pictures and sound are inside the page and the notebook`() throws {
        let record = try record("zeros([4, 4, 3], dtype: \"uint8\")[0]\nplot([1, 2])\n# %% B\nwrite(int16([1, 2, 3]), \"a.wav\", sample_rate: 8000)\nread(\"a.wav\")\n")
        #expect(LessonForm.html.text(of: record).contains("<img alt=\"plot(800 × 500)\" src=\"data:image/png;base64,iVBOR"))
        #expect(LessonForm.html.text(of: record).contains("<audio controls src=\"data:audio/wav;base64,UklGR"))
        // 16-bit PCM, which every browser plays: the format's code behind "fmt ", then the bits of a sample.
        let float = try self.record("sound(zeros([8]), 8000)\n")
        guard case .attachment(let attachment)? = float.result(of: float.lesson.cells[0]).pieces.first else {
            Issue.record("no sound")
            return
        }
        #expect(attachment.bytes[20] == 1 && attachment.bytes[34] == 16)
        #expect(LessonForm.ipynb.text(of: record).contains(#""text/html": "<audio controls src=\"data:audio/wav;base64,UklGR"#))
        #expect(LessonForm.ipynb.text(of: record).contains("\"image/png\": \"iVBOR"))
    }

    @Test func `pictures stand where they were shown, in place of the words for them`() throws {
        let record = try record("print \"before\"\nshow plot([1, 2])\nprint \"after\"\n")
        for form in [LessonForm.html, .md, .ipynb] {
            let text = form.text(of: record)
            let places = ["\nbefore", "iVBORw", "\nafter"].map { part in
                text.firstRange(of: form == .md ? part : part.replacing("\n", with: form == .html ? "output\">" : "[\""))?.lowerBound
            }
            #expect(places.allSatisfy { $0 != nil } && places.compactMap { $0 } == places.compactMap { $0 }.sorted(), "\(form)")
            #expect(!text.contains("\"plot(800 × 500)\\n\"") && !text.contains("\nplot(800"))
        }
        #expect(LessonForm.cast.text(of: record).contains("plot(800 × 500)"))
    }

    @Test func `a recording has the colours and pictures of a terminal`() throws {
        let folder = try Folder()
        try folder.write("l.crate", "# %% A\nshow plot([1, 2])\n\"1\" + 1\n#~ type\n")
        let cast = try Program.run(["walk", "--export", "cast", "l.crate"], in: folder).output
        #expect(cast.contains("\\u001b[1;34ms"))
        #expect(cast.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
        #expect(cast.contains("\\u001b[1;31m"))
    }

    @Test func `an escape sequence is typed with its character`() {
        #expect("a\u{1B}[1;34mbm\u{1B}[0m c".typed.map(\.text) == ["a", "\u{1B}[1;34mb", "m", "\u{1B}[0m ", "c"])
        #expect("m\u{1B}[0m".typed == [TypedCharacter(character: "m"), TypedCharacter(sequences: "\u{1B}[0m")])
    }

    @Test func `notebooks and recordings are JSON of the right shape`() throws {
        let record = try record(Self.text)
        let notebook = try #require(try JSONSerialization.jsonObject(with: Data(LessonForm.ipynb.text(of: record).utf8)) as? [String: Any])
        let cells = try #require(notebook["cells"] as? [[String: Any]])
        #expect(cells.map { $0["cell_type"] as? String } == ["markdown", "markdown", "markdown", "code", "code", "markdown", "code", "markdown", "markdown", "code"])
        let error = try #require((cells[6]["outputs"] as? [[String: Any]])?.first)
        #expect(error["ename"] as? String == "division_by_zero")
        let lines = LessonForm.cast.text(of: record).split(separator: "\n").map { Data($0.utf8) }
        let header = try #require(try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any])
        #expect(header["version"] as? Int == 2)
        let times = try lines.dropFirst().map { try #require((try JSONSerialization.jsonObject(with: $0) as? [Any])?.first as? Double) }
        #expect(times.count > 20 && times == times.sorted())
    }
}
