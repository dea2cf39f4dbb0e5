import CrateValues

extension VersionStore {
    /// What the journal has last said of each file, and of what is in the folder.
    struct Comparison {
        var known: [ExactText: JournalEntry] = [:]
        /// Sorted.
        var present: [ExactText] = []
        /// Kinds' folders that may not be looked into.
        var closed: Set<ExactText> = []
    }

    func comparison() throws(CrateError) -> Comparison {
        var comparison = Comparison()
        for entry in try journal.lines().entries { if let file = entry.file { comparison.known[ExactText(file)] = entry } }
        for kind in try kindFolders() {
            let names: [String]
            do throws(CrateError) { names = try files.names(in: path(kind)) } catch {
                guard error.isRefusal else { throw error }
                comparison.closed.insert(ExactText(kind))
                continue
            }
            for name in names { comparison.present.append(ExactText(Path.join(kind, name))) }
        }
        comparison.present.sort { Path.precedes($0.text, $1.text) }
        return comparison
    }

    func kindFolders() throws(CrateError) -> [String] {
        guard try files.status(directory) != nil else { return [] }
        var folders: [String] = []
        for name in try files.names(in: directory) where try files.status(path(name))?.kind == .directory { folders.append(name) }
        return folders.sorted()
    }

    func verify(_ scope: VerificationScope, into result: inout Verification) throws(CrateError) {
        do throws(CrateError) { try compare(scope, into: &result) } catch {
            // One version that can't be read hides no other.
            guard error.isRefusal, case .system(_, let path, _) = error else { throw error }
            result.findings.append(.init(problem: .unreadable, path: path, detail: VersionStore.refusalText))
        }
    }

    private func compare(_ scope: VerificationScope, into result: inout Verification) throws(CrateError) {
        // What a stopped process has left is no finding. Where nothing can be written it stays, and is.
        try? completeInterrupted()
        result.findings += try journalFindings()
        let comparison = try comparison()
        result.findings += missing(comparison, since: scope.since ?? .min)
        let isWhole = scope.since == nil && scope.sample >= 1
        if isWhole { result.findings += try linesWithoutState().map(finding) }
        let kept = isWhole ? try expectedOfKept() : []
        let chosen = choose(comparison, scope, &result)
        files.system.progress?.expect((kept + chosen).reduce(0) { $0 + $1.state.size })
        for check in try check(kept + chosen) {
            result.bytes += check.bytes
            if let finding = check.finding { result.findings.append(finding) }
        }
        result.checked += chosen.count
    }

    private func journalFindings() throws(CrateError) -> [Verification.Finding] {
        let lines = try journal.lines()
        var findings: [Verification.Finding] = []
        if let line = lines.firstBreak {
            findings.append(.init(problem: .torn, path: journal.path, detail: "line \(line) is not as written, or does not follow from the one before"))
        }
        if lines.hasOpenEnd {
            findings.append(.init(problem: .torn, path: journal.path, detail: "its last line was not ended; the next operation decides about it"))
        }
        do throws(CrateError) { _ = try intendedSteps() } catch {
            guard case .format(let error, let path) = error else { throw error }
            findings.append(.init(problem: .torn, path: path, detail: "what a transaction was to do can't be read: \(error.reason)"))
        }
        return findings
    }

    /// What is not there, and the folders of which nobody can tell.
    private func missing(_ comparison: Comparison, since time: Int) -> [Verification.Finding] {
        var findings = comparison.closed.map { Verification.Finding(problem: .unreadable, path: path($0.text), detail: VersionStore.refusalText) }
        let present = Set(comparison.present)
        for (file, entry) in comparison.known where entry.state != nil && entry.time >= time && !present.contains(file) {
            if comparison.closed.contains(ExactText(Path.parent(file.text))) { continue }
            findings.append(.init(problem: .missing, path: path(file.text), detail: "written \(files.system.clock.local(entry.time).dayAndTime)"))
        }
        return findings
    }

    private func finding(_ lost: JournalEntry) -> Verification.Finding {
        let what = lost.file.map { "the \(lost.operation.rawValue) of `\($0)`" } ?? "the emptying of the version"
        let detail = "`undo` of \(what), \(files.system.clock.local(lost.time).dayAndTime), needs it"
        return .init(problem: .missing, path: keptPath(lost.kept ?? ""), detail: detail)
    }

    /// What is to be read; of what is not, `result` is told.
    private func choose(_ comparison: Comparison, _ scope: VerificationScope, _ result: inout Verification) -> [Expectation] {
        var (chosen, leftOut): ([Expectation], [Expectation]) = ([], [])
        for file in comparison.present {
            guard let entry = comparison.known[file], let state = entry.state else {
                result.findings.append(.init(problem: .unknown, path: path(file.text), detail: "the journal does not know it"))
                continue
            }
            let expected = Expectation(path: path(file.text), state: state)
            if entry.time < scope.since ?? .min {
                result.skipped += 1
            } else if isDrawn(scope.sample) {
                chosen.append(expected)
            } else {
                leftOut.append(expected)
            }
        }
        // However small the part, one is looked at.
        if chosen.isEmpty, !leftOut.isEmpty { chosen.append(leftOut.remove(at: Int(files.system.entropy.next() % UInt64(leftOut.count)))) }
        result.skipped += leftOut.count
        return chosen
    }

    private func isDrawn(_ sample: Double) -> Bool {
        sample >= 1 || Double(files.system.entropy.next() >> 11) / Double(1 << 53) < sample
    }
}
