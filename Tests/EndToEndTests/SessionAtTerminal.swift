import Testing

extension Terminal {
    /// A terminal at its first prompt. Without a pager unless one is named, since machines differ in what they have.
    static func atPrompt(
        _ arguments: [String] = [], environment: [String: String] = [:], home: Folder? = nil, columns: Int = 80, rows: Int = 24
    ) throws -> Terminal {
        let terminal = try Terminal(arguments, environment: ["PAGER": "cat"].merging(environment) { $1 }, home: home, columns: columns, rows: rows)
        try terminal.expect("In [1]:")
        return terminal
    }
}
