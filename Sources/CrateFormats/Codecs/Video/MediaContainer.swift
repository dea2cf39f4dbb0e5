import CrateValues

/// What the headers of a file with moving pictures say, read without any decoder.
struct MediaContainer {
    /// One stream of the file.
    struct Track {
        enum Sort: String { case video, audio, other }
        var sort = Sort.other
        /// The coding's usual name; the tag itself when it has none here.
        var codec = ""
        /// What the file calls the coding.
        var tag = ""
        /// Pixels as shown, after a rotation that the file asks for.
        var width = 0
        var height = 0
        /// Pictures, or packets of sound.
        var frameCount = 0
        var rate: FrameRate?
        /// Frames of sound per second.
        var sampleRate = 0
        /// Bits per sample of uncompressed sound; 0 when it says nothing.
        var bits = 0
    }

    enum Form: Sendable {
        case isoMedia, avi, matroska

        /// FFmpeg's name for what reads it.
        var demuxer: String {
            switch self {
            case .isoMedia: "mov"
            case .avi: "avi"
            case .matroska: "matroska"
            }
        }

        var extensions: [String] {
            switch self {
            case .isoMedia: ["mp4", "m4v", "mov"]
            case .avi: ["avi"]
            case .matroska: ["mkv", "webm"]
            }
        }
    }

    let form: Form
    /// The format's usual name.
    var name: String
    var tracks: [Track] = []
    /// Where the first video track's pictures stand, for AVI.
    var pictures: [Range<Int>] = []

    init(_ form: Form, name: String) {
        self.form = form
        self.name = name
    }

    /// Adds a track; a file of nothing but tracks could take more memory than it has bytes.
    mutating func add(_ track: Track) throws(FormatError) {
        guard tracks.count < 1000 else { throw FormatError(.limit, name, "has more than 1000 tracks") }
        tracks.append(track)
    }

    /// Finds out the form by the first bytes and reads its headers.
    init(_ bytes: Bytes) throws(FormatError) {
        let head = bytes.slice(0..<min(12, bytes.count))?.array ?? []
        if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) {
            self = try Matroska.container(bytes)
        } else if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).elementsEqual("AVI ".utf8) {
            self = try AVI.container(bytes)
        } else if head.count >= 8, ISOMedia.firstBoxes.contains(FourCC(head[4..<8])) {
            self = try ISOMedia.container(bytes)
        } else {
            throw FormatError(.malformed, "video", "does not begin as a video does", hint: "MP4, MOV, AVI, MKV and WebM are read")
        }
    }

    /// The track whose pictures are read: the first.
    func video(limits: Limits) throws(FormatError) -> Track {
        guard let track = tracks.first(where: { $0.sort == .video }) else { throw FormatError(.malformed, name, "holds no video track") }
        guard track.frameCount > 0 else { throw FormatError(.malformed, name, "holds no frames") }
        guard track.width > 0, track.height > 0 else {
            throw FormatError(.malformed, name, "claims an impossible size of \(track.width) × \(track.height) pixels")
        }
        try PixelRows.check(width: track.width, height: track.height, format: name, limits: limits)
        return track
    }

    var sound: Track? { tracks.first { $0.sort == .audio } }
}

/// Four bytes that name a coding or a part of a file.
struct FourCC: Hashable, ExpressibleByStringLiteral {
    let code: UInt32

    init(_ bytes: some Sequence<UInt8>) { code = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
    init(stringLiteral text: String) { self.init(text.utf8) }

    private var bytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code >> $0) } }

    /// As text; bytes that can't be shown become `?`.
    var text: String { String(decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self) }

    /// The usual name of the coding that MP4 or AVI mean by it.
    var codecName: String {
        switch text.lowercased() {
        case "mp4v", "xvid", "divx", "dx50", "fmp4", "3ivx": "mpeg4"
        case "avc1", "avc3", "h264", "x264": "h264"
        case "hvc1", "hev1", "hevc": "hevc"
        case "vp08", "vp80": "vp8"
        case "vp09", "vp90": "vp9"
        case "av01": "av1"
        case "mjpg", "mjpa", "jpeg": "mjpeg"
        case "ffv1": "ffv1"
        case "mp4a": "aac"
        case ".mp3": "mp3"
        case "opus": "opus"
        case "flac": "flac"
        case "sowt", "twos", "lpcm", "ipcm", "in24", "in32": "pcm"
        case "fl32", "fl64", "fpcm": "pcm_float"
        default: text.filter { $0 != " " && $0 != "?" }
        }
    }
}

extension ByteReader {
    mutating func fourCC() throws(FormatError) -> FourCC { FourCC(try bytes(4).array) }

    /// A part of what is left, as a reader of its own that knows its place in the file.
    mutating func part(_ count: Int) throws(FormatError) -> ByteReader {
        let start = origin + position
        return ByteReader(try bytes(count), format: format, origin: start)
    }
}
