import CrateCommands
import CrateLanguage

/// The statements of a session and what came of them.
struct Transcript {
    struct Entry {
        /// As in `In [n]:`.
        let number: Int
        let statement: Statement
        var result: CellResult
        /// How the output looked when it ran.
        let look: Look
        /// Whether the output is the whole of it.
        var isWhole: Bool
        /// The version that was open behind it.
        let version: String?
        /// Whether it gave a value that was shown and kept.
        let hasValue: Bool
        /// How often the clock had been looked at before it.
        let clockPosition: Int
    }

    private(set) var entries: [Entry] = []
    /// Programs that ran between the statements.
    var programs = 0
    private var size = 0
    /// Bytes of output and pictures that are kept; of the oldest statements then only the text.
    private static let capacity = 64 << 20

    mutating func add(_ entry: Entry) {
        entries.append(entry)
        size += Transcript.size(of: entry.result)
        var oldest = 0
        while size > Transcript.capacity, oldest < entries.count - 1 {
            size -= Transcript.size(of: entries[oldest].result)
            entries[oldest].result = CellResult()
            entries[oldest].isWhole = false
            oldest += 1
        }
    }

    private static func size(of result: CellResult) -> Int {
        result.attachments.reduce(result.shown.utf8.count + result.reported.utf8.count) { $0 + $1.bytes.count }
    }
}

/// Something to run, that was typed, edited or read from a file.
struct Statement {
    var text: String
    /// The path when it is a file: its last value is then not shown.
    var file: String?
    /// Whether to tell how long it took.
    var isTimed = false
}
