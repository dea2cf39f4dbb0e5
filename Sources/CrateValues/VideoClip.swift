/// Gives a clip's frames one after the other. Whatever feeds it ends when the reader is let go.
public protocol FrameReader: AnyObject {
    /// The next frame, uint8 of shape (H, W, 3); `nil` at the end, which may come before the announced count.
    func next() throws(FormatError) -> Tensor?
}

/// Moving pictures. The facts are known; frames and sound are read when they are asked for, and never kept.
public struct VideoClip: Sendable {
    /// Opens a reader of the frames of these numbers.
    public typealias Opening = @Sendable (_ frames: Range<Int>) throws(FormatError) -> any FrameReader

    /// The sound beside the pictures.
    public struct Sound: Sendable {
        /// The coding's usual name: "aac".
        public var codec: String
        /// Frames per second.
        public var sampleRate: Int
        /// Reads all of it.
        public var read: @Sendable () throws(FormatError) -> AudioClip

        public init(codec: String, sampleRate: Int, read: @escaping @Sendable () throws(FormatError) -> AudioClip) {
            self.codec = codec
            self.sampleRate = sampleRate
            self.read = read
        }
    }

    public var rate: FrameRate
    /// Pixels.
    public let width: Int
    public let height: Int
    /// The coding's usual name, such as "h264"; empty for a clip that comes from no file.
    public let codec: String
    public let sound: Sound?
    private let open: Opening
    /// The numbers of this clip's frames among all that `open` knows.
    private let frames: Range<Int>
    private let isWhole: Bool

    /// - Parameter frameCount: as announced; a reader may give fewer.
    public init(
        frameCount: Int, rate: FrameRate, width: Int, height: Int, codec: String = "", sound: Sound? = nil, open: @escaping Opening
    ) {
        self.init(frames: 0..<max(frameCount, 0), isWhole: true, rate: rate, width: width, height: height, codec: codec, sound: sound, open: open)
    }

    /// A clip of pictures in memory: uint8 of shape (H, W) or (H, W, C), all of one size. `nil` when there are none.
    public init?(_ pictures: [Tensor], rate: FrameRate) {
        guard let first = pictures.first, first.rank >= 2 else { return nil }
        self.init(frameCount: pictures.count, rate: rate, width: first.shape[1], height: first.shape[0]) { frames in
            PictureReader(pictures[frames])
        }
    }

    private init(
        frames: Range<Int>, isWhole: Bool, rate: FrameRate, width: Int, height: Int, codec: String, sound: Sound?, open: @escaping Opening
    ) {
        (self.frames, self.isWhole, self.rate, self.width, self.height) = (frames, isWhole, rate, width, height)
        (self.codec, self.sound, self.open) = (codec, sound, open)
    }

    public var frameCount: Int { frames.count }
    /// Seconds.
    public var duration: Double { Double(frameCount) / rate.perSecond }

    /// A reader of the frames from number `first` on.
    public func reader(from first: Int = 0) throws(FormatError) -> any FrameReader {
        try open((frames.lowerBound + min(max(first, 0), frameCount))..<frames.upperBound)
    }

    /// One frame. Those before it are decoded too, so a reader is quicker for several; `nil` when the clip ends before it.
    public func frame(at position: Int) throws(FormatError) -> Tensor? {
        guard position >= 0, position < frameCount else { return nil }
        let number = frames.lowerBound + position
        return try open(number..<(number + 1)).next()
    }

    /// The clip from frame to frame, with its part of the sound. Nothing is read.
    public func cut(_ range: Range<Int>) -> VideoClip {
        let bounds = range.clamped(to: 0..<frameCount)
        let part = (frames.lowerBound + bounds.lowerBound)..<(frames.lowerBound + bounds.upperBound)
        return VideoClip(
            frames: part, isWhole: isWhole && bounds.count == frameCount, rate: rate, width: width, height: height, codec: codec, sound: sound,
            open: open)
    }

    /// The same clip, which calls `taken` for each frame that a reader gives.
    public func counting(_ taken: @escaping @Sendable () -> Void) -> VideoClip {
        let open = open
        return VideoClip(frames: frames, isWhole: isWhole, rate: rate, width: width, height: height, codec: codec, sound: sound) {
            (range) throws(FormatError) in CountingReader(try open(range), taken)
        }
    }

    /// The sound, read now; `nil` when there is none.
    public func audio() throws(FormatError) -> AudioClip? {
        guard let sound else { return nil }
        let clip = try sound.read()
        return isWhole ? clip : clip.cut(from: Double(frames.lowerBound) / rate.perSecond, to: Double(frames.upperBound) / rate.perSecond)
    }
}

/// Tells of each frame that passes.
private final class CountingReader: FrameReader {
    private let reader: any FrameReader
    private let taken: @Sendable () -> Void

    init(_ reader: any FrameReader, _ taken: @escaping @Sendable () -> Void) { (self.reader, self.taken) = (reader, taken) }

    func next() throws(FormatError) -> Tensor? {
        guard let frame = try reader.next() else { return nil }
        taken()
        return frame
    }
}

/// Frames that are in memory already.
private final class PictureReader: FrameReader {
    private var pictures: ArraySlice<Tensor>
    init(_ pictures: ArraySlice<Tensor>) { self.pictures = pictures }
    func next() -> Tensor? { pictures.popFirst() }
}

extension AudioClip {
    /// The sound between two times in seconds; shares the samples.
    public func cut(from start: Double, to end: Double) -> AudioClip {
        func frame(_ time: Double) -> Int { Int(min(max((time * Double(sampleRate)).rounded(), 0), Double(frameCount))) }
        var part = self
        part.samples = (try? samples.sliced(start: frame(start), stop: frame(end))) ?? samples
        return part
    }
}
