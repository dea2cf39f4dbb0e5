import CrateValues

/// What a JPEG file says beside its pixels. Damage here is no reason to refuse the picture: what can't be read is left out.
struct JPEGMetadata {
    /// How to turn the picture upright, 1 to 8, from Exif (CIPA DC-008); `nil` when the file does not say.
    private(set) var orientation: Int?
    /// The first comment.
    private(set) var comment: String?
    /// Where the marker with the size stands.
    private(set) var frame: Int?
    /// Where the walk over the markers ended: at the first scan, at the end, or where damage begins.
    private(set) var end = 0

    init(_ bytes: Bytes) {
        var reader = ByteReader(bytes, format: "JPEG")
        try? scan(&reader)
    }

    var texts: [(key: String, text: String)] {
        var texts: [(key: String, text: String)] = []
        if let comment { texts.append(("Comment", comment)) }
        if let orientation { texts.append(("Orientation", "\(orientation)")) }
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
            let content = try reader.bytes(length)
            if JPEGMetadata.isFrame(marker), frame == nil { frame = end }
            if marker == 0xFE, comment == nil { comment = content.withBytes { String(decoding: $0, as: UTF8.self) } }
            if marker == 0xE1, orientation == nil { orientation = try? JPEGMetadata.orientation(inExif: content) }
        }
    }

    /// The markers of the codings, C0 to CF, but for those of tables among them.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
    }

    private static func orientation(inExif content: Bytes) throws(FormatError) -> Int? {
        guard let head = content.slice(0..<min(6, content.count)), head.array == Array("Exif\0\0".utf8),
            let tiff = content.slice(6..<content.count)
        else { return nil }
        var reader = ByteReader(tiff, format: "Exif")
        let isLittle = try reader.bytes(2).array == Array("II".utf8)
        func short() throws(FormatError) -> Int {
            Int(isLittle ? try reader.littleEndian(UInt16.self) : try reader.bigEndian(UInt16.self))
        }
        func long() throws(FormatError) -> Int {
            Int(isLittle ? try reader.littleEndian(UInt32.self) : try reader.bigEndian(UInt32.self))
        }
        guard try short() == 42 else { return nil }
        try reader.seek(to: try long())
        for _ in 0..<(try short()) {
            let tag = try short()
            try reader.skip(6)
            let value = try short()
            try reader.skip(2)
            if tag == 0x0112 { return (1...8).contains(value) ? value : nil }
        }
        return nil
    }
}
