import CrateValues

/// GIF pictures and animations. Facts: CompuServe's GIF89a specification (1990), and Netscape's loop extension as
/// browsers follow it.
public enum GIF {
    /// How to write.
    public struct Options: Sendable {
        /// A frame equal to the one before lengthens that one's delay instead of being written. Then a file read again can
        /// have fewer frames than were given.
        public var mergesEqualFrames = false
        public init() {}
    }

    /// Delays count in this many milliseconds.
    static let delayUnit = 10
    /// The longest delay in milliseconds.
    static let longestDelay = 655_350

    /// Reads every frame as a whole picture of shape (H, W, 4), uint8 RGBA, as a viewer would show it: drawn over the frames
    /// before it by their disposal methods. Uncovered parts are transparent, whatever the background colour.
    /// `Animation.withoutOpaqueAlpha` gives RGB where nothing is transparent.
    ///
    /// Delays are as they stand in the file; viewers treat 0 and 10 ms as 100 ms. A missing end mark and bytes after the end
    /// are accepted.
    ///
    /// - Throws: `.limit` when all frames together have more pixels than `limits.pixels` or, for larger files,
    ///   `limits.inflationRatio` per byte; `.truncated` for a file that ends inside a frame; `.malformed`.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Animation {
        try animation(in: bytes, limits: limits, mostFrames: .max)
    }

    /// Reads the first frame only, which is what programs for still pictures show.
    public static func decodeFirstFrame(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Image {
        let animation = try animation(in: bytes, limits: limits, mostFrames: 1)
        guard let first = animation.frames.first else { throw noFrames }
        return Image(pixels: first.pixels)
    }

    private static func animation(in bytes: Bytes, limits: Limits, mostFrames: Int) throws(FormatError) -> Animation {
        var reader = try GIFReader(bytes, limits: limits)
        while reader.frames.count < mostFrames, try reader.readBlock() {}
        guard !reader.frames.isEmpty else { throw noFrames }
        return Animation(frames: reader.frames, loopCount: reader.loopCount)
    }

    /// The frames as the file tells them, without their pixels.
    static func outline(_ bytes: Bytes, limits: Limits) throws(FormatError) -> GIFOutline {
        var reader = try GIFReader(bytes, limits: limits, draws: false)
        while try reader.readBlock() {}
        guard !reader.outlines.isEmpty else { throw noFrames }
        return GIFOutline(
            width: reader.canvas.width, height: reader.canvas.height, colors: reader.globalPalette?.colors.count, loopCount: reader.loopCount,
            frames: reader.outlines)
    }

    /// Size, loop and duration, and a listing of the frames; pixels are not decoded.
    ///
    /// - Throws: as `decode`, for what stands outside of the frames' compressed data.
    public static func inspect(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Inspection {
        try outline(bytes, limits: limits).inspection
    }

    private static var noFrames: FormatError { FormatError(.malformed, "GIF", "holds no picture") }

    /// Writes frames of one size, grey or colour of 8 bits, with or without alpha. A frame of up to 256 colours keeps them
    /// exactly; others are reduced to 256 by median cut. Alpha below 128 becomes transparent, the rest opaque. Delays are
    /// cut to whole 10 ms. Without a loop count no loop extension is written, and viewers show the animation once.
    ///
    /// - Throws: `.unrepresentable` for no frames, frames of different or too large sizes (65535 each way), other types and
    ///   shapes, delays outside 0…655350 ms, or a loop count outside 0…65535.
    public static func encode(_ animation: Animation, options: Options = Options(), to sink: any ByteSink) throws(FormatError) {
        let frames = try GIFWriter.checkedFrames(animation, options: options)
        var writer = GIFWriter(frames, loopCount: animation.loopCount, sink: sink)
        try writer.write()
    }
}
