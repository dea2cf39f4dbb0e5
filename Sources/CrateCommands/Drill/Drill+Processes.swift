import CrateFormats
import CrateValues
import OpenCrate

/// Other processes write in the drill's folder, and are killed at it.
extension Drill {
    private static let patience = 120_000_000_000
    private static let turn = 1_000_000
    private var acknowledgements: String { folder + "/acknowledged" }

    private func start(_ script: String) throws(CrateError) -> any RunningProgram {
        do { return try system.programs.startAgain(["--sandbox", "-c", script], in: full) } catch { throw .format(error, path: "crate") }
    }

    /// What the process has said last, in a file.
    private func acknowledged() throws(CrateError) -> Int? {
        guard try files.info(acknowledgements) != nil else { return nil }
        return Int(String(decoding: try files.read(acknowledgements).array, as: UTF8.self))
    }

    /// Waits until the process has acknowledged `number`, calling `meanwhile`.
    private func wait(for number: Int, _ meanwhile: () throws(CrateError) -> Void) throws(CrateError) {
        let start = system.clock.now()
        while try acknowledged() ?? -1 < number {
            if system.clock.now() - start > Drill.patience { throw .invalid(what: "drill", reason: "a writer did not come to \(number) in time", hint: nil) }
            try meanwhile()
            do { try system.files.pause(nanoseconds: Drill.turn) } catch { throw .system(operation: error.operation, path: folder, code: error.code) }
        }
    }

    /// The version that the drill's processes write in, opened anew.
    private func opened() throws(CrateError) -> Snapshot { try Crate(at: folder, files: files).setup("drill", start: .number(0)) }

    private func isClean() throws(CrateError) -> Bool {
        try Crate(at: folder, files: files).verify(VerificationScope(name: "drill")).findings.isEmpty
    }

    // MARK: killed writers

    /// Each number is acknowledged once its two texts are saved; a reader looks at them all the time.
    func checkKills() throws(CrateError) {
        let rounds = 5
        var (next, saved, reads, isTorn) = (0, 0, 0, false)
        for round in 1...rounds {
            try begin("killing a writer, \(round) of \(rounds)")
            let text = try opened().text("a.txt")
            let writer = try start(Drill.writing(from: next))
            try wait(for: next + draw(6)) { () throws(CrateError) in
                guard text.exists else { return }
                reads += 1
                if try Drill.number(of: text) == nil { isTorn = true }
            }
            writer.stop()
            let last = try acknowledged() ?? -1
            let fresh = try opened()
            let found = (try Drill.number(of: fresh.text("a.txt"), verify: true), try Drill.number(of: fresh.text("b.txt"), verify: true))
            let isClean = try isClean()
            guard let number = found.0, number == found.1, number >= last, isClean else {
                let texts = [found.0, found.1].map { $0.map { "\($0)" } ?? "nothing" }
                return report.add("killed writers", .broken, "\(last) was acknowledged; found \(texts[0]) and \(texts[1])")
            }
            (saved, next) = (saved + number + 1 - next, number + 1)
        }
        report.add("killed writers", .good, "\(rounds) killed in \(saved) transactions: all that was acknowledged is there, and none is there in part")
        report.add("readers meanwhile", isTorn ? .broken : .good, isTorn ? "one saw half of a file" : "\(reads) loads, each of a whole file")
    }

    private static func writing(from number: Int) -> String {
        """
        setup "drill", start: 0
        let i = \(number)
        while true {
          let words = join([str(i) for k in 0..<2000], " ")
          transaction {
            save text("a.txt"), words
            save text("b.txt"), words
          }
          write_text("acknowledged", str(i))
          i = i + 1
        }
        """
    }

    /// The one that a text is made of; `nil` when it is not whole.
    private static func number(of artifact: Artifact, verify: Bool = false) throws(CrateError) -> Int? {
        guard case .document(.string(let text)) = try artifact.load(verify: verify) else { return nil }
        let words = text.split(separator: " ")
        return words.count == 2000 && Set(words).count == 1 ? Int(words[0]) : nil
    }

    // MARK: killed transactions

    /// One is killed before its commit, and one as soon as it begins to commit.
    func checkTransactions() throws(CrateError) {
        let count = 100
        for (isCommitted, name) in [(false, "a transaction killed before its end"), (true, "a transaction killed at its end")] {
            try begin(name)
            let script = """
                setup "drill", start: 0
                transaction {
                  for i in 0..<\(count) { save text("t" + str(i) + ".txt"), str(i) }
                  write_text("acknowledged", "1000000")
                  \(isCommitted ? "" : "while true {}")
                }
                while true {}
                """
            try files.remove(acknowledgements)
            let writer = try start(script)
            try wait(for: 1_000_000) { }
            writer.stop()
            let found = try opened().artifacts().count { $0.name.hasPrefix("t") }
            let isWhole = found == 0 || (isCommitted && found == count)
            let staged = try files.list("\(folder)/\(DrillStore.hidden)/versions/drill/v0/staged").count
            let isClean = try isClean()
            let isGood = isWhole && staged == 0 && isClean
            let rest = staged == 0 ? ", and nothing is left over" : "; \(counted(staged, "file")) left over"
            report.add(name, isGood ? .good : .broken, "\(found) of its \(count) artifacts are there\(rest)")
        }
    }

    // MARK: many at once

    func checkRace() throws(CrateError) {
        try begin("many processes at once")
        let count = 8
        var programs: [any RunningProgram] = []
        for number in 0..<count {
            programs.append(
                try start(
                    """
                    setup "race"
                    save text("a.txt"), "\(number)"
                    setup "drill", start: 0
                    save text("shared.txt"), "\(number)"
                    """))
        }
        var failed = 0
        for program in programs {
            do { if try program.finish().status != 0 { failed += 1 } } catch { throw .format(error, path: "crate") }
        }
        let versions = try Crate(at: folder, files: files).versions(of: "race").count
        let isClean = try isClean()
        let isGood = failed == 0 && versions == count && isClean
        let detail = isGood ? "\(count) took \(count) versions, and turns at one artifact" : "\(failed) of \(count) failed, and \(versions) versions were made"
        report.add("many processes at once", isGood ? .good : .broken, detail)
    }
}
