import CrateFormats
import CrateValues
import Foundation
import Testing

@testable import OpenCrate

@Suite struct LogTests {
    let work: Workplace
    init() throws { work = try Workplace() }
    let run = "snapshots/guide/v0/guide.log"
    let history = "snapshots/guide/v0/guide.history.log"

    @Test func linesInFileAndConsole() throws {
        let snapshot = try work.crate.setup("guide")
        try snapshot.log(.info, "Hello")
        try snapshot.log(.critical, "two\nlines")
        #expect(try work.folder.text(run) == "2025-11-16 11:44:23 - INFO     Hello\n2025-11-16 11:44:23 - CRITICAL two\nlines\n")
        #expect(work.echoed.records.map { $0.consoleLine(inColour: false) } == ["INFO      Hello", "CRITICAL  two\nlines"])
        #expect(work.echoed.records[0].consoleLine(inColour: true) == "\u{1B}[1mINFO     \u{1B}[0m Hello")
    }

    @Test(arguments: LogLevel.allCases)
    func levelsBelowTheLogsAreDropped(_ level: LogLevel) throws {
        let snapshot = try work.crate.setup("guide", start: .new, logLevel: level)
        for each in LogLevel.allCases { try snapshot.log(each, "message") }
        let wanted = LogLevel.allCases.filter { $0.rawValue >= level.rawValue }
        let said = work.echoed.records.filter { $0.message == "message" }
        #expect(said.map(\.level) == wanted)
        #expect(try work.folder.text(run).split(separator: "\n").filter { $0.hasSuffix("message") }.count == wanted.count)
    }

    @Test func warningsPassAtInfo() throws {
        let snapshot = try work.crate.setup("guide")
        try snapshot.log(.warning, "careful")
        try snapshot.log(.debug, "detail")
        #expect(work.echoed.messages == ["careful"])
    }

    @Test func levelNames() throws {
        #expect(try LogLevel(named: "WARNING") == .warning)
        #expect(LogLevel.allCases.map(\.rawValue) == [10, 20, 25, 30, 40, 50])
        failure("invalid", "debug, info, success, warning, error, critical") { _ = try LogLevel(named: "verbose") }
    }

    @Test func debugTellsOfTheSetup() throws {
        try work.crate.setup("guide", logLevel: .debug)
        #expect(work.echoed.messages == ["Snapshot setup done for script 'guide' with version 'v0'"])
    }

    @Test func historyAppearsWithTheSecondRun() throws {
        try work.crate.setup("guide").log(.info, "first")
        #expect(!work.folder.exists(history))
        try Workplace.open(work.folder).setup("guide", start: .last).log(.info, "second")
        #expect(try work.folder.text(run) == "2025-11-16 11:44:23 - INFO     second\n")
        #expect(try work.folder.text(history) == "2025-11-16 11:44:23 - INFO     first\n2025-11-16 11:44:23 - INFO     second\n")
        try Workplace.open(work.folder).setup("guide", start: .number(0)).log(.info, "third")
        #expect(try work.folder.text(run) == "2025-11-16 11:44:23 - INFO     third\n")
        #expect(try work.folder.text(history).split(separator: "\n").map { $0.suffix(6) } == [" first", "second", " third"])
    }

    @Test func historyOfAnEmptyRun() throws {
        try work.crate.setup("guide")
        try Workplace.open(work.folder).setup("guide", start: .last).log(.info, "only")
        #expect(try work.folder.text(history) == (try work.folder.text(run)))
    }

    @Test func historyRotatesZippedAndDropsOldOnes() throws {
        try work.crate.setup("guide").log(.info, "first")
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 999) + [UInt8(ascii: "\n")]
        let full = [UInt8]((0..<29_999).lazy.map { _ in line }.joined())
        try work.folder.write(full, to: history)
        let expired = "snapshots/guide/v0/guide.history.2025-09-01_00-00-00_000000.log.zip"
        let kept = "snapshots/guide/v0/guide.history.2025-11-01_00-00-00_000000.log.zip"
        for (path, date) in [(expired, 1_756_684_800.0), (kept, 1_761_955_200.0)] {
            try work.folder.write("old", to: path)
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: date)], ofItemAtPath: work.folder.path(path))
        }
        let snapshot = try Workplace.open(work.folder).setup("guide", start: .last)
        try snapshot.log(.info, String(repeating: "y", count: 500))
        #expect(work.folder.everything().filter { $0.hasSuffix(".zip") } == [expired, kept])
        try snapshot.log(.info, String(repeating: "z", count: 700))
        let zips = work.folder.everything().filter { $0.hasSuffix(".zip") && $0 != kept }
        #expect(!work.folder.exists(expired))
        try #require(zips == ["snapshots/guide/v0/guide.history.2025-11-16_11-44-23_\(zips.first?.suffix(14).prefix(6) ?? "").log.zip"])
        let archive = try ZipArchive(Bytes(work.folder.bytes(zips[0])))
        let member = try #require(archive.members.first)
        #expect(member.name == String(zips[0].split(separator: "/").last?.dropLast(4) ?? ""))
        let content = try archive.contents(of: member).array
        #expect(content.count == full.count + 500 + 32 && content.starts(with: full))
        #expect(try work.folder.text(history).hasSuffix("zzz\n"))
        #expect(try work.folder.text(history).utf8.count == 732)
        #expect(work.folder.leftovers.isEmpty)
    }

    @Test func linesOfSeveralWritersStayWhole() async throws {
        try work.crate.setup("guide")
        let folder = work.folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let snapshot = try Crate(at: folder).setup("guide", start: .last)
                    for line in 0..<200 { try snapshot.log(.info, "writer \(writer) line \(line) \(String(repeating: "-", count: 200))") }
                }
            }
            try await group.waitForAll()
        }
        let lines = try work.folder.text(history).split(separator: "\n")
        #expect(lines.count == 800)
        #expect(lines.allSatisfy { $0.contains(" - INFO     writer ") && $0.hasSuffix("---") })
    }

    @Test func aLogThatIsALinkIsRefused() throws {
        let elsewhere = try TemporaryFolder()
        try work.folder.write("", to: "snapshots/guide/v0/x")
        try elsewhere.write("precious", to: "file")
        try work.folder.link(run, to: elsewhere.path("file"))
        failure("system") { try work.crate.setup("guide", start: .number(0)) }
        #expect(try elsewhere.text("file") == "precious")
    }
}
