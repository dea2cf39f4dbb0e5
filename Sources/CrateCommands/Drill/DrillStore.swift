import CrateValues
import OpenCrate

/// A store on the disk, as its plain files.
enum DrillStore {
    static let hidden = ".opencrate/store"

    /// One version, and the room it takes.
    struct Item {
        let name: String
        let version: Version
        var bytes = 0
        var modified = 0.0

        /// Where its artifacts are, and what is known of them.
        var folders: [String] { ["snapshots/\(name)/\(version.name)", "\(hidden)/versions/\(name)/\(version.name)"] }
        var journal: String { folders[1] + "/journal.jsonl" }
    }

    /// Everything in the store of the working directory: path, size and time.
    static func outline(_ files: Files) throws(CrateError) -> [String] {
        var found: [String] = []
        for folder in ["snapshots", ".opencrate"] where try files.info(folder)?.isDirectory == true {
            found += try files.list(folder, recursive: true).map { "\($0.path) \($0.size) \($0.modified)" }
        }
        return found
    }

    /// The versions of the store of the working directory, newest first.
    static func items(_ files: Files) throws(CrateError) -> [Item] {
        let crate = try Crate(at: ".", files: files)
        var items: [Item] = []
        for name in try crate.names() {
            for version in try crate.versions(of: name) {
                var item = Item(name: name, version: version)
                for folder in item.folders where try files.info(folder) != nil {
                    for info in try files.list(folder, recursive: true) {
                        item.bytes += info.size
                        item.modified = max(item.modified, info.modified)
                    }
                }
                items.append(item)
            }
        }
        return items.sorted { $0.modified > $1.modified }
    }
}
