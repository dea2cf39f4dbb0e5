import CrateValues

extension VideoFile {
    /// How to write.
    public struct Options: Sendable {
        /// A coding by its usual name or the tag that OpenCV knows it by ("mpeg4", "h264", "mjpeg", "XVID" …); `nil` is the
        /// extension's own.
        public var codec: String?
        /// 1 (small) to 100 (good), for lossy codings.
        public var quality: Int?
        /// Sound to go with the frames, in place of the clip's own.
        public var sound: AudioClip?

        public init(codec: String? = nil, quality: Int? = nil, sound: AudioClip? = nil) {
            self.codec = codec
            self.quality = quality
            self.sound = sound
        }
    }

    /// Writes the clip's frames as they are read, never holding more than one. The same frames give the same bytes.
    ///
    /// - Throws: `.unrepresentable` for frames that are not all of one size, for sizes and rates that the coding does not take;
    ///   `.unsupported` for an unknown extension or coding; `.missingLibrary` without FFmpeg.
    public static func encode(
        _ clip: VideoClip, fileExtension: String, options: Options = Options(), programs: (any Programs)?, limits: Limits = .standard,
        to sink: any ByteSink
    ) throws(FormatError) {
        let form = try VideoForm(fileExtension: fileExtension, codec: options.codec, quality: options.quality)
        let rate = try form.check(clip)
        let sound = if let given = options.sound { given } else { try clip.audio() }
        let frames = EvenFrames(try clip.reader(), width: clip.width, height: clip.height, format: form.container.name)
        let tools = FFmpeg(programs: programs, limits: limits)
        let scratch = try tools.available().scratchFile()
        if form.isNative, sound == nil {
            let quality = options.quality ?? VideoForm.usualQuality
            try MJPEG.encode(frames, size: (clip.width, clip.height), rate: rate, quality: quality, scratch: scratch, to: sink)
            return try frames.requireSome()
        }
        var files = [scratch]
        if let sound {
            let wave = try tools.available().scratchFile()
            try PlainWave.encode(sound, to: wave)
            files.append(wave)
        }
        let program: any RunningProgram
        do { program = try tools.start(form.arguments(clip, rate: rate, hasSound: sound != nil), files: files) } catch {
            guard error.kind == .missingLibrary, sound == nil, let hint = error.hint else { throw error }
            throw FormatError(error.kind, error.format, error.reason, hint: "\(hint); an .avi with codec: \"mjpeg\" is written without it")
        }
        try feed(frames, to: program, form)
        try sink.write(try scratch.contents())
    }

    private static func feed(_ frames: EvenFrames, to program: any RunningProgram, _ form: VideoForm) throws(FormatError) {
        var isTaken = true
        while isTaken, let frame = try frames.next() {
            isTaken = try frame.packedBytes().withBytes { (bytes) throws(FormatError) in try program.write(bytes) }
        }
        try frames.requireSome()
        let ending = try program.finish()
        guard isTaken, ending.status == 0 else { throw FFmpeg.failure(ending, .unrepresentable, form.container.name, "can't be written") }
    }
}

/// Frames as RGB, held to the size of the first.
final class EvenFrames: FrameReader {
    private let frames: any FrameReader
    private let size: (width: Int, height: Int)
    private let format: String
    /// How many were given out.
    private var count = 0

    init(_ frames: any FrameReader, width: Int, height: Int, format: String) {
        (self.frames, self.size, self.format) = (frames, (width, height), format)
    }

    /// A file may announce frames and have none.
    func requireSome() throws(FormatError) {
        if count == 0 { throw FormatError(.unrepresentable, format, "can't be made without frames") }
    }

    func next() throws(FormatError) -> Tensor? {
        guard let frame = try frames.next() else { return nil }
        let image = Image(pixels: frame)
        guard image.width == size.width, image.height == size.height else {
            throw FormatError(
                .unrepresentable, format, "frame \(count) is \(image.width) × \(image.height), but the video is \(size.width) × \(size.height)",
                hint: "bring all frames to one size: resize(frame, \(size.width), \(size.height))")
        }
        do {
            let pixels = try frame.rgb(as: format)
            count += 1
            return pixels
        } catch { throw FormatError(error.kind, error.format, error.reason, at: .member("frame \(count)"), hint: error.hint) }
    }
}
