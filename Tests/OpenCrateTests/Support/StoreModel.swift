@testable import OpenCrate

/// What a store should hold, said with nothing but dictionaries.
struct StoreModel {
    struct File: Equatable {
        var text: String
        /// Orders backups.
        var stamp = 0
    }

    /// What `undo` takes back.
    struct Change {
        var file: String
        /// What an adopted change from outside made of it does not count.
        var before: File?
        /// False once `gc` has dropped it.
        var isKept = true
    }

    indirect enum Done {
        case changes([Change])
        case replaced(VersionModel, isKept: Bool)
    }

    struct VersionModel {
        var files: [String: File] = [:]
        var done: [Done] = []
    }

    struct Series {
        var newest: Int?
        var versions: [Version: VersionModel] = [:]
        var resets: [(newest: Int?, versions: [Version: VersionModel])] = []
    }

    struct Refusal: Error, Equatable {
        let name: String
        init(_ name: String) { self.name = name }
    }

    var series: [String: Series] = [:]
    private var stamps = 0

    mutating func stamp() -> Int {
        stamps += 1
        return stamps
    }

    subscript(name: String, version: Version) -> VersionModel {
        get { series[name]?.versions[version] ?? VersionModel() }
        set { series[name, default: Series()].versions[version] = newValue }
    }

    // MARK: versions

    mutating func setup(_ name: String, _ start: Start, _ tag: String?, replace: Bool) throws(Refusal) -> Version {
        var own = series[name] ?? Series()
        let version = Version(number: try number(own, start), tag: tag)
        own.newest = start == .dev ? own.newest : max(own.newest ?? 0, version.number ?? 0)
        if let old = own.versions[version], replace { own.versions[version] = VersionModel(done: [.replaced(old, isKept: true)]) }
        if own.versions[version] == nil { own.versions[version] = VersionModel() }
        series[name] = own
        return version
    }

    private func number(_ own: Series, _ start: Start) throws(Refusal) -> Int? {
        switch start {
        case .dev: return nil
        case .last:
            guard let newest = own.newest else { throw Refusal("notFound") }
            return newest
        case .number(let number):
            if number == 0 || own.newest.map({ number - 1 <= $0 }) == true { return number }
            throw Refusal("notFound")
        case .new:
            let taken = Set(own.versions.keys.compactMap(\.number))
            var number = (own.newest ?? -1) + 1
            while taken.contains(number) { number += 1 }
            return number
        }
    }

    mutating func reset(_ name: String) {
        var own = series[name] ?? Series()
        if !own.versions.isEmpty { own.resets.append((own.newest, own.versions)) }
        (own.newest, own.versions) = (nil, [:])
        series[name] = own
    }

    mutating func undoReset(_ name: String) throws(Refusal) {
        guard var own = series[name], let last = own.resets.last else { throw Refusal("notFound") }
        if !own.versions.isEmpty { throw Refusal("alreadyExists") }
        own.resets.removeLast()
        own.versions = last.versions
        if let number = last.newest { own.newest = max(own.newest ?? 0, number) }
        series[name] = own
    }

    /// - Parameter current: what the crate that collects has open.
    mutating func collect(_ name: String, keepLast: Int?, current: Version?) throws(Refusal) {
        guard var own = series[name], !own.versions.isEmpty || !own.resets.isEmpty else { throw Refusal("notFound") }
        if let keepLast {
            let all = own.versions.keys.filter { $0.number != nil }
            let newest = Set(Set(all.compactMap(\.number)).sorted().suffix(keepLast))
            let going = all.filter { version in version != current && version.number.map { !newest.contains($0) } == true }
            if going.count == all.count, !all.isEmpty { throw Refusal("invalid") }
            for version in going { own.versions[version] = nil }
        }
        own.resets = []
        for (version, held) in own.versions {
            own.versions[version]?.done = held.done.map { done in
                switch done {
                case .changes(let changes): .changes(changes.map { Change(file: $0.file, before: $0.before, isKept: $0.before == nil) })
                case .replaced(let old, _): .replaced(old, isKept: false)
                }
            }
        }
        series[name] = own
    }

    // MARK: files

    /// One operation, or a transaction's, in order.
    mutating func apply(_ changes: [(file: String, after: File?)], to version: Version, of name: String) {
        if changes.isEmpty { return }
        var own = self[name, version]
        own.done.append(.changes(changes.map { Change(file: $0.file, before: own.files[$0.file]) }))
        for change in changes { own.files[change.file] = change.after }
        self[name, version] = own
    }

    mutating func undo(_ version: Version, of name: String) throws(Refusal) {
        guard let last = self[name, version].done.last else { throw Refusal("notFound") }
        switch last {
        case .replaced(let old, let isKept):
            if !isKept { throw Refusal("invalid") }
            self[name, version] = old
        case .changes(let changes):
            if changes.contains(where: { !$0.isKept }) { throw Refusal("invalid") }
            self[name, version].done.removeLast()
            for change in changes.reversed() { self[name, version].files[change.file] = change.before }
        }
    }

    /// The files that the next `undo` would touch.
    func undoable(_ version: Version, of name: String) -> [String] {
        if case .changes(let changes)? = self[name, version].done.last { changes.map(\.file) } else { [] }
    }
}
