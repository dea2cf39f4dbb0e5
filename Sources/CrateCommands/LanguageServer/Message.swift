import CrateFormats
import CrateValues

/// What JSON-RPC 2.0 calls an error.
struct ResponseError: Error {
    let code: Int
    let message: String

    static let unreadable = ResponseError(code: -32700, message: "this is not JSON")
    static let invalidRequest = ResponseError(code: -32600, message: "this is no request")
    static let notInitialized = ResponseError(code: -32002, message: "the first request is initialize")
    static func unknownMethod(_ name: String) -> ResponseError { ResponseError(code: -32601, message: "there is no method \(name)") }
    static func invalidParameters(_ what: String) -> ResponseError { ResponseError(code: -32602, message: what) }
}

/// A request, or a notification when it has no `id`.
struct Message {
    let id: Document?
    let method: String
    let parameters: Document

    init(_ bytes: [UInt8]) throws(ResponseError) {
        let document: Document
        do throws(FormatError) { document = try JSON.decode(Bytes(bytes)) } catch { throw .unreadable }
        guard case .string(let method)? = document["method"] else { throw .invalidRequest }
        self.method = method
        id = document["id"]
        parameters = document["params"] ?? .null
    }

    static func response(_ id: Document, _ result: Document) -> [UInt8] { bytes([("id", id), ("result", result)]) }

    static func failure(_ id: Document, _ error: ResponseError) -> [UInt8] {
        bytes([("id", id), ("error", .object([("code", .integer(error.code)), ("message", .string(error.message))]))])
    }

    static func notification(_ method: String, _ parameters: Document) -> [UInt8] { bytes([("method", .string(method)), ("params", parameters)]) }

    private static func bytes(_ members: [(String, Document)]) -> [UInt8] { Array(JSON.text(.object([("jsonrpc", .string("2.0"))] + members)).utf8) }
}

extension Document {
    subscript(name: String) -> Document? { if case .mapping(let mapping) = self { mapping[name] } else { nil } }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var whole: Int? { if case .integer(let number) = self { number } else { nil } }
    var items: [Document] { if case .list(let items) = self { items } else { [] } }
}
