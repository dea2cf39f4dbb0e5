import CrateLanguage
import CrateValues

/// A text that an editor has open, with its lines found. Places on the wire count UTF-16 units from 0.
struct OpenDocument {
    let uri: String
    let source: Source
    let analysis: Analysis
    private let lines: LineTable
    private var lineStarts: [Int] { lines.starts }

    init(uri: String, text: String, host: any Host) {
        self.uri = uri
        source = Source(name: uri, text: text)
        analysis = Analysis(of: source, host: host)
        lines = LineTable(source)
    }

    var text: String { String(decoding: source.bytes, as: UTF8.self) }

    // MARK: places

    /// The byte at a place of the protocol; a place behind the end of its line means the end.
    func offset(of position: Document?) throws(ResponseError) -> Int {
        guard let line = position?["line"]?.whole, let character = position?["character"]?.whole, line >= 0, character >= 0 else {
            throw .invalidParameters("a position has line and character")
        }
        guard line < lineStarts.count else { return source.bytes.count }
        var (offset, units) = (lineStarts[line], 0)
        while offset < source.bytes.count, units < character, source.bytes[offset] != UInt8(ascii: "\n"), source.bytes[offset] != UInt8(ascii: "\r") {
            units += OpenDocument.units(source.bytes[offset])
            offset += 1
            // To the start of the next character.
            while offset < source.bytes.count, source.bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        }
        return offset
    }

    func position(of offset: Int) -> Document {
        let offset = min(max(offset, 0), source.bytes.count)
        let line = lineNumber(of: offset)
        let units = source.bytes[lineStarts[line]..<offset].reduce(0) { $0 + OpenDocument.units($1) }
        return .object([("line", .integer(line)), ("character", .integer(units))])
    }

    /// UTF-16 units that the character has, by its first byte; 0 for further bytes.
    private static func units(_ byte: UInt8) -> Int { byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1 }

    private func lineNumber(of offset: Int) -> Int { lines.line(at: offset) - 1 }

    func range(_ span: Span) -> Document { .object([("start", position(of: span.start)), ("end", position(of: max(span.start, span.end)))]) }

    var wholeRange: Document { range(Span(0, source.bytes.count)) }

    /// The part of the line before a place.
    func linePrefix(_ offset: Int) -> String { source.text(Span(lineStarts[lineNumber(of: offset)], offset)) }

    /// The text after one change of `textDocument/didChange`.
    func text(after change: Document) throws(ResponseError) -> String {
        guard let text = change["text"]?.text else { throw .invalidParameters("a change has a text") }
        guard let range = change["range"] else { return text }
        let (start, end) = (try offset(of: range["start"]), try offset(of: range["end"]))
        guard start <= end else { throw .invalidParameters("a range's end comes before its start") }
        return String(decoding: source.bytes[..<start] + Array(text.utf8) + source.bytes[end...], as: UTF8.self)
    }

    // MARK: diagnostics

    var diagnostics: Document { .list(analysis.findings.map(diagnostic)) }

    private func diagnostic(_ finding: Finding) -> Document {
        let failure = finding.failure
        var members: [(String, Document)] = [
            ("range", range(failure.location?.span ?? Span(0, 0))), ("severity", .integer(finding.severity == .error ? 1 : 2)),
            ("code", .string(failure.kind)), ("source", .string("crate")),
            ("message", .string(failure.message + (failure.hint.map { "\n" + $0 } ?? ""))),
        ]
        // Editors show what is unnecessary in grey.
        if ["unused", "unreachable"].contains(failure.kind) { members.append(("tags", .list([.integer(1)]))) }
        return .object(members)
    }
}
