import CrateValues

/// Matroska and WebM: elements of an id, a size and content. Facts: RFC 8794 (EBML) and RFC 9559 (Matroska).
///
/// Elements that hold others are entered and not nested: every id has one meaning here, and what holds it adds nothing. Clusters of
/// unknown size, as live recordings have them, then need no care.
struct Matroska {
    private var container: MediaContainer
    private var reader: ByteReader
    /// By track number; the index in `container.tracks`.
    private var indices: [Int: Int] = [:]
    private var timescale = 1_000_000
    private var clusterTime = 0
    private var times: (first: Int, last: Int)?

    static func container(_ bytes: Bytes) throws(FormatError) -> MediaContainer {
        var file = Matroska(bytes)
        try file.read()
        return file.container
    }

    private init(_ bytes: Bytes) {
        container = MediaContainer(.matroska, name: "Matroska")
        reader = ByteReader(bytes, format: "Matroska")
    }

    private mutating func read() throws(FormatError) {
        while !reader.isAtEnd {
            let id = try elementID()
            let size = try elementSize()
            if let size, size > reader.remaining {
                throw reader.error(.truncated, "has an element of \(size) bytes, of which \(reader.remaining) are left")
            }
            if Element.entered.contains(id) {
                if id == Element.track { try container.add(MediaContainer.Track()) }
                continue
            }
            guard let size else { throw reader.malformed("has an element that does not say its size") }
            try take(id, try reader.part(size))
        }
        finish()
    }

    private mutating func take(_ id: UInt32, _ content: ByteReader) throws(FormatError) {
        var content = content
        switch id {
        case Element.documentType: if try content.utf8(content.remaining) == "webm" { container.name = "WebM" }
        case Element.timescale: timescale = try content.integer()
        case Element.clusterTime: clusterTime = try content.integer()
        case Element.simpleBlock, Element.block: try count(&content)
        default: try describe(id, &content)
        }
    }

    /// Adds to what is known of the last track.
    private mutating func describe(_ id: UInt32, _ content: inout ByteReader) throws(FormatError) {
        guard let index = container.tracks.indices.last else { return }
        var track = container.tracks[index]
        defer { container.tracks[index] = track }
        switch id {
        case Element.trackNumber: indices[try content.integer()] = index
        case Element.trackType: track.sort = try Element.sort(content.integer())
        case Element.codec:
            track.tag = try content.utf8(content.remaining)
            track.codec = Element.codecName(track.tag)
        case Element.codecPrivate where track.tag == "V_MS/VFW/FOURCC":
            try content.skip(16)
            track.codec = try content.fourCC().codecName
        case Element.frameDuration: track.rate = FrameRate(1e9 / Double(max(try content.integer(), 1)))
        case Element.width: track.width = try content.integer()
        case Element.height: track.height = try content.integer()
        case Element.sampleRate: track.sampleRate = Int(exactly: try content.float().rounded()) ?? 0
        case Element.bits: track.bits = try content.integer()
        default: break
        }
    }

    /// A block: the track's number, its time against the cluster's, and flags.
    private mutating func count(_ block: inout ByteReader) throws(FormatError) {
        guard let number = try block.variable(keepsMarker: false), let index = indices[number] else { return }
        let time = clusterTime &+ Int(try block.bigEndian(Int16.self))
        let isInvisible = try block.byte() & 0x08 != 0
        guard !isInvisible else { return }
        container.tracks[index].frameCount += 1
        guard index == container.tracks.firstIndex(where: { $0.sort == .video }) else { return }
        times = (min(times?.first ?? time, time), max(times?.last ?? time, time))
    }

    /// A file that does not name its rate has the times of its frames.
    private mutating func finish() {
        guard let index = container.tracks.firstIndex(where: { $0.sort == .video }), container.tracks[index].rate == nil, let times else { return }
        let seconds = Double(times.last &- times.first) * Double(timescale) / 1e9
        container.tracks[index].rate = FrameRate(Double(container.tracks[index].frameCount - 1) / seconds)
    }

    // MARK: Ids and sizes

    private mutating func elementID() throws(FormatError) -> UInt32 {
        guard let id = try reader.variable(keepsMarker: true), let id = UInt32(exactly: id) else { throw reader.malformed("has an impossible element id") }
        return id
    }

    /// `nil` for an unknown size.
    private mutating func elementSize() throws(FormatError) -> Int? { try reader.variable(keepsMarker: false) }
}

/// The elements that are looked at, by their ids.
private enum Element {
    static let track: UInt32 = 0xAE
    static let documentType: UInt32 = 0x4282
    static let timescale: UInt32 = 0x2A_D7B1
    static let clusterTime: UInt32 = 0xE7
    static let simpleBlock: UInt32 = 0xA3
    static let block: UInt32 = 0xA1
    static let trackNumber: UInt32 = 0xD7
    static let trackType: UInt32 = 0x83
    static let codec: UInt32 = 0x86
    static let codecPrivate: UInt32 = 0x63A2
    static let frameDuration: UInt32 = 0x23_E383
    static let width: UInt32 = 0xB0
    static let height: UInt32 = 0xBA
    static let sampleRate: UInt32 = 0xB5
    static let bits: UInt32 = 0x6264

    /// EBML header, Segment, Info, Tracks, TrackEntry, Video, Audio, Cluster, BlockGroup.
    static let entered: Set<UInt32> = [
        0x1A45_DFA3, 0x1853_8067, 0x1549_A966, 0x1654_AE6B, track, 0xE0, 0xE1, 0x1F43_B675, 0xA0,
    ]

    static func sort(_ type: Int) -> MediaContainer.Track.Sort { type == 1 ? .video : type == 2 ? .audio : .other }

    static func codecName(_ id: String) -> String {
        switch id {
        case "V_MPEG4/ISO/SP", "V_MPEG4/ISO/ASP", "V_MPEG4/ISO/AP": "mpeg4"
        case "V_MPEG4/ISO/AVC": "h264"
        case "V_MPEGH/ISO/HEVC": "hevc"
        case "A_PCM/INT/LIT", "A_PCM/INT/BIG": "pcm"
        case "A_PCM/FLOAT/IEEE": "pcm_float"
        case "A_MPEG/L3": "mp3"
        default:
            // V_VP9, A_OPUS, A_AAC/MPEG4/LC …
            String(id.dropFirst(2).prefix { $0 != "/" }).lowercased()
        }
    }
}

extension ByteReader {
    /// EBML's number of 1 to 8 bytes, the leading zero bits of the first telling how many follow; `nil` for all ones, "unknown".
    fileprivate mutating func variable(keepsMarker: Bool) throws(FormatError) -> Int? {
        let first = try byte()
        let following = first.leadingZeroBitCount
        guard following < 8 else { throw malformed("has a number longer than 8 bytes") }
        var value = Int(keepsMarker ? first : first & (0x7F >> following))
        var isAllOnes = !keepsMarker && value == 0x7F >> following
        for _ in 0..<following {
            let next = try byte()
            isAllOnes = isAllOnes && next == 0xFF
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 256)
            guard !overflow else { throw malformed("has an impossible number") }
            value = shifted + Int(next)
        }
        return isAllOnes ? nil : value
    }

    /// All that is left, as a whole number.
    fileprivate mutating func integer() throws(FormatError) -> Int {
        guard remaining <= 8 else { throw malformed("has a number of \(remaining) bytes") }
        let value = try bytes(remaining).array.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else { throw malformed("has the impossible number \(value)") }
        return number
    }

    fileprivate mutating func float() throws(FormatError) -> Double {
        switch remaining {
        case 4: return Double(Float(bitPattern: try bigEndian(UInt32.self)))
        case 8: return Double(bitPattern: try bigEndian(UInt64.self))
        default: throw malformed("has a number of \(remaining) bytes")
        }
    }
}
