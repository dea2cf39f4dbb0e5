import CrateFormats
import CrateValues
import Foundation
import Glibc
import Testing

@testable import OpenCrate

/// Random operations by several users of one store, one of them the real program, held against a model after each.
///
/// `CRATE_MODEL_STEPS` makes a run longer, `CRATE_MODEL_SEED` repeats one; `CRATE_BINARY` names the program.
@Suite struct ModelTests {
    @Test func anySequenceOfOperationsDoesWhatTheModelSays() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["CRATE_MODEL_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000)
        let steps = environment["CRATE_MODEL_STEPS"].flatMap { Int($0) } ?? 2000
        let run = try ModelRun(seed: seed, program: environment["CRATE_BINARY"])
        do {
            for _ in 0..<steps { try run.step() }
            try run.checkAll()
        } catch {
            Issue.record("seed \(seed): \(error)\n\(run.story)")
        }
        print("model: seed \(seed), \(run.summary)")
    }
}

/// Something is not as the model has it.
struct Difference: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// One of the users of the store: a process, as far as the store can tell.
final class ModelHand {
    var crate: Crate
    var snapshot: Snapshot?
    /// What the transaction under way will do; `nil` outside of one.
    var staged: [(file: String, after: StoreModel.File?)]?
    /// The artifacts that it has to itself.
    var held = Set<String>()

    init(_ crate: Crate) { self.crate = crate }
}

final class ModelRun {
    private let folder: TemporaryFolder
    private var dice: SimulatedEntropy
    private var model = StoreModel()
    private var hands: [ModelHand] = []
    private let program: String?
    private var told: [String] = []
    /// Warnings of changes from outside, of which each is taken as it is at once: nobody should give one.
    private var warnings: [String] = []
    private var (steps, byProgram, refused, checks) = (0, 0, 0, 0)
    private static let names = ["one", "two"]
    private static let artifacts = ["texts/a.txt", "texts/b.txt", "directories/d"]

    init(seed: UInt64, program: String?) throws {
        folder = try TemporaryFolder()
        dice = SimulatedEntropy(seed: seed)
        self.program = program
        for _ in 0..<3 { hands.append(ModelHand(try open())) }
    }

    /// The last steps, for whoever looks into a failure.
    var story: String { told.suffix(25).joined(separator: "\n") }
    var summary: String { "\(steps) steps, \(byProgram) of them by the program, \(refused) refused as they should be, \(checks) whole checks" }

    private func open() throws -> Crate {
        let crate = try Workplace.open(folder, OperatingSystem())
        crate.durability = .fast
        crate.patience = 0
        crate.echo = { [weak self] in if $0.message.contains("outside of crate") { self?.warnings.append($0.message) } }
        return crate
    }

    func step() throws {
        steps += 1
        let hand = draw(hands)
        if hand.snapshot == nil || (hand.staged == nil && roll(8)) { try setup(hand) } else if roll(3) { try changeMore(hand) } else { try change(hand) }
        if let warning = warnings.first { throw Difference("warned without a reason: \(warning)") }
        if steps % 200 == 0 { try checkAll() }
    }

    // MARK: chance

    private func draw<Item>(_ items: [Item]) -> Item { items[Int.random(in: 0..<items.count, using: &dice)] }
    /// True once in `sides` throws.
    private func roll(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &dice) == 0 }
    private func newText() -> String { "\(steps) " + String(repeating: "x", count: Int.random(in: 0..<40, using: &dice)) }

    // MARK: doing and comparing

    /// Does the same to the store and to the model; both must succeed, or refuse by the same kind of error.
    private func both<Answer: Equatable>(_ what: String, _ real: () throws -> Answer, _ modelled: () throws(StoreModel.Refusal) -> Answer) throws {
        told.append("\(steps): \(what)")
        let expected: Result<Answer, StoreModel.Refusal>
        do { expected = .success(try modelled()) } catch {
            expected = .failure(error)
            refused += 1
        }
        let found: Result<Answer, StoreModel.Refusal>
        do { found = .success(try real()) } catch let error as CrateError {
            found = .failure(StoreModel.Refusal(error.name))
            if found != expected { throw Difference("\(what): \(error), expected \(expected)") }
        }
        if found != expected { throw Difference("\(what): found \(found), expected \(expected)") }
    }

    private func checkFiles(_ name: String, _ version: Version) throws {
        let expected = model[name, version].files.mapValues(\.text)
        let found = try contents("snapshots/\(name)/\(version.name)")
        if found != expected { throw Difference("\(name)/\(version.name) holds \(found), expected \(expected)") }
    }

    /// The plain files, read as any other program would.
    private func contents(_ version: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for kind in ["texts", "directories"] where folder.exists("\(version)/\(kind)") {
            for item in try FileManager.default.contentsOfDirectory(atPath: folder.path("\(version)/\(kind)")) {
                let path = "\(version)/\(kind)/\(item)"
                found["\(kind)/\(item)"] = kind == "texts" ? try folder.text(path) : try folder.text(path + "/a.txt")
            }
        }
        return found
    }

    func checkAll() throws {
        checks += 1
        let fresh = try open()
        for (name, series) in model.series {
            let versions = try fresh.versions(of: name)
            if versions != series.versions.keys.sorted() { throw Difference("\(name) has \(versions), expected \(series.versions.keys.sorted())") }
            if try fresh.newestVersion(of: name) != series.newest { throw Difference("the newest of \(name) should be \(String(describing: series.newest))") }
            for version in versions { try checkFiles(name, version) }
        }
        let findings = try fresh.verify().findings
        if !findings.isEmpty { throw Difference("verify found \(findings)") }
        try checkLeftovers(fresh)
    }

    private func checkLeftovers(_ fresh: Crate) throws {
        for name in try fresh.names() {
            for version in try fresh.versions(of: name) { fresh.store(name, version).clearStaged() }
        }
        if !folder.leftovers.isEmpty { throw Difference("left over: \(folder.leftovers)") }
        if hands.contains(where: { $0.staged != nil }) { return }
        let rest = folder.everything().filter { $0.contains("/versions/") && ($0.contains("/locks/") || $0.contains("/staged/")) && !$0.contains("/resets/") }
        if !rest.isEmpty { throw Difference("left over: \(rest)") }
    }
}

// MARK: versions

extension ModelRun {
    private func setup(_ hand: ModelHand) throws {
        let name = draw(Self.names)
        let start = draw([Start.new, .last, .dev, .number(0), .number(1), .number(Int.random(in: 0..<6, using: &dice))])
        let tag = draw([nil, nil, "t"])
        let replace = roll(3)
        var opened: Version?
        try both("setup \(name) \(start.text) \(tag ?? "-") \(replace)") {
            hand.snapshot = try hand.crate.setup(name, start: start, tag: tag, replace: replace)
            opened = hand.snapshot?.versionID
            return hand.snapshot?.versionName ?? ""
        } _: { () throws(StoreModel.Refusal) in
            try model.setup(name, start, tag, replace: replace).name
        }
        if let opened { try checkFiles(name, opened) }
    }

    private func changeMore(_ hand: ModelHand) throws {
        guard let snapshot = hand.snapshot else { return }
        switch Int.random(in: 0..<10, using: &dice) {
        case 0: try reset(hand, snapshot.name)
        case 1: try undoReset(hand)
        case 2: try collect(hand, snapshot)
        case 3: try verify(snapshot)
        case 4: try reopen(hand)
        case 5: try changeOutside(hand, snapshot)
        case 6 where program != nil: try runProgram(snapshot)
        default: try hand.staged == nil ? begin(hand, snapshot) : end(hand, snapshot)
        }
        try checkFiles(snapshot.name, snapshot.versionID)
    }

    private func isAtWork(_ name: String) -> Bool { hands.contains { $0.staged != nil && $0.snapshot?.name == name } }

    private func reset(_ hand: ModelHand, _ name: String) throws {
        if isAtWork(name) || !roll(3) { return }
        try both("reset \(name)") {
            try hand.crate.reset(name, confirm: true)
            hand.snapshot = nil
            return true
        } _: { () throws(StoreModel.Refusal) in
            model.reset(name)
            return true
        }
    }

    private func undoReset(_ hand: ModelHand) throws {
        let name = draw(Self.names)
        if isAtWork(name) { return }
        try both("undo reset of \(name)") { try hand.crate.undoReset(name); return true } _: { () throws(StoreModel.Refusal) in
            try model.undoReset(name)
            return true
        }
    }

    private func collect(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        if isAtWork(snapshot.name) || !roll(4) { return }
        var rules = Retention()
        rules.last = draw([nil, 0, 1, 2])
        let current = hand.crate.current.flatMap { $0.name == snapshot.name ? $0.versionID : nil }
        try both("gc \(snapshot.name) \(String(describing: rules.last))") {
            _ = try hand.crate.collect(snapshot.name, rules, confirm: true)
            return true
        } _: { () throws(StoreModel.Refusal) in
            try model.collect(snapshot.name, keepLast: rules.last, current: current)
            return true
        }
    }

    private func verify(_ snapshot: Snapshot) throws {
        if model.series[snapshot.name]?.versions[snapshot.versionID] == nil { return }
        let count = model[snapshot.name, snapshot.versionID].files.count
        try both("verify \(snapshot.directoryPath)") {
            let result = try open().verify(VerificationScope(name: snapshot.name, version: snapshot.versionID))
            if !result.findings.isEmpty { throw Difference("verify found \(result.findings)") }
            return result.checked
        } _: { count }
    }

    /// As a process that is stopped, with what it has staged left lying.
    private func reopen(_ hand: ModelHand) throws {
        told.append("\(steps): reopen\(hand.staged == nil ? "" : ", with a transaction under way")")
        (hand.snapshot, hand.staged, hand.held) = (nil, nil, [])
        hand.crate = try open()
    }

    /// Another program writes or removes a file; `verify`, `load` and `undo` see it, until it is taken as it is.
    private func changeOutside(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        let (name, version) = (snapshot.name, snapshot.versionID)
        guard hand.staged == nil, let file = model[name, version].files.keys.filter({ $0.hasPrefix("texts/") }).sorted().randomElement(using: &dice) else { return }
        let path = "\(snapshot.directoryPath)/\(file)"
        let text = roll(3) ? nil : (model[name, version].files[file]?.text ?? "") + "changed"
        told.append("\(steps): \(text == nil ? "remove" : "change") \(path) outside")
        if let text { try folder.write(text, to: path) } else { try FileManager.default.removeItem(atPath: folder.path(path)) }
        let findings = try open().verify(VerificationScope(name: name, version: version)).findings
        guard findings.map(\.path) == [path], findings[0].problem == (text == nil ? .missing : .changed) else { throw Difference("verify found \(findings)") }
        if model.undoable(version, of: name).contains(file), !isHeld(by: nil, snapshot, model.undoable(version, of: name)) {
            do { throw Difference("undo wrote over a change: \(try snapshot.undo())") } catch let error as CrateError {
                if error.name != "changed", error.name != "invalid" { throw Difference("undo: \(error)") }
            }
        }
        _ = try hand.crate.adopt(VerificationScope(name: name, version: version))
        model[name, version].files[file] = text.map { StoreModel.File(text: $0, stamp: model.stamp()) }
    }
}

// MARK: artifacts

extension ModelRun {
    private func artifact(_ snapshot: Snapshot, _ file: String) throws -> Artifact {
        try snapshot.artifact(kind: file.hasPrefix("texts/") ? "text" : "directory", name: Path.name(file))
    }

    private func content(_ text: String, _ file: String) -> Content {
        file.hasPrefix("texts/") ? .text(text) : .folder(["a.txt", "b/c.txt"].map { .init(path: $0, bytes: Bytes(text.utf8)) })
    }

    /// What `hand` sees.
    private func view(_ hand: ModelHand, _ snapshot: Snapshot) -> [String: StoreModel.File] {
        var files = model[snapshot.name, snapshot.versionID].files
        for step in hand.staged ?? [] { files[step.file] = step.after }
        return files
    }

    private func key(_ snapshot: Snapshot, _ file: String) -> String { "\(snapshot.directoryPath)/\(file)" }

    /// The artifact that a backup's file belongs to.
    private func owner(_ file: String) -> String {
        file.replacing(/\.backup_.*?(\.txt)?$/) { $0.output.1 ?? "" }
    }

    private func isHeld(by own: ModelHand?, _ snapshot: Snapshot, _ files: [String]) -> Bool {
        let keys = files.map { key(snapshot, owner($0)) }
        return hands.contains { hand in hand !== own && keys.contains { hand.held.contains($0) } }
    }

    private func requireFree(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws(StoreModel.Refusal) {
        if isHeld(by: hand, snapshot, [file]) { throw StoreModel.Refusal("busy") }
        if hand.staged != nil { hand.held.insert(key(snapshot, file)) }
    }

    private func put(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String, _ after: StoreModel.File?) {
        guard hand.staged != nil else { return model.apply([(file, after)], to: snapshot.versionID, of: snapshot.name) }
        hand.staged?.removeAll { $0.file == file }
        hand.staged?.append((file, after))
    }

    private func change(_ hand: ModelHand) throws {
        guard let snapshot = hand.snapshot else { return }
        let file = draw(Self.artifacts)
        switch Int.random(in: 0..<9, using: &dice) {
        case 0...2: try save(hand, snapshot, file)
        case 3: try backup(hand, snapshot, file)
        case 4: try restore(hand, snapshot, file)
        case 5: try delete(hand, snapshot, file)
        case 6: try load(hand, snapshot, file)
        default: try undo(hand, snapshot)
        }
        try checkFiles(snapshot.name, snapshot.versionID)
    }

    private func save(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        let text = newText()
        try both("save \(key(snapshot, file))") {
            try artifact(snapshot, file).save(content(text, file))
            return true
        } _: { () throws(StoreModel.Refusal) in
            // The version's folder is there from now on, should another user have taken it away.
            model[snapshot.name, snapshot.versionID] = model[snapshot.name, snapshot.versionID]
            try requireFree(hand, snapshot, file)
            put(hand, snapshot, file, .init(text: text))
            return true
        }
    }

    private func delete(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        try both("delete \(key(snapshot, file))") {
            try artifact(snapshot, file).delete(confirm: true)
            return true
        } _: { () throws(StoreModel.Refusal) in
            if view(hand, snapshot)[file] == nil { throw StoreModel.Refusal("notFound") }
            try requireFree(hand, snapshot, file)
            put(hand, snapshot, file, nil)
            return true
        }
    }

    private func load(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        try both("load \(key(snapshot, file))") { () -> String? in
            let content = try artifact(snapshot, file).load(verify: true)
            return content.string ?? content.entries.map { String(decoding: $0[0].bytes.array, as: UTF8.self) }
        } _: { () throws(StoreModel.Refusal) in
            guard let found = view(hand, snapshot)[file] else { throw StoreModel.Refusal("notFound") }
            return found.text
        }
    }

    private func backupName(_ file: String, _ tag: String) -> String {
        Path.join(Path.parent(file), Backup.name(of: ArtifactName(Path.name(file)), label: tag))
    }

    private func backup(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        let (tag, replace) = (draw(["x", "y", nil]), roll(2))
        var made: String?
        try both("backup \(key(snapshot, file)) \(tag ?? "-") \(replace)") {
            made = try artifact(snapshot, file).backup(tag: tag, replace: replace).name
            return true
        } _: { () throws(StoreModel.Refusal) in
            let files = view(hand, snapshot)
            if files[file] == nil { throw StoreModel.Refusal("notFound") }
            try requireFree(hand, snapshot, file)
            if let tag, files[backupName(file, tag)] != nil, !replace { throw StoreModel.Refusal("alreadyExists") }
            return true
        }
        guard let made, let text = view(hand, snapshot)[file]?.text else { return }
        put(hand, snapshot, Path.join(Path.parent(file), made), .init(text: text, stamp: model.stamp()))
    }

    private func restore(_ hand: ModelHand, _ snapshot: Snapshot, _ file: String) throws {
        let tag = draw(["x", "y", nil, nil])
        try both("restore \(key(snapshot, file)) \(tag ?? "-")") {
            try artifact(snapshot, file).restore(tag: tag)
            return true
        } _: { () throws(StoreModel.Refusal) in
            let backups = view(hand, snapshot).filter { $0.key != file && owner($0.key) == file }
            let newest = backups.max { $0.value.stamp < $1.value.stamp }?.value
            guard let source = tag.map({ backups[backupName(file, $0)] }) ?? newest else { throw StoreModel.Refusal("notFound") }
            try requireFree(hand, snapshot, file)
            put(hand, snapshot, file, .init(text: source.text))
            return true
        }
    }

    private func undo(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        try both("undo in \(snapshot.directoryPath)") {
            _ = try snapshot.undo()
            return true
        } _: { () throws(StoreModel.Refusal) in
            if hand.staged != nil { throw StoreModel.Refusal("invalid") }
            if isHeld(by: hand, snapshot, model.undoable(snapshot.versionID, of: snapshot.name)) { throw StoreModel.Refusal("busy") }
            try model.undo(snapshot.versionID, of: snapshot.name)
            return true
        }
    }

    // MARK: transactions

    private func begin(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        told.append("\(steps): begin in \(snapshot.directoryPath)")
        try snapshot.beginTransaction()
        hand.staged = []
    }

    private func end(_ hand: ModelHand, _ snapshot: Snapshot) throws {
        let isCommitted = !roll(4)
        told.append("\(steps): \(isCommitted ? "commit" : "abandon") in \(snapshot.directoryPath)")
        if isCommitted {
            try snapshot.commitTransaction()
            model.apply(hand.staged ?? [], to: snapshot.versionID, of: snapshot.name)
        } else {
            snapshot.abandonTransaction()
        }
        (hand.staged, hand.held) = (nil, [])
    }

    // MARK: the program

    /// Some operations by a process of its own, which must all be done.
    private func runProgram(_ snapshot: Snapshot) throws {
        let (name, version) = (snapshot.name, snapshot.versionID)
        guard let program, !isAtWork(name), let own = model.series[name], own.versions[version] != nil,
            version.number.map({ $0 == 0 || $0 <= own.newest ?? -1 }) ?? true
        else { return }
        var lines = ["setup \"\(name)\", start: \(version.number.map { "\($0)" } ?? "\"dev\""), tag: \(version.tag.map { "\"\($0)\"" } ?? "null"), durability: \"fast\""]
        _ = try? model.setup(name, version.number.map { .number($0) } ?? .dev, version.tag, replace: false)
        let (first, second) = (newText(), newText())
        lines.append("save text(\"a.txt\"), \"\(first)\"\nprint load(text(\"a.txt\"), verify: true)")
        model.apply([("texts/a.txt", .init(text: first))], to: version, of: name)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0:
            lines.append("undo")
            try model.undo(version, of: name)
        case 1:
            lines.append("backup text(\"a.txt\"), tag: \"x\", replace: true\ndelete text(\"a.txt\"), confirm: true")
            model.apply([("texts/a.backup_x.txt", .init(text: first, stamp: model.stamp()))], to: version, of: name)
            model.apply([("texts/a.txt", nil)], to: version, of: name)
        case 2:
            lines.append("transaction { save text(\"a.txt\"), \"\(second)\"\nsave text(\"b.txt\"), \"\(second)\" }\nverify")
            model.apply([("texts/a.txt", .init(text: second)), ("texts/b.txt", .init(text: second))], to: version, of: name)
        default: lines.append("try { transaction { save text(\"b.txt\"), \"no\"; raise \"no\" } } catch { }")
        }
        told.append("\(steps): the program runs\n" + lines.joined(separator: "\n"))
        byProgram += 1
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: program)
        process.arguments = ["-c", lines.joined(separator: "\n")]
        process.currentDirectoryURL = URL(filePath: folder.path)
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let shown = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, shown.hasPrefix(first) else { throw Difference("the program ended with \(process.terminationStatus): \(shown)") }
    }
}
