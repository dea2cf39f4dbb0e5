import CrateValues
import Testing

@testable import OpenCrate

@Suite struct SetupTests {
    let work: Workplace
    init() throws { work = try Workplace() }

    @Test func firstSetupMakesMarkerFolderAndLog() throws {
        let snapshot = try work.crate.setup("snapshot_guide", start: .new, tag: "initial-run")
        #expect(snapshot.version == 0)
        #expect(snapshot.versionName == "v0:initial-run")
        #expect(snapshot.name == "snapshot_guide" && snapshot.tag == "initial-run" && snapshot.exists)
        #expect(snapshot.directoryPath == "snapshots/snapshot_guide/v0:initial-run")
        #expect(try work.folder.text(".opencrate/config.json") == "{\n    \"snapshot_version\": {\n        \"snapshot_guide\": 0\n    }\n}")
        #expect(
            work.folder.everything().filter { !$0.contains("/open/") } == [
                ".opencrate", ".opencrate/config.json", ".opencrate/store", ".opencrate/store/open", "snapshots", "snapshots/snapshot_guide", "snapshots/snapshot_guide/v0:initial-run",
                "snapshots/snapshot_guide/v0:initial-run/snapshot_guide.log",
            ])
    }

    @Test func absoluteFoldersShowInPaths() throws {
        let crate = try Crate(at: work.folder.path)
        #expect(try crate.setup("run").directoryPath == "\(work.folder.path)/snapshots/run/v0")
    }

    @Test func newCountsUpAcrossTags() throws {
        #expect(try work.crate.setup("run", start: .new, tag: "a").versionName == "v0:a")
        #expect(try work.crate.setup("run", start: .new).versionName == "v1")
        #expect(try work.crate.setup("run", start: .new, tag: "a").versionName == "v2:a")
        #expect(try work.crate.setup("other").versionName == "v0")
        #expect(try work.crate.tags(of: "run") == ["a"])
        #expect(try work.crate.versions(of: "run").map(\.name) == ["v0:a", "v1", "v2:a"])
        #expect(try work.crate.names() == ["other", "run"])
        #expect(try work.crate.newestVersion(of: "run") == 2)
    }

    @Test func lastResumesWithTheTagGivenNow() throws {
        try work.crate.setup("run", start: .new, tag: "a")
        try work.crate.setup("run", start: .new, tag: "b")
        #expect(try work.crate.setup("run", start: .last, tag: "b").versionName == "v1:b")
        #expect(try work.crate.setup("run", start: .last, tag: "c").versionName == "v1:c")
        #expect(try work.crate.setup("run", start: .last).versionName == "v1")
        #expect(try work.crate.versions(of: "run").map(\.name) == ["v0:a", "v1", "v1:b", "v1:c"])
    }

    @Test func numberResumesOrMakesTheNext() throws {
        #expect(try work.crate.setup("run", start: .number(0)).versionName == "v0")
        #expect(try work.crate.setup("run", start: .number(1)).versionName == "v1")
        #expect(try work.crate.setup("run", start: .number(0), tag: "again").versionName == "v0:again")
        #expect(try work.crate.newestVersion(of: "run") == 1)
        failure("notFound", "v1") { try work.crate.setup("run", start: .number(3)) }
        failure("notFound", "v7 does not exist") { try work.crate.setup("run", start: .number(7)) }
        failure("invalid") { try work.crate.setup("run", start: .number(-1)) }
        #expect(try work.crate.newestVersion(of: "run") == 1)
    }

    @Test func nothingToResume() throws {
        failure("notFound", "no snapshots are created for `run`") { try work.crate.setup("run", start: .last) }
        failure("notFound", "no snapshots are created for `run`") { try work.crate.setup("run", start: .number(1)) }
        #expect(!work.folder.exists("snapshots"))
    }

    @Test func devHasNoNumber() throws {
        let snapshot = try work.crate.setup("run", start: .dev, tag: "try")
        #expect(snapshot.version == nil && snapshot.versionName == "dev:try")
        #expect(try work.crate.setup("run", start: .dev).versionName == "dev")
        #expect(try work.crate.newestVersion(of: "run") == nil)
        #expect(try work.crate.setup("run", start: .new).versionName == "v0")
    }

    @Test func startAsUsersTypeIt() throws {
        #expect(try Start("new") == .new)
        #expect(try Start("last") == .last)
        #expect(try Start("dev") == .dev)
        #expect(try Start("12") == .number(12))
        for wrong in ["newest", "", "-1", "1.5", "v1"] { failure("invalid") { _ = try Start(wrong) } }
    }

    @Test func replaceEmptiesTheVersion() throws {
        try work.crate.setup("run", tag: "a").text("old.txt").save(.text("old"))
        let resumed = try work.crate.setup("run", start: .last, tag: "a")
        #expect(try resumed.text("old.txt").exists)
        let replaced = try work.crate.setup("run", start: .last, tag: "a", replace: true)
        #expect(try !replaced.text("old.txt").exists)
        #expect(!work.folder.exists("snapshots/run/v0:a/run.history.log"))
    }

    @Test func otherKeysOfTheMarkerStay() throws {
        let config = #"{"title": "Prüfung ✓", "python": {"b": 1.0, "a": [1, null, 1e400]}, "snapshot_version": {"x": 4, "run": 1}, "big": 123456789012345678901234567890}"#
        try work.folder.write(config, to: ".opencrate/config.json")
        #expect(try work.crate.setup("run", start: .new).version == 2)
        let written = try work.folder.text(".opencrate/config.json")
        #expect(
            written == """
                {
                    "title": "Pr\\u00fcfung \\u2713",
                    "python": {
                        "b": 1.0,
                        "a": [
                            1,
                            null,
                            Infinity
                        ]
                    },
                    "snapshot_version": {
                        "x": 4,
                        "run": 2
                    },
                    "big": 123456789012345678901234567890
                }
                """)
    }

    @Test(arguments: ["[1]", "{\"snapshot_version\": 3}", "{", ""])
    func damagedMarkerIsNamedAndKept(_ config: String) throws {
        try work.folder.write(config, to: ".opencrate/config.json")
        failure("format.\(config.isEmpty || config == "{" ? "truncated" : "malformed")", ".opencrate/config.json") { try work.crate.setup("run") }
        #expect(try work.folder.text(".opencrate/config.json") == config)
    }

    @Test func newNeverWritesIntoAFolderThatIsThere() throws {
        try work.folder.write("kept", to: "snapshots/run/v0/texts/a.txt")
        try work.folder.write("kept", to: "snapshots/run/v1:b/texts/a.txt")
        #expect(try work.crate.setup("run", start: .new).version == 2)
        #expect(try work.folder.text("snapshots/run/v0/texts/a.txt") == "kept")
    }

    @Test func resetRemovesOnlyThatName() throws {
        let snapshot = try work.crate.setup("run")
        try work.crate.setup("other")
        failure("unconfirmed", "run") { try work.crate.reset("run", confirm: false) }
        #expect(snapshot.exists)
        try work.crate.reset("run", confirm: true)
        #expect(!snapshot.exists)
        #expect(try work.crate.newestVersion(of: "run") == nil)
        #expect(try work.crate.newestVersion(of: "other") == 0)
        #expect(try work.crate.setup("run", start: .new).version == 0)
    }

    @Test func handlesFromBeforeAResetCantWrite() throws {
        let snapshot = try work.crate.setup("run")
        let greeting = try snapshot.text("a.txt")
        try work.crate.reset("run", confirm: true)
        failure("notSetUp") { try greeting.save(.text("x")) }
        failure("notSetUp") { try snapshot.log(.info, "x") }
        failure("notSetUp") { try work.crate.log(.info, "x") }
        #expect(!work.folder.exists("snapshots/run"))
        try work.crate.setup("run")
        failure("notSetUp") { try greeting.save(.text("x")) }
    }

    @Test func loggingBeforeSetup() throws { failure("notSetUp") { try work.crate.log(.info, "too early") } }

    @Test func missingFolder() throws { failure("notFound") { _ = try Crate(at: work.folder.path("nowhere")) } }

    @Test(arguments: ["", ".", "..", "a/b", "/abs", "a\nb", "a\u{7F}", String(repeating: "x", count: 256), ".crate-tmp-1", "a\u{85}", "a\u{202E}txt.exe", "a\u{2028}b"])
    func badNames(_ name: String) throws {
        let snapshot = try work.crate.setup("run")
        let before = work.folder.everything()
        failure("invalid") { try work.crate.setup(name) }
        failure("invalid") { try work.crate.reset(name, confirm: true) }
        failure("invalid") { _ = try snapshot.text(name) }
        failure("invalid") { _ = try snapshot.path(kind: "text", name: name) }
        if !name.isEmpty { failure("invalid") { try work.crate.setup("run", tag: name) } }
        #expect(work.folder.everything() == before)
    }

    @Test func linksInPlaceOfFoldersAreRefused() throws {
        let elsewhere = try TemporaryFolder()
        let snapshot = try work.crate.setup("run")
        try work.folder.link("snapshots/run/v0/texts", to: elsewhere.path)
        failure("invalid", "symbolic link") { try snapshot.text("a.txt").save(.text("x")) }
        try work.folder.link("snapshots/run/v1", to: elsewhere.path)
        failure("invalid", "symbolic link") { try work.crate.setup("run", start: .number(1)) }
        #expect(elsewhere.everything().isEmpty)
    }

    @Test func numbersAreHandedOutOnce() async throws {
        let folder = work.folder.path
        let numbers = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let crate = try Crate(at: folder)
                    return try (0..<10).compactMap { _ in try crate.setup("run", start: .new).version }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(numbers.sorted() == Array(0..<40))
    }
}
