import Glibc

/// Where the store keeps what it knows of a version beyond the version's own plain files: `.opencrate/store`, private to the
/// user. The Python library does not look there.
///
/// ```
/// .opencrate/store/
/// ├─ versions/<name>/<version>/   journal, kept states, staged files, locks of one version
/// ├─ open/                        who has set up which version
/// └─ resets/<name>/<id>/          what `reset` took away
/// ```
struct HiddenFolder {
    private static let permissions: UInt32 = 0o700
    let files: Files
    private let projectFolder: String
    /// `.opencrate/store`
    let root: String

    init(files: Files, projectRoot: String) {
        self.files = files
        projectFolder = Path.join(projectRoot, Counters.folderName)
        root = Path.join(projectFolder, "store")
    }

    var allVersions: String { Path.join(root, "versions") }
    func series(_ name: String) -> String { Path.join(allVersions, name) }
    func version(_ name: String, _ version: Version) -> String { Path.join(series(name), version.name) }
    var allResets: String { Path.join(root, "resets") }
    func resets(_ name: String) -> String { Path.join(allResets, name) }

    /// Whether it is another user's, who alone may look into it.
    var isClosed: Bool {
        do throws(CrateError) { _ = try files.status(allVersions) } catch { return error.isRefusal }
        return false
    }

    /// What can't be done without looking into it.
    func refusal(_ operation: String) -> CrateError { .system(operation: operation, path: root, code: EACCES) }

    /// Makes a folder below the root, with those above it, each private and lasting.
    func make(_ folder: String) throws(CrateError) {
        if try files.status(folder)?.kind == .directory { return }
        if folder != root {
            try make(Path.parent(folder))
        } else if try files.status(projectFolder, followingLinks: true) == nil {
            try files.makeLastingDirectory(projectFolder)
        }
        try files.makeLastingDirectory(folder, permissions: HiddenFolder.permissions)
    }

    /// A name that nothing in `folder` has.
    func newID() -> String { String(files.system.entropy.next(), radix: 36) }
}
