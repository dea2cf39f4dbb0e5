import CrateFormats
import CrateValues
import OpenCrate

/// A clone of the store is read, damaged and mended.
extension Drill {
    func checkClone() throws(CrateError) {
        try begin("a clone of the store")
        let items = try cloned()
        let crate = try Crate(at: folder, files: files)
        let sound = try verified(crate, items)
        try checkDamage(crate, sound)
        try checkBringingBack(crate, sound)
    }

    /// Copies what there is room for, the newest first; makes a small store where there is none.
    private func cloned() throws(CrateError) -> [DrillStore.Item] {
        let all = try DrillStore.items(files)
        if all.isEmpty {
            report.add("a clone of your store", .good, "there is none yet: a small one was made instead")
            return [try madeStore()]
        }
        let isShared = report.lines.contains { $0.name.hasPrefix("shared blocks") && $0.mark == .good }
        var room = isShared ? Int.max : Drill.budget
        var items: [DrillStore.Item] = []
        for item in all where item.bytes <= room {
            for path in item.folders where try files.info(path) != nil {
                let target = folder + "/" + path
                try files.makeDirectory(target.pathParts().dropLast().joined(separator: "/"))
                try files.copy(path, to: target)
            }
            room -= item.bytes
            items.append(item)
        }
        if try files.info(".opencrate/config.json") != nil { try files.copy(".opencrate/config.json", to: folder + "/.opencrate/config.json") }
        let bytes = ByteCount.text(items.reduce(0) { $0 + $1.bytes })
        let rest = all.count == items.count ? "" : "; \(all.count - items.count) more would take too much room"
        report.add("a clone of your store", .good, "\(counted(items.count, "version")), \(bytes)\(isShared ? " in shared blocks" : "")\(rest)")
        return items
    }

    private func madeStore() throws(CrateError) -> DrillStore.Item {
        let snapshot = try Crate(at: folder, files: files).setup("sample")
        for number in 0..<5 {
            let text = try snapshot.text("note-\(number).txt")
            try text.save(.document(.string("note \(number)")))
            try text.backup(tag: "first")
        }
        return DrillStore.Item(name: snapshot.name, version: snapshot.versionID)
    }

    /// Those in which everything is as it was written.
    private func verified(_ crate: Crate, _ items: [DrillStore.Item]) throws(CrateError) -> [DrillStore.Item] {
        var (sound, checked, skipped, findings): ([DrillStore.Item], Int, Int, [String]) = ([], 0, 0, [])
        // A clone in shared blocks may be larger than can be read in seconds.
        let part = min(1, Double(Drill.budget) / Double(max(1, items.reduce(0) { $0 + $1.bytes })))
        for item in items {
            var scope = VerificationScope(name: item.name, version: item.version)
            scope.sample = part
            let result = try crate.verify(scope)
            checked += result.checked
            skipped += result.skipped
            findings += result.findings.map { "\(Substring($0.path.utf8.dropFirst(folder.utf8.count + 1))) is \($0.problem.rawValue)" }
            if result.findings.isEmpty { sound.append(item) }
        }
        if findings.isEmpty {
            report.add("what is in it", .good, "\(counted(checked, "file")) read\(skipped == 0 ? "" : " of \(checked + skipped)"), each as it was written")
        } else {
            report.add("what is in it", .broken, "\(findings.count) found, such as: \(findings[0]); see `crate verify`")
        }
        return sound
    }

    // MARK: damage

    /// Flips one bit of a file at a time; `verify` must find each.
    private func checkDamage(_ crate: Crate, _ items: [DrillStore.Item]) throws(CrateError) {
        try begin("flipping bits")
        var (found, missed): (Int, [String]) = (0, [])
        let small = items.filter { $0.bytes <= Drill.largest * 2 }
        for _ in 0..<24 where !small.isEmpty {
            let item = small[draw(small.count)]
            guard let path = try victim(in: item) else { continue }
            let bytes = try files.read(path).array
            var damaged = bytes
            damaged[draw(bytes.count)] ^= 1 << UInt8(draw(8))
            try put(damaged, path)
            let isFound = try !crate.verify(VerificationScope(name: item.name, version: item.version)).findings.isEmpty
            if isFound { found += 1 } else { missed.append(path) }
            try put(bytes, path)
        }
        report.add(
            "flipped bits", missed.isEmpty ? .good : .broken,
            missed.isEmpty ? "\(found) of \(found) found by `verify`" : "\(missed.count) of \(found + missed.count) not found, such as one of \(missed[0])")
    }

    private func put(_ bytes: [UInt8], _ path: String) throws(CrateError) {
        try files.write(path) { (sink) throws(FormatError) in try sink.write(bytes) }
    }

    /// An artifact's file, a backup, or the journal.
    private func victim(in item: DrillStore.Item) throws(CrateError) -> String? {
        var paths = [folder + "/" + item.journal]
        let artifacts = folder + "/" + item.folders[0]
        for info in try files.list(artifacts) where info.isDirectory { paths += try files.list(info.path, recursive: true).map(\.path) }
        var candidates: [String] = []
        for path in paths {
            if let info = try files.info(path), !info.isDirectory, (1...Drill.largest).contains(info.size) { candidates.append(path) }
        }
        return candidates.isEmpty ? nil : candidates[draw(candidates.count)]
    }

    // MARK: bringing back

    /// Artifacts that are backed up, deleted, restored and undone must be what they were.
    private func checkBringingBack(_ crate: Crate, _ items: [DrillStore.Item]) throws(CrateError) {
        try begin("deleting and bringing back")
        var (done, lost): (Int, [String]) = (0, [])
        for item in items.prefix(5) {
            let start: Start = item.version.number.map { .number($0) } ?? .dev
            let snapshot = try crate.setup(item.name, start: start, tag: item.version.tag)
            for artifact in try snapshot.artifacts().filter({ $0.size ?? .max <= Drill.largest }).prefix(3) {
                done += 1
                if try !comesBack(artifact, in: snapshot) { lost.append(artifact.path) }
            }
        }
        let detail = lost.isEmpty ? "\(counted(done, "artifact")) deleted, restored, and taken back" : "\(lost.count) of \(done) did not come back, such as \(lost[0])"
        report.add("backup, restore, delete, undo", lost.isEmpty ? .good : .broken, detail)
    }

    private func comesBack(_ artifact: Artifact, in snapshot: Snapshot) throws(CrateError) -> Bool {
        let digest = try artifact.digest()
        let backups = try artifact.listBackups().count
        let tag = "drill-" + String(system.entropy.next(), radix: 36)
        try artifact.backup(tag: tag)
        try artifact.delete(confirm: true)
        try artifact.restore(tag: tag)
        guard try artifact.digest() == digest else { return false }
        _ = try snapshot.undo()
        if artifact.exists { return false }
        _ = try snapshot.undo()
        _ = try snapshot.undo()
        let (found, left) = (try artifact.digest(), try artifact.listBackups().count)
        return found == digest && left == backups
    }
}
