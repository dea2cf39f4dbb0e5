import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// How much room there is taken, and freeing it.
extension StoreTests {
    @Test func usageAddsUp() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("12345"))
        try note.backup(tag: "b")
        try note.save(.text("123"))
        let usage = try work.crate.usage("run")
        func bytes(_ name: String) -> Int? { usage.first { $0.name == name }?.bytes }
        #expect(bytes("run/v0/texts/note.txt") == 3 && bytes("run/v0/texts/note.backup_b.txt") == 5 && bytes("run/v0/texts") == 8)
        #expect(bytes("run/v0/(kept)") == 5 && bytes("run/v0") == 13 && bytes("run") == 13)
        #expect(try work.crate.usage().count == usage.count)
    }

    @Test func collectFreesWhatIsKeptAndNothingElse() throws {
        let note = try snapshot.text("note.txt")
        try note.save(.text("one"))
        try note.save(.text("two"))
        let plan = try work.crate.planCollection()
        #expect(plan.items.count == 1 && plan.bytes == 3 && plan.items[0].loses.contains("texts/note.txt"))
        failure("unconfirmed") { _ = try work.crate.collect(confirm: false) }
        _ = try work.crate.collect(confirm: true)
        #expect(try note.load(verify: true).string == "two")
        failure("invalid", "not kept any more") { _ = try snapshot.undo() }
        #expect(try work.crate.planCollection().items.isEmpty && work.crate.verify().findings.isEmpty)
    }

    @Test func retentionKeepsWhatAnyRuleNames() throws {
        for number in 1...4 {
            let version = try work.crate.setup("run", tag: number == 2 ? "paper" : nil)
            try version.json("metrics.json").save(.document(.object([("accuracy", .float(number == 3 ? 0.9 : 0.5))])))
        }
        var rules = Retention()
        rules.last = 1
        rules.isTaggedKept = true
        rules.best = .init(artifact: "metrics.json", key: "accuracy")
        let going = try work.crate.planCollection("run", rules).items.map(\.path).filter { $0.hasPrefix("snapshots") }
        // Of the first nothing says how good it is.
        #expect(going == ["snapshots/run/v1"])
        _ = try work.crate.collect("run", rules, confirm: true)
        #expect(try work.crate.versions(of: "run").map(\.name) == ["v0", "v2:paper", "v3", "v4"])
        var none = Retention()
        none.newerThan = .max
        work.crate.forget("run")
        failure("invalid", "no version") { _ = try work.crate.planCollection("run", none) }
        failure("invalid") { _ = try work.crate.planCollection(nil, rules) }
    }

    @Test func whatAnEndedProcessHadSetUpIsForgotten() throws {
        let open = ".opencrate/store/open"
        let own = try #require(try work.crate.files.names(in: open).first)
        // As one that another process has left, and one that stands for a lock of a process on another machine.
        let gone = String(own.prefix(32)) + "-gone"
        try folder.write(#"{"pid": 4194305, "host": "here", "started": 5, "command": "gone", "since": 0}"#, to: "\(open)/\(gone)")
        for _ in 0..<2 { try work.crate.setup("run") }
        #expect(!folder.exists("\(open)/\(gone)") && folder.exists("\(open)/\(own)"))
        try folder.write(#"{"pid": 7, "host": "elsewhere.example", "started": 5, "command": "crate", "since": 0}"#, to: "\(open)/\(gone).held")
        var rules = Retention()
        rules.last = 1
        let plan = try work.crate.collect("run", rules, confirm: true)
        #expect(plan.held.map(\.path) == ["snapshots/run/v0"] && plan.held[0].holder.contains("process 7 on elsewhere.example"))
        #expect(try work.crate.versions(of: "run").compactMap(\.number) == [0, 2])
    }

    /// Waiting for the disk is what takes the time.
    @Test func collectWaitsOnceForEachFolderHoweverManyVersionsGo() throws {
        work.crate.durability = .fast
        for number in 0..<40 { try work.crate.setup("run").json("metrics.json").save(.document(.object([("loss", .integer(number))]))) }
        let faults = FaultyFileSystem()
        let other = try Workplace.open(folder, OperatingSystem(files: faults))
        var rules = Retention()
        rules.best = .init(artifact: "metrics.json", key: "loss")
        #expect(try other.collect("run", rules, confirm: true).items.count == 78)
        #expect(faults.calls("fsync") == 2)
        #expect(try other.versions(of: "run").compactMap(\.number) == [0, 40] && other.verify().findings.isEmpty)
    }

    @Test func collectThatIsRefusedTakesNothing() throws {
        for number in 0..<3 { try work.crate.setup("run").text("a.txt").save(.text("\(number)")) }
        var rules = Retention()
        rules.last = 1
        let before = folder.everything()
        let faults = FaultyFileSystem()
        let other = try Workplace.open(folder, OperatingSystem(files: faults))
        faults.inject(.firstNamed("fsync", code: EIO))
        failure("system") { _ = try other.collect("run", rules, confirm: true) }
        #expect(folder.everything() == before)
        faults.inject(.none)
        _ = try other.collect("run", rules, confirm: true)
        #expect(try other.versions(of: "run").compactMap(\.number) == [3] && folder.leftovers.isEmpty)
    }

    @Test(arguments: ["flock", "write", "rename", "open", "fsync"], [EIO, EACCES])
    func whatCollectDropsItHasSaidBefore(_ call: String, _ code: Int32) throws {
        for text in ["one", "two"] { try snapshot.text("a.txt").save(.text(text)) }
        let faults = FaultyFileSystem()
        var isDone = false
        for number in 0..<100 where !isDone {
            if try work.crate.planCollection().items.isEmpty { try snapshot.text("a.txt").save(.text("\(number)")) }
            let before = folder.everything().filter { $0.contains("/kept/") }
            let other = try Workplace.open(folder, OperatingSystem(files: faults))
            faults.inject(.namedFrom(call, number, code: code))
            isDone = (try? other.collect(confirm: true)) != nil
            let isRefused = faults.isTriggered
            faults.inject(.none)
            #expect(try work.crate.verify().findings.isEmpty, "\(call) \(number)")
            if !isDone, call != "rename" { #expect(folder.everything().filter { $0.contains("/kept/") } == before, "\(call) \(number)") }
            #expect(isDone || isRefused)
        }
        #expect(isDone)
    }

    @Test func aNameThatIsNotThereIsNamed() throws {
        for (name, error) in [("none", "notFound"), ("../run", "invalid")] {
            failure(error) { _ = try work.crate.usage(name) }
            failure(error) { _ = try work.crate.planCollection(name) }
            failure(error) { _ = try work.crate.collect(name, confirm: true) }
            failure(error) { _ = try work.crate.verify(.init(name: name)) }
        }
        try work.crate.reset("run", confirm: true)
        #expect(try work.crate.usage("run").map(\.sort) == [.snapshot, .resets] && work.crate.collect("run", confirm: true).items.count == 1)
        failure("notFound") { _ = try work.crate.usage("run") }
    }
}
