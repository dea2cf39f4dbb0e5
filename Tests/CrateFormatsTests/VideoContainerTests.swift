import CrateValues
import Testing

@testable import CrateFormats

/// The headers of videos, which are read before any program is started.
@Suite struct VideoContainerTests {
    @Test(arguments: Samples.named("video/"))
    func factsAreExact(_ sample: Sample) throws {
        let clip = try VideoFile.decode(sample.bytes(), fileExtension: sample.fileExtension)
        #expect(clip.width == sample.expect?["width"]?.integer)
        #expect(clip.height == sample.expect?["height"]?.integer)
        #expect(clip.frameCount == sample.expect?["frames"]?.integer)
        #expect(clip.rate.perSecond == sample.expect?["fps"]?.number)
        #expect(clip.sound == nil && clip.duration == 1)
        let inspection = try VideoFile.inspect(sample.bytes())
        guard case .string(clip.codec)? = inspection["codec"], case .integer(10)? = inspection["frames"] else {
            Issue.record("\(inspection)")
            return
        }
        #expect(inspection.listings.map(\.rows.count) == [1])
    }

    @Test func codecsHaveTheirUsualNames() throws {
        let names = ["ffv1.avi": "ffv1", "h264.mp4": "h264", "mjpg.avi": "mjpeg", "mp4v.mp4": "mpeg4", "vp9.webm": "vp9", "xvid.avi": "mpeg4"]
        for (file, codec) in names { #expect(try VideoFile.decode(Samples.bytes("video/\(file)")).codec == codec) }
    }

    @Test(arguments: Samples.named("hostile/mp4_"))
    func hostileFilesAreRefused(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let error = try #require(mediaError { () throws(FormatError) in _ = try VideoFile.decode(bytes) })
        #expect(error.kind == .malformed || error.kind == .truncated)
        if case .byte(let place) = error.place { #expect(place <= bytes.count) } else { Issue.record("no place: \(error)") }
    }

    @Test func boxesInsideOfEachOtherAreRefused() throws {
        var track: [UInt8] = []
        for _ in 0..<10_000 { track = Self.box("stbl", track) }
        let error = try #require(mediaError { () throws(FormatError) in _ = try VideoFile.decode(Bytes(Self.box("moov", Self.box("trak", track)))) })
        #expect(error.kind == .malformed)
    }

    @Test func twoTablesOfSizesDoNotAddUp() throws {
        let many = Self.box("stsz", [0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        let few = Self.box("stsz", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF])
        let error = try #require(mediaError { () throws(FormatError) in _ = try VideoFile.decode(Bytes(Self.box("moov", Self.box("trak", many + few)))) })
        #expect(error.kind == .malformed)
    }

    /// Whatever a byte says, there is an answer, and no more frames than bytes.
    @Test(arguments: Samples.named("video/"))
    func damageIsToldOrHarmless(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let damage = MediaDamage(bytes)
        for damaged in damage.truncations(limit: .max) + damage.mutations(limit: 3000) {
            do throws(FormatError) { #expect(try VideoFile.decode(damaged).frameCount <= bytes.count) } catch { #expect(!error.reason.isEmpty) }
        }
        for length in [0, 1, 7, 8, 12, bytes.count / 2, bytes.count - 1] {
            let cut = try #require(bytes.slice(0..<length))
            #expect(mediaError { () throws(FormatError) in _ = try VideoFile.decode(cut) } != nil, "\(length) of \(bytes.count) bytes")
        }
    }

    @Test func contentAndNameMustAgree() throws {
        let mp4 = try Samples.bytes("video/h264.mp4")
        for name in ["mp4", "mov", "MP4", ""] { _ = try VideoFile.decode(mp4, fileExtension: name) }
        let error = mediaError { () throws(FormatError) in _ = try VideoFile.decode(mp4, fileExtension: "avi") }
        #expect(error?.reason == "holds MP4, though its name ends in .avi")
    }

    // MARK: Hand-made files

    static func box(_ type: String, _ content: [UInt8], size: UInt32? = nil) -> [UInt8] {
        big(size ?? UInt32(content.count + 8)) + Array(type.utf8) + content
    }

    static func big(_ numbers: UInt32...) -> [UInt8] { numbers.flatMap { number in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } } }

    /// A track with the given tables.
    static func track(_ tables: [UInt8], width: UInt8 = 4, height: UInt8 = 4) -> [UInt8] {
        let description = box("mp4v", [UInt8](repeating: 0, count: 24) + [0, width, 0, height] + [UInt8](repeating: 0, count: 50))
        let media = box("mdhd", big(0, 0, 0, 10, 10)) + box("hdlr", big(0, 0) + Array("vide".utf8) + big(0, 0, 0, 0))
        return box("trak", box("mdia", media + box("minf", box("stbl", box("stsd", big(0, 1) + description) + tables))))
    }

    static func movie(_ tracks: [UInt8]) -> [UInt8] { box("ftyp", Array("isom".utf8)) + box("moov", tracks) + box("mdat", [1, 2, 3, 4]) }

    static let times = box("stts", big(0, 1, 1, 1))

    @Test func aSmallMovieIsRead() throws {
        let clip = try VideoFile.decode(Bytes(Self.movie(Self.track(Self.times + Self.box("stsz", Self.big(0, 0, 1, 4))))))
        #expect(clip.frameCount == 1 && clip.width == 4 && clip.rate == FrameRate(10, per: 1))
    }

    @Test(arguments: [
        ("a box smaller than its head", movie(track(times + box("stsz", [], size: 7)))),
        ("a box larger than its parent", movie(track(times + box("stsz", big(0, 0, 1, 4), size: 21)))),
        ("a box of 64-bit size", box("ftyp", []) + big(1) + Array("moov".utf8) + big(0xFFFF_FFFF, 0xFFFF_FFFF)),
        ("a large box smaller than its head", box("ftyp", []) + big(1) + Array("moov".utf8) + big(0, 15)),
        ("more sizes than there are", movie(track(times + box("stsz", big(0, 0, 2, 4))))),
        ("equal sizes beyond the file", movie(track(times + box("stsz", big(0, 1, 0x7FFF_FFFF))))),
        ("equal sizes that overflow", movie(track(times + box("stsz", big(0, 0xFFFF_FFFF, 0xFFFF_FFFF))))),
        ("more times than there are", movie(track(box("stts", big(0, 2, 1, 1)) + box("stsz", big(0, 0, 1, 4))))),
        ("times that overflow", movie(track(box("stts", big(0, 3) + (0..<3).flatMap { _ in big(0xFFFF_FFFF, 0xFFFF_FFFF) })))),
        ("no frames", movie(track(times + box("stsz", big(0, 0, 0))))),
        ("no width", movie(track(times + box("stsz", big(0, 0, 1, 4)), width: 0))),
        ("no video", movie([])),
        ("thousands of tracks", movie((0..<1001).flatMap { _ in box("trak", []) })),
        ("a fragment of many samples",
            movie(track(times + box("stsz", big(0, 0, 0)))) + box("moof", box("traf", box("tfhd", big(0, 0)) + box("trun", big(0x200, 1 << 30))))),
        ("a fragment of samples without size",
            movie(track(times + box("stsz", big(0, 0, 0)))) + box("moof", box("traf", box("tfhd", big(0, 0)) + box("trun", big(0, 0xFFFF_FFFF))))),
    ] as [(String, [UInt8])])
    func lyingMoviesAreRefused(_ lie: String, _ bytes: [UInt8]) {
        let error = mediaError { () throws(FormatError) in _ = try VideoFile.decode(Bytes(bytes)) }
        #expect([.malformed, .truncated, .limit].contains(error?.kind), "\(lie): \(String(describing: error))")
    }

    @Test func framesBeyondTheLimitAreRefused() throws {
        var limits = Limits.standard
        limits.pixels = 64 * 48 - 1
        for file in ["mp4v.mp4", "xvid.avi", "vp9.webm"] {
            let bytes = try Samples.bytes("video/\(file)")
            #expect(mediaError { () throws(FormatError) in _ = try VideoFile.decode(bytes, limits: limits) }?.kind == .limit)
        }
    }

    @Test func fragmentsAreCounted() throws {
        let track = Self.track(Self.times + Self.box("stsz", Self.big(0, 0, 0)))
        let run = Self.box("trun", Self.big(0x200, 2, 5, 5))
        let fragment = Self.box("moof", Self.box("traf", Self.box("tfhd", Self.big(8, 0, 2)) + run))
        #expect(try VideoFile.decode(Bytes(Self.movie(track) + fragment + fragment)).frameCount == 4)
    }

    /// A camera held upright asks for a quarter turn.
    @Test func aQuarterTurnSwapsTheSides() throws {
        var bytes = try Samples.bytes("video/mp4v.mp4").array
        let header = try #require(bytes.indices.first { bytes[$0...].starts(with: "tkhd".utf8) })
        let matrix = header + 4 + 40
        bytes.replaceSubrange(matrix..<(matrix + 20), with: Self.big(0, 0x10000, 0, 0xFFFF_0000, 0))
        let clip = try VideoFile.decode(Bytes(bytes))
        #expect(clip.width == 48 && clip.height == 64)
    }

    @Test(arguments: [
        ("a number of nine bytes", [0x1A, 0x45, 0xDF, 0xA3, 0x81, 0x00]),
        ("an element beyond the file", [0x1A, 0x45, 0xDF, 0xA3, 0x40, 0xFF, 0]),
        ("an element of unknown size", [0x1A, 0x45, 0xDF, 0xA3, 0x81, 0x86, 0xFF]),
        ("an integer of nine bytes", [0x1A, 0x45, 0xDF, 0xA3, 0x81, 0xE7, 0x89, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("an integer beyond 63 bits", [0x1A, 0x45, 0xDF, 0xA3, 0x81, 0xE7, 0x88, 255, 2, 3, 4, 5, 6, 7, 8]),
        ("nothing", [0x1A, 0x45, 0xDF, 0xA3, 0x80]),
        ("thousands of tracks", [0x1A, 0x45, 0xDF, 0xA3, 0x80] + [UInt8](repeating: 0xAE, count: 4004)),
    ] as [(String, [UInt8])])
    func lyingMatroskaFilesAreRefused(_ lie: String, _ bytes: [UInt8]) {
        let error = mediaError { () throws(FormatError) in _ = try VideoFile.decode(Bytes(bytes)) }
        #expect([.malformed, .truncated, .limit].contains(error?.kind), "\(lie): \(String(describing: error))")
    }
}
