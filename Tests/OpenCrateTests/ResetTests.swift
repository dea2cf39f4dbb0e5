import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// A reset is done or not done, never half; and a counter that is no number is not counted on from.
@Suite struct ResetTests {
    let folder: TemporaryFolder
    let faults = FaultyFileSystem()
    let crate: Crate

    init() throws {
        folder = try TemporaryFolder()
        crate = try Workplace.open(folder, OperatingSystem(files: faults, clock: SteppingClock()))
    }

    /// All but what the store keeps for itself.
    private var shown: [String] { folder.everything().filter { !$0.hasPrefix(".opencrate/store") } }

    @Test func aResetThatFailsChangesNothing() throws {
        for number in 0..<1000 {
            faults.inject(.none)
            try crate.setup("run", start: .new).text("a.txt").save(.text("kept"))
            let before = shown
            faults.inject(.once(number, code: EIO))
            do {
                try crate.reset("run", confirm: true)
                // What fails after the commit only leaves something to clear away.
                let isUndisturbed = !faults.isTriggered
                faults.inject(.none)
                #expect(try !folder.exists("snapshots/run") && crate.newestVersion(of: "run") == nil)
                if isUndisturbed { return #expect(number > 5) }
                try crate.setup("other").removeLeftovers()
                try crate.reset("other", confirm: true)
                #expect(folder.leftovers.isEmpty)
            } catch {
                faults.inject(.none)
                // When the sync after the counter's change has failed, the number is gone, but no version.
                #expect(shown == before, "after call \(number): \(error)")
                try crate.reset("run", confirm: true)
            }
        }
        Issue.record("the reset never ran undisturbed")
    }

    @Test func whatCantBeRemovedStaysHiddenUntilItCan() throws {
        let snapshot = try crate.setup("run")
        let labels = try snapshot.directory("labels")
        try labels.save(.folder([.init(path: "a.txt", bytes: Bytes([]))]))
        try labels.delete(confirm: true)
        faults.inject(.named(["unlink", "rmdir"], code: EACCES))
        #expect(try crate.collect(confirm: true).items.count == 1)
        #expect(!folder.leftovers.isEmpty)
        faults.inject(.none)
        _ = try crate.collect(confirm: true)
        #expect(folder.leftovers.isEmpty)
    }

    @Test func aResetIsTakenBackWithItsNumberAndItsJournals() throws {
        let note = try crate.setup("run").text("a.txt")
        try note.save(.text("one"))
        try note.save(.text("two"))
        #expect(try crate.reset("run", confirm: true) == 3)
        #expect(try crate.names().isEmpty && crate.newestVersion(of: "run") == nil)
        try crate.undoReset("run")
        let again = try crate.setup("run", start: .last)
        #expect(try again.text("a.txt").load(verify: true).string == "two")
        #expect(try again.undo().map(\.operation) == ["save"])
        #expect(try again.text("a.txt").load().string == "one")
        failure("notFound") { try crate.undoReset("run") }
        try crate.reset("run", confirm: true)
        try crate.setup("run")
        failure("alreadyExists") { try crate.undoReset("run") }
    }

    /// The one file below `resets` whose path ends so.
    private func kept(_ end: String) throws -> String {
        try #require(folder.everything().first { $0.contains("/resets/") && $0.hasSuffix(end) })
    }

    @Test(arguments: [("v0/texts/k", "changed"), ("v0/texts/other", "changed"), ("v0/journal.jsonl", "torn"), ("record.json", "changed")])
    func whatAResetKeepsIsVerifiedAndDamageIsNamedWhenItComesBack(_ end: String, _ problem: String) throws {
        let echoed = Echo()
        crate.echo = { if $0.level == .warning { echoed.records.append($0) } }
        let snapshot = try crate.setup("z", start: .number(0))
        for name in ["k", "other"] { try snapshot.text(name).save(.text("lllll")) }
        try crate.setup("z").text("k").save(.text("second"))
        try crate.reset("z", confirm: true)
        #expect(try crate.verify().findings.isEmpty && crate.verify().checked == 3)
        let path = try kept(end)
        var bytes = try folder.bytes(path)
        bytes[4] ^= 1
        try folder.write(bytes, to: path)
        for scope in [VerificationScope(), VerificationScope(name: "z")] {
            let found = try crate.verify(scope).findings
            #expect(found.contains { $0.path == path && $0.problem.rawValue == problem }, "\(found)")
        }
        let damage = try crate.undoReset("z")
        let place = end == "record.json" ? path : (end.contains("texts") ? "snapshots/z/" : ".opencrate/store/versions/z/") + end
        #expect(damage.contains { $0.path == place && $0.problem.rawValue == problem })
        #expect(echoed.messages.count == damage.count && echoed.messages.contains { $0.contains("'\(place)' is \(problem)") })
        // The sound rest is there, with its number.
        #expect(try crate.setup("z", start: .last).version == 1)
        #expect(try crate.setup("z", start: .last).text("k").load(verify: true).string == "second")
    }

    @Test(arguments: ["v0/journal.jsonl", "v0/texts/k", "record.json"])
    func whatIsMissingOfAResetIsNamed(_ end: String) throws {
        try crate.setup("z").text("k").save(.text("lllll"))
        try crate.reset("z", confirm: true)
        let path = try kept(end)
        try crate.files.remove(path)
        let found = try crate.verify().findings
        // Without a journal nobody knows the files.
        if end.hasSuffix(".jsonl") { #expect(found.map(\.problem) == [.unknown] && found[0].path.hasSuffix("v0/texts/k")) } else { #expect(found.map(\.path) == [path] && found[0].problem == .missing) }
        #expect(try crate.undoReset("z").map(\.problem) == found.map(\.problem))
    }

    @Test func aResetWhoseFilesAreGoneIsNamed() throws {
        try crate.setup("z").text("k").save(.text("lllll"))
        try crate.reset("z", confirm: true)
        let all = try kept("/files")
        try crate.files.discard(all)
        #expect(try crate.verify().findings.map(\.path) == [all])
        failure("notFound", "gc") { try crate.undoReset("z") }
        _ = try crate.collect("z", confirm: true)
        #expect(try crate.verify().findings.isEmpty)
    }

    @Test func removingNamesWhatIsInTheWay() throws {
        try folder.write("x", to: "tree/locked/a.txt")
        chmod(folder.path("tree/locked"), 0o555)
        defer { chmod(folder.path("tree/locked"), 0o755) }
        // The superuser is not held back by permissions.
        if getuid() == 0 { return }
        failure("system", "\"tree/locked/a.txt\"") { try crate.files.remove("tree") }
    }

    @Test(arguments: ["-5", "\"x\"", "1.5", "1e30", "null", "123456789012345678901234567890"])
    func aCounterThatIsNoNumberIsNamedAndKept(_ value: String) throws {
        let config = #"{"snapshot_version": {"run": \#(value), "other": 3}}"#
        try folder.write(config, to: ".opencrate/config.json")
        for start in [Start.new, .last, .number(0), .dev] { failure("format.malformed", "run") { try crate.setup("run", start: start) } }
        failure("format.malformed") { _ = try crate.newestVersion(of: "run") }
        #expect(try folder.text(".opencrate/config.json") == config && !folder.exists("snapshots"))
        #expect(try crate.setup("other").version == 4)
        try crate.reset("run", confirm: true)
        #expect(try crate.setup("run").version == 0)
    }

    @Test func warningsOfTheReaderAreLogged() throws {
        let snapshot = try crate.setup("run")
        let clip = try snapshot.audio("clip.wav")
        let samples = try #require(Tensor(dtype: .int16, shape: [400], bytes: Bytes([UInt8](repeating: 0, count: 800))))
        try clip.save(.audio(AudioClip(samples: samples, sampleRate: 8000)))
        let whole = try folder.bytes(clip.path)
        let log = "snapshots/run/v0/run.log"
        _ = try clip.load()
        #expect(try !folder.text(log).contains("WARNING"))
        try folder.write(Array(whole.dropLast(200)), to: "short.wav")
        try clip.save(from: "short.wav")
        #expect(try folder.text(log).contains("WARNING  'short.wav' ends early: 600 of 800 bytes"))
        _ = try clip.load()
        #expect(try folder.text(log).contains("WARNING  '\(clip.path)' ends early"))
    }
}
