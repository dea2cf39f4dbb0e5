import Foundation
import Glibc
import Testing

/// What the user who runs the program may not read.
@Suite("files and stores of other users")
struct PermissionTests {
    private let isRoot = geteuid() == 0
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// As a user whom permissions bind: root does without its rights. It stays root, as others may not reach where the program is.
    private func bound(_ script: String) throws -> Program.Finished {
        if !isRoot { return try Program.run(["-c", script], in: folder) }
        return try Program.run(path: "/usr/bin/setpriv", ["--bounding-set=-all", "--inh-caps=-all", try Program.path(), "-c", script], in: folder)
    }

    @Test func anotherUsersStoreOpensForLoadingAndIsNeitherCheckedNorWritten() throws {
        #expect(try Program.run(["-c", "setup \"x\"; save text(\"a.txt\"), \"one\""], in: folder).status == 0)
        #expect(chmod(folder.file(".opencrate/store"), 0) == 0)
        defer { chmod(folder.file(".opencrate/store"), 0o700) }
        let loaded = try bound("setup \"x\", start: \"last\"; print load(text(\"a.txt\"))")
        #expect(loaded.status == 0 && loaded.output == "one\n" && loaded.errors.contains("what is loaded can't be checked"), "\(loaded)")
        for (script, words) in [
            ("verify", "permission denied: the user who made the store alone may look into it"),
            ("setup \"x\", start: \"last\"; save text(\"a.txt\"), \"two\"", "the store is private to the user who made it"),
            ("setup \"x\", start: \"last\"; load text(\"a.txt\"), verify: true", "the store is private to the user who made it"),
            ("setup \"x\", start: \"last\"; backup text(\"a.txt\")", "the store is private to the user who made it"),
            ("setup \"x\"", "the store is private to the user who made it"),
            ("setup \"x\", start: \"last\", replace: true", "the store is private to the user who made it"),
            ("usage", "the store is private to the user who made it"),
        ] {
            let refused = try bound(script)
            #expect(refused.status == 1 && (refused.output + refused.errors).contains(words), "\(script): \(refused)")
        }
        #expect(try folder.read("snapshots/x/v0/texts/a.txt") == "one")
    }

    @Test func whatMayNotBeReadIsNamedAndHidesNothing() throws {
        let made = try bound("setup \"x\"; save text(\"a.txt\"), \"one\"; save text(\"b.txt\"), \"two\"; save json(\"c.json\"), 1; setup \"x\"; save text(\"d.txt\"), \"x\"")
        #expect(made.status == 0, "\(made)")
        let (v0, v1) = ("snapshots/x/v0", ".opencrate/store/versions/x/v1/journal.jsonl")
        try folder.write(v0 + "/texts/b.txt", "changed")
        let closed = [v0 + "/texts/a.txt", v0 + "/jsons", v1].map { folder.file($0) }
        for path in closed { #expect(chmod(path, 0) == 0) }
        defer { for path in closed { chmod(path, 0o700) } }
        let found = try bound("verify")
        let lines = found.output.split(separator: "\n").map { String($0) }
        #expect(found.status == 1 && lines.count == 5, "\(found)")
        for path in [v0 + "/texts/a.txt", v0 + "/jsons", v1] { #expect(lines.contains { $0.hasPrefix("unreadable  \(path)  permission denied") }, "\(found)") }
        #expect(lines.contains { $0.hasPrefix("changed  \(v0)/texts/b.txt") }, "\(found)")
        // Nothing that can't be seen is taken for deleted.
        #expect(try bound("verify adopt: true").errors.contains("Permission denied"))
    }
}
