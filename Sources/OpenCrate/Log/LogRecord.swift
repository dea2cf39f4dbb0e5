import CrateValues

/// One message of a run.
public struct LogRecord: Sendable {
    public let level: LogLevel
    public let message: String
    /// Local time.
    public let time: Timestamp

    public init(level: LogLevel, message: String, time: Timestamp) {
        self.level = level
        self.message = message
        self.time = time
    }

    /// As the log files have it, without a final newline: `2025-11-16 11:44:43 - INFO     message`.
    public var fileLine: String { "\(time.dayAndTime) - \(paddedLabel) \(message)" }

    /// As the console shows it: `INFO      message`; with colour only the label is coloured, as loguru does.
    public func consoleLine(inColour: Bool) -> String {
        inColour ? "\u{1B}[\(level.colour)m\(paddedLabel) \u{1B}[0m \(message)" : "\(paddedLabel)  \(message)"
    }

    private var paddedLabel: String {
        let label = level.label
        return label + String(repeating: " ", count: 8 - label.utf8.count)
    }
}

extension LogLevel {
    /// SGR parameters of loguru's default colours.
    fileprivate var colour: String {
        switch self {
        case .debug: "34;1"
        case .info: "1"
        case .success: "32;1"
        case .warning: "33;1"
        case .error: "31;1"
        case .critical: "41;1"
        }
    }
}
