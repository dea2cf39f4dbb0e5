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
    let folder: TemporaryFolder
    var dice: SimulatedEntropy
    var model = StoreModel()
    var hands: [ModelHand] = []
    let program: String?
    var told: [String] = []
    /// Warnings of changes from outside, of which each is taken as it is at once: nobody should give one.
    var warnings: [String] = []
    var (steps, byProgram, refused, checks) = (0, 0, 0, 0)
    static let names = ["one", "two"]
    static let artifacts = ["texts/a.txt", "texts/b.txt", "directories/d"]

    init(seed: UInt64, program: String?) throws {
        folder = try TemporaryFolder()
        dice = SimulatedEntropy(seed: seed)
        self.program = program
        for _ in 0..<3 { hands.append(ModelHand(try open())) }
    }

    /// The last steps, for whoever looks into a failure.
    var story: String { told.suffix(25).joined(separator: "\n") }
    var summary: String { "\(steps) steps, \(byProgram) of them by the program, \(refused) refused as they should be, \(checks) whole checks" }

    func open() throws -> Crate {
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

    func draw<Item>(_ items: [Item]) -> Item { items[Int.random(in: 0..<items.count, using: &dice)] }
    /// True once in `sides` throws.
    func roll(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &dice) == 0 }
    func newText() -> String { "\(steps) " + String(repeating: "x", count: Int.random(in: 0..<40, using: &dice)) }

    // MARK: doing and comparing

    /// Does the same to the store and to the model; both must succeed, or refuse by the same kind of error.
    func both<Answer: Equatable>(_ what: String, _ real: () throws -> Answer, _ modelled: () throws(StoreModel.Refusal) -> Answer) throws {
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

    func checkFiles(_ name: String, _ version: Version) throws {
        let expected = model[name, version].files.mapValues(\.text)
        let found = try contents("snapshots/\(name)/\(version.name)")
        if found != expected { throw Difference("\(name)/\(version.name) holds \(found), expected \(expected)") }
    }

    /// The plain files, read as any other program would.
    func contents(_ version: String) throws -> [String: String] {
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

    func checkLeftovers(_ fresh: Crate) throws {
        for name in try fresh.names() {
            for version in try fresh.versions(of: name) { fresh.store(name, version).clearStaged() }
        }
        if !folder.leftovers.isEmpty { throw Difference("left over: \(folder.leftovers)") }
        if hands.contains(where: { $0.staged != nil }) { return }
        let rest = folder.everything().filter { $0.contains("/versions/") && ($0.contains("/locks/") || $0.contains("/staged/")) && !$0.contains("/resets/") }
        if !rest.isEmpty { throw Difference("left over: \(rest)") }
    }
}
