import CrateLanguage
import CrateValues

extension Parameter {
    /// `output:` of the commands that print a table of their own.
    static func reportForm(_ value: String) -> Parameter {
        Parameter("output", .oneOf(reportWords), .optional, named: true, "the form; that of the session when left out, and \"value\" gives \(value)")
    }

    private static let reportWords = OutputForm.allCases.map(\.rawValue) + ["value"]
}

extension Session {
    /// Shows what a command has to tell in the form that is asked for.
    ///
    /// - Parameters:
    ///   - word: what was given as `output:`.
    ///   - whole: for JSON, and for a caller who takes the value.
    ///   - rows: for tables, where they are only part of it.
    ///   - text: for people.
    func tell(_ word: String?, _ whole: Document, rows: Document? = nil, text: () -> String) -> Value {
        if word == "value" { return value(from: whole) }
        let form = word.flatMap(OutputForm.init) ?? output.form
        let told = value(from: form == .json ? whole : rows ?? whole)
        output.show(formed(told, as: form, isWhole: true).map { $0 + "\n" } ?? text())
        return .null
    }
}
