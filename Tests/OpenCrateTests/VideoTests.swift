import CrateFormats
import CrateValues
import Foundation
import Testing

@testable import OpenCrate

/// Videos through FFmpeg itself, which the tests need: `scripts/setup` installs it.
@Suite struct VideoTests {
    let work: Workplace
    init() throws { work = try Workplace() }

    private struct NoVideo: Error {}

    private func read(_ path: String) throws -> VideoClip {
        guard case .video(let clip) = try work.crate.read(path, kind: "video") else { throw NoVideo() }
        return clip
    }

    private func written(_ content: Content, to name: String, _ options: [String: Document] = [:]) throws -> VideoClip {
        try work.crate.write(content, to: name, options: options)
        return try read(name)
    }

    private static func noise(_ count: Int, _ width: Int, _ height: Int, seed: Int = 1) throws -> Tensor {
        var state = UInt64(seed)
        let bytes = (0..<(count * width * height * 3)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        return try #require(Tensor(dtype: .uint8, shape: [count, height, width, 3], bytes: Bytes(bytes)))
    }

    /// Slow changes, which lossy codings keep.
    private static func smooth(_ count: Int, _ width: Int, _ height: Int) throws -> Tensor {
        var bytes: [UInt8] = []
        for frame in 0..<count {
            for y in 0..<height {
                for x in 0..<width { bytes += [UInt8(20 * frame % 200 + x % 50), UInt8(100 + y % 50), UInt8(220 - 10 * frame % 200)] }
            }
        }
        return try #require(Tensor(dtype: .uint8, shape: [count, height, width, 3], bytes: Bytes(bytes)))
    }

    private func means(_ frame: Tensor) throws -> [Double] {
        let bytes = try frame.copied().bytes.array
        return (0..<3).map { channel in
            let values = stride(from: channel, to: bytes.count, by: 3).map { Double(bytes[$0]) }
            return values.reduce(0, +) / Double(values.count)
        }
    }

    // MARK: Reading

    static let samples = ["ffv1.avi", "h264.mp4", "mjpg.avi", "mp4v.mp4", "mpeg4_ffmpeg51.mp4", "vp9.webm", "xvid.avi"]

    /// First and last frame, by the means that OpenCV finds. JPEG is decoded here, with smoother colour.
    @Test(arguments: samples) func samplesHaveOpenCVsColours(_ name: String) throws {
        let entries = try #require(JSONSerialization.jsonObject(
            with: Data(contentsOf: SampleFilesTests.folder.appendingPathComponent("expected.json"))) as? [String: [String: Any]])
        let expected = try #require((entries["video/\(name)"]?["expect"] as? [String: Any])?["frame_mean_rgb"] as? [[Double]])
        let clip = try read(SampleFilesTests.folder.appendingPathComponent("video/\(name)").path)
        let frames = try clip.gathered()
        #expect(frames.count == 10 && frames.allSatisfy { $0.shape == [48, 64, 3] })
        let tolerance = name == "mjpg.avi" ? 1.1 : 0.06
        for (frame, wanted) in zip([frames[0], frames[9]], expected) {
            let found = try means(frame)
            #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance }, "\(found), wanted \(wanted)")
        }
        // From the middle on, and one alone, they are the same frames.
        let reader = try clip.reader(from: 7)
        for number in 7..<10 { #expect(try reader.next()?.digest() == frames[number].digest()) }
        #expect(try clip.frame(at: 4)?.digest() == frames[4].digest())
        #expect(try clip.cut(2..<6).cut(1..<3).gathered().map { try $0.digest() } == frames[3..<5].map { try $0.digest() })
        #expect(try clip.frame(at: 10) == nil && clip.frame(at: -1) == nil)
    }

    /// The film lives on when another takes its name, also a long one, whose file is not in memory.
    @Test(arguments: [1, 40]) func aReplacedFileStaysAsItWas(_ frames: Int) throws {
        let clip = try written(.document(.tensor(Self.noise(frames, 64, 48))), to: "a.mkv", ["codec": .string("ffv1")])
        let first = try Self.noise(frames, 64, 48).at(0).digest()
        _ = try written(.document(.tensor(Self.noise(frames, 64, 48, seed: 2))), to: "a.mkv", ["codec": .string("ffv1")])
        #expect(try clip.frame(at: 0)?.digest() == first)
        #expect(try work.folder.bytes("a.mkv").count > (frames == 1 ? 0 : 1 << 18))
    }

    @Test func fragmentsAreReadAsFFmpegWritesThem() throws {
        let clip = try written(.document(.tensor(Self.smooth(12, 32, 16))), to: "a.mp4")
        let whole = try work.folder.bytes("a.mp4")
        #expect(clip.frameCount == 12)
        let scratch = try PosixPrograms().scratchFile()
        let input = try PosixPrograms().scratchFile()
        try input.write(whole)
        let arguments = [
            "-v", "error", "-y", "-i", "/proc/self/fd/3", "-c", "copy", "-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "/proc/self/fd/4",
        ]
        let program = try PosixPrograms().start(ProgramCommand("ffmpeg", arguments, files: [input, scratch], package: "ffmpeg", memory: 1 << 33))
        #expect(try program.finish().status == 0)
        try work.folder.write(scratch.contents().array, to: "fragments.mp4")
        let fragments = try read("fragments.mp4")
        #expect(fragments.frameCount == 12 && fragments.rate == clip.rate)
        #expect(try fragments.gathered().map { try $0.digest() } == clip.gathered().map { try $0.digest() })
    }

    /// A file whose frames are damaged, though its headers are fine, is told and does no harm.
    @Test(arguments: ["a.mp4", "a.avi", "a.webm", "a.mkv"]) func damagedFramesAreToldOrShown(_ name: String) throws {
        try work.crate.write(.document(.tensor(Self.smooth(8, 32, 16))), to: name)
        let whole = try work.folder.bytes(name)
        for seed in 1...8 {
            var bytes = whole
            for step in 1...20 { bytes[(seed * 7919 + step * 104_729) % bytes.count] ^= UInt8(truncatingIfNeeded: seed * 31 + step) | 1 }
            try work.folder.write(bytes, to: "damaged.\(name.suffix(4).drop { $0 == "." })")
            do {
                let frames = try read("damaged.\(name.suffix(4).drop { $0 == "." })").gathered()
                #expect(frames.count <= bytes.count)
            } catch { #expect(error is CrateError || error is FormatError) }
        }
    }

    // MARK: Writing

    @Test(arguments: [
        ("mp4", nil, "mpeg4"), ("mp4", "h264", "h264"), ("mp4", "libx264", "h264"), ("m4v", nil, "mpeg4"), ("mov", nil, "mpeg4"), ("mov", "h264", "h264"),
        ("avi", nil, "mpeg4"), ("avi", "XVID", "mpeg4"), ("avi", "MJPG", "mjpeg"), ("avi", "ffv1", "ffv1"), ("avi", "h264", "h264"), ("webm", nil, "vp9"),
        ("webm", "vp8", "vp8"), ("mkv", nil, "mpeg4"), ("mkv", "h264", "h264"), ("mkv", "mjpeg", "mjpeg"), ("mkv", "vp9", "vp9"), ("mp4", "vp9", "vp9"),
    ] as [(String, String?, String)])
    func everyFormGoesBothWays(_ fileExtension: String, _ codec: String?, _ found: String) throws {
        let frames = try Self.smooth(9, 48, 32)
        let options: [String: Document] = ["fps": .float(12.5)].merging(codec.map { ["codec": .string($0)] } ?? [:]) { $1 }
        let clip = try written(.document(.tensor(frames)), to: "a.\(fileExtension)", options)
        #expect(clip.codec == found && clip.width == 48 && clip.height == 32 && clip.frameCount == 9)
        #expect(clip.rate == FrameRate(25, per: 2))
        let back = try clip.gathered()
        #expect(back.count == 9)
        for (number, frame) in back.enumerated() {
            #expect(try zip(means(frame), means(frames.at(number))).allSatisfy { abs($0 - $1) < 8 }, "frame \(number)")
        }
    }

    /// Nothing is lost, whatever the pictures and their size.
    @Test(arguments: ["avi", "mkv"], [(1, 1, 1), (2, 1, 2), (2, 2, 2), (3, 17, 5), (4, 5, 31), (3, 32, 32), (2, 33, 47), (2, 64, 48)])
    func ffv1KeepsEveryBit(_ fileExtension: String, _ size: (Int, Int, Int)) throws {
        let frames = try Self.noise(size.0, size.1, size.2, seed: size.1)
        let clip = try written(.document(.tensor(frames)), to: "a.\(fileExtension)", ["codec": .string("ffv1")])
        let back = try clip.gathered()
        #expect(try back.map { try $0.digest() } == (0..<size.0).map { try frames.at($0).digest() })
    }

    @Test func oddSidesAreKept() throws {
        let clip = try written(.document(.tensor(Self.smooth(2, 33, 17))), to: "a.mp4")
        #expect(try clip.gathered().map(\.shape) == [[17, 33, 3], [17, 33, 3]])
        failure("format.unrepresentable", "both sides must be even") {
            try work.crate.write(.document(.tensor(Self.smooth(2, 33, 17))), to: "b.mp4", options: ["codec": .string("h264")])
        }
    }

    @Test func qualityTellsInBytes() throws {
        for codec in ["mpeg4", "h264", "vp9"] {
            let sizes = try [5, 60, 100].map { quality in
                try work.crate.write(
                    .document(.tensor(Self.noise(4, 64, 48))), to: "q.mp4", options: ["codec": .string(codec), "quality": .integer(quality)])
                return try work.folder.bytes("q.mp4").count
            }
            #expect(sizes == sizes.sorted() && Set(sizes).count == 3, "\(codec): \(sizes)")
        }
    }

    @Test func animationsAndVideosBecomeEachOther() throws {
        let frames = try (0..<2).map { Animation.Frame(pixels: try Self.noise(2, 8, 8).at($0), delay: 30 + 40 * $0) }
        let clip = try written(.animation(Animation(frames: frames)), to: "a.mkv", ["codec": .string("ffv1")])
        #expect(clip.rate == FrameRate(100, per: 1) && clip.frameCount == 10)
        let back = try clip.gathered()
        #expect(try back[2].digest() == frames[0].pixels.digest() && back[3].digest() == frames[1].pixels.digest())
        try work.crate.write(.video(clip), to: "a.gif")
        guard case .animation(let animation) = try work.crate.read("a.gif") else { throw NoVideo() }
        #expect(animation.frames.map(\.delay) == [30, 70] || animation.frames.count == 10)
        failure("format.unrepresentable") { try work.crate.write(.video(clip), to: "a.png") }
    }

    @Test func aVideoIsRewrittenWithItsRateAndSound() throws {
        let tone = try Tensor.from((0..<8000).map { sin(Double($0) * 0.2) * 0.5 })
        let sound = Document.mapping(.init([(.string("data"), .tensor(tone)), (.string("sample_rate"), .integer(8000))]))
        let first = try written(.document(.tensor(Self.smooth(20, 32, 16))), to: "a.mp4", ["audio": sound, "fps": .integer(20)])
        let second = try written(.video(first.cut(5..<15)), to: "b.mkv")
        #expect(second.rate == FrameRate(20, per: 1) && second.frameCount == 10 && second.duration == 0.5)
        #expect(second.sound?.sampleRate == 8000)
        #expect(try abs((second.audio()?.duration ?? 0) - 0.5) < 0.01)
        #expect(try first.cut(3..<3).audio()?.frameCount == 0)
    }

    // MARK: Sound

    @Test(arguments: ["avi", "mkv"], [DType.int16, .int32, .float32, .float64])
    func soundIsKeptSampleBySample(_ fileExtension: String, _ dtype: DType) throws {
        // Small whole numbers are exact in every type.
        let values = try #require(Tensor.ramp(.uint8, [8000])).converted(to: dtype).reshaped([4000, 2])
        let clip = try written(
            .document(.tensor(Self.smooth(5, 32, 16))), to: "a.\(fileExtension)", ["audio": .tensor(values), "audio_fps": .integer(8000)])
        #expect(clip.sound?.codec.hasPrefix("pcm") == true && clip.sound?.sampleRate == 8000)
        let back = try #require(try clip.audio())
        #expect(back.samples.dtype == dtype && back.sampleRate == 8000)
        #expect(try back.samples.digest() == values.digest())
    }

    @Test(arguments: ["mp4", "mov", "webm"]) func soundComesBackNearly(_ fileExtension: String) throws {
        let tone = (0..<22050).map { sin(Double($0) * 0.05) * 0.5 }
        let clip = try written(
            .document(.tensor(Self.smooth(10, 32, 16))), to: "a.\(fileExtension)",
            ["audio": .tensor(try Tensor.from(tone)), "audio_fps": .integer(22050)])
        let back = try #require(try clip.audio())
        #expect(back.sampleRate == 22050 && back.channels == 1 && (22050..<24100).contains(back.frameCount))
        let heard = back.float64Samples.bytes.withBytes { bytes in (0..<22050).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) } }
        let distance = zip(heard, tone).dropFirst(2000).dropLast(2000).map { abs($0 - $1) }.max() ?? 1
        #expect(distance < 0.08)
    }

    @Test func soundNeedsARate() throws {
        let frames = Content.document(.tensor(try Self.smooth(2, 32, 16)))
        failure("format.unrepresentable", "audio_fps") {
            try work.crate.write(frames, to: "a.mp4", options: ["audio": .tensor(try Tensor.from([0.0, 0.5]))])
        }
        failure("invalid", "a sound") { try work.crate.write(frames, to: "a.mp4", options: ["audio": .string("tone.wav")]) }
        failure("format.unrepresentable", "frames per second") { try work.crate.write(frames, to: "a.mp4", options: ["fps": .integer(0)]) }
        #expect(!work.folder.exists("a.mp4"))
    }

    // MARK: One frame at a time

    /// Which of the frames handed out are still held by someone.
    private final class Watch: @unchecked Sendable {
        private var regions: [() -> ByteRegion?] = []
        func add(_ frame: Tensor) { regions.append { [weak region = frame.bytes.region] in region } }
        var held: Int { regions.count { $0() != nil } }
        var seen: Int { regions.count }
    }

    @Test func framesAreLetGo() throws {
        let watch = Watch()
        let picture = try Self.noise(1, 16, 8).at(0)
        final class Endless: FrameReader {
            private var left: Int
            private let watch: Watch
            private let picture: Tensor
            init(_ count: Int, _ watch: Watch, _ picture: Tensor) { (left, self.watch, self.picture) = (count, watch, picture) }
            func next() throws(FormatError) -> Tensor? {
                guard left > 0, let frame = try? picture.copied() else { return nil }
                left -= 1
                // The frame before may still be under way.
                #expect(watch.held <= 2)
                watch.add(frame)
                return frame
            }
        }
        let long = VideoClip(frameCount: 3000, rate: .ofPictures, width: 16, height: 8) { Endless($0.count, watch, picture) }
        for name in ["long.mkv", "long.avi"] { try work.crate.write(.video(long), to: name, options: name == "long.avi" ? ["codec": .string("mjpeg")] : [:]) }
        #expect(watch.seen == 6000 && watch.held == 0)
        for name in ["long.mkv", "long.avi"] {
            let coming = Watch()
            let reader = try read(name).reader()
            while let frame = try reader.next() {
                coming.add(frame)
                #expect(coming.held == 1)
            }
            #expect(coming.seen == 3000 && coming.held == 0)
        }
    }

    @Test func gatheringIsBounded() throws {
        let clip = VideoClip(frameCount: 1_000_000, rate: .ofPictures, width: 1920, height: 1080) { _ throws(FormatError) in throw FormatError(.system, "test", "was opened") }
        #expect(throws: FormatError.self) { try clip.gathered() }
        failure("format.limit", "pixels at once") { try work.crate.write(.video(clip), to: "a.gif") }
    }

    // MARK: Without FFmpeg

    @Test func withoutFFmpegItSaysWhatToInstall() throws {
        let bare = try Workplace(OperatingSystem(programs: PosixPrograms(environment: ["PATH": "/nonexistent:relative"])))
        let frames = Content.document(.tensor(try Self.smooth(3, 16, 8)))
        let error = failure("format.missingLibrary", "apt-get install ffmpeg") { try bare.crate.write(frames, to: "a.mp4") }
        #expect(error?.text.contains("mjpeg") == true)
        #expect(bare.folder.leftovers.isEmpty && !bare.folder.exists("a.mp4"))
        let sample = SampleFilesTests.folder.appendingPathComponent("video/mp4v.mp4").path
        guard case .video(let clip) = try bare.crate.read(sample) else { throw NoVideo() }
        #expect(clip.frameCount == 10)
        #expect(throws: FormatError.self) { try clip.reader() }
        try bare.crate.write(frames, to: "a.avi", options: ["codec": .string("mjpeg")])
        guard case .video(let native) = try bare.crate.read("a.avi") else { throw NoVideo() }
        #expect(try native.gathered().count == 3)
    }

    @Test func readingAndWritingCanBeInterrupted() throws {
        let frames = Content.document(.tensor(try Self.smooth(3, 16, 8)))
        _ = try written(frames, to: "a.mp4")
        let stopping = try Workplace.open(work.folder, OperatingSystem(programs: PosixPrograms { true }))
        failure("format.interrupted") { try stopping.write(frames, to: "b.mp4") }
        #expect(!work.folder.exists("b.mp4") && work.folder.leftovers.isEmpty)
        guard case .video(let clip) = try stopping.read("a.mp4") else { throw NoVideo() }
        let reader = try clip.reader()
        do { _ = try reader.next(); Issue.record("was not interrupted") } catch { #expect(error.kind == .interrupted) }
    }
}
