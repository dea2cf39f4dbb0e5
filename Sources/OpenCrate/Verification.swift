import CrateValues

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
    /// Reads artifacts and backups and compares them with the journals, on all cores; also those that resets keep for `undoReset`, unless
    /// one version is asked for. One that is bad hides no other.
    ///
    /// Throws `system` with ECANCELED when the program is to stop.
    public func verify(_ scope: VerificationScope = .init()) throws(CrateError) -> Verification {
        var result = Verification()
        if project.hidden.isClosed {
            result.findings.append(.init(problem: .unreadable, path: project.hidden.root, detail: "permission denied: the user who made the store alone may look into it; verify as that user"))
            return result
        }
        try files.watched("verify", .hashed) { () throws(CrateError) in
            // What a stopped reset has left is no finding either.
            for name in try resetNames(scope) { try? completeResets(of: name) }
            for store in try stores(scope) { try store.verify(scope, into: &result) }
            for name in try resetNames(scope) { try verifyResets(of: name, scope, into: &result) }
        }
        result.findings.sort { Path.precedes($0.path, $1.path) }
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
        let names = if let name = scope.name { [name] } else { try knownNames() }
        for name in names {
            let versions = try knownVersions(of: name)
            if scope.name != nil, versions.isEmpty, try resets(of: name).isEmpty { throw .notFound(what: "snapshot", path: name, hint: nil) }
            if let version = scope.version, !versions.contains(version) {
                throw .notFound(what: "version", path: project.versionPath(name, version), hint: nil)
            }
            for version in versions where scope.version == nil || scope.version == version {
                stores.append(store(name, version))
            }
        }
        return stores
    }

    /// Also those whose folder is gone, and whose journal says what was in it.
    private func knownNames() throws(CrateError) -> [String] {
        let folder = project.hidden.allVersions
        let hidden = try files.status(folder)?.kind == .directory ? try files.names(in: folder) : []
        return Set((try names() + hidden).map(ExactText.init)).map(\.text).sorted(by: Path.precedes)
    }

    func knownVersions(of name: String) throws(CrateError) -> [Version] {
        Set(try versions(of: name) + versions(in: project.hidden.series(name))).sorted()
    }

    func versions(in folder: String) throws(CrateError) -> [Version] {
        try files.status(folder)?.kind == .directory ? try files.names(in: folder).compactMap { Version(folder: $0) } : []
    }

    func store(_ name: String, _ version: Version) -> VersionStore {
        store(in: project.versionPath(name, version), project.hidden.version(name, version))
    }

    /// One whose files are in `directory` and whose journal is in `folder`.
    func store(in directory: String, _ folder: String) -> VersionStore {
        let store = VersionStore(files: files, hidden: project.hidden, directory: directory, folder: folder, run: project.run)
        store.patience = project.patience
        return store
    }
}
