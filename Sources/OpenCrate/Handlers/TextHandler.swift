import CrateFormats
import CrateValues

/// Plain text, written as UTF-8.
struct TextHandler: Handler {
    let kind = "text"
    let summary = "Text, as it is"
    let extensions = ["txt", "md", "log"]

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        guard case .document(.string(let text)) = content else { throw content.unfit(for: "text", hint: "interpolate the value into a text first") }
        try Text.encode(text, to: sink)
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .document(.string(try Text.decode(bytes).text))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection { try TextInspection.inspect(bytes) }

    var samples: [HandlerSample] {
        [
            HandlerSample("greeting.txt", .document(.string("Hello, crate!"))),
            HandlerSample("empty.txt", .document(.string(""))),
            HandlerSample("notes.md", .document(.string("Zeilen\r\nmit Ümläuten\n\n漢字 🙂\n"))),
        ]
    }
}

extension Content {
    /// The error for content that a kind can't hold.
    func unfit(for format: String, hint: String? = nil) -> FormatError {
        FormatError(.unrepresentable, format, "a value of type \(typeName) can't be saved as \(format)", hint: hint)
    }
}
