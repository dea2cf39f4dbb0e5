import CrateValues
import Glibc
import Testing

@testable import CrateFormats

/// A program that does as the test says, and none besides.
private struct ScriptedPrograms: Programs {
    /// What it prints, and how it ends.
    var output: [UInt8] = []
    var ending = ProgramEnding(status: 0, complaint: [])
    /// Whether there is one at all.
    var isInstalled = true

    func start(_ command: ProgramCommand) throws(FormatError) -> any RunningProgram {
        guard isInstalled else { throw FormatError(.missingLibrary, command.name, "is not there", hint: "install \(command.package)") }
        return ScriptedProgram(output: output[...], ending: ending)
    }

    func scratchFile() throws(FormatError) -> OpenFile {
        guard let file = tmpfile() else { throw FormatError(.system, "file", "no file") }
        defer { fclose(file) }
        return OpenFile(dup(fileno(file)))
    }
}

private final class ScriptedProgram: RunningProgram {
    private var output: ArraySlice<UInt8>
    private let ending: ProgramEnding
    init(output: ArraySlice<UInt8>, ending: ProgramEnding) { (self.output, self.ending) = (output, ending) }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool { true }
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        // In small pieces, as pipes give them.
        let piece = output.prefix(min(7, buffer.count))
        output = output.dropFirst(piece.count)
        buffer.copyBytes(from: piece)
        return piece.count
    }
    func finish() -> ProgramEnding { ending }
    func stop() {}
}

/// What is made of FFmpeg's answers, whatever they are.
@Suite struct VideoReadingTests {
    private static let head = Array("P6\n64 48\n255\n".utf8)
    private static let frame = head + [UInt8](repeating: 9, count: 64 * 48 * 3)

    /// The frames, as many as come, of a file that announces ten.
    private func frames(_ programs: ScriptedPrograms) throws -> Int {
        let clip = try VideoFile.decode(Samples.bytes("video/mp4v.mp4"), surroundings: Surroundings(programs: programs))
        let reader = try clip.reader()
        var count = 0
        while let frame = try reader.next() {
            #expect(frame.shape == [48, 64, 3] && frame.dtype == .uint8)
            count += 1
        }
        #expect(try reader.next() == nil)
        return count
    }

    private func failure(_ programs: ScriptedPrograms) -> FormatError? {
        do { _ = try frames(programs) } catch { return error as? FormatError }
        return nil
    }

    @Test func framesComeInPieces() throws {
        #expect(try frames(ScriptedPrograms(output: Array(repeatElement(Self.frame, count: 10).joined()))) == 10)
    }

    /// Containers may leave out frames on purpose, and a complaint about what was delivered all the same is no failure.
    @Test func endings() throws {
        #expect(try frames(ScriptedPrograms(output: Self.frame + Self.frame)) == 2)
        let complaint = ProgramEnding(status: 0, complaint: Array("[h264 @ 0x55aa] concealing errors\n".utf8))
        #expect(try frames(ScriptedPrograms(output: Array(repeatElement(Self.frame, count: 10).joined()), ending: complaint)) == 10)
        #expect(failure(ScriptedPrograms(output: Self.frame, ending: complaint))?.reason == "ends after 1 of 10 frames: concealing errors")
        let killed = ProgramEnding(status: 139, complaint: [])
        #expect(failure(ScriptedPrograms(output: Self.frame, ending: killed))?.reason == "ends after 1 of 10 frames: FFmpeg was ended by signal 11")
        #expect(failure(ScriptedPrograms(output: Array(Self.frame.dropLast())))?.kind == .truncated)
    }

    @Test func whatIsNoFrameIsRefused() {
        for head in ["P5\n64 48\n255\n", "P6\n64 48\n65535\n", "P6\n0 48\n255\n", "P6\n-1 48\n255\n", "P6\n99999999999999999999 1\n255\n", "hello"] {
            #expect(failure(ScriptedPrograms(output: Array(head.utf8) + Self.frame)) != nil || head == "hello", "\(head)")
        }
        #expect(failure(ScriptedPrograms(output: Array("P6\n100000 100000\n255\n".utf8)))?.kind == .limit)
        #expect(failure(ScriptedPrograms(output: Self.frame + Array("P6\n48 64\n255\n".utf8) + Self.frame.dropFirst(Self.head.count)))?.kind == .malformed)
    }

    /// The words may come from the file: no terminal escapes, no end.
    @Test func complaintsAreMadePlain() throws {
        let words = Array("[mov @ 0x1] bad \u{1B}[31m".utf8) + [UInt8](repeating: 0x61, count: 4000)
        let reason = try #require(failure(ScriptedPrograms(ending: ProgramEnding(status: 1, complaint: words)))).reason
        #expect(reason.hasPrefix("ends after 0 of 10 frames: bad ?[31maaa") && reason.utf8.count < 300)
        let old = ProgramEnding(status: 1, complaint: Array("Unrecognized option 'fps_mode'.\n".utf8))
        #expect(failure(ScriptedPrograms(ending: old))?.kind == .missingLibrary)
    }

    @Test func withoutFFmpegTheFactsAreThere() throws {
        let clip = try VideoFile.decode(Samples.bytes("video/mp4v.mp4"), surroundings: Surroundings(programs: ScriptedPrograms(isInstalled: false)))
        #expect(clip.frameCount == 10)
        let error = mediaError { () throws(FormatError) in _ = try clip.reader() }
        #expect(error?.kind == .missingLibrary && error?.hint == "install ffmpeg")
        let bare = try VideoFile.decode(Samples.bytes("video/mp4v.mp4"))
        #expect(mediaError { () throws(FormatError) in _ = try bare.reader() }?.kind == .missingLibrary)
    }

    // MARK: AVI of JPEG pictures

    private func written(_ clip: VideoClip, quality: Int? = nil, programs: ScriptedPrograms = ScriptedPrograms(isInstalled: false)) throws -> Bytes {
        var options = VideoFile.Options()
        options.codec = "MJPG"
        options.quality = quality
        let sink = MemorySink()
        try VideoFile.encode(clip, fileExtension: "avi", options: options, programs: programs, to: sink)
        return Bytes(sink.array)
    }

    private func smooth(_ count: Int, _ shape: [Int]) throws -> [Tensor] {
        let size = shape.reduce(1, *)
        return try (0..<count).map { number in
            let values = (0..<size).map { (place: Int) -> UInt8 in UInt8(20 * number + place / 40 % 30) }
            return try mediaTensor(.uint8, shape, values)
        }
    }

    @Test(arguments: [[16, 24, 3], [7, 9, 3], [1, 1, 3], [5, 6]])
    func jpegPicturesGoBothWaysWithoutFFmpeg(_ shape: [Int]) throws {
        let frames = try smooth(5, shape)
        let rate = try #require(FrameRate(30000, per: 1001))
        let clip = try VideoFile.decode(written(#require(VideoClip(frames, rate: rate)), quality: 100), fileExtension: "avi")
        #expect(clip.frameCount == 5 && clip.rate == rate && clip.codec == "mjpeg")
        let reader = try clip.reader(from: 1)
        for frame in frames.dropFirst() {
            let (got, wanted) = (try #require(try reader.next()), try frame.rgb(as: "").packedBytes().array)
            #expect(got.shape == [shape[0], shape[1], 3])
            let distance = zip(mediaElements(got, as: UInt8.self), wanted).map { abs(Int($0) - Int($1)) }.max() ?? 255
            #expect(distance <= 6)
        }
        #expect(try reader.next() == nil)
    }

    @Test func aDamagedPictureIsNamed() throws {
        let clip = try #require(VideoClip(try smooth(3, [8, 8, 3]), rate: .ofPictures))
        var bytes = try written(clip).array
        let second = try #require(bytes.indices.filter { bytes[$0...].starts(with: "00dc".utf8) }.dropFirst().first)
        bytes[second + 8] = 0
        let damaged = try VideoFile.decode(Bytes(bytes))
        let reader = try damaged.reader()
        _ = try reader.next()
        #expect(mediaError { () throws(FormatError) in _ = try reader.next() }?.place == .member("frame 1"))
    }

    @Test func whatCannotBeWrittenIsRefused() throws {
        let small = try smooth(1, [4, 4, 3])[0]
        let wide = try smooth(1, [4, 6, 3])[0]
        let uneven = try #require(VideoClip([small, small, wide], rate: .ofPictures))
        let error = mediaError { () throws(FormatError) in
            try VideoFile.encode(uneven, fileExtension: "avi", options: .init(codec: "mjpeg"), programs: ScriptedPrograms(), to: MemorySink())
        }
        #expect(error?.kind == .unrepresentable && error?.reason.contains("frame 2 is 6 × 4, but the video is 4 × 4") == true)
        let even = try #require(VideoClip([small], rate: .ofPictures))
        let odd = try #require(VideoClip([try smooth(1, [3, 4, 3])[0]], rate: .ofPictures))
        for (clip, name, options, kind) in [
            (even, "mp4", VideoFile.Options(codec: "ffv1"), FormatError.Kind.unsupported), (even, "mpg", .init(), .unsupported),
            (even, "mp4", .init(quality: 0), .unrepresentable), (even, "mp4", .init(quality: 101), .unrepresentable),
            (even, "mkv", .init(codec: "ffv1", quality: 50), .unrepresentable), (odd, "mp4", .init(codec: "h264"), .unrepresentable),
            (even.cut(0..<0), "mp4", .init(), .unrepresentable),
        ] as [(VideoClip, String, VideoFile.Options, FormatError.Kind)] {
            let error = mediaError { () throws(FormatError) in
                try VideoFile.encode(clip, fileExtension: name, options: options, programs: ScriptedPrograms(), to: MemorySink())
            }
            #expect(error?.kind == kind, "\(name): \(String(describing: error))")
        }
    }

    // MARK: Sound on its way

    @Test(arguments: [DType.int16, .int32, .float32, .float64])
    func plainWavesKeepTheirSamples(_ dtype: DType) throws {
        for shape in [[0], [1], [30], [15, 2]] {
            let bytes = (0..<shape.reduce(dtype.size, *)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            let clip = AudioClip(samples: try #require(Tensor(dtype: dtype, shape: shape, bytes: Bytes(bytes))), sampleRate: 8000)
            let sink = MemorySink()
            try PlainWave.encode(clip, to: sink)
            let back = try PlainWave.decode(Bytes(sink.array))
            #expect(back.sampleRate == 8000 && back.samples.shape == shape && back.samples.dtype == dtype)
            #expect(back.samples.packedBytes().array == bytes)
        }
    }
}
