/// A still picture: samples of shape (H, W) for grey or (H, W, C) with C = 2 (grey, alpha), 3 (RGB) or 4 (RGBA, or
/// CMYK when the file says so), and the texts that came with it. Most are uint8 or uint16; TIFF and changes of arrays give
/// other real numbers, too.
public struct Image: Sendable {
    public var pixels: Tensor
    /// Key and text, as PNG's text chunks have them.
    public var texts: [(key: String, text: String)]
    /// Whether four channels are inks (cyan, magenta, yellow, black; 0 is none) rather than RGBA.
    public var isCMYK: Bool

    public init(pixels: Tensor, texts: [(key: String, text: String)] = [], isCMYK: Bool = false) {
        self.pixels = pixels
        self.texts = texts
        self.isCMYK = isCMYK
    }

    /// What the channels are.
    public enum Mode: String, Sendable {
        case grey, greyAlpha = "grey + alpha", rgb = "RGB", rgba = "RGBA", cmyk = "CMYK"

        public init(channels: Int, isCMYK: Bool = false) {
            switch channels {
            case ..<2: self = .grey
            case 2: self = .greyAlpha
            case 3: self = .rgb
            default: self = isCMYK ? .cmyk : .rgba
            }
        }
    }

    public var mode: Mode { Mode(channels: channels, isCMYK: isCMYK) }
    /// Whether the last channel is transparency.
    public var hasAlpha: Bool { mode == .greyAlpha || mode == .rgba }

    public var height: Int { pixels.shape.first ?? 0 }
    public var width: Int { pixels.rank > 1 ? pixels.shape[1] : 0 }
    /// Samples per pixel.
    public var channels: Int { pixels.rank > 2 ? pixels.shape[2] : 1 }
}

/// Sound: samples of shape (frames,) for one channel or (frames, channels), integer or float as the file has them.
public struct AudioClip: Sendable {
    public var samples: Tensor
    /// Frames per second.
    public var sampleRate: Int
    /// The container and coding it came from, by libsndfile's names, such as `WAV` and `PCM_16`; empty for a new one.
    public var format: String
    public var subtype: String
    /// What could not be read, for a file that ends early.
    public var warnings: [String]
    /// Title, artist and the like, by libsndfile's names in lower case.
    public var tags: [(name: String, text: String)]

    public init(
        samples: Tensor, sampleRate: Int, format: String = "", subtype: String = "", warnings: [String] = [],
        tags: [(name: String, text: String)] = []
    ) {
        self.samples = samples
        self.sampleRate = sampleRate
        self.format = format
        self.subtype = subtype
        self.warnings = warnings
        self.tags = tags
    }

    public var frameCount: Int { samples.shape.first ?? 0 }
    public var channels: Int { samples.rank > 1 ? samples.shape[1] : 1 }
    /// Seconds.
    public var duration: Double { sampleRate > 0 ? Double(frameCount) / Double(sampleRate) : 0 }
}

/// What an artifact holds, as every handler gives and takes it.
public enum Content: Sendable {
    /// Text, nested data, or a single array.
    case document(Document)
    case table(Table)
    case image(Image)
    case animation(Animation)
    case audio(AudioClip)
    case video(VideoClip)
    /// Uninterpreted bytes.
    case blob(Bytes)
    /// A folder's files by relative path (`/` between parts), sorted by path.
    case folder([FolderEntry])
    case archive(Archive)

    public struct FolderEntry: Sendable {
        public var path: String
        public var bytes: Bytes
        public init(path: String, bytes: Bytes) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// A word for messages: "text", "table", "image" …
    public var typeName: String {
        switch self {
        case .document(.string): "text"
        case .document(.tensor): "array"
        case .document: "data"
        case .table: "table"
        case .image: "image"
        case .animation: "animation"
        case .audio: "audio"
        case .video: "video"
        case .blob: "bytes"
        case .folder: "folder"
        case .archive: "archive"
        }
    }
}
