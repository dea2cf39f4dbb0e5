import CrateValues

/// What a folder holds: how many files, which are the largest, and how they divide by extension.
struct FolderInspection {
    private let entries: [TreeEntry]
    private let digest: String
    private static let mostLargest = 10

    init(_ entries: [TreeEntry], digest: String) {
        self.entries = entries
        self.digest = digest
    }

    var inspection: Inspection {
        let files = entries.filter { if case .file = $0.kind { true } else { false } }
        let folders = entries.count { if case .folder = $0.kind { true } else { false } }
        return Inspection(
            facts: [
                ("files", .integer(files.count)), ("folders", .integer(folders)), ("links", .integer(entries.count - files.count - folders)),
                ("digest", .string(digest)),
            ],
            listings: [extensions(files), largest(files)])
    }

    private func extensions(_ files: [TreeEntry]) -> Inspection.Listing {
        var totals: [String: (count: Int, size: Int)] = [:]
        for file in files {
            let key = ArtifactName(Path.name(file.path)).fileExtension
            let total = totals[key] ?? (0, 0)
            totals[key] = (total.count + 1, total.size &+ file.size)
        }
        let sorted = totals.sorted { ($1.value.size, $0.key) < ($0.value.size, $1.key) }
        return Inspection.Listing(
            "by_extension", columns: ["extension", "files", "size"],
            rows: sorted.map { [.string($0.key.isEmpty ? "none" : $0.key), .integer($0.value.count), .integer($0.value.size)] })
    }

    private func largest(_ files: [TreeEntry]) -> Inspection.Listing {
        let sorted = files.sorted { ($1.size, $0.path) < ($0.size, $1.path) }
        return Inspection.Listing(
            "largest", columns: ["path", "size"], rows: sorted.prefix(FolderInspection.mostLargest).map { [.string($0.path), .integer($0.size)] })
    }
}
