import Glibc

/// What stands in a file's place before it is changed, as far as that is known without reading it.
struct StateBefore {
    /// Bytes.
    let size: Int
    /// The journal's, when nothing speaks against it.
    let digest: String?
    /// How it differs from what the journal has, in words; `nil` when it does not, or the journal does not know it.
    let change: String?
}

extension VersionStore {
    /// `nil` when nothing is there.
    func before(_ file: String) throws(CrateError) -> StateBefore? {
        guard let outline = try files.outline(path(file)) else { return nil }
        let found = try journal.newest(of: file)
        let state = found.entry?.state
        if let state, state.looksLike(outline) { return StateBefore(size: outline.size, digest: state.digest, change: nil) }
        guard let entry = found.entry, !matches(found, outline) else { return StateBefore(size: outline.size, digest: nil, change: nil) }
        // A copied store has other times, and so has a save of the same content whose process was killed: seldom enough to be read.
        let digest = isAsLarge(outline, found) ? try readDigest(of: file) : nil
        let isSame = digest != nil && [entry.state?.digest, found.pending?.state?.digest].contains(digest)
        return StateBefore(size: outline.size, digest: isSame ? digest : nil, change: isSame ? nil : try change(of: file, entry, outline, isRead: digest != nil))
    }

    private func isAsLarge(_ outline: FileState.Outline, _ found: JournalCache.Found) -> Bool {
        outline.isLink || [found.entry?.state?.size, found.pending?.state?.size].contains(outline.size)
    }

    /// `nil` for what can't be read: it may be replaced all the same.
    private func readDigest(of file: String) throws(CrateError) -> String? {
        // Reading from a pipe would never end.
        if try files.status(path(file))?.kind == .other { return nil }
        do { return try files.ownDigest(path(file)) } catch {
            if case .system(_, _, ECANCELED) = error { throw error }
            return nil
        }
    }

    private func change(of file: String, _ entry: JournalEntry, _ outline: FileState.Outline, isRead: Bool) throws(CrateError) -> String {
        if outline.isLink { return try files.linkText(path(file)) }
        if !isRead, entry.state?.size == outline.size {
            return "it has another time than when it was written, \(files.system.clock.local(entry.time).dayAndTime), and can't be read"
        }
        return difference(entry, outline)
    }

    /// What differs between `file` and the journal's last word of it; `nil` when nothing does, or when the journal does not know it.
    ///
    /// - Parameter isThorough: read it even when size and time are the same; what the journal does not know is then a change too.
    func change(of file: String, isThorough: Bool) throws(CrateError) -> String? {
        while true {
            let found = try journal.newest(of: file)
            guard let change = try change(of: file, from: found, isThorough) else { return nil }
            // Readers do not wait: another process may have written between the look at the journal and the one at the file.
            if try journal.newest(of: file) == found { return change }
        }
    }

    private func change(of file: String, from found: JournalCache.Found, _ isThorough: Bool) throws(CrateError) -> String? {
        guard found.entry != nil || found.pending != nil else { return isThorough ? "the journal does not know it" : nil }
        let outline = try files.outline(path(file))
        if !isThorough, matches(found, outline) { return nil }
        guard let outline else { return found.entry?.state == nil ? nil : "it is gone" }
        let digest: String
        do { digest = try files.ownDigest(path(file)) } catch {
            if case .notFound = error { return "it is gone" }
            throw error
        }
        if [found.entry?.state?.digest, found.pending?.state?.digest].contains(digest) { return nil }
        if outline.isLink { return try files.linkText(path(file)) }
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
