import CrateLanguage
import Foundation
import Testing

@testable import CrateCommands

/// A server with an editor's side of the talk.
private final class Editor {
    private let bench: Workbench
    let server: LanguageServer
    private var id = 0
    let uri = "file:///project/train.crate"
    var published: [[String: Any]] = []

    init(text: String? = nil) throws {
        bench = try Workbench()
        server = LanguageServer(session: bench.session)
        guard let text else { return }
        _ = try request("initialize", ["capabilities": [:] as [String: Any]])
        try notify("textDocument/didOpen", ["textDocument": ["uri": uri, "languageId": "crate", "version": 1, "text": text] as [String: Any]])
    }

    private func send(_ message: [String: Any]) throws -> [[String: Any]] {
        let body = try JSONSerialization.data(withJSONObject: message)
        return try server.answers(to: Array(body)).map { try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]) }
    }

    func request(_ method: String, _ parameters: [String: Any]) throws -> [String: Any] {
        id += 1
        let answers = try send(["jsonrpc": "2.0", "id": id, "method": method, "params": parameters])
        let answer = try #require(answers.first)
        #expect(answers.count == 1 && answer["id"] as? Int == id && answer["jsonrpc"] as? String == "2.0")
        return answer
    }

    func notify(_ method: String, _ parameters: [String: Any]) throws {
        published += try send(["jsonrpc": "2.0", "method": method, "params": parameters]).compactMap { $0["params"] as? [String: Any] }
    }

    func ask(_ method: String, _ line: Int = 0, _ character: Int = 0) throws -> Any? {
        try request(
            "textDocument/" + method,
            ["textDocument": ["uri": uri], "position": ["line": line, "character": character] as [String: Any]] as [String: Any])["result"]
    }

    var diagnostics: [[String: Any]] { published.last?["diagnostics"] as? [[String: Any]] ?? [] }

    func labels(_ line: Int, _ character: Int) throws -> [String] {
        try #require(try ask("completion", line, character) as? [[String: Any]]).compactMap { $0["label"] as? String }
    }
}

/// `line:character-line:character` of a range.
private func text(_ range: Any?) -> String {
    guard let range = range as? [String: [String: Int]], let start = range["start"], let end = range["end"] else { return "no range" }
    return "\(start["line"] ?? -1):\(start["character"] ?? -1)-\(end["line"] ?? -1):\(end["character"] ?? -1)"
}

@Suite("The language server")
struct LanguageServerTests {
    @Test func tellsWhatItCanDo() throws {
        let editor = try Editor()
        let result = try #require(try editor.request("initialize", [:])["result"] as? [String: Any])
        let capabilities = try #require(result["capabilities"] as? [String: Any])
        for name in ["hoverProvider", "definitionProvider", "documentSymbolProvider", "documentFormattingProvider"] { #expect(capabilities[name] as? Bool == true) }
        #expect(capabilities["positionEncoding"] as? String == "utf-16")
    }

    @Test func publishesDiagnosticsInUTF16() throws {
        let editor = try Editor(text: "let 漢 = \"😀é\" ; print rat\n")
        let found = try #require(editor.diagnostics.first { $0["code"] as? String == "name" })
        #expect(text(found["range"]) == "0:22-0:25")
        #expect(found["severity"] as? Int == 1)
        #expect(found["source"] as? String == "crate")
        let unused = try #require(editor.diagnostics.first { $0["code"] as? String == "unused" })
        #expect(unused["severity"] as? Int == 2 && unused["tags"] as? [Int] == [1])
    }

    @Test func followsChanges() throws {
        let editor = try Editor(text: "print \"😀\", rat\nprint 1\n")
        #expect(editor.diagnostics.count == 1)
        let change = { (line: Int, from: Int, to: Int, text: String) in
            try editor.notify("textDocument/didChange", [
                "textDocument": ["uri": editor.uri, "version": 2] as [String: Any],
                "contentChanges": [["range": ["start": ["line": line, "character": from], "end": ["line": line, "character": to]], "text": text] as [String: Any]],
            ])
        }
        try change(0, 12, 15, "pi")
        #expect(editor.diagnostics.isEmpty)
        try change(1, 6, 7, "tau")
        #expect(text(editor.diagnostics.first?["range"]) == "1:6-1:9")
        try editor.notify("textDocument/didChange", ["textDocument": ["uri": editor.uri], "contentChanges": [["text": "print 3"]]])
        #expect(editor.diagnostics.isEmpty)
        try editor.notify("textDocument/didClose", ["textDocument": ["uri": editor.uri]])
        #expect(editor.published.last?["uri"] as? String == editor.uri)
    }

    @Test func explainsWhatIsUnderTheCursor() throws {
        let editor = try Editor(text: "let rate = 0.1\nsetup \"a\", tag: \"x\"\nprint rate, len([1])\n")
        func hover(_ line: Int, _ character: Int) throws -> String {
            let result = try editor.ask("hover", line, character) as? [String: Any]
            return (result?["contents"] as? [String: Any])?["value"] as? String ?? ""
        }
        #expect(try hover(1, 2).contains("Open a version of a snapshot"))
        #expect(try hover(1, 12).hasPrefix("```\ntag: a label of this version"))
        #expect(try hover(2, 8).contains("let rate = 0.1"))
        #expect(try hover(2, 13).contains("len(value)"))
        #expect(try hover(1, 8) == "")
    }

    @Test func completesByPlace() throws {
        let editor = try Editor(text: "let report = csv(\"r.csv\")\nsa\nsave report, {a: [1]}, del\nsetup \"a\", start: \nprint report.ex\nprint snapshot.ver\npr\n")
        #expect(try editor.labels(1, 2) == ["save"])
        #expect(try editor.labels(2, 26).contains("delimiter:"))
        #expect(try Set(["\"new\"", "\"last\"", "\"dev\""]).isSubset(of: editor.labels(3, 18)))
        #expect(try editor.labels(4, 15) == ["exists"])
        #expect(try editor.labels(5, 18) == ["version", "version_name"])
        #expect(try editor.labels(6, 2).contains("print"))
        #expect(try editor.labels(2, 8).contains("report"))
    }

    @Test func showsSignatures() throws {
        let editor = try Editor(text: "let m = json(\"m.json\")\ndef scaled(x, factor = 2) { return x * factor }\nprint scaled(1, 2)\nsave m, {}, indent: \nprint len([1, 2")
        func signature(_ line: Int, _ character: Int) throws -> (String, Int) {
            let result = try editor.ask("signatureHelp", line, character) as? [String: Any]
            let first = (result?["signatures"] as? [[String: Any]])?.first
            return (first?["label"] as? String ?? "", result?["activeParameter"] as? Int ?? -1)
        }
        #expect(try signature(2, 16) == ("scaled(x, factor = 2)", 1))
        let save = try signature(3, 20)
        #expect(save.0.hasPrefix("save artifact, value, from: …, ") && save.0.contains("indent: …"))
        #expect(save.1 >= 3)
        #expect(try signature(4, 14) == ("len(value)", 0))
        #expect(try editor.ask("signatureHelp", 0, 0) is NSNull)
    }

    @Test func findsDeclarations() throws {
        let editor = try Editor(text: "let n = 1\ndef f(a) { let n = a; return n }\nhandler h { def save(v) {}\n def load() {} }\nprint f(n), h(\"x\")\n")
        func target(_ line: Int, _ character: Int) throws -> String { text((try editor.ask("definition", line, character) as? [String: Any])?["range"]) }
        #expect(try target(4, 8) == "0:4-0:5")
        #expect(try target(4, 6) == "1:4-1:5")
        #expect(try target(1, 29) == "1:15-1:16")
        #expect(try target(1, 19) == "1:6-1:7")
        #expect(try target(4, 12) == "2:8-2:9")
        #expect(try target(4, 1) == "no range")
    }

    @Test func listsSymbolsByStep() throws {
        let editor = try Editor(text: "let early = 1\n# %% Load\nlet data = 2\ndef f() {}\n# %% [markdown] Why\nhandler h { def save(v) {}\n def load() {} }\n")
        let symbols = try #require(try editor.ask("documentSymbol") as? [[String: Any]])
        #expect(symbols.map { $0["name"] as? String } == ["early", "Load", "[markdown] Why"])
        #expect((symbols[1]["children"] as? [[String: Any]])?.map { $0["name"] as? String } == ["data", "f"])
        #expect(text(symbols[1]["range"]) == "1:0-4:0")
        let handler = (symbols[2]["children"] as? [[String: Any]])?.first
        #expect((handler?["children"] as? [[String: Any]])?.map { $0["name"] as? String } == ["save", "load"])
    }

    @Test func formats() throws {
        let editor = try Editor(text: "let  a=1\nprint a")
        let edit = try #require((try editor.ask("formatting") as? [[String: Any]])?.first)
        #expect(edit["newText"] as? String == "let a = 1\nprint a\n")
        #expect(text(edit["range"]) == "0:0-1:7")
        #expect((try Editor(text: "let a = (").ask("formatting") as? [Any])?.isEmpty == true)
    }

    @Test(arguments: [
        ("{", -32700), ("", -32700), ("[1]", -32600), ("{\"id\": 1}", -32600), ("{\"id\": 1, \"method\": 3}", -32600), ("{\"id\": 1, \"method\": \"textDocument/hover\"}", -32602),
        ("{\"id\": 1, \"method\": \"no/such\"}", -32601), ("{\"id\": 1, \"method\": \"initialize\"}", -32600),
        ("{\"id\": 1, \"method\": \"textDocument/hover\", \"params\": {\"textDocument\": {\"uri\": \"file:///project/train.crate\"}}}", -32602),
        ("{\"id\": 1, \"method\": \"textDocument/hover\", \"params\": {\"textDocument\": {\"uri\": \"file:///project/train.crate\"}, \"position\": {\"line\": -1, \"character\": 0}}}", -32602),
    ])
    func answersBadMessagesWithErrors(_ message: String, _ code: Int) throws {
        let editor = try Editor(text: "print 1\n")
        let answer = try #require(editor.server.answers(to: Array(message.utf8)).first)
        let error = try #require((try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any])?["error"] as? [String: Any])
        #expect(error["code"] as? Int == code)
        #expect((error["message"] as? String)?.isEmpty == false)
        // And it lives on.
        #expect(try editor.ask("hover", 0, 1) is [String: Any])
    }

    @Test func asksForInitializeFirst() throws {
        let editor = try Editor()
        let error = try #require(try editor.request("textDocument/hover", [:])["error"] as? [String: Any])
        #expect(error["code"] as? Int == -32002)
    }

    @Test func endsAsTheProtocolSays() throws {
        let polite = try Editor(text: "print 1")
        #expect(try polite.request("shutdown", [:])["result"] is NSNull)
        try polite.notify("exit", [:])
        #expect(polite.server.exitStatus == 0)
        let rude = try Editor(text: "print 1")
        try rude.notify("exit", [:])
        #expect(rude.server.exitStatus == 1)
    }

    /// Every request at every place of texts that are cut off anywhere.
    @Test func survivesEveryPlace() throws {
        let whole = "let m = csv(\"😀.csv\")\nsave m, {a: [1, \"\\(m.name)\"]}, delimiter: \"é\"\ndef f(x) { return m.load() }\nprint f(1)[0].x\n"
        for cut in whole.indices {
            let editor = try Editor(text: String(whole[..<cut]))
            for method in ["hover", "completion", "signatureHelp", "definition", "documentSymbol", "formatting"] {
                for (line, character) in [(0, 5), (1, 3), (1, 30), (2, 12), (9, 9)] { _ = try editor.ask(method, line, character) }
            }
        }
    }
}

@Suite("Framing of messages")
struct MessageFramingTests {
    @Test func cutsAStreamAnywhere() {
        let first = "Content-Length: 5\r\nContent-Type: x\r\n\r\nhelloCONTENT-LENGTH:2\r\n\r\nok"
        for cut in 0...first.utf8.count {
            var framing = MessageFraming()
            var messages: [String] = []
            for part in [first.utf8.prefix(cut), first.utf8.dropFirst(cut)] {
                framing.add(Array(part))
                while let message = framing.next() { messages.append(String(decoding: message, as: UTF8.self)) }
            }
            #expect(messages == ["hello", "ok"])
        }
    }

    @Test(arguments: ["Nonsense\r\n\r\n", "Content-Length: x\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: 99999999999999999999\r\n\r\n"])
    func aBadHeaderIsAnEmptyMessage(_ header: String) {
        var framing = MessageFraming()
        framing.add(Array((header + "Content-Length: 2\r\n\r\nok").utf8))
        #expect(framing.next() == [])
        #expect(framing.next() == Array("ok".utf8))
    }

    @Test func endlessHeadersAndMessagesTakeNoMemory() {
        var framing = MessageFraming()
        framing.add([UInt8](repeating: 65, count: 10_000))
        #expect(framing.next() == [])
        framing.add(Array("Content-Length: \(300 << 20)\r\n\r\n".utf8))
        #expect(framing.next() == [])
        for _ in 0..<300 {
            framing.add([UInt8](repeating: 65, count: 1 << 20))
            #expect(framing.next() == nil)
        }
        framing.add(Array("Content-Length: 2\r\n\r\nok".utf8))
        #expect(framing.next() == Array("ok".utf8))
    }
}
