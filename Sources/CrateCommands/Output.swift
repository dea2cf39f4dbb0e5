import CrateFormats

/// Where a session's words go. The shell gives a real one; tests collect.
public protocol Output: AnyObject {
    /// `print`, shown values, trees: standard output.
    func show(_ text: String)
    /// Log lines and notes: standard error.
    func report(_ text: String)
    /// Columns of the terminal, or 80.
    var width: Int { get }
    /// Columns that the lines of a report may take; no end of them where that is no terminal.
    var reportWidth: Int { get }
    /// Whether `show` and `report` may use colour.
    var showsColour: Bool { get }
    var reportsColour: Bool { get }
    /// Lines of the terminal, or 24.
    var height: Int { get }
    /// How `show` can show pictures.
    var graphics: TerminalGraphics { get }
    /// How tables, dicts, lists and arrays are written.
    var form: OutputForm { get }
    /// How much of a value is shown at once; `nil` for all.
    var folding: Folding? { get }
    /// Whether a person looks at what is shown.
    var isTerminal: Bool { get }
    /// A text that stands for itself, such as a page of help, which an output may show page by page.
    func showWhole(_ text: String)
    /// The picture or sound that what is shown next describes, for outputs that are no terminal but a page.
    func attach(_ attachment: Attachment)
    /// Bytes of a picture or sound that is still worth the time to encode it for `attach`.
    var largestAttachment: Int { get }
}

/// A picture or sound as a file that browsers and notebooks show.
public struct Attachment: Sendable {
    /// `image/png`, `image/gif` or `audio/wav`.
    public let mediaType: String
    public let bytes: [UInt8]
    /// In words, for those who can't see or hear it.
    public let description: String

    /// In one line.
    public var base64: String { Base64.encode(bytes).filter { $0 != "\n" } }
}

extension Output {
    public var height: Int { 24 }
    public var reportWidth: Int { .max }
    public var graphics: TerminalGraphics { .none }
    public var form: OutputForm { .text }
    public var folding: Folding? { nil }
    public var isTerminal: Bool { false }
    public var largestAttachment: Int { .max }
    public func showWhole(_ text: String) { show(text) }
    public func attach(_ attachment: Attachment) {}
}
