import CrateFormats
import CrateValues

/// Animations of several pictures, or arrays of shape (N, H, W) or (N, H, W, C).
///
/// Arrays that are not uint8 are stretched to 0…255 over all frames together, so that brightness does not flicker.
struct GIFHandler: Handler {
    let kind = "gif"
    let summary = "Animations as GIF"
    let extensions = ["gif"]

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("fps", .number, "Frames per second; 10 when left out"),
            HandlerOption("duration", .numbers, "Milliseconds per frame, or a list with one for each, in place of fps"),
            HandlerOption("loop", .int, "How often it is shown again; 0, for ever, when left out"),
        ]
    }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        guard name.fileExtension == "gif" else {
            throw FormatError(.unsupported, "GIF", "can't be written as .\(name.fileExtension)", hint: "end the name in .gif")
        }
        var animation = try animation(content, options.limits)
        if let loops = options.int("loop") { animation.loopCount = loops }
        if let delays = try delays(animation.frames.count, options) {
            for (index, delay) in delays.enumerated() { animation.frames[index].delay = delay }
        }
        try GIF.encode(animation, to: sink)
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .animation(try GIF.decode(bytes, limits: options.limits).withoutOpaqueAlpha)
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try GIF.inspect(bytes, limits: options.limits)
    }

    // MARK: Frames

    /// An animation keeps its delays and loop; pictures get ten a second, for ever.
    private func animation(_ content: Content, _ limits: Limits) throws(FormatError) -> Animation {
        switch content {
        case .animation(let animation): return animation
        case .video(let clip): return try animation(clip, limits)
        default:
            let frames = try Pictures(format: "GIF", whole: "an animation").frames(content)
            return Animation(frames: frames.map { Animation.Frame(pixels: $0, delay: 100) }, loopCount: 0)
        }
    }

    /// All of a video's frames, which must be held at once here.
    private func animation(_ clip: VideoClip, _ limits: Limits) throws(FormatError) -> Animation {
        let delay = max(10, Int((100 / clip.rate.perSecond).rounded()) * 10)
        return Animation(frames: try clip.gathered(limits).map { Animation.Frame(pixels: $0, delay: delay) }, loopCount: 0)
    }

    // MARK: Times

    /// Milliseconds for each frame; `nil` when no option says.
    private func delays(_ count: Int, _ options: HandlerOptions) throws(FormatError) -> [Int]? {
        guard let durations = options.numbers("duration") else {
            guard let rate = options.number("fps") else { return nil }
            guard rate > 0, rate.isFinite else { throw refusal("can't show \(rate) frames per second", "give a rate above 0") }
            // Delays count in 10 ms; cutting would make 60 a second 100, which viewers show as 10.
            let delay = (100 / rate).rounded() * 10
            return Array(repeating: try milliseconds(max(10, delay)), count: count)
        }
        guard options.number("fps") == nil else { throw refusal("takes fps or duration, not both", "leave one out") }
        guard durations.count == count || durations.count == 1 else {
            throw refusal("has \(count) frames, but \(durations.count) durations", "give one number, or one for each frame")
        }
        let delays = try durations.map { (duration) throws(FormatError) in try milliseconds(duration) }
        return delays.count == count ? delays : Array(repeating: delays[0], count: count)
    }

    private func milliseconds(_ number: Double) throws(FormatError) -> Int {
        guard let delay = Int(exactly: number.rounded()) else { throw refusal("can't show a frame for \(number) ms", "give milliseconds") }
        return delay
    }

    private func refusal(_ reason: String, _ hint: String) -> FormatError { FormatError(.unrepresentable, "GIF", reason, hint: hint) }

    var samples: [HandlerSample] {
        guard let film = Tensor.ramp(.uint8, [3, 4, 5, 3]), let still = Tensor.ramp(.uint8, [6, 7, 3]) else { return [] }
        let frames = (0..<3).compactMap { try? film.at($0) }.map { Animation.Frame(pixels: $0, delay: 70) }
        return [
            HandlerSample("film.gif", .animation(Animation(frames: frames, loopCount: 0))),
            HandlerSample("still.gif", .animation(Animation(frames: [Animation.Frame(pixels: still, delay: 0)]))),
        ]
    }
}
