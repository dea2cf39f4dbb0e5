/// What an editor asks of whoever knows the language. It asks at each key, so every answer must be quick.
public struct EditingAids {
    /// Whether the text is the beginning of a statement: Enter then opens a line instead of ending it.
    public var isUnfinished: (_ text: String) -> Bool = { _ in false }
    /// Blanks that a line which follows `before` begins with; with a bracket that closes, when `closing`.
    public var indentation: (_ before: String, _ closing: Bool) -> Int = { _, _ in 0 }
    /// How parts of the text look; of two for one place, the later counts. `cursor` counts bytes of UTF-8.
    public var styles: (_ text: String, _ cursor: Int) -> [StyledRange] = { _, _ in [] }
    /// What goes on from here, for a person who has typed `before`.
    public var hint: (_ before: String) -> Hint? = { _ in nil }
    /// What may stand in place of the word that `before` ends in.
    public var completions: (_ before: String) -> Completions = { _ in Completions(word: "", candidates: []) }
    /// Statements to recall, oldest first. Asked for once, when first needed.
    public var statements: () -> [String] = { [] }

    public init() {}
}

/// Part of a text and the parameters of its colour sequence, such as "1;34".
public struct StyledRange: Sendable {
    /// Bytes of UTF-8.
    public let range: Range<Int>
    public let style: String

    public init(_ range: Range<Int>, _ style: String) {
        self.range = range
        self.style = style
    }
}

/// A note beside the line, one line long. `emphasis` is the part of it that comes next.
public struct Hint: Sendable, Equatable {
    public let text: String
    public let emphasis: Range<String.Index>?

    public init(_ text: String, emphasis: Range<String.Index>? = nil) {
        self.text = text
        self.emphasis = emphasis
    }
}

/// The word before the cursor and what may replace it.
public struct Completions: Sendable {
    public struct Candidate: Sendable, Equatable {
        public let text: String
        /// What is written behind it once it is chosen, such as a blank.
        public let suffix: String
        /// One line.
        public let summary: String

        public init(_ text: String, suffix: String = "", summary: String = "") {
            self.text = text
            self.suffix = suffix
            self.summary = summary
        }
    }

    public let word: String
    public let candidates: [Candidate]

    public init(word: String, candidates: [Candidate]) {
        self.word = word
        self.candidates = candidates
    }
}
