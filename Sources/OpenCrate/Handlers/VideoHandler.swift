import CrateFormats
import CrateValues

/// Moving pictures, in the form that the extension names. Frames pass through one at a time, on the way in and out.
struct VideoHandler: Handler {
    let kind = "video"
    let summary = "Videos as MP4, AVI, WebM and others"
    var extensions: [String] { VideoFile.extensions }

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("fps", .number, "Frames per second; a video's or animation's own, or 10, when left out"),
            HandlerOption("codec", .string, "Such as mpeg4, h264, mjpeg, ffv1, vp9; the usual one of the extension when left out"),
            HandlerOption("quality", .int, "1 (smallest) to 100 (best), 90 when left out"),
            HandlerOption("audio", .sound, "A sound, or an array of samples with audio_fps"),
            HandlerOption("audio_fps", .int, "The rate of an array of samples"),
        ]
    }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        var clip = try clip(content)
        if let wanted = options.number("fps") {
            guard let rate = FrameRate(wanted) else {
                throw FormatError(.unrepresentable, "video", "can't show \(wanted) frames per second", hint: "give a rate above 0")
            }
            clip.rate = rate
        }
        if let taken = options.surroundings.frameTaken { clip = clip.counting(taken) }
        var written = VideoFile.Options()
        written.codec = options.string("codec")
        written.quality = options.int("quality")
        written.sound = try sound(options)
        try VideoFile.encode(
            clip, fileExtension: name.fileExtension, options: written, programs: options.surroundings.programs, limits: options.limits, to: sink)
    }

    private func clip(_ content: Content) throws(FormatError) -> VideoClip {
        switch content {
        case .video(let clip): return clip
        case .animation(let animation): if let clip = VideoClip(animation) { return clip }
        default:
            let frames = try Pictures(format: "video", whole: "a video").frames(content)
            if let clip = VideoClip(frames, rate: .ofPictures) { return clip }
        }
        throw FormatError(.unrepresentable, "video", "can't be made without frames")
    }

    private func sound(_ options: HandlerOptions) throws(FormatError) -> AudioClip? {
        guard var clip = options.sound("audio") else { return nil }
        if let rate = options.int("audio_fps") { clip.sampleRate = rate }
        if clip.sampleRate > 0 { return clip }
        throw FormatError(.unrepresentable, "video", "needs the rate of its sound's samples", hint: "add audio_fps, such as audio_fps: 44100")
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .video(try VideoFile.decode(bytes, fileExtension: name.fileExtension, limits: options.limits, surroundings: options.surroundings))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try VideoFile.inspect(bytes, limits: options.limits)
    }

    var samples: [HandlerSample] {
        let frames = (0..<5).compactMap { number in Tensor.ramp(.uint8, [8, 16, 3 + number]).flatMap { try? $0.sliced(axis: 2, stop: 3).copied() } }
        guard let clip = VideoClip(frames, rate: .ofPictures) else { return [] }
        return [
            HandlerSample("film.avi", .video(clip), options: HandlerOptions(["codec": .string("mjpeg")]), isExact: false),
            HandlerSample("film.mkv", .video(clip), options: HandlerOptions(["codec": .string("ffv1")])),
            HandlerSample("film.mp4", .video(clip), isExact: false),
        ]
    }
}

extension VideoClip {
    /// An animation at an even rate: frames that stay longer are repeated. `nil` without frames.
    init?(_ animation: Animation) {
        // Viewers take delays of 0 and 10 ms for 100.
        let delays = animation.frames.map { $0.delay > 10 ? $0.delay : 100 }
        let step = delays.reduce(0) { a, b in VideoClip.commonDivisor(a, b) }
        guard let rate = FrameRate(1000, per: step) else { return nil }
        let turns = delays.enumerated().flatMap { index, delay in Array(repeating: index, count: delay / step) }
        self.init(turns.map { animation.frames[$0].pixels }, rate: rate)
    }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }

    /// All frames at once.
    ///
    /// Throws `.limit` when they have more pixels than one picture may have.
    public func gathered(_ limits: Limits = .standard) throws(FormatError) -> [Tensor] {
        guard Double(width) * Double(height) * Double(frameCount) <= Double(limits.pixels) else {
            throw FormatError(
                .limit, "video", "has \(frameCount) frames of \(width) × \(height), more than the limit of \(limits.pixels) pixels at once",
                hint: "take a part, such as v[0:100], or go through the frames with `for`")
        }
        let reader = try reader()
        var frames: [Tensor] = []
        while let frame = try reader.next() { frames.append(frame) }
        return frames
    }
}
