import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

extension CrateError {
    /// The case's name, for short comparisons.
    var name: String {
        switch self {
        case .format(let error, _): "format.\(error.kind.rawValue)"
        case .system: "system"
        case .notFound: "notFound"
        case .alreadyExists: "alreadyExists"
        case .invalid: "invalid"
        case .unconfirmed: "unconfirmed"
        case .busy: "busy"
        case .changed: "changed"
        case .notSetUp: "notSetUp"
        }
    }

    /// All its words.
    var text: String { "\(self)" }
}

/// The error that `body` must throw.
@discardableResult
func failure(_ name: String, _ words: String = "", sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) -> CrateError? {
    do {
        try body()
        Issue.record("expected \(name), but nothing was thrown", sourceLocation: sourceLocation)
        return nil
    } catch {
        guard let error = error as? CrateError else {
            Issue.record("expected a CrateError, found \(error)", sourceLocation: sourceLocation)
            return nil
        }
        #expect(error.name == name, "\(error)", sourceLocation: sourceLocation)
        #expect(words.isEmpty || error.text.contains(words), "\(error)", sourceLocation: sourceLocation)
        return error
    }
}

extension Content {
    static func text(_ text: String) -> Content { .document(.string(text)) }
    var entries: [FolderEntry]? { if case .folder(let entries) = self { entries } else { nil } }
    var string: String? { if case .document(.string(let text)) = self { text } else { nil } }
}
