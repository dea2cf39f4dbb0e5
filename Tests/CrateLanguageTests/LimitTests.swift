import Testing

@testable import CrateLanguage

@Suite struct LimitTests {
    private let host = TestHost()

    private func text(_ source: String) -> String {
        switch Interpreter(host: host).run(Source(name: "t", text: source), isInteractive: true) {
        case .finished(let value): value.map(\.nestedDescription) ?? "nothing"
        case .incomplete: "incomplete"
        case .failed(let failure): failure.kind
        case .exit: "exit"
        }
    }

    // MARK: texts and lists

    @Test func countsUpToTheLimit() throws {
        try Limits.checkText(Limits.textBytes)
        try Limits.checkText(Limits.textBytes - 5, adding: 5)
        try Limits.checkList(Limits.listItems - 5, adding: 5)
        #expect(throws: Failure.self) { try Limits.checkText(Limits.textBytes, adding: 1) }
        #expect(throws: Failure.self) { try Limits.checkList(Limits.listItems, adding: 1) }
    }

    @Test(arguments: [
        "\"ab\" * 1000000000", "[0] * 1000000000", "\"\" * 9223372036854775807", "(0..<9223372036854775807)[:]", "(0..<9223372036854775807)[::-2]",
        "let s = \"a\" * 2 ** 20; \",\".join([s] * 1025)", "let s = \"a\" * 2 ** 20; (\"x\" * 1025).replace(\"x\", s)",
    ])
    func refusesWhatMemoryCannotHold(_ source: String) { #expect(text(source) == "limit") }

    @Test func aTextOrListThatGrowsEnds() {
        // Doubled, so that the run is short.
        #expect(text("let s = \"a\" * 2 ** 20; while true { s = s + s }") == "limit")
        #expect(text("let s = \"a\" * 2 ** 20; while true { s = \"\\(s)\\(s)\" }") == "limit")
    }

    @Test func theLimitCanBeCaught() { #expect(text("try { [0] * 1000000000 } catch e { print e.kind }; 7") == "7" && host.printed == ["limit"]) }

    @Test(arguments: [
        ("(0..<10)[::3]", "[0, 3, 6, 9]"), ("(0..<10)[::-4]", "[9, 5, 1]"), ("(0..<10)[7:2]", "[]"), ("(0..<9223372036854775807)[::4611686018427387904]", "[0, 4611686018427387904]"),
        ("(0..<0)[::-1]", "[]"), ("\"a,b,,\".count(\",\")", "3"), ("\"aaa\".replace(\"a\", \"\")", "\"\""), ("\"a b\".split()", "[\"a\", \"b\"]"),
        ("let a = [1]; a.extend(a); a[1:1] = a; a", "[1, 1, 1, 1]"), ("\"x\".count(\"\")", "value"),
    ])
    func leavesTheRestAlone(_ source: String, _ expected: String) { #expect(text(source) == expected) }

    // MARK: shared contents

    /// One item more than is looked at, in a list in a list.
    private var wide: Value { .list(ListObject([.list(ListObject(Array(repeating: .int(7), count: Limits.nestedItems + 1)))])) }

    @Test func comparingManyNestedItemsIsRefused() {
        #expect((#expect(throws: Failure.self) { _ = try Value.areEqual(wide, wide) })?.kind == "limit")
        #expect((#expect(throws: Failure.self) { _ = try Value.order(wide, wide) })?.kind == "limit")
    }

    @Test func aSharedListEqualsItself() { #expect(text("let a = [1]; for i in 0..<40 { a = [a, a] }; a == a") == "true") }

    @Test func theTextOfManyNestedItemsIsCut() { #expect(wide.description == "[[…]]") }

    @Test func aTextBeyondTheLimitIsCut() {
        let part = Value.string(String(repeating: "a", count: 100))
        var writer = ValueWriter(longest: 1000)
        writer.write(.list(ListObject([.list(ListObject(Array(repeating: part, count: 1000))), .int(1)])))
        #expect(writer.text.utf8.count < 1020 && writer.text.hasSuffix("\", …]]"))
    }

    // MARK: names

    @Test func aFunctionHasFewParameters() {
        let names = { (count: Int) in (0..<count).map { "p\($0)" }.joined(separator: ", ") }
        #expect(text("def f(\(names(255))) { return p254 }; f(\((0..<255).map(String.init).joined(separator: ", ")))") == "254")
        #expect(text("def f(\(names(256))) { }") == "syntax")
        #expect(text("def f(\(names(64_000))) { }") == "syntax")
    }

    @Test func aCallHasFewNamedArguments() {
        let labels = { (count: Int) in (0..<count).map { "p\($0): 1" }.joined(separator: ", ") }
        #expect(text("save 1, 2, \(labels(255))") == "null")
        #expect(text("save 1, 2, \(labels(256))") == "syntax")
        #expect(text("save 1, 2, \(labels(64_000))") == "syntax")
    }

    // MARK: interruptions

    @Test func aSecondInterruptionSkipsCleanups() {
        let source = "try { try { interrupt(); while true { } } finally { print 1; interrupt(); while true { } } } finally { print 2 }"
        let interpreter = Interpreter(host: host)
        for round in 1...2 {
            guard case .failed(let failure) = interpreter.run(Source(name: "t", text: source)) else {
                Issue.record("should have been interrupted")
                return
            }
            #expect(failure.kind == "interrupted")
            #expect(host.printed == Array(repeating: "1", count: round))
        }
    }
}
