import CrateFormats
import CrateValues
import Glibc
import OpenCrate

extension Drill {
    private var calls: any FileSystem { system.files }

    /// What the store makes use of where it is to be had.
    func checkFileSystem() throws(CrateError) {
        let (one, two) = (try makeFile("one", "1"), try makeFile("two", "2"))
        let isReplaced = succeeds { () throws(SystemError) in try calls.rename(one, to: two, .replace) } && (try? text("two")) == "1"
        report.add("rename over a file", isReplaced ? .good : .broken, isReplaced ? "in one step" : "does not replace it: no save is safe here")
        _ = try makeFile("one", "1")
        try check("rename without replacing", "a second name stands for it; two folders saved at once may meet") { () throws(SystemError) in
            do throws(SystemError) { try calls.rename(one, to: two, .keep) } catch {
                if error.isTaken { return }
                throw error
            }
            throw SystemError("rename", one, 0)
        }
        try check("swap of two names", "while a folder is replaced there is a moment without it") { () throws(SystemError) in
            try calls.rename(one, to: two, .exchange)
        }
        try check("second names (hard links)", "what `undo` needs is copied") { () throws(SystemError) in try calls.makeHardLink(full + "/three", to: one) }
        try check("shared blocks (reflink)", "a backup takes as much room as its file") { () throws(SystemError) in try shareBlocks(one) }
        checkLock(one)
        try checkWaiting()
    }

    private func check(_ name: String, _ otherwise: String, _ body: () throws(SystemError) -> Void) throws(CrateError) {
        let isThere = succeeds(body)
        report.add(name, isThere ? .good : .limited, isThere ? "is there" : "is not to be had: \(otherwise)")
    }

    private func succeeds(_ body: () throws(SystemError) -> Void) -> Bool {
        do { try body() } catch { return false }
        return true
    }

    private func makeFile(_ name: String, _ text: String) throws(CrateError) -> String {
        try files.write(folder + "/" + name) { (sink) throws(FormatError) in try sink.write(text) }
        return full + "/" + name
    }

    private func text(_ name: String) throws(CrateError) -> String { String(decoding: try files.read(folder + "/" + name).array, as: UTF8.self) }

    private func shareBlocks(_ source: String) throws(SystemError) {
        let from = try calls.open(source, .read)
        defer { try? calls.close(from) }
        let to = try calls.open(full + "/shared", .createNew)
        defer { try? calls.close(to) }
        try calls.clone(from, to: to)
    }

    private func checkLock(_ path: String) {
        guard let first = try? calls.open(path, .read), let second = try? calls.open(path, .read) else { return }
        defer {
            try? calls.close(first)
            try? calls.close(second)
        }
        guard let isHeld = try? calls.lock(first, waiting: false), isHeld else {
            return report.add("locks", .limited, "are not to be had: a file stands for each, and a dead process of another machine holds its own")
        }
        let isExclusive = (try? calls.lock(second, waiting: false)) == false
        report.add("locks", isExclusive ? .good : .broken, isExclusive ? "keep others out" : "keep nobody out: two writers may meet")
    }

    /// How long a save waits for the disk.
    private func checkWaiting() throws(CrateError) {
        var times: [Int] = []
        for number in 0..<15 {
            let path = full + "/waiting-\(number)"
            let start = system.clock.now()
            do throws(SystemError) {
                let file = try calls.open(path, .createNew)
                defer { try? calls.close(file) }
                _ = try [UInt8(0)].span.bytes.withUnsafeBytes { (bytes) throws(SystemError) in try calls.write(file, bytes) }
                try calls.synchronize(file)
            } catch {
                return report.add("waiting for the disk", .broken, "is refused (error \(error.code)): a loss of power may lose what was saved")
            }
            times.append(system.clock.now() - start)
        }
        let middle = times.sorted()[times.count / 2]
        let text = middle < 1_000_000 ? "\(middle / 1000) µs" : "\(middle / 1_000_000) ms"
        // No disk is as quick as memory.
        let isMemory = middle < 30_000
        let detail = isMemory ? "takes \(text), as in memory: a loss of power may lose what was saved" : "takes \(text); a save waits twice"
        report.add("waiting for the disk", isMemory ? .limited : .good, detail)
    }
}

extension SystemError {
    fileprivate var isTaken: Bool { code == EEXIST }
}
