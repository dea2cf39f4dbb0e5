import CrateValues
import Foundation
import Testing

@testable import CrateFormats

@Suite("tar")
struct TarTests {
    private func encode(_ members: [Archive.Member], as format: ArchiveFile.Format = .tar, modified: Int? = nil) throws -> [UInt8] {
        let sink = MemorySink()
        var options = ArchiveFile.Options()
        options.modified = modified
        try ArchiveFile.encode(Archive(members: members), as: format, options: options, to: sink)
        return sink.array
    }

    private func text(_ archive: Archive, _ name: String) throws -> String {
        let reader = ArchiveReader(archive)
        return String(decoding: try reader.contents(of: try #require(reader.member(named: name))).array, as: UTF8.self)
    }

    @Test(arguments: [0, 1, 99, 100, 101, 155, 256, 3000]) func `names of any length come back`(length: Int) throws {
        let middle = String(repeating: "abcdefghijklmnopqrstuvwxy/", count: length / 26 + 1).prefix(length)
        let name = "d/\(middle)z"
        let archive = try ArchiveFile.decode(Bytes(try encode([.init(name, Bytes("x".utf8)), .init("é" + name, Bytes("y".utf8))])))
        #expect(archive.members.map(\.name) == [name, "é" + name])
        #expect(try text(archive, name) == "x" && text(archive, "é" + name) == "y")
    }

    @Test(arguments: [0, 1, 511, 512, 513, 100_000], ArchiveFile.Format.allCases)
    func `files of any size come back, by their own names only`(size: Int, format: ArchiveFile.Format) throws {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 / 5) }
        let archive = try ArchiveFile.decode(Bytes(try encode([.init("b", Bytes(content)), .init("a", Bytes([1]))], as: format)))
        let reader = ArchiveReader(archive)
        #expect(archive.members.map(\.name) == ["a", "b"] && archive.format == format.rawValue && archive.size == size + 1)
        #expect(try reader.contents(of: archive.members[1]).array == content)
        // Backwards, so that what is packed together is unpacked again.
        #expect(try reader.contents(of: archive.members[0]).array == [1])
        #expect(reader.member(named: "c") == nil)
    }

    @Test(arguments: [nil, 0, 1, 1_700_000_000, -5, 1 << 34]) func `dates come back`(seconds: Int?) throws {
        let archive = try ArchiveFile.decode(Bytes(try encode([.init("a", Bytes([]))], modified: seconds)))
        #expect(archive.members[0].modified == seconds ?? 0)
    }

    @Test(arguments: ArchiveFile.Format.allCases) func `links, empty folders and the right to run come back`(format: ArchiveFile.Format) throws {
        let members: [Archive.Member] = [
            .init("bin/run", size: 1, isExecutable: true, content: .plain(Bytes([1]))), .init("empty", .folder), .init("bin", .folder),
            .init("bin/link", .symbolicLink("run")), .init("bin/up", .symbolicLink("../empty")),
        ]
        let archive = try ArchiveFile.decode(Bytes(try encode(members, as: format)))
        // A folder that holds something needs no entry of its own.
        #expect(archive.members.map(\.name) == ["bin/link", "bin/run", "bin/up", "empty"])
        #expect(archive.members.map(\.kind) == [.symbolicLink("run"), .file, .symbolicLink("../empty"), .folder])
        #expect(archive.members.map(\.isExecutable) == [false, true, false, false])
    }

    @Test(arguments: ArchiveFile.Format.allCases) func `the same members give the same bytes, in whatever order`(format: ArchiveFile.Format) throws {
        let members: [Archive.Member] = [.init("a", Bytes([1])), .init("b/c", Bytes([2])), .init("b", .folder)]
        #expect(try encode(members, as: format) == encode(members.reversed(), as: format))
        #expect(try encode(members, as: format, modified: 86_400 * 365 * 20) != encode(members, as: format))
    }

    // MARK: Forms of others

    @Test(arguments: ["gnu.tar", "pax.tar", "pax.tgz", "python.zip"]) func `archives of Python are read`(name: String) throws {
        let file = Samples.folder.deletingLastPathComponent().appendingPathComponent("archives/\(name)")
        let archive = try ArchiveFile.decode(Bytes([UInt8](try Data(contentsOf: file))))
        let deep = String(repeating: "n", count: 120) + "/deep.txt"
        #expect(try text(archive, "a.txt") == "hello\n" && text(archive, deep) == "deep" && text(archive, "empty") == "")
        #expect(try ArchiveReader(archive).contents(of: try #require(archive["sub/é.bin"])).array == (0..<768).map { UInt8($0 % 256) })
        #expect(archive["folder"]?.kind == .folder && archive.faults.isEmpty)
        guard !name.hasSuffix("zip") else { return }
        #expect(archive["link"]?.kind == .symbolicLink("sub/é.bin") && archive["run"]?.isExecutable == true && archive["a.txt"]?.modified == 1_700_000_000)
        #expect(try text(archive, "hard") == "hello\n")
    }

    /// One header with its checksum, and the data behind it.
    private func member(_ name: String, type: Character = "0", size: String? = nil, data: [UInt8] = [], link: String = "", magic: String = "ustar\u{0}00") -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ start: Int) { for (index, byte) in text.utf8.enumerated() { block[start + index] = byte } }
        put(name, 0)
        put("0000644\u{0}0000000\u{0}0000000\u{0}", 100)
        put(size ?? (String(repeating: "0", count: 11 - String(data.count, radix: 8).count) + String(data.count, radix: 8)), 124)
        put("00000000000\u{0}", 136)
        put("        ", 148)
        put(String(type), 156)
        put(link, 157)
        put(magic, 257)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", 148)
        return block + data + [UInt8](repeating: 0, count: (512 - data.count % 512) % 512)
    }

    private let end = [UInt8](repeating: 0, count: 1024)

    private func decode(_ bytes: [UInt8]) throws(FormatError) -> Archive { try ArchiveFile.decode(Bytes(bytes)) }

    @Test func `GNU's long names and links, pax paths and sizes, and old headers are read`() throws {
        let long = String(repeating: "folder/", count: 40) + "n"
        let bytes =
            member("././@LongLink", type: "L", data: Array(long.utf8) + [0], magic: "ustar  \u{0}") + member("short", data: [65])
            + member("././@LongLink", type: "K", data: Array("t/\(long)".utf8) + [0]) + member("link", type: "2", link: "cut")
            + member("pax", type: "x", data: Array("19 path=pax/é.txt\n".utf8)) + member("other", data: [66, 67, 68])
            + member("old/", type: "\u{0}", magic: "") + member("old.txt", type: "\u{0}", data: [69], magic: "") + member("./dot//two", data: [70])
            + member("hard", type: "1", link: "./old.txt") + end
        let archive = try decode(bytes)
        #expect(archive.members.map(\.name) == [long, "link", "pax/é.txt", "old", "old.txt", "dot/two", "hard"])
        #expect(archive.members[1].kind == .symbolicLink("t/\(long)") && archive.members[3].kind == .folder)
        #expect(archive.members[6].kind == .hardLink("old.txt") && archive.members[6].size == 1)
        #expect(try text(archive, "hard") == "E" && text(archive, "pax/é.txt") == "BCD" && archive.faults.isEmpty)
    }

    @Test func `sizes beyond octal digits are read from bytes, and from pax`() throws {
        // 8 GiB in base 256; the file does not have them.
        let large = "\u{0}"
        var block = member("large", size: large)
        block[124] = 0x80
        block[131] = 2
        fixChecksum(&block)
        #expect(throws: FormatError.self) { try decode(block + end) }
        let pax = member("pax", type: "x", data: Array("19 size=8589934592\n".utf8)) + member("large", data: [1]) + end
        #expect(failure { () throws(FormatError) in try decode(pax) }?.kind == .truncated)
    }

    private func fixChecksum(_ block: inout [UInt8]) {
        for index in 148..<156 { block[index] = 32 }
        let sum = String(block.prefix(512).reduce(0) { $0 + Int($1) }, radix: 8)
        for (index, byte) in (String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8.enumerated() { block[148 + index] = byte }
    }

    @Test(arguments: [("3", "device"), ("4", "device"), ("6", "named pipe"), ("S", "sparse file"), ("V", "member of the type `V`")] as [(Character, String)])
    func `what is no file is listed, not read and not unpacked`(type: Character, what: String) throws {
        let archive = try decode(member("thing", type: type) + end)
        #expect(archive.members[0].kind == .other(what))
        #expect(failure { () throws(FormatError) in try ArchiveReader(archive).contents(of: archive.members[0]) }?.kind == .unsupported)
        #expect(failure { () throws(FormatError) in try archive.requireSafe() }?.kind == .unsafe)
    }

    @Test func `a sparse file of pax is told`() throws {
        let bytes = member("pax", type: "x", data: Array("22 GNU.sparse.major=1\n".utf8)) + member("holes", data: [1]) + end
        #expect(try decode(bytes).members[0].kind == .other("sparse file"))
    }

    // MARK: Harm

    @Test(arguments: [
        ("30 path=x\n", FormatError.Kind.malformed), ("0 path=x\n", .malformed), ("9 path=x", .malformed), ("999999999 a=b\n", .malformed),
        ("8 pathx\n", .malformed), ("11 size=-1\n", .malformed), ("99999999999999999999 a=b\n", .malformed),
    ])
    func `damaged pax headers are refused`(records: String, kind: FormatError.Kind) throws {
        let bytes = member("pax", type: "x", data: Array(records.utf8)) + member("x") + end
        #expect(failure { () throws(FormatError) in try decode(bytes) }?.kind == kind)
    }

    @Test func `a header of names can't be endless`() throws {
        let bytes = member("long", type: "L", size: "77777777777") + end
        #expect(failure { () throws(FormatError) in try decode(bytes) }?.kind == .limit)
    }

    @Test(arguments: [".tar", ".tar.gz", ".zip"]) func `every cut is noticed`(ending: String) throws {
        let format = try #require(ArchiveFile.Format(fileName: "x" + ending))
        let whole = try encode([.init("a.txt", Bytes(Array(repeating: 7, count: 600))), .init("é/b", Bytes([1, 2]))], as: format)
        // A tar file ends with the first block of zeros.
        let needed = format == .tar ? whole.count - 512 : whole.count
        for length in 0..<needed {
            #expect(failure { () throws(FormatError) in try decode(Array(whole.prefix(length))) } != nil, "\(length) of \(whole.count)")
        }
    }

    @Test(arguments: [".tar", ".tar.gz", ".zip"]) func `damage at every byte does no harm`(ending: String) throws {
        let format = try #require(ArchiveFile.Format(fileName: "x" + ending))
        let whole = try encode([.init("a.txt", Bytes(Array(repeating: 7, count: 600))), .init("é/b", Bytes([1, 2])), .init("l", .symbolicLink("a.txt"))], as: format)
        for position in whole.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = whole
                damaged[position] ^= mask
                guard let archive = try? decode(damaged) else { continue }
                let reader = ArchiveReader(archive)
                for member in archive.members where member.kind == .file { _ = try? reader.contents(of: member) }
                _ = archive.faults
            }
        }
    }

    @Test func `a bomb is stopped by its limit, also inside gzip`() throws {
        let zeros = Bytes([UInt8](repeating: 0, count: 20 << 20))
        let bytes = Bytes(try encode([.init("zeros", zeros)], as: .tarGzip))
        var limits = Limits.standard
        limits.inflatedBytes = 10 << 20
        #expect(failure { () throws(FormatError) in try ArchiveFile.decode(bytes, limits: limits) }?.kind == .limit)
        limits = .standard
        limits.inflationRatio = 10
        #expect(failure { () throws(FormatError) in try ArchiveFile.decode(bytes, limits: limits) }?.kind == .limit)
        limits = .standard
        limits.members = 1
        let two = Bytes(try encode([.init("a", Bytes([])), .init("b", Bytes([]))]))
        #expect(failure { () throws(FormatError) in try ArchiveFile.decode(two, limits: limits) }?.kind == .limit)
    }

    @Test func `several gzip streams behind each other are one, and bytes behind the last are refused`() throws {
        let tar = try encode([.init("a", Bytes(Array(repeating: 3, count: 2000)))])
        let parts = try [tar.prefix(700), tar.dropFirst(700)].flatMap { try Deflate.compress(Bytes($0), frame: .gzip) }
        #expect(try decode(parts).members.map(\.size) == [2000])
        #expect(try decode(parts + [0, 0]).members.count == 1)
        #expect(failure { () throws(FormatError) in try decode(parts + [9]) }?.kind == .malformed)
        #expect(failure { () throws(FormatError) in try decode(Deflate.compress(Bytes("no tar".utf8), frame: .gzip)) }?.kind == .unsupported)
    }
}
