import CrateFormats
import CrateValues
import Glibc
import Testing

@testable import OpenCrate

/// Every call of every operation is the one at which the process is killed or the system refuses, on a disk that forgets any part of what was not
/// synchronised. A fresh process then opens the store, and every promise is looked at.
@Suite struct CrashTests {
    /// Losses of power tried at each call, beside those that keep nothing and all.
    static let chances = 4

    /// One operation and what the store may look like around it.
    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let prepare: @Sendable (Crate, Snapshot) throws -> Void
        let operation: @Sendable (Crate, Snapshot) throws -> Void
        /// All that matters, as text.
        let before: String
        let after: String
        /// Whether `undo` leads back to `before`.
        var isUndoable = true
    }

    static let scenarios: [Scenario] = [
        Scenario(testDescription: "save new", prepare: { _, _ in }, operation: { _, s in try s.text("a.txt").save(.text("new")) }, before: "", after: "a.txt=new"),
        Scenario(
            testDescription: "overwrite", prepare: { _, s in try s.text("a.txt").save(.text("old")) },
            operation: { _, s in try s.text("a.txt").save(.text("new")) }, before: "a.txt=old", after: "a.txt=new"),
        Scenario(
            testDescription: "overwrite with as many bytes twice",
            prepare: { _, s in
                try s.text("a.txt").save(.text("one"))
                try s.text("a.txt").save(.text("two"))
            }, operation: { _, s in try s.text("a.txt").save(.text("six")) }, before: "a.txt=two", after: "a.txt=six"),
        Scenario(
            testDescription: "overwrite a folder", prepare: { _, s in try s.directory("d").save(folder("old")) },
            operation: { _, s in try s.directory("d").save(folder("new")) }, before: "d=old,old", after: "d=new,new"),
        Scenario(
            testDescription: "backup", prepare: { _, s in try s.text("a.txt").save(.text("old")) },
            operation: { _, s in try s.text("a.txt").backup(tag: "b") }, before: "a.txt=old", after: "a.backup_b.txt=old a.txt=old"),
        Scenario(
            testDescription: "restore",
            prepare: { _, s in
                try s.text("a.txt").save(.text("old"))
                try s.text("a.txt").backup(tag: "b")
                try s.text("a.txt").save(.text("now"))
            }, operation: { _, s in try s.text("a.txt").restore(tag: "b") }, before: "a.backup_b.txt=old a.txt=now", after: "a.backup_b.txt=old a.txt=old"),
        Scenario(
            testDescription: "delete", prepare: { _, s in try s.text("a.txt").save(.text("old")) },
            operation: { _, s in try s.text("a.txt").delete(confirm: true) }, before: "a.txt=old", after: ""),
        Scenario(
            testDescription: "undo of a save",
            prepare: { _, s in
                try s.text("a.txt").save(.text("one"))
                try s.text("a.txt").save(.text("two"))
            }, operation: { _, s in _ = try s.undo() }, before: "a.txt=two", after: "a.txt=one", isUndoable: false),
        Scenario(
            testDescription: "undo of a delete",
            prepare: { _, s in
                try s.text("a.txt").save(.text("one"))
                try s.text("a.txt").delete(confirm: true)
            }, operation: { _, s in _ = try s.undo() }, before: "", after: "a.txt=one", isUndoable: false),
        Scenario(
            testDescription: "transaction",
            prepare: { _, s in
                try s.text("a.txt").save(.text("old"))
                try s.text("c.txt").save(.text("old"))
                try s.directory("d").save(folder("old"))
            },
            operation: { _, s in
                try s.transaction { () throws(CrateError) in
                    try s.text("a.txt").save(.text("new"))
                    try s.text("b.txt").save(.text("new"))
                    try s.text("c.txt").delete(confirm: true)
                    try s.directory("d").save(folder("new"))
                }
            }, before: "a.txt=old c.txt=old d=old,old", after: "a.txt=new b.txt=new d=new,new"),
        Scenario(
            testDescription: "replace", prepare: { _, s in try s.text("a.txt").save(.text("old")) },
            operation: { c, _ in try c.setup("run", start: .last, replace: true) }, before: "a.txt=old", after: ""),
        Scenario(
            testDescription: "gc",
            prepare: { _, s in
                try s.text("a.txt").save(.text("one"))
                try s.text("a.txt").save(.text("two"))
                try s.directory("d").save(folder("old"))
                try s.directory("d").delete(confirm: true)
            }, operation: { c, _ in _ = try c.collect(confirm: true) }, before: "a.txt=two", after: "a.txt=two", isUndoable: false),
        Scenario(
            testDescription: "undo of replace",
            prepare: { c, s in
                try s.text("a.txt").save(.text("old"))
                try c.setup("run", start: .last, replace: true)
            }, operation: { _, s in _ = try s.undo() }, before: "", after: "a.txt=old", isUndoable: false),
    ]

    static func folder(_ text: String) -> Content {
        .folder(["a.txt", "b/c.txt"].map { .init(path: $0, bytes: Bytes(text.utf8)) })
    }

    @Test(arguments: scenarios)
    func killedOrWithoutPowerAtEachCall(_ scenario: Scenario) throws {
        let start = try prepared(scenario)
        let calls = try count(scenario, start)
        #expect(calls > 5)
        for number in 0...calls {
            let (disk, isDone) = try run(scenario, start, .killed(from: number))
            #expect(isDone || number < calls)
            // Only the process has gone: the system still writes what it was given.
            try check(scenario, disk.afterLossOfPower(.everything), isDone, "killed at \(number)")
            try check(scenario, disk.afterLossOfPower(.nothing), isDone, "nothing kept at \(number)")
            for chance in 0..<Self.chances {
                try check(scenario, disk.afterLossOfPower(.some(UInt64(number * 1000 + chance))), isDone, "part \(chance) kept at \(number)")
            }
        }
    }

    @Test(arguments: scenarios, [EIO, ENOSPC, 0])
    func eachCallRefused(_ scenario: Scenario, _ code: Int32) throws {
        let start = try prepared(scenario)
        for number in 0...(try count(scenario, start)) {
            let (disk, isDone) = try run(scenario, start, code == 0 ? .shortWrite(number) : .once(number, code: code))
            try check(scenario, disk.afterLossOfPower(.everything), isDone, "refused \(number)")
            if isDone { try check(scenario, disk.afterLossOfPower(.nothing), isDone, "refused \(number), then nothing kept") }
        }
    }

    @Test func aResetIsDoneOrNotAndCanBeTakenBack() throws {
        let start = try prepared(Self.scenarios[1])
        let reset = Scenario(testDescription: "reset", prepare: { _, _ in }, operation: { c, _ in try c.reset("run", confirm: true) }, before: "", after: "")
        for number in 0...(try count(reset, start)) {
            let (disk, isDone) = try run(reset, start, .killed(from: number))
            for survival in [.everything, .nothing] + (0..<Self.chances).map({ SimulatedDisk.Survival.some(UInt64(number * 1000 + $0)) }) {
                let crate = try open(SimulatedFileSystem(disk.afterLossOfPower(survival)))
                let isThere = try crate.names().contains("run")
                #expect(!isDone || !isThere, "killed at \(number), \(survival)")
                // A reset that was begun is finished by the next one who comes, and then all of it can be had back.
                if !isThere {
                    try crate.completeResets(of: "run")
                    #expect(try crate.newestVersion(of: "run") == nil)
                    try crate.undoReset("run")
                }
                let snapshot = try crate.setup("run", start: .last)
                #expect(try content(of: snapshot) == "a.txt=old", "killed at \(number), \(survival)")
                #expect(try crate.verify().findings == [])
            }
        }
    }

    @Test func aSetupHandsOutEachNumberOnceAndHarmsNothing() throws {
        let start = try prepared(Self.scenarios[1])
        let setup = Scenario(testDescription: "setup", prepare: { _, _ in }, operation: { c, _ in try c.setup("run", tag: "t") }, before: "", after: "")
        for number in 0...(try count(setup, start)) {
            let (disk, isDone) = try run(setup, start, .killed(from: number))
            for survival in [.everything, .nothing] + (0..<Self.chances).map({ SimulatedDisk.Survival.some(UInt64(number * 1000 + $0)) }) {
                let crate = try open(SimulatedFileSystem(disk.afterLossOfPower(survival)))
                #expect(try !isDone || crate.versions(of: "run").contains(Version(number: 1, tag: "t")))
                let next = try crate.setup("run")
                #expect(next.version == 2 || (!isDone && next.version == 1), "killed at \(number)")
                #expect(try content(of: crate.setup("run", start: .number(0))) == "a.txt=old")
            }
        }
    }

    // MARK: parts

    private func system(_ calls: SimulatedFileSystem) -> OperatingSystem {
        OperatingSystem(files: calls, clock: SteppingClock(), entropy: CountingEntropy(), processes: OneProcess())
    }

    private func open(_ calls: SimulatedFileSystem) throws -> Crate {
        let crate = try Crate(at: ".", files: Files(workingDirectory: "/w", system: system(calls)))
        crate.patience = 0
        return crate
    }

    /// The disk before the operation, everything on it for certain.
    private func prepared(_ scenario: Scenario) throws -> SimulatedDisk {
        let calls = SimulatedFileSystem()
        try calls.makeDirectory("/w")
        let crate = try open(calls)
        let snapshot = try crate.setup("run")
        try scenario.prepare(crate, snapshot)
        return calls.disk.afterLossOfPower(.everything)
    }

    private func count(_ scenario: Scenario, _ start: SimulatedDisk) throws -> Int {
        let calls = SimulatedFileSystem(start)
        let crate = try open(calls)
        let snapshot = try crate.setup("run", start: .last)
        calls.inject(.none)
        try scenario.operation(crate, snapshot)
        return calls.calls
    }

    private func run(_ scenario: Scenario, _ start: SimulatedDisk, _ fault: SimulatedFileSystem.Fault) throws -> (disk: SimulatedDisk, isDone: Bool) {
        let calls = SimulatedFileSystem(start)
        let crate = try open(calls)
        let snapshot = try crate.setup("run", start: .last)
        calls.inject(fault)
        var isDone = true
        do { try scenario.operation(crate, snapshot) } catch { isDone = false }
        // Before objects that hold files go: a killed process closes nothing in order.
        let disk = calls.disk
        return withExtendedLifetime((crate, snapshot)) { (disk, isDone) }
    }

    private func check(_ scenario: Scenario, _ disk: SimulatedDisk, _ isDone: Bool, _ place: String) throws {
        let calls = SimulatedFileSystem(disk)
        let crate = try open(calls)
        let snapshot = try crate.setup("run", start: .last)
        let found: String
        do { found = try content(of: snapshot) } catch {
            Issue.record("\(place): \(error)\n\(everything(calls).joined(separator: "\n"))")
            return
        }
        let comment: Comment = "\(scenario.testDescription), \(place): found \(found)"
        #expect(found == scenario.after || (!isDone && found == scenario.before), comment)
        #expect(try crate.verify().findings == [], comment)
        #expect(leftovers(calls).isEmpty, comment)
        if scenario.isUndoable, found == scenario.after, isDone {
            _ = try snapshot.undo()
            #expect(try content(of: snapshot) == scenario.before, "\(place): undone")
            #expect(try crate.verify().findings == [], "\(place): undone")
        }
        // The store goes on working.
        try snapshot.text("later.txt").save(.text("later"))
        #expect(try snapshot.text("later.txt").load(verify: true).string == "later")
    }

    private func content(of snapshot: Snapshot) throws -> String {
        try snapshot.artifacts(includingBackups: true).filter { $0.kind == "text" || $0.kind == "directory" }.map { artifact in
            switch try artifact.load(verify: true) {
            case .folder(let entries): "\(artifact.name)=" + entries.map { String(decoding: $0.bytes.array, as: UTF8.self) }.joined(separator: ",")
            case let content: "\(artifact.name)=\(content.string ?? "?")"
            }
        }.joined(separator: " ")
    }

    private func leftovers(_ calls: SimulatedFileSystem) -> [String] { everything(calls).filter { $0.contains(NameRules.temporaryPrefix) } }

    private func everything(_ calls: SimulatedFileSystem) -> [String] {
        var found: [String] = []
        func walk(_ path: String) {
            for name in (try? calls.names(in: path)) ?? [] {
                found.append("\(path)/\(name)")
                walk("\(path)/\(name)")
            }
        }
        walk("/w")
        return found
    }
}

/// Names that no two processes of a test have.
struct CountingEntropy: Entropy {
    private static let count = Tally()
    func next() -> UInt64 {
        var generator = SimulatedEntropy(seed: UInt64(CountingEntropy.count.next()))
        return generator.next()
    }
}

/// A machine with one process.
struct OneProcess: Processes {
    var current: ProcessIdentity { ProcessIdentity(number: 1, host: "here", started: 1, command: "test") }
    func isAlive(_ process: ProcessIdentity) -> Bool { process.number == 1 }
}
