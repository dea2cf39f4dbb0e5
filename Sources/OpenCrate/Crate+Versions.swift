extension Crate {
    var counters: Counters { Counters(files: files, crateFolder: project.root, patience: project.patience) }

    func checkNames(_ name: String, _ tag: String?) throws(CrateError) {
        try NameRules.check(name, as: "snapshot name")
        try NameRules.checkRoom(name, as: "snapshot name")
        guard let tag, !tag.isEmpty else { return }
        try NameRules.check(tag, as: "tag")
        try NameRules.checkRoom(tag, as: "tag")
    }

    /// The number that `start` asks for, counted up on disk when it is a new one; `nil` for `dev`.
    func number(of name: String, _ start: Start) throws(CrateError) -> Int? {
        let taken = start == .new ? Set(try versions(of: name).compactMap(\.number)) : []
        let number = try counters.update(name) { (newest) throws(CrateError) in
            switch start {
            case .dev: newest
            case .new: try next(after: newest, skipping: taken)
            case .last: try existing(newest, of: name, start)
            case .number(let number): try max(newest ?? 0, reachable(number, newest: newest, of: name))
            }
        }
        return switch start {
        case .dev: nil
        case .number(let number): number
        case .new, .last: number
        }
    }

    /// Folders that the counter does not know, as after a lost marker, are not written into.
    private func next(after newest: Int?, skipping taken: Set<Int>) throws(CrateError) -> Int {
        var number = newest ?? -1
        repeat {
            let (sum, overflow) = number.addingReportingOverflow(1)
            if overflow { throw .invalid(what: "version", reason: "no number is left after \(number)", hint: nil) }
            number = sum
        } while taken.contains(number)
        return number
    }

    private func existing(_ newest: Int?, of name: String, _ start: Start) throws(CrateError) -> Int {
        guard let newest else {
            throw .notFound(
                what: "snapshot", path: name, hint: "no snapshots are created for `\(name)`, so it can't start at `\(start.text)`; use \"new\"")
        }
        return newest
    }

    private func reachable(_ number: Int, newest: Int?, of name: String) throws(CrateError) -> Int {
        if number < 0 { throw .invalid(what: "start", reason: "\(number) is no version", hint: "versions count from 0") }
        if number == 0 || newest.map({ number - 1 <= $0 }) == true { return number }
        let newest = try existing(newest, of: name, .number(number))
        throw .notFound(
            what: "version", path: "\(name)/v\(number)", hint: "v\(number) does not exist; versions go up to v\(newest), the next one is v\(newest + 1)")
    }
}
