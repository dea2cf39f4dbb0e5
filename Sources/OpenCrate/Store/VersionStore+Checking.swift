import CrateFormats
import CrateValues
import Glibc
import Synchronization

/// Reading what is there and comparing it with what should be.
extension VersionStore {
    static let refusalText = "permission denied: let this user read it, or verify as its owner"

    /// What a path should hold.
    struct Expectation: Sendable {
        let path: String
        let state: FileState
    }

    /// What is kept for `undo`, where the journal knew it. Taking back puts the newer state there: the last line that names it counts.
    func expectedOfKept() throws(CrateError) -> [Expectation] {
        var digests: [String: String?] = [:]
        for entry in try journal.lines().entries { if let kept = entry.kept { digests.updateValue(entry.keptDigest, forKey: kept) } }
        var expected: [Expectation] = []
        for (kept, digest) in digests {
            guard let digest, let outline = try files.outline(keptPath(kept)) else { continue }
            expected.append(Expectation(path: keptPath(kept), state: FileState(size: outline.size, modified: outline.modified, digest: digest)))
        }
        return expected
    }

    struct Check: Sendable {
        var bytes = 0
        var finding: Verification.Finding?
        /// The program is to stop.
        var isCancelled = false
    }

    /// Reads all of them, on all cores.
    func check(_ items: [Expectation]) throws(CrateError) -> [Check] {
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
}
