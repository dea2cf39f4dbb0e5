import CrateFormats
import CrateLanguage
import CrateValues

/// The Language Server Protocol over a session's definitions: bytes of messages in, bytes of messages out. It runs nothing.
///
/// The protocol: https://microsoft.github.io/language-server-protocol, version 3.17.
public final class LanguageServer {
    let session: Session
    private var documents: [String: OpenDocument] = [:]
    private var isInitialized = false
    private var isShutDown = false
    /// Set when the editor said `exit`.
    public private(set) var exitStatus: Int32?

    public init(session: Session) { self.session = session }

    /// What one message is answered with.
    public func answers(to bytes: [UInt8]) -> [[UInt8]] {
        let message: Message
        do throws(ResponseError) { message = try Message(bytes) } catch { return [Message.failure(.null, error)] }
        guard let id = message.id else { return notified(message) }
        do throws(ResponseError) { return [Message.response(id, try result(message))] } catch { return [Message.failure(id, error)] }
    }

    // MARK: notifications

    private func notified(_ message: Message) -> [[UInt8]] {
        if message.method == "exit" { exitStatus = isShutDown ? 0 : 1 }
        guard isInitialized, !isShutDown, let uri = message.parameters["textDocument"]?["uri"]?.text else { return [] }
        switch message.method {
        case "textDocument/didOpen":
            return open(uri, message.parameters["textDocument"]?["text"]?.text ?? "")
        case "textDocument/didChange":
            return change(uri, message.parameters["contentChanges"]?.items ?? [])
        case "textDocument/didClose":
            documents[uri] = nil
            return [published(uri, .list([]))]
        default: return []
        }
    }

    private func open(_ uri: String, _ text: String) -> [[UInt8]] {
        let document = OpenDocument(uri: uri, text: text, host: session)
        documents[uri] = document
        return [published(uri, document.diagnostics)]
    }

    /// A change that makes no sense leaves the text as it was; the editor hears of it in its log.
    private func change(_ uri: String, _ changes: [Document]) -> [[UInt8]] {
        guard var document = documents[uri] else { return [] }
        do throws(ResponseError) {
            for change in changes { document = OpenDocument(uri: uri, text: try document.text(after: change), host: session) }
        } catch {
            return [Message.notification("window/logMessage", .object([("type", .integer(1)), ("message", .string(error.message))]))]
        }
        documents[uri] = document
        return [published(uri, document.diagnostics)]
    }

    private func published(_ uri: String, _ diagnostics: Document) -> [UInt8] {
        Message.notification("textDocument/publishDiagnostics", .object([("uri", .string(uri)), ("diagnostics", diagnostics)]))
    }

    // MARK: requests

    private func result(_ message: Message) throws(ResponseError) -> Document {
        if message.method == "initialize" {
            if isInitialized { throw .invalidRequest }
            isInitialized = true
            return LanguageServer.capabilities
        }
        guard isInitialized else { throw .notInitialized }
        if isShutDown { throw .invalidRequest }
        if message.method == "shutdown" {
            isShutDown = true
            return .null
        }
        return try documentResult(message)
    }

    private func documentResult(_ message: Message) throws(ResponseError) -> Document {
        let parameters = message.parameters
        switch message.method {
        case "textDocument/formatting": return formatting(try document(parameters))
        case "textDocument/documentSymbol": return symbols(try document(parameters))
        case "textDocument/hover": return try placed(parameters, hover)
        case "textDocument/completion": return try placed(parameters, completion)
        case "textDocument/signatureHelp": return try placed(parameters, signatureHelp)
        case "textDocument/definition": return try placed(parameters, definition)
        default: throw .unknownMethod(message.method)
        }
    }

    private func placed(_ parameters: Document, _ body: (OpenDocument, Int) -> Document) throws(ResponseError) -> Document {
        let document = try document(parameters)
        return body(document, try document.offset(of: parameters["position"]))
    }

    private func document(_ parameters: Document) throws(ResponseError) -> OpenDocument {
        guard let uri = parameters["textDocument"]?["uri"]?.text, let document = documents[uri] else {
            throw .invalidParameters("this document is not open")
        }
        return document
    }

    private static let capabilities = Document.object([
        (
            "capabilities",
            .object([
                ("positionEncoding", .string("utf-16")),
                ("textDocumentSync", .object([("openClose", .bool(true)), ("change", .integer(2))])),
                ("hoverProvider", .bool(true)), ("definitionProvider", .bool(true)), ("documentSymbolProvider", .bool(true)),
                ("documentFormattingProvider", .bool(true)),
                ("completionProvider", .object([("triggerCharacters", .list([".", "\"", ":", "/"].map { .string($0) }))])),
                ("signatureHelpProvider", .object([("triggerCharacters", .list(["(", ",", " "].map { .string($0) }))])),
            ])
        ),
        ("serverInfo", .object([("name", .string("crate"))])),
    ])
}
