import Glibc

extension VersionStore {
    /// The step itself: afterwards the new state is in place and the old one kept.
    ///
    /// - Parameter keeping: the name in `kept` for what is at `target`; `nil` when nothing is.
    func put(_ new: Unfinished, at target: String, keeping kept: String?, _ mode: RenameMode) throws(CrateError) {
        let full = try files.resolved(target)
        if new.kind == .directory, let kept {
            try exchange(new.path, target, keeping: kept)
        } else {
            if let kept { try keep(target, as: kept) }
            try files.named(target) { () throws(SystemError) in try files.calls.rename(new.path, to: full, new.kind == .directory ? .keep : mode) }
        }
        let keptFull = try files.resolved(keptFolder)
        try files.named(target) { () throws(SystemError) in
            if kept == nil { try files.synchronizeFolder(of: full) } else { try files.synchronizeFolders(Path.parent(full), keptFull) }
        }
    }

    /// A second name for a file that is about to be replaced; a copy where a file can't have two.
    func keep(_ target: String, as kept: String) throws(CrateError) {
        let (full, keptFull) = (try files.resolved(target), try files.resolved(keptPath(kept)))
        do { try files.calls.makeHardLink(keptFull, to: full) } catch {
            if error.code == EEXIST { return }
            guard error.isUnsupported || [EPERM, EXDEV, EMLINK, EACCES].contains(error.code) else { throw CrateError(error, path: target) }
            try files.copy(target, to: keptPath(kept))
        }
    }

    /// Swaps a new folder with the one at `target`, which is then kept.
    private func exchange(_ new: String, _ target: String, keeping kept: String) throws(CrateError) {
        let (full, keptFull) = (try files.resolved(target), try files.resolved(keptPath(kept)))
        do { try files.calls.rename(new, to: full, .exchange) } catch {
            guard error.isUnsupported else { throw CrateError(error, path: target) }
            // For a moment nothing is at the target; a failure puts the old folder back.
            try files.named(target) { () throws(SystemError) in
                try files.calls.rename(full, to: keptFull, .keep)
                do throws(SystemError) { try files.calls.rename(new, to: full, .keep) } catch {
                    try? files.calls.rename(keptFull, to: full, .keep)
                    throw error
                }
            }
            return
        }
        // The old one stands where the new one was made.
        do { try files.calls.rename(new, to: keptFull, .keep) } catch {
            if (try? files.calls.rename(new, to: full, .exchange)) == nil { return }
            throw CrateError(error, path: target)
        }
    }

    /// Moves what is at `target` out of the version, in one step.
    func takeAway(_ target: String, to kept: String) throws(CrateError) {
        let (full, keptFull) = (try files.resolved(target), try files.resolved(kept))
        do { try files.calls.rename(full, to: keptFull, .keep) } catch {
            guard error.code == EXDEV else { throw CrateError(error, path: target) }
            try files.copy(target, to: kept)
            try files.discard(target)
        }
        try files.named(target) { () throws(SystemError) in
            try files.synchronizeFolder(of: full)
            try files.synchronizeFolder(of: keptFull)
        }
    }

    /// Moves what was kept into a free place.
    func bringBack(_ kept: String, to target: String) throws(CrateError) {
        let (full, keptFull) = (try files.resolved(target), try files.resolved(kept))
        do { try files.calls.rename(keptFull, to: full, .keep) } catch {
            guard error.code == EXDEV else { throw CrateError(error, path: target) }
            try files.copy(kept, to: target, .keep)
        }
        try files.named(target) { () throws(SystemError) in
            try files.synchronizeFolder(of: full)
            try files.synchronizeFolder(of: keptFull)
        }
    }

    /// Swaps what is kept with what is in place.
    func swap(_ kept: String, with target: String) throws(CrateError) {
        let (full, keptFull) = (try files.resolved(target), try files.resolved(kept))
        do { try files.calls.rename(keptFull, to: full, .exchange) } catch {
            guard error.isUnsupported || error.code == EXDEV else { throw CrateError(error, path: target) }
            let new = try files.makeCopy(of: kept, besides: target)
            try files.place(new, at: target, .replace)
        }
        try files.named(target) { () throws(SystemError) in
            try files.synchronizeFolder(of: full)
            try files.synchronizeFolder(of: keptFull)
        }
    }

    /// What can't be removed now is found again by `collect`.
    func drop(_ kept: String) { if let full = try? files.resolved(keptPath(kept)) { files.removeAside(full) } }
}
