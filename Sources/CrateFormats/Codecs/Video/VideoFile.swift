import CrateValues

/// Moving pictures of the usual forms: MP4, QuickTime, AVI, Matroska and WebM.
///
/// Headers are read here, without any other program; frames and sound come from FFmpeg, started when they are asked for. AVI of JPEG
/// pictures is read and written without it.
public enum VideoFile {
    /// Extensions that are read and written, lower case, without the dot, the usual one first.
    public static let extensions = ["mp4", "avi", "webm", "mkv", "mov", "m4v"]

    /// Reads the headers and checks them against the file's size; frames are read later, from the clip.
    ///
    /// - Parameter fileExtension: content of another form than it stands for is refused. Empty: any content will do.
    /// - Throws: `.malformed`, `.truncated`, `.limit` beyond `limits.pixels` in a frame.
    public static func decode(
        _ bytes: Bytes, fileExtension: String = "", limits: Limits = .standard, surroundings: Surroundings = .none
    ) throws(FormatError) -> VideoClip {
        let container = try MediaContainer(bytes)
        try check(container, fileExtension)
        let track = try container.video(limits: limits)
        let source = try FFmpegSource(bytes, limits: limits, surroundings: surroundings)
        let sound = container.sound.map { sound in
            VideoClip.Sound(codec: sound.codec, sampleRate: sound.sampleRate) { () throws(FormatError) in
                try source.sound(sound, in: container)
            }
        }
        let isNative = container.form == .avi && track.codec == "mjpeg"
        return VideoClip(
            frameCount: track.frameCount, rate: track.rate ?? FrameRate.standard, width: track.width, height: track.height, codec: track.codec, sound: sound
        ) { frames throws(FormatError) in
            guard !frames.isEmpty else { return NoFrames() }
            if isNative { return MJPEG.reader(bytes, container.pictures, frames, size: (track.width, track.height), limits: limits) }
            return try source.frames(frames, of: track, in: container)
        }
    }

    private static func check(_ container: MediaContainer, _ fileExtension: String) throws(FormatError) {
        let fileExtension = fileExtension.lowercased()
        guard extensions.contains(fileExtension), !container.form.extensions.contains(fileExtension) else { return }
        throw FormatError(
            .malformed, fileExtension.uppercased(), "holds \(container.name), though its name ends in .\(fileExtension)",
            hint: "rename it to end in .\(container.form.extensions[0])")
    }

    /// What the headers tell: facts, and the tracks.
    public static func inspect(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Inspection {
        let container = try MediaContainer(bytes)
        let track = try container.video(limits: limits)
        let rate = (track.rate ?? FrameRate.standard).perSecond
        var inspection = Inspection(facts: [
            ("format", .string(container.name)), ("codec", .string(track.codec)), ("width", .integer(track.width)), ("height", .integer(track.height)),
            ("fps", .float(rate)), ("frames", .integer(track.frameCount)), ("duration", .float(Double(track.frameCount) / rate)),
            ("sound", container.sound.map { .string("\($0.codec), \($0.sampleRate) Hz") } ?? .null),
        ])
        inspection.listings = [
            Inspection.Listing(
                "Tracks", columns: ["type", "codec", "tag", "samples"],
                rows: container.tracks.map { [.string($0.sort.rawValue), .string($0.codec), .string($0.tag), .integer($0.frameCount)] })
        ]
        return inspection
    }
}

private final class NoFrames: FrameReader {
    func next() -> Tensor? { nil }
}

extension Tensor {
    /// A picture's samples as RGB of 8 bits: grey is tripled, alpha is left out where nothing is transparent.
    func rgb(as format: String) throws(FormatError) -> Tensor {
        let image = Image(pixels: self).withoutOpaqueAlpha
        guard dtype == .uint8 else { throw FormatError(.unrepresentable, format, "frames hold uint8 samples, not \(dtype.rawValue)") }
        switch image.channels {
        case 3 where rank == 3: return image.pixels
        case 1 where rank == 2:
            let tripled = try? expanded(axis: 2).broadcast(to: shape + [3])
            return tripled ?? self
        default: throw FormatError(.unrepresentable, format, "has no transparent frames", hint: "leave out the alpha channel: frame[:, :, :3]")
        }
    }
}
