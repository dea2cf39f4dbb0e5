import CrateValues

/// AVI: chunks of a name and a size inside lists. Facts: Microsoft's AVI RIFF File Reference, and the OpenDML extensions.
///
/// Frames are counted in the file itself, whatever its headers claim. Lists are entered and not nested, as every chunk's name says
/// enough.
struct AVI {
    static let name = "AVI"
    private var container = MediaContainer(.avi, name: AVI.name)
    private var reader: ByteReader

    static func container(_ bytes: Bytes) throws(FormatError) -> MediaContainer {
        var file = AVI(reader: ByteReader(bytes, format: AVI.name))
        try file.read()
        return file.container
    }

    private init(reader: ByteReader) { self.reader = reader }

    private mutating func read() throws(FormatError) {
        // Anything shorter is padding.
        while reader.remaining >= 8 {
            let start = reader.position
            let id = try reader.fourCC()
            let size = Int(try reader.littleEndian(UInt32.self))
            guard size <= reader.remaining else {
                throw FormatError(
                    .truncated, AVI.name, "has a chunk `\(id.text)` of \(size) bytes, of which \(reader.remaining) are left", at: .byte(start))
            }
            if id == "RIFF" || id == "LIST" { try enter(size) } else { try take(id, try reader.part(size)) }
            if size % 2 == 1, id != "RIFF", id != "LIST", !reader.isAtEnd { try reader.skip(1) }
        }
    }

    /// A list's own name comes first. Lists of texts are passed over.
    private mutating func enter(_ size: Int) throws(FormatError) {
        guard size >= 4 else { throw reader.malformed("has a list of \(size) bytes") }
        let entered: Set<FourCC> = ["AVI ", "AVIX", "hdrl", "strl", "movi", "rec "]
        if !entered.contains(try reader.fourCC()) { try reader.skip(size - 4) }
    }

    private mutating func take(_ id: FourCC, _ content: ByteReader) throws(FormatError) {
        var content = content
        switch id {
        case "strh": try container.add(header(&content))
        case "strf": try describe(&content)
        default: count(id, content)
        }
    }

    private func header(_ chunk: inout ByteReader) throws(FormatError) -> MediaContainer.Track {
        var track = MediaContainer.Track()
        switch try chunk.fourCC() {
        case "vids": track.sort = .video
        case "auds": track.sort = .audio
        default: break
        }
        track.tag = try chunk.fourCC().text
        try chunk.skip(12)
        let scale = Int(try chunk.littleEndian(UInt32.self))
        if track.sort == .video { track.rate = FrameRate(Int(try chunk.littleEndian(UInt32.self)), per: scale) }
        return track
    }

    /// BITMAPINFOHEADER or WAVEFORMATEX.
    private mutating func describe(_ chunk: inout ByteReader) throws(FormatError) {
        guard let index = container.tracks.indices.last else { throw chunk.malformed("describes a stream before naming it") }
        switch container.tracks[index].sort {
        case .video:
            try chunk.skip(4)
            container.tracks[index].width = Int(try chunk.littleEndian(Int32.self))
            // Below 0 for rows from the top.
            container.tracks[index].height = Int(try chunk.littleEndian(Int32.self)).magnitudeAsInt
            try chunk.skip(4)
            let coding = try chunk.fourCC()
            container.tracks[index].tag = coding.text
            container.tracks[index].codec = coding.code == 0 ? "rawvideo" : coding.codecName
        case .audio:
            var coding = try chunk.littleEndian(UInt16.self)
            try chunk.skip(2)
            container.tracks[index].sampleRate = Int(try chunk.littleEndian(UInt32.self))
            try chunk.skip(6)
            container.tracks[index].bits = Int(try chunk.littleEndian(UInt16.self))
            if coding == 0xFFFE {
                // The extensible form has the coding further back.
                try chunk.seek(to: 24)
                coding = try chunk.littleEndian(UInt16.self)
            }
            container.tracks[index].tag = "0x" + String(coding, radix: 16)
            container.tracks[index].codec = AVI.soundCodec(coding)
        case .other: break
        }
    }

    private static func soundCodec(_ tag: UInt16) -> String {
        switch tag {
        case 1: "pcm"
        case 3: "pcm_float"
        case 0x50: "mp2"
        case 0x55: "mp3"
        case 0xFF, 0x1610: "aac"
        case 0x2000: "ac3"
        default: "0x" + String(tag, radix: 16)
        }
    }

    /// `00dc`, `01wb` …: the stream's number in two digits, and what it holds.
    private mutating func count(_ id: FourCC, _ content: ByteReader) {
        let digits = [id.code >> 24, id.code >> 16 & 0xFF].map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }), content.remaining > 0 else { return }
        let index = digits[0] * 10 + digits[1]
        guard container.tracks.indices.contains(index) else { return }
        let sort = container.tracks[index].sort
        let isPicture = id.code & 0xFFFF == 0x6463 || id.code & 0xFFFF == 0x6462  // dc, db
        guard sort != .video || isPicture else { return }
        container.tracks[index].frameCount += 1
        if sort == .video, index == container.tracks.firstIndex(where: { $0.sort == .video }) {
            container.pictures.append(content.origin..<(content.origin + content.remaining))
        }
    }
}

extension Int {
    fileprivate var magnitudeAsInt: Int { self < 0 ? -self : self }
}
