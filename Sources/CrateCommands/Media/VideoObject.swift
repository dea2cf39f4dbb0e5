import CrateFormats
import CrateLanguage
import CrateValues

/// A video in the language: a list of pictures that are read when they are asked for, and not kept.
final class VideoObject: Object {
    let clip: VideoClip
    /// Reading on from where the last frame by position was, when the program takes them in order.
    private var open: (reader: any FrameReader, next: Int)?
    private var lastPosition: Int?
    private var heard: Value?

    init(_ clip: VideoClip) { self.clip = clip }

    override var typeName: String { "video" }
    override var description: String {
        let frames = clip.frameCount
        return "video(\(frames) frame\(frames == 1 ? "" : "s"), \(clip.width) × \(clip.height), \(Value.float(clip.duration)) s)"
    }

    override var memberNames: [String] {
        ["frames", "fps", "frame_count", "duration", "width", "height", "codec", "audio", "audio_fps"]
    }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "frames": .object(self)
        case "fps": .float(clip.rate.perSecond)
        case "frame_count": .int(clip.frameCount)
        case "duration": .float(clip.duration)
        case "width": .int(clip.width)
        case "height": .int(clip.height)
        case "codec": .string(clip.codec)
        case "audio": try audio()
        case "audio_fps": clip.sound.map { .int($0.sampleRate) } ?? .null
        default: nil
        }
    }

    private func audio() throws(Failure) -> Value {
        if let heard { return heard }
        let sound = try reading { () throws(FormatError) in try clip.audio() }
        let value = sound.map { Value.object(AudioObject($0)) } ?? .null
        heard = value
        return value
    }

    // MARK: Frames

    override var count: Int? { clip.frameCount }

    /// `for` gets a reader of its own, which ends with the loop.
    override func walked() throws(Failure) -> Object { VideoFrames(try reading { () throws(FormatError) in try clip.reader() }) }

    override func item(at position: Int) throws(Failure) -> Value {
        guard (0..<clip.frameCount).contains(position) else {
            throw Failure("index", "a video of \(clip.frameCount) frames has no frame \(position)")
        }
        guard let frame = try reading({ () throws(FormatError) in try frame(at: position) }) else {
            throw Failure("truncated", "the video ends before frame \(position), though it announces \(clip.frameCount) frames")
        }
        return picture(frame)
    }

    /// The first look decodes that frame alone; a second one right after it starts to read on.
    private func frame(at position: Int) throws(FormatError) -> Tensor? {
        let readsOn = lastPosition == position - 1
        lastPosition = position
        if open?.next != position { open = nil }
        guard readsOn else {
            open = nil
            return try clip.frame(at: position)
        }
        let reader = if let open { open.reader } else { try clip.reader(from: position) }
        open = nil
        let frame = try reader.next()
        if frame != nil, position + 1 < clip.frameCount { open = (reader, position + 1) }
        return frame
    }

    /// A frame by position, a video of some of them, or `v["fps"]` as on the Python side.
    override func element(_ indices: [Index]) throws(Failure) -> Value {
        if indices.count == 1, case .at(.string(let name)) = indices[0] {
            if let value = try member(name) { return value }
            throw Failure("key", "a video has no \"\(name)\"", hint: "it has \(memberNames.joined(separator: ", "))")
        }
        switch try Position(indices, count: clip.frameCount, of: "a video's frames") {
        case .one(let position): return try item(at: position)
        case .range(let range): return .object(VideoObject(clip.cut(range)))
        }
    }

    /// All frames, for functions that take lists; as many as may be held at once.
    func pictures() throws(Failure) -> [Value] { try reading { () throws(FormatError) in try clip.gathered() }.map(picture) }
}

/// The frames of a video from its first on, as a `for` loop walks through them.
private final class VideoFrames: Object {
    private let reader: any FrameReader
    init(_ reader: any FrameReader) { self.reader = reader }

    /// Where the frames end is known when they do.
    override var count: Int? { .max }
    override func nextItem(at position: Int) throws(Failure) -> Value? { try reading { () throws(FormatError) in try reader.next() }.map(picture) }
}

private func picture(_ frame: Tensor) -> Value { .object(ImageObject(Image(pixels: frame))) }

/// Runs `body`, which reads frames or sound.
func reading<Result>(_ body: () throws(FormatError) -> Result) throws(Failure) -> Result {
    do { return try body() } catch { throw Failure(error) }
}
