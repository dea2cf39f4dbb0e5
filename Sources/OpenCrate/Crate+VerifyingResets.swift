import CrateValues

/// What resets keep for `undoReset` is compared with its own journals.
extension Crate {
    /// The names of which something was reset.
    func resetNames(_ scope: VerificationScope = .init()) throws(CrateError) -> [String] {
        if scope.version != nil { return [] }
        if let name = scope.name {
            try NameRules.check(name, as: "snapshot name")
            return [name]
        }
        let all = project.hidden.allResets
        return try files.status(all)?.kind == .directory ? try files.names(in: all).sorted(by: Path.precedes) : []
    }

    func verifyResets(of name: String, _ scope: VerificationScope, into result: inout Verification) throws(CrateError) {
        for reset in try resets(of: name) {
            var own = result
            do throws(CrateError) { try verify(reset, name, scope, into: &own) } catch {
                if try isThereStill(reset, name) { throw error }
                continue
            }
            if own.findings.count > result.findings.count, try !isThereStill(reset, name) { continue }
            result = own
        }
    }

    /// Another process may have brought it back or dropped it meanwhile.
    private func isThereStill(_ reset: Reset, _ name: String) throws(CrateError) -> Bool {
        // One that is at it has ended then.
        try? resettingLocked(name) {}
        return try files.status(reset.folder) != nil
    }

    private func verify(_ reset: Reset, _ name: String, _ scope: VerificationScope, into result: inout Verification) throws(CrateError) {
        guard try files.status(reset.files) != nil else {
            // Without its end it never came to anything.
            if reset.isDone { result.findings.append(.init(problem: .missing, path: reset.files, detail: "it held what the reset of `\(name)` took away")) }
            return
        }
        result.findings += try recordFindings(reset)
        let journals = try journals(of: reset, name)
        for version in Set(try versions(in: reset.files) + versions(in: journals)).sorted() {
            try store(in: Path.join(reset.files, version.name), Path.join(journals, version.name)).verify(scope, into: &result)
        }
    }

    private func recordFindings(_ reset: Reset) throws(CrateError) -> [Verification.Finding] {
        if reset.isSound { return [] }
        let isThere = try files.status(reset.record) != nil
        return [.init(problem: isThere ? .changed : .missing, path: reset.record, detail: "it held the newest number and the time of the reset")]
    }

    /// A process that was stopped may have left them where they were, or put them back there.
    private func journals(of reset: Reset, _ name: String) throws(CrateError) -> String {
        if try files.status(reset.versions) != nil { return reset.versions }
        return try files.status(project.seriesPath(name)) != nil ? reset.versions : project.hidden.series(name)
    }

    /// What is not as it was taken away, by the paths that it has once it is back.
    func damage(of reset: Reset, _ name: String) throws(CrateError) -> [Verification.Finding] {
        var result = Verification()
        try files.watched("undo", .hashed) { () throws(CrateError) in try verify(reset, name, .init(), into: &result) }
        return result.findings.map { finding in
            let places = [(reset.files, project.seriesPath(name)), (reset.versions, project.hidden.series(name))]
            let place = places.first { finding.path.utf8.starts(with: ($0.0 + "/").utf8) }
            let path = place.map { $0.1 + Substring(finding.path.utf8.dropFirst($0.0.utf8.count)) } ?? finding.path
            return Verification.Finding(problem: finding.problem, path: path, detail: finding.detail)
        }.sorted { Path.precedes($0.path, $1.path) }
    }

    func warn(of damage: [Verification.Finding], _ name: String) {
        let most = 10
        var messages = damage.prefix(most).map { finding in
            "what the reset took away is back, but not as it was written: '\(finding.path)' is \(finding.problem.rawValue): \(finding.detail)"
        }
        if damage.count > most { messages.append("\(damage.count - most) more are not as they were written: `verify \"\(name)\"` lists them") }
        let clock = files.system.clock
        for message in messages { project.echo?(LogRecord(level: .warning, message: message, time: clock.local(clock.now()))) }
    }
}
