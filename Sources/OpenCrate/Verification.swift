import CrateFormats
import CrateValues
import Glibc
import Synchronization

/// What `Crate.verify` found.
public struct Verification: Sendable {
    /// One thing that is not as the journal has it.
    public struct Finding: Sendable, Equatable {
        public enum Problem: String, Sendable, CaseIterable {
            /// The journal has it, the folder does not.
            case missing
            /// Other bytes than the journal says.
            case changed
            /// The folder has it, the journal does not.
            case unknown
            /// Shorter than it was written; of a journal, a line that does not follow from the one before.
            case torn
            /// It can't be read.
            case unreadable
        }

        public let problem: Problem
        public let path: String
        /// What was expected and what is there.
        public let detail: String
    }

    /// By path.
    public internal(set) var findings: [Finding] = []
    /// Artifacts and backups that were looked at, and the bytes that were read for it.
    public internal(set) var checked = 0
    public internal(set) var bytes = 0
    /// Artifacts and backups that a sample or a time left out.
    public internal(set) var skipped = 0
}

/// What `Crate.verify` looks at.
public struct VerificationScope: Sendable {
    /// The snapshot's name; `nil` for all.
    public var name: String?
    /// One version of `name`; `nil` for all.
    public var version: Version?
    /// The part of the artifacts that is read, chosen at random, from 0 to 1.
    public var sample = 1.0
    /// Only what was written at this time or later; nanoseconds since 1970, UTC.
    public var since: Int?

    public init(name: String? = nil, version: Version? = nil) {
        self.name = name
        self.version = version
    }
}

extension Crate {
    /// Reads artifacts and backups and compares them with the journals, on all cores. One that is bad hides no other.
    ///
    /// - Parameter progress: is told after each version how many artifacts were looked at and how many there are so far.
    public func verify(_ scope: VerificationScope = .init(), progress: ((Int, Int) -> Void)? = nil) throws(CrateError) -> Verification {
        var result = Verification()
        try files.watched("verify", .hashed) { () throws(CrateError) in
            for store in try stores(scope) {
                try store.verify(scope, into: &result)
                progress?(result.checked, result.checked + result.skipped)
            }
        }
        result.findings.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return result
    }

    /// Takes what the folders hold as it is: changed and unknown files get a line in the journal, missing ones are noted as deleted.
    /// What a journal that was lost said is made anew this way, and the journal says that it was.
    ///
    /// - Returns: the paths that were taken.
    public func adopt(_ scope: VerificationScope = .init()) throws(CrateError) -> [String] {
        var adopted: [String] = []
        for store in try stores(scope) { adopted += try store.adopt() }
        return adopted
    }

    func stores(_ scope: VerificationScope) throws(CrateError) -> [VersionStore] {
        var stores: [VersionStore] = []
        let names = if let name = scope.name { [name] } else { try names() }
        for name in names {
            let versions = try versions(of: name)
            if scope.name != nil, versions.isEmpty { throw .notFound(what: "snapshot", path: name, hint: nil) }
            if let version = scope.version, !versions.contains(version) {
                throw .notFound(what: "version", path: project.versionPath(name, version), hint: nil)
            }
            for version in versions where scope.version == nil || scope.version == version {
                stores.append(store(name, version))
            }
        }
        return stores
    }

    func store(_ name: String, _ version: Version) -> VersionStore {
        let path = project.versionPath(name, version)
        let store = VersionStore(files: files, hidden: project.hidden, name: name, version: version, directory: path, run: project.run)
        store.patience = project.patience
        return store
    }
}

extension VersionStore {
    /// What the journal has last said of each file, and of what is in the folder.
    struct Comparison {
        var known: [String: JournalEntry] = [:]
        var present: [String] = []
    }

    func comparison() throws(CrateError) -> Comparison {
        var comparison = Comparison()
        for entry in try journal.lines().entries { if let file = entry.file { comparison.known[file] = entry } }
        for kind in try kindFolders() {
            for name in try files.names(in: path(kind)) { comparison.present.append(Path.join(kind, name)) }
        }
        comparison.present.sort()
        return comparison
    }

    func kindFolders() throws(CrateError) -> [String] {
        guard try files.status(directory) != nil else { return [] }
        var folders: [String] = []
        for name in try files.names(in: directory) where try files.status(path(name))?.kind == .directory { folders.append(name) }
        return folders.sorted()
    }

    func verify(_ scope: VerificationScope, into result: inout Verification) throws(CrateError) {
        // What a stopped process has left is no finding. Where nothing can be written it stays, and is.
        try? completeInterrupted()
        if let line = try journal.lines().firstBreak {
            result.findings.append(.init(problem: .torn, path: journal.path, detail: "line \(line) is not as written, or does not follow from the one before"))
        }
        if try journal.lines().hasOpenEnd {
            result.findings.append(.init(problem: .torn, path: journal.path, detail: "its last line was not ended; the next operation decides about it"))
        }
        let comparison = try comparison()
        let present = Set(comparison.present)
        for (file, entry) in comparison.known where entry.state != nil && !present.contains(file) && entry.time >= scope.since ?? .min {
            result.findings.append(.init(problem: .missing, path: path(file), detail: "written \(files.system.clock.local(entry.time).dayAndTime)"))
        }
        var chosen = scope.since == nil && scope.sample >= 1 ? try expectedOfKept() : []
        result.checked -= chosen.count
        for file in comparison.present {
            guard let state = comparison.known[file]?.state else {
                result.findings.append(.init(problem: .unknown, path: path(file), detail: "the journal does not know it"))
                continue
            }
            let isLeftOut = comparison.known[file]?.time ?? 0 < scope.since ?? .min || !isDrawn(scope.sample)
            if isLeftOut { result.skipped += 1 } else { chosen.append(Expectation(path: path(file), state: state, digests: [state.digest])) }
        }
        result.checked += chosen.count
        for check in try check(chosen) {
            result.bytes += check.bytes
            if let finding = check.finding { result.findings.append(finding) }
        }
    }

    private func isDrawn(_ sample: Double) -> Bool {
        sample >= 1 || Double(files.system.entropy.next() >> 11) / Double(1 << 53) < sample
    }

    /// What a path should hold.
    private struct Expectation: Sendable {
        let path: String
        let state: FileState
        let digests: Set<String>
    }

    /// What is kept for `undo`, where the journal knew it. Taking back swaps the two states, so the newer one may be there, too.
    private func expectedOfKept() throws(CrateError) -> [Expectation] {
        var expected: [Expectation] = []
        for entry in try journal.lines().entries {
            guard let kept = entry.kept, let digest = entry.keptDigest, let outline = try files.outline(keptPath(kept)) else { continue }
            let state = FileState(size: outline.size, modified: outline.modified, digest: digest)
            expected.append(Expectation(path: keptPath(kept), state: state, digests: [digest, entry.state?.digest ?? digest]))
        }
        return expected
    }

    private struct Check: Sendable {
        var bytes = 0
        var finding: Verification.Finding?
    }

    /// Reads all of them, on all cores.
    private func check(_ chosen: [Expectation]) throws(CrateError) -> [Check] {
        let checks = Mutex([Check](repeating: Check(), count: chosen.count))
        let (directory, system, isConfined) = (files.workingDirectory, files.system, files.isConfined)
        let items = chosen
        system.progress?.expect(items.reduce(0) { $0 + $1.state.size })
        let stop = StopFlag()
        Parallel.forEach(items.count) { number in
            if stop.isSet { return }
            let files = Files(workingDirectory: directory, system: system, isConfined: isConfined)
            files.isStopped = { stop.isSet }
            do throws(CrateError) {
                let check = try VersionStore.check(items[number], files)
                checks.withLock { $0[number] = check }
            } catch { stop.set() }
        }
        if stop.isSet { throw .system(operation: "read", path: self.directory, code: ECANCELED) }
        return checks.withLock { $0 }
    }

    /// One of those who share the work was stopped, so all are.
    private final class StopFlag: Sendable {
        private let flag = Atomic(false)
        var isSet: Bool { flag.load(ordering: .relaxed) }
        func set() { flag.store(true, ordering: .relaxed) }
    }

    /// Throws only when it is to stop.
    private static func check(_ expected: Expectation, _ files: Files) throws(CrateError) -> Check {
        let (path, state) = (expected.path, expected.state)
        do throws(CrateError) {
            guard let found = try files.state(path) else { return Check(finding: .init(problem: .missing, path: path, detail: "it is gone")) }
            if expected.digests.contains(found.digest) { return Check(bytes: found.size) }
            let detail = "\(ByteCount.text(state.size)) with SHA-256 \(state.digest.prefix(12))… were written, \(ByteCount.text(found.size)) with \(found.digest.prefix(12))… are there"
            return Check(bytes: found.size, finding: .init(problem: found.size < state.size ? .torn : .changed, path: path, detail: detail))
        } catch {
            if case .system(_, _, ECANCELED) = error { throw error }
            return Check(finding: .init(problem: .unreadable, path: path, detail: "\(error)"))
        }
    }

    func adopt() throws(CrateError) -> [String] {
        try hidden.make(keptFolder)
        try completeInterrupted()
        let hadJournal = journal.exists
        if try journal.lines().firstBreak != nil {
            try files.move(journal.path, to: keptPath("journal-\(hidden.newID()).jsonl"))
            journal.close()
        }
        let comparison = try comparison()
        var lines: [JournalEntry] = []
        for file in comparison.present {
            let state = try files.state(path(file))
            if comparison.known[file]?.state?.digest != state?.digest { lines.append(found(file, state, comparison.known[file])) }
        }
        let present = Set(comparison.present)
        for (file, entry) in comparison.known.sorted(by: { $0.key < $1.key }) where entry.state != nil && !present.contains(file) {
            lines.append(found(file, nil, entry))
        }
        let paths = lines.compactMap { $0.file.map(path) }
        if !journal.exists { lines.insert(JournalEntry(.rebuilt, tag: hadJournal ? "the journal before was damaged" : "there was no journal"), at: 0) }
        if !lines.isEmpty { try journal.record(lines) }
        return paths
    }

    private func found(_ file: String, _ state: FileState?, _ earlier: JournalEntry?) -> JournalEntry {
        var entry = JournalEntry(.found, kind: earlier?.kind, name: earlier?.name ?? Path.name(file), file: file, tag: earlier?.tag)
        entry.state = state
        return entry
    }
}
