import CrateFormats
import CrateValues
import Glibc
import Synchronization
import Testing

@testable import OpenCrate

/// What long work tells of itself, and that it can be stopped.
@Suite struct ProgressCountTests {
    /// Work as it was when it ended: title, measure, what was expected, what was done.
    private final class Watch: Sendable {
        private let seen = Mutex<[String]>([])
        private let latest = Mutex<(work: Progress.Work, done: Int)?>(nil)
        private let progress = Mutex<Progress?>(nil)

        var lines: [String] { seen.withLock { $0 } }

        func make() -> Progress {
            let progress = Progress(now: { 0 }) { [self] isBeginning in
                guard let last = latest.withLock({ $0 }), !isBeginning else { return }
                let total = last.work.total.map { " of \($0)" } ?? ""
                seen.withLock { $0.append("\(last.work.title): \(last.work.measure) \(last.done)\(total)") }
            }
            self.progress.withLock { [progress] in $0 = progress }
            return progress
        }

        /// Whether something was done of what is under way.
        var isGoingOn: Bool { latest.withLock { $0?.done ?? 0 } > 0 }
        var title: String { latest.withLock { $0?.work.title ?? "" } }

        func look() { if let current = progress.withLock({ $0?.current }) { latest.withLock { $0 = current } } }
    }

    private func place(stopping: @escaping @Sendable (Watch) -> Bool = { _ in false }) throws -> (TemporaryFolder, Crate, Watch) {
        let watch = Watch()
        let folder = try TemporaryFolder()
        let progress = watch.make()
        // Every call is followed by another question, so this sees each state but perhaps the last.
        var system = OperatingSystem(files: PosixFileSystem(progress: progress) { watch.look(); return stopping(watch) }, clock: SteppingClock())
        system.progress = progress
        return (folder, try Crate(at: ".", files: Files(workingDirectory: folder.path, system: system)), watch)
    }

    @Test func workTellsWhatItDoes() throws {
        let (folder, crate, watch) = try place()
        let snapshot = try crate.setup("run")
        let weights = try Tensor.zeros([1 << 20], dtype: .float32)
        let artifact = try snapshot.checkpoint("m.safetensors")
        try artifact.save(.document(.object([("w", .tensor(weights))])))
        _ = try artifact.load(verify: true)
        try folder.write([UInt8](repeating: 1, count: 10 << 20), to: "data/a.bin")
        try folder.write([UInt8](repeating: 2, count: 100), to: "data/b.bin")
        _ = try crate.files.digest("data")
        try crate.files.copy("data", to: "copy")
        try crate.makeArchive("a.tar", folder: "data")
        _ = try crate.verify()
        let titles = watch.lines.map { String($0.prefix { $0 != ":" }) }
        for title in ["save m.safetensors", "load m.safetensors", "digest data", "copy data", "pack a.tar", "verify"] { #expect(titles.contains(title), "\(watch.lines)") }
        #expect(watch.lines.contains { $0.hasPrefix("save m.safetensors: written ") && $0.hasSuffix(" of \(4 << 20)") })
        #expect(watch.lines.contains("digest data: hashed \((10 << 20) + 100) of \((10 << 20) + 100)"))
        #expect(watch.lines.contains { $0.hasPrefix("verify: hashed ") && $0.contains(" of ") })
    }

    @Test(arguments: ["a.zip", "a.tgz", "a.tar.gz"])
    func whatIsPackedIsCountedOnTheWay(name: String) throws {
        let (folder, crate, watch) = try place()
        // Beyond what is packed in one piece, and small ones whose headers don't count.
        try folder.write([UInt8](repeating: 1, count: 40 << 20), to: "data/large.bin")
        for number in 0..<9 { try folder.write([UInt8](repeating: 2, count: 10), to: "data/\(number).bin") }
        try crate.makeArchive(name, folder: "data")
        #expect(watch.lines.contains("pack \(name): packed \((40 << 20) + 90) of \((40 << 20) + 90)"), "\(watch.lines)")
    }

    @Test func framesAreCounted() throws {
        let (folder, crate, watch) = try place()
        let frame = try Tensor.zeros([16, 16], dtype: .uint8)
        try crate.write(.document(.list(Array(repeating: .tensor(frame), count: 5))), to: "a.avi", options: ["codec": .string("mjpeg")])
        #expect(watch.lines.contains("write a.avi: frames 5 of 5"), "\(watch.lines)")
        #expect(folder.exists("a.avi"))
    }

    /// Work inside of other work is part of it.
    @Test func nestedWorkIsOne() {
        let changes = Mutex<[Bool]>([])
        let progress = Progress(now: { 5 }) { isBeginning in changes.withLock { $0.append(isBeginning) } }
        progress.begin("outer", .written, total: 10)
        progress.begin("inner", .hashed, total: 99)
        progress.advance(.hashed, by: 7)
        progress.advance(.written, by: 3)
        progress.end()
        #expect(progress.current?.work.title == "outer")
        #expect(progress.current?.done == 3)
        progress.expect(5)
        #expect(progress.current?.work.total == 15)
        progress.end()
        #expect(progress.current == nil)
        #expect(changes.withLock { $0 } == [true, false])
        progress.begin("next", .written)
        #expect(progress.current?.done == 0)
    }

    /// Every question may be the one that is answered with a wish to stop, which is passed on once.
    @Test func hashingCanBeStopped() throws {
        let asked = Atomic(0)
        let (folder, crate, _) = try place { _ in asked.wrappingAdd(1, ordering: .relaxed).newValue == 2 }
        try folder.write([UInt8](repeating: 1, count: 40 << 20), to: "a.bin")
        let error = failure("system", "a.bin") { _ = try crate.files.digest("a.bin") }
        if case .system(_, _, let code) = error { #expect(code == ECANCELED) }
        #expect(asked.load(ordering: .relaxed) == 2)
    }

    @Test func verifyingCanBeStoppedOnAllCores() throws {
        let isWanted = Atomic(false)
        let (folder, crate, _) = try place { $0.title == "verify" && $0.isGoingOn && isWanted.exchange(false, ordering: .relaxed) }
        let snapshot = try crate.setup("run")
        for name in ["a", "b", "c", "d"] { try snapshot.text("\(name).txt").save(.text(String(repeating: name, count: 1 << 20))) }
        isWanted.store(true, ordering: .relaxed)
        let error = failure("system") { _ = try crate.verify() }
        if case .system(_, _, let code) = error { #expect(code == ECANCELED) }
        #expect(try crate.verify().findings == [])
        #expect(folder.leftovers == [])
    }
}

/// A folder that nothing can be changed outside of.
@Suite struct ProtectiveFileSystemTests {
    let outside: TemporaryFolder
    let folder: TemporaryFolder
    let files: Files

    init() throws {
        (outside, folder) = (try TemporaryFolder(), try TemporaryFolder())
        let system = OperatingSystem(files: ProtectiveFileSystem(PosixFileSystem(), folder: folder.path))
        files = Files(workingDirectory: folder.path, system: system)
        try outside.write("kept", to: "a.txt")
        try outside.write("kept", to: "inner/b.txt")
    }

    @Test func whatIsOutsideIsReadAndNotChanged() throws {
        let (a, inner) = (outside.path("a.txt"), outside.path("inner"))
        let name = Path.name(outside.path)
        #expect(try files.read(a).array == Array("kept".utf8))
        for change in [
            { try files.write(a) { (sink) throws(FormatError) in try sink.write("new") } }, { try files.remove(a) }, { try files.remove(inner) },
            { try files.move(a, to: "moved.txt") }, { try files.copy("mine.txt", to: outside.path("copy.txt")) }, { try files.makeDirectory(outside.path("new")) },
            { try files.write("../\(name)/a.txt") { (sink) throws(FormatError) in try sink.write("new") } },
            { try files.write("sub/../../\(name)/a.txt") { (sink) throws(FormatError) in try sink.write("new") } },
        ] as [() throws -> Void] {
            try folder.write("mine", to: "mine.txt")
            #expect(throws: CrateError.self, performing: change)
        }
        #expect(outside.everything() == ["a.txt", "inner", "inner/b.txt"])
        #expect(try outside.text("a.txt") == "kept")
    }

    @Test func whatIsInsideIsAsEver() throws {
        try files.makeDirectory("sub")
        try files.write("sub/../x.txt") { (sink) throws(FormatError) in try sink.write("new") }
        try files.copy(outside.path("inner"), to: "copied")
        try files.move("x.txt", to: "y.txt")
        #expect(folder.everything() == ["copied", "copied/b.txt", "sub", "y.txt"])
        try files.remove("copied")
        #expect(folder.everything() == ["sub", "y.txt"])
    }
}
