import CrateFormats
import CrateValues

/// Which versions of a snapshot stay when `Crate.collect` runs. What any rule names stays.
public struct Retention: Sendable {
    /// The newest so many numbers.
    public var last: Int?
    /// Those with a tag.
    public var isTaggedKept = false
    /// Those with something written at this time or later; nanoseconds since 1970, UTC.
    public var newerThan: Int?
    /// The best by a number in a JSON artifact. Versions without one stay as well: nothing says that they are worse.
    public var best: Metric?

    public struct Metric: Sendable {
        /// The JSON artifact's name: `metrics.json`.
        public var artifact: String
        /// The member in it; dots lead further in.
        public var key: String
        public var isSmallestBest: Bool
        /// How many of the best stay.
        public var count: Int

        public init(artifact: String, key: String, isSmallestBest: Bool = false, count: Int = 1) {
            self.artifact = artifact
            self.key = key
            self.isSmallestBest = isSmallestBest
            self.count = count
        }
    }

    public init() {}

    /// Whether any rule is given. Without one no version goes.
    var isGiven: Bool { last != nil || isTaggedKept || newerThan != nil || best != nil }
}

/// What `Crate.collect` takes away, or would.
public struct CollectionPlan: Sendable {
    public struct Item: Sendable {
        public let path: String
        public let bytes: Int
        /// What can't be had back without it.
        public let loses: String
        /// The version that goes with it, as `OpenVersions` names it.
        var version: String?
    }

    /// A version that no rule names and that stays all the same: a process has set it up and may write to it.
    public struct Held: Sendable {
        public let path: String
        /// The process: its number, machine, command, and since when.
        public let holder: String
    }

    public internal(set) var items: [Item] = []
    public internal(set) var held: [Held] = []
    /// Versions that stay, of whose kept states some go.
    var emptied: [(name: String, version: Version)] = []
    public var bytes: Int { items.reduce(0) { $0 + $1.bytes } }

    /// A version that was to go stays.
    mutating func leave(_ version: String, to holder: String) {
        if let item = items.first(where: { $0.version == version }) { held.append(Held(path: item.path, holder: holder)) }
        items.removeAll { $0.version == version }
    }
}

extension Crate {
    /// What `collect` would take away.
    ///
    /// - Parameters:
    ///   - name: one snapshot; all when `nil`.
    ///   - retention: rules by which versions stay; without a rule all do, and only what is kept for `undo` goes. A version that another
    ///     process has set up stays, too.
    public func planCollection(_ name: String? = nil, _ retention: Retention = .init()) throws(CrateError) -> CollectionPlan {
        var plan = CollectionPlan()
        let others = retention.isGiven ? try OpenVersions(hidden: project.hidden).byOthers() : [:]
        if retention.isGiven, name == nil {
            throw .invalid(what: "gc", reason: "rules for versions need a snapshot's name", hint: "name it first: gc \"my-run\", keep_last: 3")
        }
        for name in try seriesNames(name) {
            for reset in try resets(of: name) { try add(reset.folder, "what the reset of `\(name)` took away", to: &plan) }
            let going = try versionsToGo(name, retention)
            for version in try versions(of: name) {
                let key = OpenVersions.key(name, version)
                if going.contains(version), let holder = others[key] {
                    plan.held.append(.init(path: project.versionPath(name, version), holder: holder))
                } else if going.contains(version) {
                    try add(project.versionPath(name, version), "the version \(version.name) of `\(name)`", of: key, to: &plan)
                    try add(project.hidden.version(name, version), "its journal", of: key, to: &plan)
                } else {
                    try addKept(name, version, to: &plan)
                }
            }
        }
        return plan
    }

    private func add(_ path: String, _ loses: String, of version: String? = nil, to plan: inout CollectionPlan) throws(CrateError) {
        guard try files.status(path) != nil else { return }
        plan.items.append(.init(path: path, bytes: try files.room(path).bytes, loses: loses, version: version))
    }

    /// What is kept for `undo`, each with what it would bring back.
    private func addKept(_ name: String, _ version: Version, to plan: inout CollectionPlan) throws(CrateError) {
        let store = store(name, version)
        guard try files.status(store.keptFolder)?.kind == .directory else { return }
        var uses: [String: JournalEntry] = [:]
        for entry in try store.journal.lines().entries { if let kept = entry.kept { uses[kept] = entry } }
        let ids = try files.names(in: store.keptFolder).sorted()
        if !ids.isEmpty { plan.emptied.append((name, version)) }
        for id in ids {
            let use = uses[id]
            try add(store.keptPath(id), use.map { loss($0, version) } ?? "nothing: it is left over", to: &plan)
        }
    }

    private func loss(_ use: JournalEntry, _ version: Version) -> String {
        let (what, time) = (use.file.map { "`\($0)`" } ?? "`\(version.name)`", files.system.clock.local(use.time).dayAndTime)
        return use.operation == .undo ? "what \(what) was before an undo at \(time)" : "undo of the \(use.operation.rawValue) of \(what) at \(time)"
    }

    private func versionsToGo(_ name: String, _ retention: Retention) throws(CrateError) -> Set<Version> {
        guard retention.isGiven else { return [] }
        let all = try versions(of: name).filter { $0.number != nil }
        let newest = Set(Set(all.compactMap(\.number)).sorted().suffix(max(0, retention.last ?? 0)))
        let best = try retention.best.map { (metric) throws(CrateError) in try self.best(name, all, metric) } ?? []
        var going = Set<Version>()
        for version in all {
            if let number = version.number, newest.contains(number) { continue }
            if retention.isTaggedKept, version.tag != nil { continue }
            if best.contains(version) { continue }
            if let limit = retention.newerThan, try files.outline(project.versionPath(name, version))?.modified ?? .max >= limit { continue }
            if let current, version == current.versionID, ExactText(name) == ExactText(current.name) { continue }
            going.insert(version)
        }
        if going.count == all.count, !all.isEmpty {
            throw .invalid(what: "gc", reason: "these rules would leave no version of `\(name)`", hint: "`reset` removes all of them; a rule such as keep_last: 1 leaves the newest")
        }
        return going
    }

    private func best(_ name: String, _ versions: [Version], _ metric: Retention.Metric) throws(CrateError) -> Set<Version> {
        var scored: [(version: Version, score: Double)] = []
        var unscored: Set<Version> = []
        for version in versions {
            let path = Path.join(project.versionPath(name, version), Path.join(project.handlers.folder(of: "json"), metric.artifact))
            var value: Document?
            do { value = try JSON.decode(try files.read(path)) } catch { value = nil }
            for key in metric.key.split(separator: ".") {
                if case .mapping(let fields)? = value { value = fields[String(key)] } else { value = nil }
            }
            switch value {
            case .integer(let number)?: scored.append((version, Double(number)))
            case .float(let number)? where !number.isNaN: scored.append((version, number))
            default: unscored.insert(version)
            }
        }
        if scored.isEmpty {
            throw .notFound(what: "metric", path: "\(metric.artifact) \(metric.key)", hint: "no version of `\(name)` has it")
        }
        scored.sort { metric.isSmallestBest ? $0.score < $1.score : $0.score > $1.score }
        return unscored.union(scored.prefix(max(1, metric.count)).map(\.version))
    }
}
