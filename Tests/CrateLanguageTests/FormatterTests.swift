import CrateValues
import Foundation
import Testing

@testable import CrateLanguage

/// All programs at hand that parse: the fixtures, the examples, and the whole script.
private let programs: [Fixture] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folders = ["examples", "Tests/Fixtures/scripts"].map { root.appendingPathComponent($0) }
    let files = folders.flatMap { folder in
        (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []).map { folder.appendingPathComponent($0) }
    }
    let others = files.filter { $0.pathExtension == "crate" }.map {
        Fixture(name: $0.lastPathComponent, text: (try? String(contentsOf: $0, encoding: .utf8)) ?? "")
    }
    return (Fixture.all + others).filter { parses($0.text) }
}()

private let verbs: Set<String> = ["print", "info", "note", "save", "setup", "raise", "assert", "exception", "exit", "interrupt"]

private func parses(_ text: String) -> Bool { (try? Parser.parse(Source(name: "p", text: text)) { verbs.contains($0) }) != nil }

private func format(_ text: String) throws -> String { try Formatter.format(Source(name: "p", text: text)) { verbs.contains($0) } }

/// What must not change: tokens by kind and text with what is glued, comments, and the tree without places.
private struct Meaning: Equatable {
    let tokens: [String]
    let comments: [String]
    let tree: String

    init(_ text: String) throws {
        let source = Source(name: "p", text: text)
        let list = try Lexer.tokens(of: source)
        tokens = list.tokens.map { "\($0.kind) \(source.text($0.span))" }
        comments = list.comments.map { source.text($0).trimmingCharacters(in: ["\r"]) }
        var tree = ""
        for statement in try Parser.parse(source, isVerb: { verbs.contains($0) }).statements { Meaning.describe(statement, &tree) }
        self.tree = tree
    }

    private static func describe(_ value: Any, _ text: inout String) {
        if value is Span { return }
        if let number = value as? BigInteger { return text += number.description + " " }
        let mirror = Mirror(reflecting: value)
        if mirror.children.isEmpty { text += "\(value) " }
        for child in mirror.children where child.label != "id" && child.label != "height" && child.label != "span" {
            text += (child.label ?? "") + "("
            describe(child.value, &text)
            text += ")"
        }
    }
}

private func expectGood(_ text: String, _ what: String) throws {
    let formatted = try format(text)
    #expect(try Meaning(formatted) == Meaning(text), "the meaning changed: \(what)\n\(text)\n->\n\(formatted)")
    #expect(try format(formatted) == formatted, "not the same the second time: \(what)\n\(text)\n->\n\(formatted)")
}

@Suite struct FormatterTests {
    @Test(arguments: programs)
    func keepsMeaningAndIsSettled(_ program: Fixture) throws { try expectGood(program.text, program.name) }

    /// White space taken away and put in, names made long, parts cut out: whatever still parses.
    @Test(arguments: programs)
    func keepsMeaningOfAlteredPrograms(_ program: Fixture) throws {
        var random = SplitMix(state: UInt64(program.text.utf8.count) &* 31)
        var tried = 0
        for round in 0..<20 {
            let altered = try alter(program.text, round, &random)
            guard parses(altered) else { continue }
            tried += 1
            try expectGood(altered, "\(program.name), round \(round)")
        }
        #expect(tried >= 2)
    }

    private func alter(_ text: String, _ round: Int, _ random: inout SplitMix) throws -> String {
        let source = Source(name: "p", text: text)
        let list = try Lexer.tokens(of: source)
        var result = ""
        var end = 0
        let rarity = UInt64(max(4, list.tokens.count / 3))
        for (index, token) in list.tokens.enumerated() where token.span.start >= end {
            var gap = source.text(Span(end, token.span.start))
            switch (round % 4, random.next() % rarity) {
            case (0, 0): gap += "\n"
            case (0, 1), (1, 0): gap += "   "
            case (2, 0...2): gap = gap.allSatisfy(\.isWhitespace) && gap.contains("\n") ? " " : gap
            case (3, 0) where index > 0: gap += "# remark \(index)\n"
            default: break
            }
            result += gap
            var word = source.text(token.span)
            if round % 4 == 1, token.kind == .name, !verbs.contains(word), random.next() % 3 == 0 { word += String(repeating: "_long", count: 1 + Int(random.next() % 6)) }
            if round >= 16, random.next() % rarity == 0 { word = "" }
            result += word
            end = token.span.end
        }
        return result
    }

    @Test(arguments: programs)
    func linesAreShortAndClean(_ program: Fixture) throws {
        for line in try format(program.text).split(separator: "\n") where !line.contains("\"") && !line.contains("#") {
            #expect(displayWidth(line) <= Formatter.columns)
            #expect(line.last?.isWhitespace == false)
        }
    }

    @Test(arguments: [
        ("let a=1", "let a = 1\n"),
        ("print  -5 , 3- -2,a[ 0 ],[ 1 ]", "print -5, 3 - -2, a[0], [1]\n"),
        ("x = a[ 1 : -1 , :: 2 ]", "x = a[1:-1, ::2]\n"),
        ("if(a){print 1}else{print(2)}", "if (a) { print 1 } else { print(2) }\n"),
        ("if a {\n\n\nprint 1 ;print 2\n\n\n\nprint 3\n\n}\nelse {\n}", "if a {\n  print 1; print 2\n\n  print 3\n} else {\n}\n"),
        ("let d={a:1 , 'b':[ ]}", "let d = {a: 1, 'b': []}\n"),
        ("for i in 0 ..< 5{ }", "for i in 0..<5 {}\n"),
        ("let x = f (\n", ""),
        ("x\n   .upper( )\n", "x\n  .upper()\n"),
        ("#!/bin/crate\n\n\n\n#~ name\n  #= out \nprint 1# end\n", "#!/bin/crate\n\n#~ name\n#= out \nprint 1  # end\n"),
        ("a = 1    # one\nlong = 2  # two\nb = 3 # three", "a = 1  # one\nlong = 2  # two\nb = 3  # three\n"),
        ("a = 1      # one\nlonger = 2 # two", "a = 1       # one\nlonger = 2  # two\n"),
        ("def f( a,b=2 ){return a\n}", "def f(a, b = 2) {\n  return a\n}\n"),
        ("save x, {\na: 1,\n# why\nb: 2}", "save x, {\n  a: 1,\n  # why\n  b: 2}\n"),
        ("let t = \"\"\"\n   a\n   \"\"\"", "let t = \"\"\"\n   a\n   \"\"\"\n"),
        ("f(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc)   #- hidden", "f(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc)  #- hidden\n"),
        ("", ""), ("\n\n", ""), ("# only", "# only\n"), ("print 1\r\nprint 2\r\n", "print 1\nprint 2\n"),
    ])
    func laysOut(_ text: String, _ expected: String) throws {
        if expected.isEmpty, !text.allSatisfy(\.isWhitespace) {
            #expect(throws: Failure.self) { try format(text) }
        } else {
            #expect(try format(text) == expected)
        }
    }

    @Test func lineEndsAreLineFeeds() throws {
        let (text, laidOut) = ("let a=\"\"\"\n  one\n  \"\"\"  # x\nprint a # y\n", "let a = \"\"\"\n  one\n  \"\"\"  # x\nprint a  # y\n")
        #expect(try format(text) == laidOut)
        #expect(try format(text.replacing("\n", with: "\r\n")) == laidOut)
    }

    @Test func breaksLongLines() throws {
        let numbers = (0..<60).map(String.init).joined(separator: ", ")
        #expect(
            try format("let n = [\(numbers)]") == """
                let n = [
                  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                  27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
                  51, 52, 53, 54, 55, 56, 57, 58, 59
                ]

                """)
        let name = String(repeating: "abcde", count: 6)
        #expect(
            try format("let x = \(name) + \(name) * \(name) + \(name)") == """
                let x = \(name) +
                  \(name) * \(name) + \(name)

                """)
        #expect(
            try format("print \"\(name)\", \"\(name)\", f(1), \"\(name)\", \"\(name)\"") == """
                print "\(name)", "\(name)", f(1),
                  "\(name)", "\(name)"

                """)
        #expect(
            try format("def f() { let a = g(\(name), {k: \(name)}); return \(name) }") == """
                def f() {
                  let a = g(\(name), {k: \(name)});
                  return \(name)
                }

                """)
    }

    /// A statement of a great number of items takes no time that grows with its square.
    @Test func longListsAreFormatted() throws {
        let text = "let n = [" + (0..<20_000).map { "{a: \($0)}" }.joined(separator: ", ") + "]\n"
        #expect(try format(text).split(separator: "\n").count == 20_002)
    }
}

/// Steele, Lea and Flood's generator, so that a failure can be had again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
