import CrateValues
import Testing

@testable import CrateFormats

@Suite("What is not unpacked")
struct ArchiveChecksTests {
    @Test(arguments: [
        "/etc/passwd", "../x", "a/../b", "a/..", "..", "C:\\x", "c:x", "a\\b", "", "a//b", "a/./b", "./a", "a\u{0}b", "a\nb", "a\u{1B}[2J", "a\u{202E}b",
        String(repeating: "x", count: 256), String(repeating: "x/", count: 2100) + "x", String(repeating: "x/", count: 256) + "x",
    ])
    func `names that lead out or hide something`(name: String) {
        #expect(ArchiveName.fault(of: name) != nil)
    }

    @Test(arguments: ["a", "a/b", "…", "..a", "a..", "a b", "漢字/🙂.txt", "-rf", "~", String(repeating: "x", count: 255), String(repeating: "x/", count: 255) + "x"])
    func `other names are fine`(name: String) {
        #expect(ArchiveName.fault(of: name) == nil)
    }

    @Test(arguments: [
        ("l", "x", true), ("a/l", "../x", true), ("a/b/l", "../../x/y", true), ("l", "a//b/", true), ("l", "..", false), ("a/l", "../..", false),
        ("a/l", "../../x", false), ("l", "/etc", false), ("l", "", false), ("l", "a/../b", false), ("a/l", "b/../../c", false), ("l", "a\\b", false),
        ("l", "a\nb", false),
    ])
    func `links may only lead inside, and upwards only at first`(name: String, target: String, isFine: Bool) {
        #expect((ArchiveName.fault(ofLinkTo: target, at: name) == nil) == isFine)
    }

    @Test func `spellings of an accent are two names`() {
        #expect(faults([.init("é/a", Bytes([])), .init("e\u{301}/b", Bytes([])), .init("é", .folder)]) == [])
        #expect(faults([.init("é", Bytes([])), .init("e\u{301}/b", Bytes([]))]) == [])
    }

    private func faults(_ members: [Archive.Member]) -> [Int] { Archive(members: members).faults.keys.sorted() }
    private let nothing = Bytes([])

    @Test func `members must not stand in each other's way`() {
        #expect(faults([.init("a", nothing), .init("a/b", nothing)]) == [1])
        #expect(faults([.init("a/b", nothing), .init("a", nothing)]) == [0])
        #expect(faults([.init("a", .symbolicLink("b")), .init("a/b", nothing)]) == [1])
        #expect(faults([.init("a", nothing), .init("a", nothing)]) == [1])
        #expect(faults([.init("a", .folder), .init("a", .folder), .init("a/b", nothing)]) == [])
        #expect(faults([.init("a", .folder), .init("a", nothing)]) == [1])
        #expect(faults([.init("a", .hardLink("b"))]) == [0])
        #expect(faults([.init("b", nothing), .init("a", .hardLink("b"))]) == [])
        #expect(faults([.init("b", .hardLink("a")), .init("a", .hardLink("b"))]) == [0, 1])
    }

    @Test func `the first fault is told, with the member's name`() {
        let error = failure { () throws(FormatError) in try Archive(format: "ZIP", members: [.init("ok", nothing), .init("../x", nothing)]).requireSafe() }
        #expect(error?.kind == .unsafe && error?.place == .member("../x"))
    }

    @Test func `what is unpacked is bounded in all, stored or not`() {
        var archive = Archive(members: [.init("a", size: .max - 5), .init("b", size: 10)])
        #expect(archive.size == .max)
        #expect(failure { () throws(FormatError) in try archive.requireSafe() }?.kind == .limit)
        archive = Archive(members: [.init("a", Bytes([1, 2])), .init("b", Bytes([3]))], unpackedLimit: 2)
        #expect(failure { () throws(FormatError) in try archive.requireSafe() }?.kind == .limit)
        archive.unpackedLimit = 3
        #expect(failure { () throws(FormatError) in try archive.requireSafe() } == nil)
    }

    @Test func `unsafe archives are not written either`() {
        let error = failure { () throws(FormatError) in
            try ArchiveFile.encode(Archive(members: [.init("../x", nothing)]), as: .zip, to: MemorySink())
        }
        #expect(error?.kind == .unsafe)
    }

    @Test func `a ZIP's links, devices and dates are told`() throws {
        let sink = MemorySink()
        var writer = ZipWriter(sink)
        try writer.add("link", Bytes("a".utf8), attributes: .init(mode: 0o120777))
        try writer.add("pipe", Bytes([]), attributes: .init(mode: 0o010644))
        try writer.add("a", Bytes([]), attributes: .init(mode: 0o100755, modified: 1_700_000_001))
        try writer.add("long link", Bytes([UInt8](repeating: 65, count: 5000)), attributes: .init(mode: 0o120777))
        try writer.finish()
        let members = try ArchiveFile.decode(Bytes(sink.array)).members
        #expect(members.map(\.kind) == [.symbolicLink("a"), .other("named pipe"), .file, .other("link with a path of 5000 bytes")])
        // Two seconds are the least step.
        #expect(members.map(\.modified) == [315_532_800, 315_532_800, 1_700_000_000, 315_532_800])
        #expect(members[2].isExecutable)
    }

    @Test func `a member too large for memory is streamed, with its sizes behind it`() throws {
        let content = Bytes(ByteRegion(zeroed: (33 << 20) + 5))
        let sink = MemorySink()
        try ArchiveFile.encode(Archive(members: [.init("large", content), .init("small", Bytes([1]))]), as: .zip, to: sink)
        let archive = try ArchiveFile.decode(Bytes(sink.array))
        #expect(archive.members.map(\.size) == [content.count, 1])
        var total = 0
        try ArchiveReader(archive).unpack(archive.members[0]) { total += $0.count }
        #expect(total == content.count)
        #expect(try ArchiveReader(archive).contents(of: archive.members[1]).array == [1])
    }
}
