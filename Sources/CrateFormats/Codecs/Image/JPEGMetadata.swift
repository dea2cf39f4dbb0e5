import CrateValues

/// What a JPEG file says beside its pixels. Damage here is no reason to refuse the picture: what can't be read is left out.
struct JPEGMetadata {
    /// What the marker with the size says.
    struct Frame {
        /// Where it stands.
        let position: Int
        let isProgressive: Bool
        let bits: Int
        let width: Int
        let height: Int
        let components: Int
    }

    /// How to turn the picture upright, 1 to 8, from Exif; `nil` when the file does not say.
    private(set) var orientation: Int?
    /// The first comment.
    private(set) var comment: String?
    private(set) var frame: Frame?
    private(set) var hasExif = false
    /// Whether a colour profile is there.
    private(set) var hasProfile = false
    /// Where the walk over the markers ended: at the first scan, at the end, or where damage begins.
    private(set) var end = 0

    init(_ bytes: Bytes) {
        var reader = ByteReader(bytes, format: "JPEG")
        try? scan(&reader)
    }

    var texts: [(key: String, text: String)] {
        var texts: [(key: String, text: String)] = []
        if let comment { texts.append(("Comment", comment)) }
        if let orientation { texts.append((Image.orientationKey, "\(orientation)")) }
        return texts
    }

    /// Walks the markers up to the first scan.
    private mutating func scan(_ reader: inout ByteReader) throws(FormatError) {
        try reader.skip(2)
        while true {
            end = reader.position
            guard try reader.byte() == 0xFF else { return }
            var marker = try reader.byte()
            while marker == 0xFF { marker = try reader.byte() }
            if marker == 0xD9 || marker == 0xDA { return }
            // Markers without content.
            if marker == 0x01 || (0xD0...0xD7).contains(marker) { continue }
            let length = Int(try reader.bigEndian(UInt16.self)) - 2
            note(marker, try reader.bytes(length))
        }
    }

    private mutating func note(_ marker: UInt8, _ content: Bytes) {
        switch marker {
        case 0xC0...0xCF where JPEGMetadata.isFrame(marker) && frame == nil:
            frame = try? JPEGMetadata.frame(marker, content, at: end)
        case 0xFE where comment == nil: comment = content.withBytes { String(decoding: $0, as: UTF8.self) }
        case 0xE1 where JPEGMetadata.begins(content, "Exif\0\0"):
            hasExif = true
            orientation = orientation ?? Exif.orientation(in: content)
        case 0xE2 where JPEGMetadata.begins(content, "ICC_PROFILE\0"): hasProfile = true
        default: break
        }
    }

    private static func begins(_ content: Bytes, _ text: String) -> Bool {
        content.withBytes { $0.starts(with: text.utf8) }
    }

    /// The markers of the codings, C0 to CF, but for those of tables among them.
    private static func isFrame(_ marker: UInt8) -> Bool { ![0xC4, 0xC8, 0xCC].contains(marker) }

    private static func frame(_ marker: UInt8, _ content: Bytes, at position: Int) throws(FormatError) -> Frame {
        var reader = ByteReader(content, format: "JPEG")
        let bits = Int(try reader.byte())
        let height = Int(try reader.bigEndian(UInt16.self))
        let width = Int(try reader.bigEndian(UInt16.self))
        return Frame(
            position: position, isProgressive: [0xC2, 0xC6, 0xCA, 0xCE].contains(marker), bits: bits, width: width, height: height,
            components: Int(try reader.byte()))
    }
}
