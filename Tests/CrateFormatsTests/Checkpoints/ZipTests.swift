import CrateFormats
import CrateValues
import Testing

@Suite struct ZipTests {
    private func archive(_ members: [(String, [UInt8])], method: ZipWriter.Method = .stored, alignment: Int = 1) throws -> Bytes {
        let sink = MemorySink()
        var writer = ZipWriter(sink)
        for (name, content) in members { try writer.add(name, Bytes(content), method: method, alignment: alignment) }
        try writer.finish()
        return Bytes(sink.array)
    }

    private let content = [UInt8]((0..<5000).map { UInt8(truncatingIfNeeded: $0 / 7) })

    @Test(arguments: [0, 1, 6, 9])
    func deflatedMembersComeBack(level: Int) throws {
        let zip = try ZipArchive(archive([("a/b.txt", content), ("empty", [])], method: .deflated(level: level)))
        #expect(zip.members.map(\.name) == ["a/b.txt", "empty"])
        #expect(try zip.contents(of: #require(zip["a/b.txt"])).array == content)
        #expect(try zip.contents(of: #require(zip["empty"])).isEmpty)
    }

    @Test func storedMembersAreSharedAndAligned() throws {
        let bytes = try archive([("x", [1, 2, 3]), ("a longer name é", content), ("y", [9])], alignment: 64)
        let zip = try ZipArchive(bytes)
        for member in zip.members {
            #expect(member.dataRange.lowerBound.isMultiple(of: 64))
            #expect(try zip.contents(of: member).region === bytes.region)
        }
        #expect(try zip.contents(of: #require(zip["a longer name é"])).array == content)
    }

    @Test(arguments: [("I am a model, honestly.", FormatError.Kind.malformed), ("PK\u{3}\u{4} and no end", .truncated), ("", .truncated)])
    func whatIsNoZipIsToldFromOneThatIsCutShort(text: String, kind: FormatError.Kind) {
        #expect(failure { () throws(FormatError) in try ZipArchive(Bytes(Array(text.utf8))) }?.kind == kind)
    }

    @Test func equalMembersGiveEqualFiles() throws {
        #expect(try archive([("a", content)]) == archive([("a", content)]))
    }

    @Test func aCommentAndBytesAfterTheEndAreAllowed() throws {
        var bytes = try archive([("a", content)]).array
        bytes += [0, 0, 0, 7]
        #expect(try ZipArchive(Bytes(bytes)).members.count == 1)
    }

    @Test func moreThan65535MembersNeedThe64BitRecord() throws {
        let sink = MemorySink()
        var writer = ZipWriter(sink)
        for index in 0..<65_600 { try writer.add(String(index), Bytes([])) }
        try writer.finish()
        #expect(try ZipArchive(Bytes(sink.array)).members.count == 65_600)
    }

    // MARK: Harm

    @Test(arguments: Samples.named("hostile/zip_"))
    func hostile(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let error = failure { () throws(FormatError) in
            let zip = try ZipArchive(bytes)
            try zip.requireSafeNames()
            for member in zip.members { _ = try zip.contents(of: member) }
        }
        if sample.want.contains("refuse"), !sample.want.contains("bounded") { #expect(error != nil) }
    }

    @Test func unsafeNamesAreToldApart() throws {
        let zip = try ZipArchive(Samples.bytes("hostile/zip_slip.zip"))
        #expect(zip.members.filter(\.staysInside).map(\.name) == ["ok.txt", "link/PWNED"])
        #expect(failure { () throws(FormatError) in try zip.requireSafeNames() }?.kind == .unsafe)
    }

    @Test func aFlippedByteOfTheContentIsNoticed() throws {
        var bytes = try archive([("a", content)]).array
        let member = try #require(ZipArchive(Bytes(bytes))["a"])
        bytes[member.dataRange.lowerBound + 100] ^= 1
        let damaged = try ZipArchive(Bytes(bytes))
        #expect(failure { () throws(FormatError) in try damaged.contents(of: member) }?.kind == .malformed)
        #expect(try damaged.contents(of: member, checksCRC: false).count == content.count)
    }

    @Test func theBudgetIsForAllMembersTogether() throws {
        let zeros = [UInt8](repeating: 0, count: 400_000)
        let bytes = try archive([("a", zeros), ("b", zeros)], method: .deflated(level: 9))
        var limits = Limits.standard
        limits.inflatedBytes = 500_000
        #expect(failure { () throws(FormatError) in try ZipArchive(bytes, limits: limits) }?.kind == .limit)
        limits.inflatedBytes = 800_000
        #expect(failure { () throws(FormatError) in try ZipArchive(bytes, limits: limits) } == nil)
    }

    @Test func theRatioIsLimited() throws {
        let zeros = [UInt8](repeating: 0, count: 20 << 20)
        let bytes = try archive([("a", zeros)], method: .deflated(level: 9))
        var limits = Limits.standard
        limits.inflationRatio = 100
        #expect(failure { () throws(FormatError) in try ZipArchive(bytes, limits: limits) }?.kind == .limit)
    }

    /// Every cut and every flipped bit gives an error or members that can be read, never a crash.
    @Test func damageAnywhereIsSurvived() throws {
        let whole = try archive([("a", Array(content[..<300])), ("b/c", [1, 2, 3])], method: .deflated(level: 6)).array
        var refused = 0
        for index in whole.indices {
            for damaged in [
                Array(whole[..<index]), Damage.flipped(whole, index, 0x01), Damage.flipped(whole, index, 0x80),
                Damage.flipped(whole, index, 0xFF),
            ] {
                let error = failure { () throws(FormatError) in
                    let zip = try ZipArchive(Bytes(damaged))
                    for member in zip.members { _ = try zip.contents(of: member) }
                }
                if error != nil { refused += 1 }
            }
        }
        #expect(refused > whole.count)
    }
}

/// Ways to damage a file.
enum Damage {
    static func flipped(_ bytes: [UInt8], _ index: Int, _ mask: UInt8) -> [UInt8] {
        var copy = bytes
        copy[index] ^= mask
        return copy
    }
}

@Suite struct DeflateTests {
    private let text = Bytes(Array(String(repeating: "the same words again, ", count: 900).utf8))

    @Test(arguments: [Deflate.Frame.none, .zlib, .gzip])
    func everyFrameComesBack(_ frame: Deflate.Frame) throws {
        let small = Bytes(try Deflate.compress(text, frame: frame))
        #expect(small.count < text.count / 10)
        #expect(try Deflate.inflate(small, frame: frame, toExactly: text.count) == text)
        #expect(try Deflate.inflate(small, frame: frame) == text.array)
    }

    @Test(arguments: [-1, 1])
    func aWrongSizeIsRefused(_ difference: Int) throws {
        let small = Bytes(try Deflate.compress(text))
        #expect(failure { () throws(FormatError) in try Deflate.inflate(small, toExactly: text.count + difference) }?.kind == .malformed)
    }

    @Test func aCutIsTold() throws {
        let small = Bytes(try Deflate.compress(text, frame: .gzip).dropLast(9))
        #expect(failure { () throws(FormatError) in try Deflate.inflate(small, frame: .gzip) }?.kind == .truncated)
    }

    @Test func unknownSizesObeyTheLimit() throws {
        let small = Bytes(try Deflate.compress(text, frame: .zlib))
        var limits = Limits.standard
        limits.inflatedBytes = text.count - 1
        #expect(failure { () throws(FormatError) in try Deflate.inflate(small, frame: .zlib, limits: limits) }?.kind == .limit)
    }

    @Test func nothingCompressesToSomething() throws {
        let small = Bytes(try Deflate.compress(Bytes([])))
        #expect(!small.isEmpty)
        #expect(try Deflate.inflate(small, toExactly: 0).isEmpty)
    }

    @Test func crcIsThatOfZip() {
        // The check value of CRC-32 as catalogued: that of the ASCII digits 1 to 9.
        #expect(Deflate.crc32(Bytes(Array("123456789".utf8))) == 0xCBF4_3926)
    }
}
