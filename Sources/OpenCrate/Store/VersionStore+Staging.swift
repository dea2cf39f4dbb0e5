/// What transactions stage goes when they end; what those of stopped processes have left, with the next who comes.
extension VersionStore {
    /// Says that the transaction's process lives; refused while another has it.
    func life(of id: String) throws(CrateError) -> ArtifactLock {
        try ArtifactLock(Path.join(lockFolder, VersionStore.lifePrefix + id), what: "transaction \(id)", files, patience: 0)
    }

    private static let lifePrefix = "transaction-"

    /// Removes what transactions have staged whose processes are gone.
    func clearStaged() {
        guard let lock = try? transactionLockIfStaged() else { return }
        // A process that is gone may have committed what it staged: nothing goes while an intent is there.
        withExtendedLifetime(lock) {
            guard let isCommitted = try? files.status(intentPath) != nil, !isCommitted else { return }
            let staged = (try? files.names(in: stagedFolder)) ?? []
            let begun = ((try? files.names(in: lockFolder)) ?? []).filter { $0.hasPrefix(VersionStore.lifePrefix) }
            for id in Set(staged.map(Transaction.id) + begun.map { String($0.dropFirst(VersionStore.lifePrefix.count)) }) {
                guard let life = try? life(of: id) else { continue }
                withExtendedLifetime(life) {
                    for name in staged where Transaction.id(of: name) == id {
                        if let full = try? files.resolved(Path.join(stagedFolder, name)) { files.removeAside(full) }
                    }
                }
            }
        }
    }

    /// `nil` when there is nothing to clear; else without waiting for others.
    private func transactionLockIfStaged() throws(CrateError) -> ArtifactLock? {
        guard try files.status(stagedFolder) != nil else { return nil }
        let (staged, locks) = (try files.names(in: stagedFolder), try files.names(in: lockFolder))
        if staged.isEmpty, !locks.contains(where: { $0.hasPrefix(VersionStore.lifePrefix) }) { return nil }
        return try transactionLock(patience: 0)
    }
}
