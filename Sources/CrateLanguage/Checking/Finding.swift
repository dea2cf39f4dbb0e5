/// One thing that the static check found.
public struct Finding: Sendable {
    public enum Severity: String, Sendable {
        /// The program would fail there.
        case error
        /// It runs, but hardly as meant; or the error is one that a `try` around it takes.
        case warning
    }

    public let severity: Severity
    /// With kind, message, hint and place. The kinds of errors are those that the failure would have at run time (`syntax name argument
    /// type value invalid confirm`); those of warnings alone are `unused shadowed unreachable verb_name duplicate directive`.
    public let failure: Failure

    /// For a person at a terminal, as failures are shown.
    public func render(colour: Bool, width: Int = .max) -> String { failure.render(colour: colour, width: width, isWarning: severity == .warning) }

    var start: Int { failure.location?.span.start ?? 0 }
}
