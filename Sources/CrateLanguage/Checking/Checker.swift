/// Finds mistakes without running anything: the parser and the resolver go on after the first, then every call is held against the
/// definitions of its host.
///
/// What is not certain is not told: a value whose type depends on what runs before passes.
public struct Checker {
    /// What was found, by place.
    public static func findings(in source: Source, host: any Host) -> [Finding] { Analysis(of: source, host: host).findings }
}

/// A source as it is known without running it.
public struct Analysis {
    let survey: Survey
    public let program: Program
    /// Also of a source that does not parse.
    public let tokens: [Token]
    public let findings: [Finding]

    public init(of source: Source, host: any Host) {
        let checked = Parser.parseAll(source, isVerb: { host.verb(named: $0) != nil }, takesBlock: host.takesBlock)
        program = checked.program
        tokens = checked.tokens
        var survey = Survey(checked, host: host)
        survey.walk()
        var calls = CallCheck(survey)
        calls.check()
        let syntax = (checked.failures + survey.resolverFailures).map { Finding(severity: .error, failure: $0) }
        // What stands in a line that can't be read was read wrongly.
        let lines = LineTable(source)
        let unread = Set(checked.failures.map { lines.line(at: $0.location?.span.start ?? 0) })
        let others = (survey.findings + survey.namesFound() + calls.findings + Analysis.directives(in: program)).filter { !unread.contains(lines.line(at: $0.start)) }
        let suppression = Suppression(program, lines)
        findings = Array((syntax + others).filter { !suppression.covers($0) }.sorted { $0.start < $1.start }.prefix(Recovery.most))
        self.survey = survey
    }
}
