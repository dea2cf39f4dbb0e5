import Foundation
import Testing

/// The real program on the real system, whose calls are refused or whose process is killed at each of them, and on a disk that is full.
///
/// `CRATE_ALL_FAULTS=1` tries each fault instead of some; `CRATE_FAULT_SEED` draws the same ones again.
@Suite("The program when the system refuses")
struct StoreFaultTests {
    /// The operations, each acknowledged on standard error, which is not gathered, and what the version's text files are after each of them.
    private static let script = """
        setup "x", start: 0
        save text("a.txt"), "new"
        error "overwritten, acknowledged"
        save text("b.txt"), "more"
        error "saved, acknowledged"
        backup text("a.txt"), tag: "t"
        error "backed up, acknowledged"
        transaction { save text("a.txt"), "both"
        save text("b.txt"), "both" }
        error "committed, acknowledged"
        restore text("a.txt"), tag: "t"
        error "restored, acknowledged"
        delete text("b.txt"), confirm: true
        error "deleted, acknowledged"
        """
    private static let states = [
        ["a.txt": "old"], ["a.txt": "new"], ["a.txt": "new", "b.txt": "more"], ["a.txt": "new", "b.txt": "more", "a.backup_t.txt": "new"],
        ["a.txt": "both", "b.txt": "both", "a.backup_t.txt": "new"], ["a.txt": "new", "b.txt": "both", "a.backup_t.txt": "new"],
        ["a.txt": "new", "a.backup_t.txt": "new"],
    ]

    private func prepared() throws -> Folder {
        let folder = try Folder()
        let made = try Program.run(["-c", "setup \"x\"\nsave text(\"a.txt\"), \"old\""], in: folder)
        try #require(made.status == 0, "\(made.errors)")
        return folder
    }

    /// What the version's texts are, once a fresh process has opened it.
    private func state(_ folder: Folder) throws -> [String: String] {
        let opened = try Program.run(["-c", "setup \"x\", start: 0"], in: folder)
        #expect(opened.status == 0, "\(opened.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("snapshots/x/v0/texts"))
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try folder.read("snapshots/x/v0/texts/\($0)")) })
    }

    private static func acknowledged(_ errors: String) -> Int { errors.split(separator: "\n").count { $0.hasSuffix(", acknowledged") } }

    private func check(_ folder: Folder, acknowledged: Int, _ fault: String) throws {
        let found = try state(folder)
        let index = Self.states.firstIndex(of: found)
        // What was under way when the fault came may be done or not.
        #expect(index == acknowledged || index == acknowledged + 1, "\(fault): \(acknowledged) were acknowledged, found \(found)")
        let verified = try Program.run(["verify"], in: folder)
        #expect(verified.status == 0, "\(fault): \(verified.output)\(verified.errors)")
        #expect(folder.files().allSatisfy { !$0.contains(".crate-tmp-") && !$0.contains("/staged/") }, "\(fault): \(folder.files())")
    }

    // MARK: refused calls

    private static let calls = [
        "openat", "write", "fsync", "syncfs", "rename", "renameat2", "link", "linkat", "unlink", "mkdir", "rmdir", "ftruncate", "flock", "fstat", "newfstatat",
        "getdents64", "copy_file_range", "ioctl", "fchmod", "utimensat", "read", "close",
    ]

    private static func trace(_ arguments: [String], in folder: Folder) throws -> Program.Finished {
        try Program.run(
            path: "/usr/bin/env", ["strace", "-f", "-qq", "-o", folder.file("trace"), "-e", "trace=" + calls.joined(separator: ",")] + arguments, in: folder)
    }

    private static let canTrace: Bool = {
        guard let folder = try? Folder() else { return false }
        return (try? trace(["true"], in: folder).status) == 0
    }()

    /// Each call that the script makes, as the name and the number among those of its name.
    private func faults() throws -> [(call: String, number: Int)] {
        let folder = try prepared()
        let done = try Self.trace([try Program.path(), "-c", Self.script], in: folder)
        try #require(done.status == 0, "\(done.errors)")
        let lines = try folder.read("trace").split(separator: "\n")
        // Those before the program's own first step load it, and are the system's.
        let first = lines.firstIndex { $0.contains(".opencrate") } ?? 0
        var (counts, found): ([String: Int], [(String, Int)]) = ([:], [])
        for (index, line) in lines.enumerated() {
            guard let call = line.drop(while: { $0.isNumber || $0 == " " }).split(separator: "(").first.map({ String($0) }), Self.calls.contains(call) else { continue }
            counts[call, default: 0] += 1
            if index >= first { found.append((call, counts[call] ?? 0)) }
        }
        return found
    }

    @Test(.enabled(if: canTrace, "strace is missing, or may not trace here"))
    func noCallThatIsRefusedOrKillsLosesWhatWasAcknowledged() throws {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["CRATE_FAULT_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000)
        var dice = Dice(seed: seed)
        let all = try faults().flatMap { fault in ["error=EIO", "error=ENOSPC", "signal=SIGKILL"].map { (fault.call, fault.number, $0) } }
        #expect(all.count > 300)
        let chosen = environment["CRATE_ALL_FAULTS"] == nil ? (0..<12).map { _ in all[Int.random(in: 0..<all.count, using: &dice)] } : all
        var counts: [String: Int] = [:]
        for (call, number, what) in chosen {
            let fault = "\(call):\(what):when=\(number), seed \(seed)"
            let folder = try prepared()
            let run = try Self.trace(["-e", "inject=\(call):\(what):when=\(number)", try Program.path(), "-c", Self.script], in: folder)
            try check(folder, acknowledged: Self.acknowledged(run.errors), fault)
            counts["\(what), ended with \(run.status)", default: 0] += 1
        }
        print("faults: seed \(seed), \(chosen.count) of \(all.count): \(counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: "; "))")
    }

    // MARK: a full disk

    /// A disk of half a MiB of its own, gone with the shell that made it.
    private static func onSmallDisk(_ script: String, in folder: Folder) throws -> Program.Finished {
        try Program.run(
            path: "/usr/bin/env", ["unshare", "-rm", "sh", "-c", "mkdir disk && mount -t tmpfs -o size=512k none disk && cd disk && " + script, "sh", try Program.path()],
            in: folder)
    }

    private static let canMount: Bool = {
        guard let folder = try? Folder() else { return false }
        return (try? onSmallDisk("true", in: folder).status) == 0
    }()

    /// As in a chroot without it: the arguments must not pass for none.
    @Test(.enabled(if: canMount, "no file system may be mounted here"))
    func nothingIsLostWithoutProc() throws {
        let folder = try Folder()
        let run = try Self.onSmallDisk("mount -t tmpfs none /proc && \"$1\" -c 'setup \"x\"; save text(\"a.txt\"), \"one\"; print load(text(\"a.txt\"))'", in: folder)
        #expect(run.status == 0 && run.output == "one\n", "\(run)")
    }

    @Test(.enabled(if: canMount, "no file system may be mounted here"), arguments: [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20])
    func aFullDiskLosesNothing(pages: Int) throws {
        let folder = try Folder()
        try folder.write("script", Self.script)
        let run = try Self.onSmallDisk(
            """
            "$1" -c 'setup "x"\nsave text("a.txt"), "old"' || exit 90
            cat /dev/zero > filler 2>/dev/null
            truncate -s -\(pages * 4096) filler || exit 91
            "$1" ../script 2> ../errors
            echo $? > ../status
            "$1" gc --confirm true > ../gc 2>&1 || exit 92
            rm filler
            cp -a . ../store
            """, in: folder)
        try #require(run.status == 0, "\(run) \(folder.files())")
        let store = try Folder()
        _ = try Program.run(path: "/bin/cp", ["-a", folder.file("store") + "/.", store.path])
        let (status, errors) = (try folder.read("status"), try folder.read("errors"))
        let acknowledged = Self.acknowledged(errors)
        #expect(status == "0\n" ? acknowledged == 6 : errors.contains("No space left on device"), "\(status)\(errors)")
        try check(store, acknowledged: acknowledged, "\(pages) pages free")
    }
}

/// SplitMix64: draws that can be had again.
private struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
