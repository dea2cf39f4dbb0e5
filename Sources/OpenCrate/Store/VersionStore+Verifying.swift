import CrateFormats
import CrateValues
import Glibc
import Synchronization

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

    private static let refusalText = "permission denied: let this user read it, or verify as its owner"

    private func compare(_ scope: VerificationScope, into result: inout Verification) throws(CrateError) {
        // What a stopped process has left is no finding. Where nothing can be written it stays, and is.
        try? completeInterrupted()
        if let line = try journal.lines().firstBreak {
            result.findings.append(.init(problem: .torn, path: journal.path, detail: "line \(line) is not as written, or does not follow from the one before"))
        }
        if try journal.lines().hasOpenEnd {
            result.findings.append(.init(problem: .torn, path: journal.path, detail: "its last line was not ended; the next operation decides about it"))
        }
        let comparison = try comparison()
        for kind in comparison.closed { result.findings.append(.init(problem: .unreadable, path: path(kind.text), detail: VersionStore.refusalText)) }
        let present = Set(comparison.present)
        for (file, entry) in comparison.known where entry.state != nil && !present.contains(file) && entry.time >= scope.since ?? .min {
            if comparison.closed.contains(ExactText(Path.parent(file.text))) { continue }
            result.findings.append(.init(problem: .missing, path: path(file.text), detail: "written \(files.system.clock.local(entry.time).dayAndTime)"))
        }
        let isWhole = scope.since == nil && scope.sample >= 1
        for entry in isWhole ? try linesWithoutState() : [] {
            let what = entry.file.map { "the \(entry.operation.rawValue) of `\($0)`" } ?? "the emptying of the version"
            let detail = "`undo` of \(what), \(files.system.clock.local(entry.time).dayAndTime), needs it"
            result.findings.append(.init(problem: .missing, path: keptPath(entry.kept ?? ""), detail: detail))
        }
        var chosen = isWhole ? try expectedOfKept() : []
        let kept = chosen.count
        var leftOut: [Expectation] = []
        for file in comparison.present {
            guard let state = comparison.known[file]?.state else {
                result.findings.append(.init(problem: .unknown, path: path(file.text), detail: "the journal does not know it"))
                continue
            }
            let expected = Expectation(path: path(file.text), state: state)
            if comparison.known[file]?.time ?? 0 < scope.since ?? .min {
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
        files.system.progress?.expect(chosen.reduce(0) { $0 + $1.state.size })
        for check in try check(chosen) {
            result.bytes += check.bytes
            if let finding = check.finding { result.findings.append(finding) }
        }
        result.checked += chosen.count - kept
    }

    private func isDrawn(_ sample: Double) -> Bool {
        sample >= 1 || Double(files.system.entropy.next() >> 11) / Double(1 << 53) < sample
    }

    /// What a path should hold.
    private struct Expectation: Sendable {
        let path: String
        let state: FileState
    }

    /// What is kept for `undo`, where the journal knew it. Taking back puts the newer state there: the last line that names it counts.
    private func expectedOfKept() throws(CrateError) -> [Expectation] {
        var digests: [String: String?] = [:]
        for entry in try journal.lines().entries { if let kept = entry.kept { digests.updateValue(entry.keptDigest, forKey: kept) } }
        var expected: [Expectation] = []
        for (kept, digest) in digests {
            guard let digest, let outline = try files.outline(keptPath(kept)) else { continue }
            expected.append(Expectation(path: keptPath(kept), state: FileState(size: outline.size, modified: outline.modified, digest: digest)))
        }
        return expected
    }

    private struct Check: Sendable {
        var bytes = 0
        var finding: Verification.Finding?
        /// The program is to stop.
        var isCancelled = false
    }

    /// Reads all of them, on all cores.
    private func check(_ items: [Expectation]) throws(CrateError) -> [Check] {
        let checks = Mutex([Check](repeating: Check(), count: items.count))
        // One that is to stop stops all.
        let isCancelled = Atomic(false)
        let (directory, system, isConfined) = (files.workingDirectory, files.system, files.isConfined)
        Parallel.forEach(items.count) { number in
            if isCancelled.load(ordering: .relaxed) { return }
            let check = VersionStore.check(items[number], Files(workingDirectory: directory, system: system, isConfined: isConfined))
            if check.isCancelled { isCancelled.store(true, ordering: .relaxed) }
            checks.withLock { $0[number] = check }
        }
        if isCancelled.load(ordering: .relaxed) { throw .system(operation: "verify", path: self.directory, code: ECANCELED) }
        return checks.withLock { $0 }
    }

    private static func check(_ expected: Expectation, _ files: Files) -> Check {
        let (path, state) = (expected.path, expected.state)
        do throws(CrateError) {
            let kind = try files.status(path)?.kind
            // Reading from a pipe would never end.
            if kind == .other {
                return Check(finding: .init(problem: .unreadable, path: path, detail: "it is neither a file nor a folder"))
            }
            guard let found = try files.state(path) else { return Check(finding: .init(problem: .missing, path: path, detail: "it is gone")) }
            if found.digest == state.digest { return Check(bytes: found.size) }
            if kind == .symbolicLink { return Check(finding: .init(problem: .changed, path: path, detail: try files.linkText(path))) }
            let detail = "\(ByteCount.text(state.size)) with SHA-256 \(state.digest.prefix(12))… were written, \(ByteCount.text(found.size)) with \(found.digest.prefix(12))… are there"
            return Check(bytes: found.size, finding: .init(problem: found.size < state.size ? .torn : .changed, path: path, detail: detail))
        } catch {
            if case .system(_, _, ECANCELED) = error { return Check(isCancelled: true) }
            return Check(finding: .init(problem: .unreadable, path: path, detail: reason(error)))
        }
    }

    private static func reason(_ error: CrateError) -> String {
        switch error {
        case _ where error.isRefusal: refusalText
        case .system(_, _, EIO): "the disk fails to read it"
        case .system(_, _, let code): "it can't be read: error \(code)"
        case .notFound: "it is gone"
        case .format(let error, _): error.reason
        case .invalid(_, let reason, _): reason
        default: "\(error)"
        }
    }

    func adopt() throws(CrateError) -> [String] {
        try hidden.make(keptFolder)
        try completeInterrupted()
        let hadJournal = try journal.exists
        if try journal.lines().firstBreak != nil {
            try files.move(journal.path, to: keptPath("journal-\(hidden.newID()).jsonl"))
            journal.close()
        }
        let comparison = try comparison()
        if let kind = comparison.closed.first { throw .system(operation: "open", path: path(kind.text), code: EACCES) }
        var lines: [JournalEntry] = []
        for file in comparison.present {
            let state = try files.state(path(file.text))
            if comparison.known[file]?.state?.digest != state?.digest { lines.append(found(file.text, state, comparison.known[file])) }
        }
        let present = Set(comparison.present)
        for (file, entry) in comparison.known.sorted(by: { Path.precedes($0.key.text, $1.key.text) }) where entry.state != nil && !present.contains(file) {
            lines.append(found(file.text, nil, entry))
        }
        let lost = try linesWithoutState().compactMap { $0.kept.map(keptPath) }
        let paths = lines.compactMap { $0.file.map(path) } + lost
        if !lost.isEmpty { lines.append(JournalEntry(.collect)) }
        if try !journal.exists { lines.insert(JournalEntry(.rebuilt, tag: hadJournal ? "the journal before was damaged" : "there was no journal"), at: 0) }
        if !lines.isEmpty { try journal.record(lines) }
        return paths
    }

    private func found(_ file: String, _ state: FileState?, _ earlier: JournalEntry?) -> JournalEntry {
        var entry = JournalEntry(.found, kind: earlier?.kind, name: earlier?.name ?? Path.name(file), file: file, tag: earlier?.tag)
        entry.state = state
        return entry
    }
}
