import CrateValues

extension Crate {
    /// Takes away what `planCollection` lists, all of it or, when something is refused, nothing.
    ///
    /// Throws `unconfirmed` unless `confirm` is true.
    public func collect(_ name: String? = nil, _ retention: Retention = .init(), confirm: Bool) throws(CrateError) -> CollectionPlan {
        if confirm {
            try requireNoTransaction("gc")
            for name in try seriesNames(name) { try clearLeftovers(of: name) }
        }
        var plan = try planCollection(name, retention)
        if plan.items.isEmpty { return plan }
        guard confirm else {
            throw .unconfirmed(operation: "gc", consequence: "\(plan.items.count) things with \(ByteCount.text(plan.bytes)) would be gone for good")
        }
        try discard(&plan)
        return plan
    }

    /// What an earlier one could not remove.
    private func clearLeftovers(of name: String) throws(CrateError) {
        files.removeLeftovers(in: project.hidden.resets(name))
        files.removeLeftovers(in: project.hidden.series(name))
        files.removeLeftovers(in: project.seriesPath(name))
        for version in try versions(of: name) {
            let store = store(name, version)
            store.clearStaged()
            files.removeLeftovers(in: store.keptFolder)
        }
    }

    private struct Aside {
        let item: CollectionPlan.Item
        /// Where it is now, resolved.
        let path: String
    }

    /// First everything goes out of sight, and each folder is waited for once: waiting for each name would take far longer than the rest.
    private func discard(_ plan: inout CollectionPlan) throws(CrateError) {
        let unsaid = try noteCollection(plan.emptied)
        var asides: [Aside] = []
        do throws(CrateError) {
            for item in plan.items where try files.status(item.path) != nil { asides.append(Aside(item: item, path: try files.moveAside(item.path))) }
            for folder in Set(asides.map { ExactText(Path.parent($0.item.path)) }) { try files.synchronizeNames(in: folder.text) }
            try leaveThoseSetUpMeanwhile(&asides, &plan)
        } catch {
            for aside in asides.reversed() { try? files.putBack(aside.path, to: aside.item.path) }
            throw error
        }
        files.removeAsides(asides.map(\.path))
        _ = try? noteCollection(unsaid)
    }

    /// So that what is dropped is not missed. Gives those versions in whose journals there is no room yet to say so.
    private func noteCollection(_ versions: [(name: String, version: Version)]) throws(CrateError) -> [(name: String, version: Version)] {
        var unsaid: [(name: String, version: Version)] = []
        for (name, version) in versions {
            do throws(CrateError) { try store(name, version).noteCollection() } catch {
                guard error.isForWantOfRoom else { throw error }
                unsaid.append((name, version))
            }
        }
        return unsaid
    }

    /// Another process may have set up a version between the look and the taking away: it gets it back.
    private func leaveThoseSetUpMeanwhile(_ asides: inout [Aside], _ plan: inout CollectionPlan) throws(CrateError) {
        let others = try OpenVersions(hidden: project.hidden).byOthers()
        for (key, holder) in others {
            let own = asides.filter { $0.item.version == key }
            // Where it has made the version anew, that stays.
            var isFree = !own.isEmpty
            for aside in own where try files.status(aside.item.path) != nil { isFree = false }
            guard isFree else { continue }
            for aside in own { try files.putBack(aside.path, to: aside.item.path) }
            asides.removeAll { $0.item.version == key }
            plan.leave(key, to: holder)
        }
    }
}
