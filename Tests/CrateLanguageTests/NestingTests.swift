import Testing

@testable import CrateLanguage

@Suite("Nesting of brackets and strings")
struct NestingTests {
    private func nesting(_ text: String) -> Nesting { Nesting(of: Source(name: "", text: text)) }

    @Test(arguments: [
        ("f(a[1], {b: 2})", ["3-5", "8-13", "1-14"], [], []),
        ("f([1)", [], [1, 2], [4]),
        ("\"(\" + '[' # {", [], [], []),
        ("\"a \\(f(1)) b\"", ["6-8", "4-9"], [], []),
        ("} x", [], [], [0]),
    ] as [(String, [String], [Int], [Int])])
    func bracketsBelongTogether(text: String, pairs: [String], open: [Int], strays: [Int]) {
        let nesting = nesting(text)
        #expect(nesting.pairs.map { "\($0.open)-\($0.close)" } == pairs)
        #expect(nesting.open == open)
        #expect(nesting.strays == strays)
    }

    @Test(arguments: [
        ("print \"ab", 6), ("print 'ab", 6), ("print \"ab\"", nil), ("let t = \"\"\"one\ntwo", 8), ("print \"a \\(x", nil), ("\"a \\(f(\"b", 7),
        ("print \"ab\nprint 2", nil), ("", nil), ("print (1, \"a", 10),
    ] as [(String, Int?)])
    func theStringAtTheEndIsKnown(text: String, start: Int?) { #expect(nesting(text).openString == start) }

    @Test(arguments: [
        ("if x {", 2, 0), ("if x {\n  if y {", 4, 2), ("if x {\n  f(1,", 4, 2), ("let t = \"\"\"a\n    b", 0, 0), ("let x =", 2, 2), ("let x =\n  1 +", 2, 2),
        ("if x {\n  print 1", 2, 0),
    ])
    func linesAreIndented(text: String, further: Int, closing: Int) {
        let source = Source(name: "", text: text)
        #expect(Nesting(of: source).indentation(in: source, closing: false) == further)
        #expect(Nesting(of: source).indentation(in: source, closing: true) == closing)
    }

    @Test func theBracketBesideThePlaceIsFound() {
        let nesting = nesting("f(a)")
        #expect(nesting.pair(at: 1)?.close == 3)
        #expect(nesting.pair(at: 4)?.open == 1)
        #expect(nesting.pair(at: 0) == nil)
    }
}
