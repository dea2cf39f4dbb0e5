@testable import CrateFormats
import CrateValues
import Testing

/// Files that look harmless by one reading and are run by another: what Python would run is found, or the file is refused.
@Suite struct HiddenPickleTests {
    private static let attack = Array("\u{1}cos\nsystem\n(S'x'\ntR.".utf8.dropFirst())
    private static let harmless: [UInt8] = [0x80, 0x02, 0x7D, 0x2E]
    private static let magic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

    private static func packed(_ members: [(String, [UInt8])], as format: ArchiveFile.Format = .zip) throws -> [UInt8] {
        let sink = MemorySink()
        try ArchiveFile.encode(Archive(members: members.map { .init($0.0, Bytes($0.1)) }), as: format, to: sink)
        return sink.array
    }

    private static func deflated(_ bytes: [UInt8]) throws(FormatError) -> Bytes {
        let sink = MemorySink()
        let deflating = try DeflatingSink(sink, frame: .zlib, level: 9)
        try deflating.write(Bytes(bytes))
        try deflating.finish()
        return Bytes(sink.array)
    }

    private func dangers(_ bytes: [UInt8], _ fileExtension: String) throws -> [String] {
        try Checkpoint.describe(Bytes(bytes), fileExtension: fileExtension).dangers.map { "\($0.member ?? "") \($0.qualifiedName) \($0.position)" }
    }

    private func refusal(_ bytes: [UInt8]) -> FormatError? {
        do throws(FormatError) { _ = try Checkpoint.describe(Bytes(bytes), fileExtension: "pth") } catch { return error }
        return nil
    }

    /// Programs that save several values call `load` until the end.
    @Test func everyPickleOfAFileIsJudged() throws {
        #expect(try dangers(Self.harmless + Self.attack, "pkl") == [" os.system 4"])
        #expect(try dangers(Self.harmless + Self.harmless, "pkl") == [])
        #expect(try dangers(Self.deflated(Self.harmless + Self.attack).array, "joblib") == [" os.system 4"])
    }

    /// The same number in other bytes than PyTorch writes.
    @Test func theOlderLayoutIsJudgedHoweverItsNumberIsWritten() throws {
        #expect(try dangers([0x80, 0x04] + Self.magic + Self.harmless + Self.attack, "pth") == [" os.system 19"])
    }

    @Test func aPickleBeforeAnotherFormatIsJudged() throws {
        let before = Self.attack + [UInt8](repeating: 0, count: 512 - Self.attack.count)
        #expect(try dangers(before + Samples.bytes("h5/types.h5").array, "pkl") == [" os.system 0"])
    }

    @Test func picklesBesideTheProgramAreJudged() throws {
        let inner = try Self.packed([("archive/data.pkl", Self.attack)])
        let outer = try Self.packed([("m/data.pkl", Self.harmless), ("m/other.pkl", Self.attack), ("m/data/0", Self.harmless)])
        #expect(try dangers(outer, "pth") == ["m/other.pkl os.system 0"])
        let exported = try Self.packed([("e/archive_format", Array("pt2".utf8)), ("e/data/inputs/model.pt", inner)])
        #expect(try dangers(exported, "pt").map { $0.split(separator: " ")[0] } == ["e/data/inputs/model.pt"])
    }

    @Test func checkpointsInsideOfEachOtherEnd() throws {
        var file = Self.attack
        for _ in 0..<20 { file = try Self.packed([("a/data.pkl", Self.harmless), ("a/b.pt", file)]) }
        #expect(try dangers(file, "pth") == [])
    }

    @Test func theOldestLayoutIsLookedInto() throws {
        var file = try Self.packed([("pickle", Self.attack), ("tensors", Self.harmless)], as: .tar)
        #expect(try dangers(file, "pth") == ["pickle os.system 0"])
        // A name that begins as the next layout does, and the checksum for it.
        let start = [0x80, 0x02] + Self.magic
        file.replaceSubrange(0..<start.count, with: start)
        file.replaceSubrange(148..<156, with: repeatElement(0x20, count: 8))
        let sum = String(file[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
        file.replaceSubrange(148..<156, with: Array(String(repeating: "0", count: 6 - sum.utf8.count).utf8) + Array(sum.utf8) + [0, 0x20])
        #expect(try Checkpoint.describe(Bytes(file), fileExtension: "pth").failure?.kind == .unsupported)
    }

    /// PyTorch's reader takes the last end record and does not mind its comment.
    @Test func theLastEndRecordCounts() throws {
        var file = try Self.packed([("a/data.pkl", Self.harmless)])
        file[file.count - 2] = 9
        #expect(refusal(file)?.kind == .malformed)
    }

    @Test(arguments: ["a/DATA.PKL", "a/data.PKL", "a/Data.pkl"]) func namesThatPyTorchTakesForOneAreRefused(_ name: String) throws {
        #expect(refusal(try Self.packed([(name, Self.attack), ("a/data.pkl", Self.harmless)]))?.reason.contains("takes for one") == true)
    }

    /// A list of very many empty lists, in a few bytes.
    @Test func aSmallFileBuildsNoMillionsOfValues() throws {
        let program = [0x80, 0x02, 0x28] + [UInt8](repeating: 0x5D, count: 2_000_000) + [0x6C, 0x2E]
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(Self.deflated(program), fileExtension: "joblib") }?.kind == .limit)
        let archive = Bytes(try Self.packed([("a/data.pkl", program)]))
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(archive, fileExtension: "pth") }?.kind == .limit)
        // Uncompressed, each has its byte.
        #expect(try Checkpoint.describe(Bytes(program), fileExtension: "pkl").failure == nil)
    }
}
