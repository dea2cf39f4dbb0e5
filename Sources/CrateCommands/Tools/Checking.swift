import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

extension Session {
    /// What is wrong with a program, without running it.
    public func findings(in source: Source) -> [Finding] { Checker.findings(in: source, host: self) }

    public func failure(ofHelpOn name: String) -> Failure? {
        do throws(Failure) {
            _ = try explanation(of: name)
            return nil
        } catch { return error }
    }

    /// The program laid out anew. Throws the first mistake of one that does not parse.
    public func formatted(_ source: Source) throws(Failure) -> String {
        try Formatter.format(source, isVerb: { [unowned self] in verb(named: $0) != nil }, takesBlock: { [unowned self] in takesBlock($0) })
    }

    /// Puts `text` in place of what the file held, in one step.
    public func replaceFile(_ path: String, with text: String) throws(Failure) {
        try throwing { () throws(CrateError) in try files.write(path) { (sink) throws(FormatError) in try sink.write(text) } }
    }
}

/// The findings of several sources as JSON: `docs/tools.md` describes the form.
public func findingsJSON(_ findings: [Finding]) -> String {
    let errors = findings.count { $0.severity == .error }
    let report = Document.object([
        ("findings", .list(findings.map(\.document))), ("errors", .integer(errors)), ("warnings", .integer(findings.count - errors)),
    ])
    return JSON.text(report, indent: 2) + "\n"
}

extension Finding {
    fileprivate var document: Document {
        let (start, end) = (failure.location?.position, failure.location?.endPosition)
        return .object([
            ("file", .string(failure.location?.source.name ?? "")),
            ("line", .integer(start?.line ?? 0)), ("column", .integer(start?.column ?? 0)),
            ("end_line", .integer(end?.line ?? 0)), ("end_column", .integer(end?.column ?? 0)),
            ("severity", .string(severity.rawValue)), ("kind", .string(failure.kind)), ("message", .string(failure.message)),
            ("hint", failure.hint.map { .string($0) } ?? .null),
        ])
    }
}

extension JSON {
    /// A tree of plain data as text; empty for one that JSON can't hold.
    static func text(_ document: Document, indent: Int? = nil) -> String {
        let sink = MemorySink()
        do throws(FormatError) { try encode(document, options: .init(indent: indent), to: sink) } catch { return "" }
        return String(decoding: sink.array, as: UTF8.self)
    }
}
