extension VersionStore {
    /// What differs between `file` and the journal's last word of it; `nil` when nothing does, or when the journal does not know it.
    ///
    /// - Parameter isThorough: read it even when size and time are the same; what the journal does not know is then a change too.
    func change(of file: String, isThorough: Bool) throws(CrateError) -> String? {
        var found = try journal.newest(of: file)
        guard found.entry != nil || found.pending != nil else { return isThorough ? "the journal does not know it" : nil }
        var outline = try files.outline(path(file))
        if !isThorough, matches(found, outline) { return nil }
        // Another process may have written between the two looks: readers do not wait.
        found = try journal.newest(of: file)
        outline = try files.outline(path(file))
        if !isThorough, matches(found, outline) { return nil }
        guard let outline else { return found.entry?.state == nil ? nil : "it is gone" }
        let digest = try files.digest(path(file))
        if [found.entry?.state?.digest, found.pending?.state?.digest].contains(digest) { return nil }
        return difference(found.entry, outline)
    }

    private func matches(_ found: JournalCache.Found, _ outline: FileState.Outline?) -> Bool {
        guard let outline else { return false }
        return found.entry?.state?.looksLike(outline) == true || found.pending?.state?.looksLike(outline) == true
    }

    private func difference(_ entry: JournalEntry?, _ outline: FileState.Outline) -> String {
        guard let entry, let state = entry.state else { return "it was deleted, and is there again" }
        let clock = files.system.clock
        let then = "\(ByteCount.text(state.size)) at \(clock.local(entry.time).dayAndTime)"
        let now = "since \(clock.local(outline.modified).dayAndTime)"
        return state.size == outline.size ? "other bytes than the \(then), \(now)" : "\(ByteCount.text(outline.size)) instead of the \(then), \(now)"
    }
}
