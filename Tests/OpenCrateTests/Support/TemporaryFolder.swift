import Foundation

@testable import OpenCrate

/// A folder of its own for one test, removed afterwards.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("opencrate-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ relative: String) -> String { "\(path)/\(relative)" }
    func exists(_ relative: String) -> Bool { FileManager.default.fileExists(atPath: path(relative)) }
    func text(_ relative: String) throws -> String { try String(contentsOfFile: path(relative), encoding: .utf8) }
    func bytes(_ relative: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(relative)))) }

    func write(_ text: String, to relative: String) throws { try write(Array(text.utf8), to: relative) }

    func write(_ bytes: [UInt8], to relative: String) throws {
        let target = URL(fileURLWithPath: path(relative))
        try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: target)
    }

    func link(_ relative: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(relative), withDestinationPath: target)
    }

    /// Every file, folder and link below, by relative path, sorted.
    func everything() -> [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
    }

    /// What unfinished writers have left.
    var leftovers: [String] { everything().filter { $0.contains(NameRules.temporaryPrefix) } }
}

/// A crate whose paths are relative to its own working directory, as in a shell.
struct Workplace {
    let folder: TemporaryFolder
    let crate: Crate
    let echoed = Echo()

    init(_ system: OperatingSystem = OperatingSystem(clock: SteppingClock())) throws {
        folder = try TemporaryFolder()
        crate = try Workplace.open(folder, system)
        crate.echo = { [echoed] in echoed.records.append($0) }
    }

    static func open(_ folder: TemporaryFolder, _ system: OperatingSystem = OperatingSystem(clock: SteppingClock())) throws -> Crate {
        try Crate(at: ".", files: Files(workingDirectory: folder.path, system: system))
    }
}

/// What a crate has said.
final class Echo {
    var records: [LogRecord] = []
    var messages: [String] { records.map(\.message) }
}
