import CrateFormats
import CrateValues

/// The project's marker, `.opencrate/config.json`, with the newest version number of each name. Keys of others are kept.
struct Counters {
    static let folderName = ".opencrate"
    private static let key = "snapshot_version"
    private let files: Files
    private let folder: String
    /// Nanoseconds that one waits for others.
    private let patience: Int
    private var path: String { Path.join(folder, "config.json") }

    /// - Parameter crateFolder: the project's folder; empty for the working directory.
    init(files: Files, crateFolder: String, patience: Int) {
        self.files = files
        self.patience = patience
        folder = Path.join(crateFolder, Counters.folderName)
    }

    /// The newest version number of `name`; `nil` when it has none.
    func newest(of name: String) throws(CrateError) -> Int? { try number(of: name, in: try counters(in: try config())) }

    /// Forgets `name`, whatever stands there.
    func remove(_ name: String) throws(CrateError) {
        if try counters(in: try config()).value(of: name) == nil { return }
        try files.locked(folder, patience: patience) { () throws(CrateError) in
            var config = try config()
            var counters = try counters(in: config)
            counters.set(name, nil)
            config.set(Counters.key, counters.entries.isEmpty ? nil : .mapping(counters))
            try write(config)
        }
    }

    /// Changes the number of `name` while no other process can. Gives what `change` gives.
    ///
    /// Makes the marker when it is missing. Nothing is written when the number stays, and nobody waited for.
    func update(_ name: String, _ change: (Int?) throws(CrateError) -> Int?) throws(CrateError) -> Int? {
        if try files.status(folder, followingLinks: true) == nil { try files.makeLastingDirectory(folder) }
        if try files.status(path) != nil {
            let old = try newest(of: name)
            if try change(old) == old { return old }
        }
        return try files.locked(folder, patience: patience) { () throws(CrateError) in
            var config = try config()
            var counters = try counters(in: config)
            let old = try number(of: name, in: counters)
            let new = try change(old)
            let isMissing = try files.status(path) == nil
            if new != old || isMissing {
                counters.set(name, new.map { .integer($0) })
                config.set(Counters.key, counters.entries.isEmpty ? nil : .mapping(counters))
                try write(config)
            }
            return new
        }
    }

    /// A number that can't be one is left for its owner to mend: counting on from it would open folders that nobody meant.
    private func number(of name: String, in counters: Document.Mapping) throws(CrateError) -> Int? {
        guard let value = counters.value(of: name) else { return nil }
        if case .integer(let number) = value, number >= 0 { return number }
        let reason = "the newest version of `\(name)` is not a whole number from 0"
        throw .format(FormatError(.malformed, "JSON", reason, at: .member("\(Counters.key).\(name)"), hint: "correct it, or reset `\(name)`"), path: path)
    }

    private func config() throws(CrateError) -> Document.Mapping {
        guard try files.status(path) != nil else { return .init() }
        let bytes = try files.read(path)
        let document: Document
        do { document = try JSON.decode(bytes) } catch { throw .format(error, path: path) }
        guard case .mapping(let config) = document else {
            throw .format(FormatError(.malformed, "JSON", "the project's configuration is not an object"), path: path)
        }
        return config
    }

    private func counters(in config: Document.Mapping) throws(CrateError) -> Document.Mapping {
        switch config[Counters.key] {
        case nil, .null?: return .init()
        case .mapping(let counters)?: return counters
        default: throw .format(FormatError(.malformed, "JSON", "`\(Counters.key)` is not an object", at: .member(Counters.key)), path: path)
        }
    }

    private func write(_ config: Document.Mapping) throws(CrateError) {
        try files.write(path) { (sink) throws(FormatError) in
            // As Python's json.dump(indent=4) has it, so that the file stays the same whoever writes it.
            try JSON.encode(.mapping(config), options: .init(indent: 4, ascii: true), to: sink)
        }
    }
}

extension Document.Mapping {
    private func index(of name: String) -> Int? {
        entries.firstIndex { if case .string(let key) = $0.key { ExactText(key) == ExactText(name) } else { false } }
    }

    /// Names that differ in how an accent is spelled are two snapshots.
    fileprivate func value(of name: String) -> Document? { index(of: name).map { entries[$0].value } }

    /// Replaces the value in its place, adds it at the end, or with `nil` removes it.
    fileprivate mutating func set(_ key: String, _ value: Document?) {
        switch (index(of: key), value) {
        case (let index?, let value?): entries[index].value = value
        case (let index?, nil): entries.remove(at: index)
        case (nil, let value?): entries.append((key: .string(key), value: value))
        case (nil, nil): break
        }
    }
}

extension Files {
    /// Runs `body` while no other process holds the folder's lock.
    func locked<Result>(_ folder: String, patience: Int, _ body: () throws(CrateError) -> Result) throws(CrateError) -> Result {
        let full = try resolved(folder)
        let handle = try named(folder) { () throws(SystemError) in try calls.open(full, .directory) }
        defer { try? calls.close(handle) }
        let lock = try FileLock(handle, Path.join(folder, "config"), what: "`\(folder)`", self, patience: patience)
        // Closing it frees it in any case.
        defer { _ = lock.release() }
        return try body()
    }
}
