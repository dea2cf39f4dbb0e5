import CrateFormats

/// The log of every run of a version. Rotated, zipped and dropped by loguru's rules.
final class HistoryLog {
    /// Bytes at which the file is put aside.
    static let rotationSize = 30_000_000
    /// Nanoseconds for which files put aside are kept: 30 days.
    static let retention = 30 * 24 * 3600 * 1_000_000_000

    private let path: String
    private let files: Files
    private var file: AppendingFile

    init(_ path: String, files: Files) throws(CrateError) {
        self.path = path
        self.files = files
        file = try AppendingFile(path, files: files, truncating: false)
    }

    func append(_ line: [UInt8]) throws(CrateError) {
        if file.isRemoved { file = try AppendingFile(path, files: files, truncating: false) }
        if file.size > 0, file.size + line.count > HistoryLog.rotationSize { try rotate() }
        try file.append(line)
    }

    /// `x.history.log` becomes `x.history.<time>.log.zip`.
    private func rotate() throws(CrateError) {
        let clock = files.system.clock
        let aside = "\(stem).\(clock.local(clock.now()).rotationStamp).log"
        try files.move(path, to: aside)
        let content = try files.read(aside)
        try files.write(aside + ".zip") { (sink) throws(FormatError) in
            var archive = ZipWriter(sink)
            try archive.add(Path.name(aside), content, method: .deflated(level: 6))
            try archive.finish()
        }
        try files.remove(aside)
        try removeExpired(before: clock.now() - HistoryLog.retention)
        file = try AppendingFile(path, files: files, truncating: false)
    }

    private func removeExpired(before limit: Int) throws(CrateError) {
        let folder = Path.parent(path)
        let prefix = Path.name(stem) + "."
        for name in try files.names(in: folder) where name.hasPrefix(prefix) && name.contains(".log") && name != Path.name(path) {
            let old = Path.join(folder, name)
            if let status = try files.status(old), status.kind == .file, status.modified <= limit { try files.remove(old) }
        }
    }

    private var stem: String { String(path.dropLast(".log".count)) }
}
