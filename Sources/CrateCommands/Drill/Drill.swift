import CrateFormats
import CrateLanguage
import CrateValues
import Glibc
import OpenCrate

/// Does to a clone of the store what must never happen to the store itself, and looks whether the promises hold on this file system.
///
/// All of it happens in a folder beside the store, on the same file system. The store is read, and nothing else.
final class Drill {
    let files: Files
    let system: OperatingSystem
    /// The folder it happens in, relative to the working directory, and absolute.
    let folder: String
    let full: String
    private let progress: (String) -> Void
    private let isToStop: () -> Bool
    var report = DrillReport()

    /// Bytes of artifacts that are cloned where that takes room.
    static let budget = 256 << 20
    /// Files up to this size, in bytes, are damaged and brought back.
    static let largest = 16 << 20

    init(files: Files, system: OperatingSystem, progress: @escaping (String) -> Void, isToStop: @escaping () -> Bool) {
        self.files = files
        self.system = system
        self.progress = progress
        self.isToStop = isToStop
        folder = ".crate-drill-" + String(system.entropy.next(), radix: 36)
        full = files.workingDirectory + "/" + folder
    }

    /// - Parameter isKept: leave the folder there.
    func run(isKept: Bool) throws(CrateError) {
        let before = try DrillStore.outline(files)
        try files.makeDirectory(folder)
        do throws(CrateError) { try runAll() } catch {
            if !isKept { try? files.remove(folder) }
            throw error
        }
        if isKept { report.folder = folder } else { try files.remove(folder) }
        let isUntouched = try DrillStore.outline(files) == before
        // Someone else may be at work in it.
        report.add("your store", isUntouched ? .good : .limited, isUntouched ? "is as it was" : "was written to meanwhile, by another program")
    }

    private func runAll() throws(CrateError) {
        try begin("what the file system can do")
        try checkFileSystem()
        try checkClone()
        try checkKills()
        try checkTransactions()
        try checkRace()
    }

    /// Says what comes next, unless the user wants to stop.
    func begin(_ what: String) throws(CrateError) {
        if isToStop() { throw .system(operation: "drill", path: folder, code: ECANCELED) }
        progress(what)
    }

    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// A number below `bound`.
    func draw(_ bound: Int) -> Int { Int(system.entropy.next() % UInt64(max(1, bound))) }
}

extension Session {
    /// Tries the promises of the store on a clone of it.
    ///
    /// - Parameters:
    ///   - isKept: leave the clone there.
    ///   - progress: is told what comes next.
    public func drill(isKept: Bool, progress: @escaping (String) -> Void) throws(Failure) -> DrillReport {
        let drill = Drill(files: files, system: configuration.system, progress: progress) { [configuration] in configuration.interruption.isRaised }
        try throwing { () throws(CrateError) in try drill.run(isKept: isKept) }
        return drill.report
    }
}
