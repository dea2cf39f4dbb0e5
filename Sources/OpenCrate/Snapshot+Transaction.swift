extension Snapshot {
    /// Runs `body`; what it saves, restores, backs up and deletes in this version appears together when it returns, or not at all when
    /// it throws. Inside, loads see what was saved.
    ///
    /// The commit is one step: a process that is stopped before it has changed nothing, and what one stopped after it has left to do is done
    /// by the next that opens the version.
    ///
    /// Throws `invalid` inside another transaction, and for kinds whose own handler writes.
    public func transaction<Result>(_ body: () throws(CrateError) -> Result) throws(CrateError) -> Result {
        try beginTransaction()
        let result: Result
        do throws(CrateError) { result = try body() } catch {
            abandonTransaction()
            throw error
        }
        try commitTransaction()
        return result
    }

    /// Begins what `commitTransaction` or `abandonTransaction` ends, for callers that can't pass a body.
    public func beginTransaction() throws(CrateError) {
        try requireOpen("transaction")
        try store.beginTransaction()
    }

    public func commitTransaction() throws(CrateError) {
        do throws(CrateError) { try requireOpen("transaction") } catch {
            store.abandonTransaction()
            throw error
        }
        for (file, change) in try store.commitTransaction() { try warnOfReplacing(change, at: store.path(file), by: "transaction") }
    }

    public func abandonTransaction() { store.abandonTransaction() }

    public var isInTransaction: Bool { store.transaction != nil }
}
