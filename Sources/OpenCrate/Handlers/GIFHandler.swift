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
        var animation = try animation(content)
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
    private func animation(_ content: Content) throws(FormatError) -> Animation {
        var frames: [Tensor] = []
        switch content {
        case .animation(let animation): return animation
        case .image(let image): frames = [image.pixels]
        case .document(.tensor(let array)): frames = try self.frames(array)
        case .document(.list(let items)), .document(.tuple(let items)): frames = try self.frames(items)
        default: throw content.unfit(for: "an animation", hint: "give a list of images, or an array of shape (N, H, W) or (N, H, W, C)")
        }
        return Animation(frames: frames.map { Animation.Frame(pixels: $0, delay: 100) }, loopCount: 0)
    }

    private func frames(_ items: [Document]) throws(FormatError) -> [Tensor] {
        var arrays: [Tensor] = []
        for item in items {
            guard case .tensor(let array) = item else { throw Content.document(item).unfit(for: "a frame", hint: "give images or arrays") }
            arrays.append(array)
        }
        if arrays.allSatisfy({ $0.dtype == .uint8 }) { return try arrays.map { (array) throws(FormatError) in try frame(array) } }
        return try frames(try computed { () throws(ArrayError) in try Tensor.stacked(arrays) })
    }

    private func frames(_ array: Tensor) throws(FormatError) -> [Tensor] {
        guard array.rank == 3 || array.rank == 4, array.count > 0 else {
            throw FormatError(
                .unrepresentable, "GIF", "can't be made of an array of shape \(array.shape)", hint: "give (N, H, W) or (N, H, W, C)")
        }
        let stretched = try stretched(array)
        return try (0..<array.shape[0]).map { (position) throws(FormatError) in
            try frame(try computed { () throws(ArrayError) in try stretched.at(position) })
        }
    }

    private func frame(_ array: Tensor) throws(FormatError) -> Tensor { try ImageFile.image(from: array).pixels }

    /// The whole array as uint8 by the rules for one picture, laid out as a single column of pixels for that.
    private func stretched(_ array: Tensor) throws(FormatError) -> Tensor {
        if array.dtype == .uint8 { return array }
        let column = try computed { () throws(ArrayError) in try array.reshaped([array.count, 1]) }
        let pixels = try ImageFile.image(from: column).pixels
        return try computed { () throws(ArrayError) in try pixels.reshaped(array.shape) }
    }

    private func computed(_ body: () throws(ArrayError) -> Tensor) throws(FormatError) -> Tensor {
        do { return try body() } catch { throw FormatError(.unrepresentable, "GIF", "can't be made: \(error.message)", hint: error.hint) }
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
