import CrateFormats
import CrateValues

/// What a crate and its snapshots share.
final class Project {
    let files: Files
    /// What paths begin with: empty when the crate is the working directory, so that they read `snapshots/…`.
    let root: String
    var handlers: HandlerRegistry
    var limits = Limits.standard
    var echo: ((LogRecord) -> Void)?
    /// How often each name was reset, so that handles from before can't write into what was removed.
    private var resetCounts: [ExactText: Int] = [:]

    init(files: Files, root: String, handlers: HandlerRegistry) {
        self.files = files
        self.root = root
        self.handlers = handlers
    }

    /// Names the operations of this process in journals.
    lazy var run = String(files.system.entropy.next(), radix: 36)
    /// Nanoseconds that writers of one artifact wait for each other.
    var patience = ArtifactLock.standardPatience

    var hidden: HiddenFolder { HiddenFolder(files: files, projectRoot: root) }

    func resetCount(of name: String) -> Int { resetCounts[ExactText(name)] ?? 0 }
    func noteReset(of name: String) { resetCounts[ExactText(name), default: 0] += 1 }

    func seriesPath(_ name: String) -> String { Path.join(Path.join(root, "snapshots"), name) }
    func versionPath(_ name: String, _ version: Version) -> String { Path.join(seriesPath(name), version.name) }

    /// Below `snapshots` no folder may be a link, so that nothing is written elsewhere.
    func makeVersionFolder(_ name: String, _ version: Version) throws(CrateError) {
        // The folder of all may be a link to a larger disk.
        let all = Path.join(root, "snapshots")
        if try files.status(all, followingLinks: true) == nil { try files.makeLastingDirectory(all) }
        try makeRealFolder(seriesPath(name))
        try makeRealFolder(versionPath(name, version))
    }

    func makeRealFolder(_ path: String) throws(CrateError) {
        switch try files.status(path)?.kind {
        case .directory?: return
        case .symbolicLink?:
            throw .invalid(what: "folder", reason: "`\(path)` is a symbolic link", hint: "replace it by a folder; links are not followed on writing")
        default: try files.makeLastingDirectory(path)
        }
    }
}
