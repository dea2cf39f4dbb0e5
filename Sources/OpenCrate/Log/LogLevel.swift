/// How grave a log line is. Numbers and names are loguru's, so that both sides filter alike.
public enum LogLevel: Int, Sendable, CaseIterable, Comparable {
    case debug = 10
    case info = 20
    case success = 25
    case warning = 30
    case error = 40
    case critical = 50

    /// As users type it: "info".
    public var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .success: "success"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        }
    }

    /// As log lines have it: "INFO".
    public var label: String { name.uppercased() }

    /// By name, in any case.
    ///
    /// Throws `invalid` with the list of names.
    public init(named name: String) throws(CrateError) {
        let lowered = name.lowercased()
        for level in LogLevel.allCases where level.name == lowered {
            self = level
            return
        }
        throw .invalid(
            what: "log_level", reason: "there is no level `\(name)`",
            hint: "choose one of " + LogLevel.allCases.map(\.name).joined(separator: ", "))
    }

    public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}
