import CrateValues

/// The chunks of a WebP file. Facts: RFC 9649.
struct WebPLayout {
    let width: Int
    let height: Int
    let hasAlpha: Bool
    let isLossless: Bool
    /// Where the picture, or an animation's first frame, is drawn, and the bytes that libwebp decodes it from.
    let area: GIFArea
    let picture: Bytes
    private(set) var frameCount = 1
    /// How often an animation is shown; 0 for ever.
    private(set) var loopCount: Int?
    private(set) var hasProfile = false
    private(set) var hasExif = false
    private(set) var orientation: Int?

    var isAnimated: Bool { loopCount != nil }

    static func recognizes(_ head: [UInt8]) -> Bool {
        head.starts(with: Array("RIFF".utf8)) && head.dropFirst(8).starts(with: Array("WEBP".utf8))
    }

    init(_ bytes: Bytes) throws(FormatError) {
        var reader = ByteReader(bytes, format: "WebP")
        try reader.skip(12)
        let first = try WebPChunk(&reader)
        guard first.name == "VP8X" else {
            let frame = try WebPFrame(first)
            (width, height, hasAlpha, isLossless) = (frame.width, frame.height, frame.hasAlpha, frame.isLossless)
            area = GIFArea(x: 0, y: 0, width: width, height: height)
            picture = bytes
            return
        }
        var fields = ByteReader(first.content, format: "WebP", origin: first.position)
        let flags = try fields.byte()
        try fields.skip(3)
        (width, height) = (try fields.uint24() + 1, try fields.uint24() + 1)
        let found = try WebPLayout.firstFrame(&reader, isAnimated: flags & 0x02 != 0)
        let size = GIFCanvasSize(width: width, height: height)
        isLossless = found.frame.isLossless
        let leavesRoom = found.area.map { $0.width * $0.height < size.pixels } ?? false
        hasAlpha = flags & 0x10 != 0 || found.frame.hasAlpha || leavesRoom
        area = found.area ?? GIFArea(x: 0, y: 0, width: width, height: height)
        picture = found.area == nil ? bytes : found.content
        guard area.fits(size), (area.width, area.height) == (found.frame.width, found.frame.height) else {
            throw reader.malformed("has a frame of \(found.frame.width) × \(found.frame.height) that does not fit \(width) × \(height)")
        }
        loopCount = found.loopCount
        noteRest(bytes)
    }

    /// The chunks up to the first picture; of an animation also where it is drawn, and its own chunks.
    private static func firstFrame(
        _ reader: inout ByteReader, isAnimated: Bool
    ) throws(FormatError) -> (frame: WebPFrame, area: GIFArea?, content: Bytes, loopCount: Int?) {
        var loopCount: Int?
        while true {
            let chunk = try WebPChunk(&reader)
            var fields = ByteReader(chunk.content, format: "WebP", origin: chunk.position)
            switch chunk.name {
            case "VP8 " where !isAnimated, "VP8L" where !isAnimated: return (try WebPFrame(chunk), nil, chunk.content, nil)
            case "ANIM":
                try fields.skip(4)
                loopCount = Int(try fields.littleEndian(UInt16.self))
            case "ANMF" where isAnimated:
                let (x, y) = (try fields.uint24() * 2, try fields.uint24() * 2)
                let area = GIFArea(x: x, y: y, width: try fields.uint24() + 1, height: try fields.uint24() + 1)
                try fields.skip(4)
                return (try WebPFrame(in: fields), area, try fields.bytes(fields.remaining), loopCount ?? 0)
            default: break
            }
        }
    }

    /// What stands beside the pixels; damage there is no reason to refuse the picture.
    private mutating func noteRest(_ bytes: Bytes) {
        var reader = ByteReader(bytes, format: "WebP", at: 12)
        var frames = 0
        while let chunk = try? WebPChunk(&reader) {
            switch chunk.name {
            case "ANMF": frames += 1
            case "ICCP": hasProfile = true
            case "EXIF":
                hasExif = true
                orientation = Exif.orientation(in: chunk.content)
            default: break
            }
        }
        if isAnimated { frameCount = frames }
    }

    var facts: PictureFacts {
        var facts = PictureFacts(format: .webp, width: width, height: height, mode: hasAlpha ? .rgba : .rgb, bits: 8)
        facts.further = [("lossless", .bool(isLossless))]
        if isAnimated { facts.further += [("frames", .integer(frameCount)), ("loop", .integer(loopCount ?? 0))] }
        facts.further += ImageFile.profileFacts(hasProfile: hasProfile, hasExif: hasExif, orientation)
        return facts
    }
}

/// Four letters, a length, content, and a byte more for an odd length.
struct WebPChunk {
    let name: String
    let content: Bytes
    /// Where the content begins.
    let position: Int

    init(_ reader: inout ByteReader) throws(FormatError) {
        name = String(decoding: try reader.bytes(4).array, as: UTF8.self)
        let size = try reader.count(UInt32.self)
        position = reader.position + reader.origin
        content = try reader.bytes(size)
        if size % 2 == 1, !reader.isAtEnd { try reader.skip(1) }
    }
}

/// What the first bytes of a coded picture say.
struct WebPFrame {
    let width: Int
    let height: Int
    let hasAlpha: Bool
    let isLossless: Bool

    /// The picture among the chunks of an animation's frame, where alpha may stand in a chunk of its own.
    init(in chunks: ByteReader) throws(FormatError) {
        var reader = chunks
        var chunk = try WebPChunk(&reader)
        let hasAlpha = chunk.name == "ALPH"
        while chunk.name != "VP8 ", chunk.name != "VP8L" { chunk = try WebPChunk(&reader) }
        let frame = try WebPFrame(chunk)
        (width, height, isLossless) = (frame.width, frame.height, frame.isLossless)
        self.hasAlpha = hasAlpha || frame.hasAlpha
    }

    init(_ chunk: WebPChunk) throws(FormatError) {
        var reader = ByteReader(chunk.content, format: "WebP", origin: chunk.position)
        isLossless = chunk.name == "VP8L"
        guard isLossless || chunk.name == "VP8 " else { throw reader.malformed("has no picture where one should stand") }
        if isLossless {
            guard try reader.byte() == 0x2F else { throw reader.malformed("has a picture without its signature") }
            let sizes = try reader.littleEndian(UInt32.self)
            (width, height) = (Int(sizes & 0x3FFF) + 1, Int(sizes >> 14 & 0x3FFF) + 1)
            hasAlpha = sizes >> 28 & 1 == 1
        } else {
            try reader.skip(3)
            guard try reader.bytes(3).array == [0x9D, 0x01, 0x2A] else { throw reader.malformed("has a picture without its signature") }
            width = Int(try reader.littleEndian(UInt16.self) & 0x3FFF)
            height = Int(try reader.littleEndian(UInt16.self) & 0x3FFF)
            hasAlpha = false
        }
        guard width > 0, height > 0 else { throw reader.malformed("has the impossible size \(width) × \(height)") }
    }
}

extension ByteReader {
    fileprivate mutating func uint24() throws(FormatError) -> Int {
        Int(try littleEndian(UInt16.self)) | Int(try byte()) << 16
    }
}
