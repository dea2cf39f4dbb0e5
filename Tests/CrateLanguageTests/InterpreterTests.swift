import CrateLanguage
import Foundation
import Testing

@Suite struct InterpreterTests {
    let host = TestHost()

    /// The value that a session of several sources ends with.
    private func session(_ sources: String...) -> Outcome {
        let interpreter = Interpreter(host: host)
        var outcome = Outcome.finished(nil)
        for (number, text) in sources.enumerated() {
            outcome = interpreter.run(Source(name: "In [\(number + 1)]", text: text), isInteractive: true)
        }
        return outcome
    }

    private func text(_ outcome: Outcome) -> String {
        switch outcome {
        case .finished(let value): value.map(\.nestedDescription) ?? "nothing"
        case .incomplete: "incomplete"
        case .failed(let failure): "\(failure.kind): \(failure.message)"
        case .exit(let status): "exit \(status)"
        }
    }

    @Test(arguments: [
        ("1 + 1", "2"), ("let x = 1", "nothing"), ("", "nothing"), ("# comment", "nothing"), ("\"a\"", "\"a\""), ("print 1", "null"), ("let x = 1; print x", "null"), ("print 1; let x = 1", "nothing"),
        ("[1, 2]", "[1, 2]"), ("{\"a\": [1, {\"b\": null}]}", "{\"a\": [1, {\"b\": null}]}"), ("null", "null"), ("1; 2", "2"), ("exit 3", "exit 3"),
        ("try { exit 4 } catch e { 5 }", "exit 4"), ("1 +", "incomplete"), ("[1,", "incomplete"), ("f(", "incomplete"), ("if true {", "incomplete"),
        ("def f() {\n  let a = {", "incomplete"), ("let x =", "incomplete"), ("\"\"\"\nabc", "incomplete"), ("\"a \\(", "syntax: this string has no closing `\"`"),
        ("handler h {", "incomplete"), ("handler h {\n def save(x) {", "incomplete"), ("try { 1 }", "incomplete"), ("not", "incomplete"), ("save 1,", "incomplete"),
        ("]", "syntax: expected an expression, found `]`"), ("\"abc", "syntax: this string has no closing `\"`"), ("if true { } }", "syntax: expected the end of the statement, found `}`"),
    ])
    func ends(_ source: String, _ expected: String) { #expect(text(session(source)) == expected) }

    @Test func filesAreNeverIncomplete() {
        guard case .failed(let failure) = Interpreter(host: host).run(Source(name: "x.crate", text: "if true {\n print 1")) else {
            Issue.record("should have failed")
            return
        }
        #expect(failure.kind == "syntax" && failure.location?.position == Source(name: "", text: "if true {").position(at: 8))
    }

    @Test func variablesLiveOn() {
        #expect(text(session("let x = 5", "x = x + 1", "x")) == "6")
        #expect(text(session("let x = 5", "let x = \"again\"", "x")) == "\"again\"")
        #expect(text(session("def f() { return g() }", "def g() { return 7 }", "f()")) == "7")
        #expect(text(session("let x = 1", "def f() { return x }", "let x = 2", "f()")) == "2")
    }

    @Test func aFailedDeclarationLeavesNoVariable() {
        #expect(text(session("let x = 1 / 0", "x")) == "name: unknown name `x`")
        #expect(text(session("let x = true and 1", "x")) == "name: unknown name `x`")
        #expect(text(session("let x = 3", "let x = 1 / 0", "x")) == "3")
    }

    @Test func aFunctionMayBeDefinedAnew() {
        #expect(text(session("def f() { return 1 }", "def g() { return f() }", "def f() { return 2 }", "g()")) == "2")
    }

    @Test func aRedefinitionDuringTheCallIsSafe() {
        #expect(text(session("def f() { f = null; return 1 }", "f()")) == "1")
        #expect(text(session("let f2 = null", "def make() { let n = 5; def f() { f2 = null; return n }; return f }", "f2 = make()", "f2()")) == "5")
    }

    @Test func globalsAreListed() {
        let interpreter = Interpreter(host: host)
        _ = interpreter.run(Source(name: "a", text: "let x = 1\ndef f() { }\nlet y = 1 / 0"))
        #expect(interpreter.globalNames == ["x", "f"])
        #expect(interpreter.global(named: "x")?.description == "1")
        #expect(interpreter.global(named: "y") == nil)
    }

    @Test func anInterruptionIsTakenOnce() {
        let interpreter = Interpreter(host: host)
        interpreter.interrupt()
        #expect(text(interpreter.run(Source(name: "a", text: "while true { }"))) == "interrupted: interrupted")
        #expect(text(interpreter.run(Source(name: "a", text: "let n = 0\nwhile n < 10 { n += 1 }\nn"))) == "10")
    }

    /// While the last call was under way, which can't be stopped.
    @Test func anInterruptionIsNotLostAtTheEnd() {
        #expect(text(session("let a = 1\ninterrupt()")).hasPrefix("interrupted: "))
        #expect(text(session("interrupt()", "2")) == "2")
    }

    @Test func callsFromOutside() throws {
        let interpreter = Interpreter(host: host)
        _ = interpreter.run(Source(name: "a", text: "def f(a, b = 10) { return a + b }\ndef bad() { return 1 / 0 }"))
        guard case .function(let f)? = interpreter.global(named: "f"), case .function(let bad)? = interpreter.global(named: "bad") else {
            Issue.record("no functions")
            return
        }
        #expect(try interpreter.call(f, [.int(1), .int(2)]).description == "3")
        #expect(try interpreter.call(f, [.int(1)]).description == "11")
        #expect(throws: Failure.self) { try interpreter.call(f, []) }
        #expect(throws: Failure.self) { try interpreter.call(bad, []) }
        #expect(try interpreter.call(f, [.string("a"), .string("b")]).description == "ab")
        #expect(f.parameterNames == ["a", "b"])
    }

    @Test func nestedRunsShareVariables() {
        let interpreter = Interpreter(host: host)
        let outer = InclusionHost(interpreter: nil)
        let both = Interpreter(host: outer)
        outer.interpreter = both
        #expect(text(both.run(Source(name: "a", text: "let x = 1\nlet r = [include(\"let y = [i * x for i in 0..<3]; y\"), x, y]\nr"))) == "[[0, 1, 2], 1, [0, 1, 2]]")
        #expect(text(both.run(Source(name: "b", text: "let r = [include(\"x = 5; [x, x]\"), x]\nr"))) == "[[5, 5], 5]")
        #expect(interpreter.globalNames.isEmpty)
    }

    @Test func manyStatementsInOneSource() {
        let lines = (0..<5000).map { "let v\($0) = \($0)" } + ["v0 + v4999"]
        #expect(text(session(lines.joined(separator: "\n"))) == "4999")
    }

    @Test func tooManyVariablesAreRefused() {
        let lines = (0..<33_000).map { "let v\($0) = 1" }
        #expect(text(session(lines.joined(separator: "\n"))) == "syntax: there are too many variables")
    }

    @Test(arguments: ["(", "[", "{a: ", "-", "not ", "\"\\(", "f(", "x[", "if true { ", "2 ** "])
    func deepNestingIsRefused(_ opening: String) {
        let source = String(repeating: opening, count: 20_000)
        let kind = onStackOfMainThread { failureKind(source) }
        #expect(kind == "syntax")
    }

    @Test(arguments: [" + 1", ".a", "[0]", "(1)", " and true", " ?? 1"])
    func longChainsAreRefused(_ link: String) {
        let source = "let x = 1\nx" + String(repeating: link, count: 100_000)
        let kind = onStackOfMainThread { failureKind(source) }
        #expect(kind == "syntax")
    }

    @Test func chainsOfHundredsRun() {
        let source = "let n = 0" + String(repeating: " + 1", count: 900) + "\nif n != 900 { raise \"wrong\" }"
        let kind = onStackOfMainThread { failureKind(source) }
        #expect(kind == "none")
    }

    @Test func longLiteralsRun() {
        #expect(text(session("len([\((0..<20_000).map(String.init).joined(separator: ", "))])")) == "20000")
        #expect(text(session("len({\((0..<20_000).map { "k\($0): \($0)" }.joined(separator: ", "))})")) == "20000")
        #expect(text(session("len(\"\(String(repeating: "a\\(1)", count: 1000))\")")) == "2000")
    }

    @Test(arguments: ["\u{0}", "\u{FEFF}1", "\r\n1\r\n", "'a", "\\", "`", "$", "let", "def", "def f", "def f(", "x.", "x[", "1..", "@", "\"\\u12\"", "\"\\ud800\"", "\"\\u{110000}\"", "0x", "1e", "é = 1"])
    func oddTextsEndOneWayOrTheOther(_ source: String) {
        switch session(source) {
        case .finished, .incomplete: break
        case .failed(let failure): #expect(failure.location != nil && !failure.message.isEmpty)
        case .exit: Issue.record("no text here exits")
        }
    }

    @Test func cutSourcesNeverCrash() {
        // Every beginning of a program that uses the whole grammar.
        let program = """
            handler h { def save(x, y = 1) { self.z = "a\\(x + "b\\(y)")"; return [k for k, v in x if v > 0 and not (k in y)] } }
            try { for i, x in 0...3 { if i == 1 { continue } else if i ?? 2 > 5 { break } else { x.y[1:2, :] = {a: 1, "b": [2, 3]} } } } catch e { raise e.kind } finally { note }
            save "a", -1, from: 'raw', in: 2
            """
        for length in 0...program.utf8.count {
            let text = String(decoding: program.utf8.prefix(length), as: UTF8.self)
            let host = TestHost()
            let interpreter = Interpreter(host: host)
            if case .failed(let failure) = interpreter.run(Source(name: "cut", text: text), isInteractive: true) {
                #expect(!failure.render(colour: false).isEmpty)
            }
        }
    }
}

/// A host whose one function runs another source while the first is under way.
private final class InclusionHost: CrateLanguage.Host {
    weak var interpreter: Interpreter?
    init(interpreter: Interpreter?) { self.interpreter = interpreter }

    func verb(named name: String) -> NativeFunction? { nil }

    func function(named name: String) -> NativeFunction? {
        guard name == "include" else { return nil }
        return NativeFunction("include", "Runs a text.", [Parameter("text", .string)]) { (call) throws(Failure) in
            switch call.interpreter.run(Source(name: "included", text: call.arguments[0]?.description ?? "")) {
            case .finished(let value): return value ?? .null
            case .failed(let failure): throw failure
            default: return .null
            }
        }
    }

    func constant(named name: String) throws(Failure) -> Value? { nil }
    var names: [String] { ["include"] }
    func define(handler: HandlerDefinition) throws(Failure) {}
}

private func failureKind(_ source: String) -> String {
    let host = TestHost()
    if case .failed(let failure) = Interpreter(host: host).run(Source(name: "deep", text: source)) { return failure.kind }
    return "none"
}

/// Runs `body` on a thread whose stack has the size that the main thread's has: 8 MB. A sanitizer's frames are several times as large.
private func onStackOfMainThread(_ body: @escaping @Sendable () -> String) -> String {
    nonisolated(unsafe) var result = ""
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
        result = body()
        done.signal()
    }
    let isSanitized = ProcessInfo.processInfo.environment["CRATE_SANITIZER"] != nil
    thread.stackSize = (isSanitized ? 64 : 8) << 20
    thread.start()
    done.wait()
    return result
}
