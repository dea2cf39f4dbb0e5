import CrateLanguage
import CrateValues
import Testing

@Suite struct DiagnosticTests {
    private func failure(_ text: String) throws -> Failure {
        let host = TestHost()
        guard case .failed(let failure) = Interpreter(host: host).run(Source(name: "t.crate", text: text)) else {
            throw Failure("test", "should have failed")
        }
        return failure
    }

    @Test func showsTheLineTheSpanAndTheHint() throws {
        let text = try failure("let rate = 2\nlet x = rat * 2\n").render(colour: false)
        #expect(
            text == """
                t.crate:2:9: error: unknown name `rat`
                  let x = rat * 2
                          ^~~
                hint: did you mean `rate`?
                """)
    }

    @Test func alignsTabsAndWideCharacters() throws {
        let text = try failure("\tlet 漢字 = \"😀\" + 1\n").render(colour: false)
        #expect(
            text == """
                t.crate:1:11: error: `+` can't be applied to string and int
                      let 漢字 = "😀" + 1
                                 ^~~~~~~~
                hint: put values into text with "\\(…)", or convert with `str`, `int` or `float`
                """)
    }

    @Test func showsTheCallsUnderWay() throws {
        let text = try failure("def a() { return 1 / 0 }\ndef b() { return a() }\nb()").render(colour: false)
        #expect(
            text == """
                t.crate:1:18: error: division by zero
                  def a() { return 1 / 0 }
                                   ^~~~~
                  in a at t.crate:1:18
                  in b at t.crate:2:18
                  in <script> at t.crate:3:1
                """)
    }

    @Test func shortensADeepStack() throws {
        let text = try failure("def f(n) { if n == 0 { return 1 / 0 }\n return f(n - 1) }\nf(500)").render(colour: false)
        #expect(text.contains("… 490 more calls"))
        #expect(text.split(separator: "\n").count < 20)
    }

    @Test func colours() throws {
        let text = try failure("x").render(colour: true)
        #expect(text.contains("\u{1B}[1;31merror:\u{1B}[0m"))
        #expect(try !failure("x").render(colour: false).contains("\u{1B}"))
    }

    @Test func hidesControlCharactersOfTheSource() throws {
        #expect(try !failure("let a = 'x\u{1B}[2J' + 1").render(colour: false).contains("\u{1B}"))
    }

    /// A message, a hint, the name of a file or a function may hold what drives a terminal, or turns the order of writing.
    @Test(arguments: ["\u{1B}]0;x\u{7}", "\u{1B}[2J", "\u{9B}31m", "\u{7F}", "\r", "\u{202E}", "\u{2066}"])
    func nothingOfAFailureDrivesTheTerminal(sequence: String) {
        let location = Location(source: Source(name: "\(sequence).crate", text: "a \(sequence) b\n"), span: Span(2, 2 + sequence.utf8.count))
        var failure = Failure("raised", "one \(sequence)\nline", hint: "two \(sequence)", location: location)
        failure.stack = [.init(function: sequence, location: location), .init(function: "<script>", location: location)]
        let text = failure.render(colour: false)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || !($0.properties.generalCategory == .control || $0.turnsWriting) }, "\(text.debugDescription)")
        #expect(text.contains("one \\") && text.contains("\nline\n") && text.contains("hint: two \\"))
    }

    @Test func quotedTextIsHarmlessAndStaysJSON() {
        #expect(Value.string("a\u{9B}31m\u{202E}\u{7F}\u{2028}é\u{1F600}").nestedDescription == #""a\u009b31m\u202e\u007f\u2028é😀""#)
    }

    @Test func showsTheNeighbourhoodInALongLine() throws {
        let text = try failure("let a = [\(String(repeating: "1, ", count: 50_000))]; let b = a + 1; let c = [\(String(repeating: "1, ", count: 50_000))]").render(colour: false)
        #expect(text.utf8.count < 2000)
        #expect(text.contains("a + 1"))
    }

    /// The excerpt fits, and the mark stands below what it marks.
    @Test(arguments: [12, 20, 30, 60, 200])
    func fitsTheWindow(width: Int) throws {
        for text in ["let rate = 2; let other = rat * 2 + 漢字漢字漢字漢字", "let 漢字漢字漢字漢字漢字漢字漢字漢字漢字 = rat", "rat", "print undefined_name_that_is_longer_than_the_window"] {
            let lines = try failure(text).render(colour: false, width: width).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(displayWidth(lines[1]) <= width && displayWidth(lines[2]) <= width, "\(lines)")
            let marks = lines[2].drop { $0 == " " }
            // The columns before the mark are those before what is marked.
            let gap = displayWidth(lines[2]) - displayWidth(marks)
            var column = 0
            let marked = lines[1].drop { character in
                guard column < gap else { return false }
                column += displayWidth(String(character))
                return true
            }
            #expect(column == gap && ["rat", "und", "漢"].contains { marked.hasPrefix($0) }, "\(lines)")
        }
    }

    @Test func cutsLongNamesAndValues() throws {
        let long = String(repeating: "x", count: 1_000_000)
        #expect(try failure(long).render(colour: false).utf8.count < 10_000)
        #expect(try failure("{}[\"\(long)\"]").render(colour: false).utf8.count < 10_000)
        // One Character of many code points.
        #expect(try failure("# e\(String(repeating: "\u{301}", count: 100_000))\n1 + '\(String(repeating: "\u{301}", count: 100_000))'").render(colour: false).utf8.count < 10_000)
        #expect(try failure("raise \"\(String(repeating: "é", count: 5000))\"").render(colour: false).contains("é…\n"))
        #expect(try failure("raise \"\(String(repeating: "é", count: 4000))\"").render(colour: false).contains("é\n"))
    }

    @Test func anEmptySpanHasAMark() {
        let source = Source(name: "s", text: "abc")
        let failure = Failure("syntax", "m", location: Location(source: source, span: Span(3, 3)))
        #expect(failure.render(colour: false) == "s:1:4: error: m\n  abc\n     ^")
    }

    @Test func spansOutsideTheSourceAreHarmless() {
        let source = Source(name: "s", text: "a\nb")
        for span in [Span(-5, 900), Span(900, 2), Span(3, 0)] {
            #expect(!Failure("k", "m", location: Location(source: source, span: span)).render(colour: false).isEmpty)
        }
    }

    @Test(arguments: [
        ("svae", "save"), ("sav", "save"), ("saves", "save"), ("lod", "load"), ("infos", "info"), ("backpu", "backup"), ("checkpont", "checkpoint"),
    ])
    func findsTheNearestName(_ typed: String, _ expected: String) {
        #expect(nearest(typed, in: ["print", "save", "load", "info", "backup", "checkpoint"]) == expected)
    }

    @Test(arguments: ["xyzzy", "", "a", "completely_different", String(repeating: "x", count: 100_000)])
    func findsNoFarName(_ typed: String) { #expect(nearest(typed, in: ["print", "save", "load"]) == nil) }

    @Test func measuresWidth() {
        #expect(displayWidth("abc") == 3 && displayWidth("漢字") == 4 && displayWidth("e\u{301}") == 1 && displayWidth("👩‍👩‍👧") == 2 && displayWidth("") == 0)
    }

    @Test func columnsCountCharacters() {
        let source = Source(name: "s", text: "é😀x\ny")
        #expect(source.position(at: 6).column == 3)
        #expect(source.position(at: 8).line == 2 && source.position(at: 8).column == 1)
    }
}
