import CrateValues

/// How many earlier states of each file are kept for `undo`: a program that saves in a loop must not fill the disk.
///
/// The newest ones stay that together take up to `budget` bytes, at least `least` of them and at most `most`.
struct KeptStates {
    /// Bytes for each file.
    var budget = 64 << 20
    var least = 3
    var most = 1000
    private var states: [ExactText: [(id: String, size: Int)]] = [:]

    /// Whether the file's states are known.
    func knows(_ file: String) -> Bool { states[ExactText(file)] != nil }

    /// - Parameter found: those that there are, oldest first.
    mutating func learn(_ file: String, _ found: [(id: String, size: Int)]) { states[ExactText(file)] = found }

    /// Takes in a new state; gives those that are to go.
    mutating func add(_ file: String, _ id: String, size: Int) -> [String] {
        var all = states[ExactText(file)] ?? []
        all.append((id, size))
        let stays = Array(all.suffix(count(ofNewest: all.reversed().map(\.size))))
        states[ExactText(file)] = stays
        return all.dropLast(stays.count).map(\.id)
    }

    /// How many of the newest stay.
    ///
    /// - Parameter sizes: newest first.
    func count(ofNewest sizes: [Int]) -> Int {
        var (count, bytes) = (0, 0)
        for size in sizes {
            // Sizes may be those of a journal, which anybody can write into.
            bytes = bytes.addingReportingOverflow(size).overflow ? .max : bytes + size
            if count >= most || (count >= least && bytes > budget) { break }
            count += 1
        }
        return count
    }
}

extension VersionStore {
    /// Drops what is too much of the file's earlier states, now that there is one more.
    func noteKept(_ entry: JournalEntry) {
        guard let file = entry.file, let id = entry.kept, let size = try? files.totalSize(keptPath(id)) else { return }
        // Read from the journal once; each process then sees to what it keeps itself.
        if !keptStates.knows(file) { keptStates.learn(file, earlierStates(of: file, without: id)) }
        for gone in keptStates.add(file, id, size: size) { drop(gone) }
    }

    private func earlierStates(of file: String, without id: String) -> [(id: String, size: Int)] {
        guard let mark = try? JournalEntry.mark(of: file), let lines = try? journal.lines() else { return [] }
        var seen: Set<String> = [id]
        var found: [(id: String, size: Int)] = []
        for entry in lines.newest(keptStates.most, holding: mark) {
            guard let kept = entry.kept, seen.insert(kept).inserted, let size = try? files.totalSize(keptPath(kept)) else { continue }
            found.append((kept, size))
        }
        return found.reversed()
    }
}
