extension Survey {
    /// Variables that nothing reads.
    func namesFound() -> [Finding] {
        variables.compactMap { key in
            guard let facts = facts[key], isWorthTelling(facts), reads(of: key) == 0 else { return nil }
            let name = facts.name.name
            let message = writes(of: key) > 0 ? "`\(name)` is given values that nothing reads" : "`\(name)` is never used"
            let failure = Failure("unused", message, hint: "a name that begins with `_` may go unused", location: location(facts.name.span))
            return Finding(severity: .warning, failure: failure)
        }
    }

    /// Parameters, loops and caught errors name what is given, wanted or not; functions at top level may be there for others.
    private func isWorthTelling(_ facts: VariableFacts) -> Bool {
        let name = facts.name.name
        if name.hasPrefix("_") || unreadNames.contains(name) || unknownNames.contains(name) || facts.isAttempt { return false }
        return switch facts.origin {
        case .variable: true
        case .function: !facts.isTopLevel
        case .parameter, .loop, .caught: false
        }
    }
}
