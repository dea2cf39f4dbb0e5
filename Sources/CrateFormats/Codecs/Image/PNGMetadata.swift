import CrateValues

/// What a PNG file says beside its pixels, up to where it ends or damage begins.
struct PNGMetadata {
    private(set) var width = 0
    private(set) var height = 0
    /// Bits per sample in the file.
    private(set) var bits = 0
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
    private(set) var colorType = 0
    private(set) var isInterlaced = false
    /// Colours of the palette; `nil` when there is none.
    private(set) var paletteCount: Int?
    /// Whether a palette's entries or one colour are transparent.
    private(set) var hasTransparency = false
    private(set) var hasProfile = false
    private(set) var hasExif = false
    private(set) var orientation: Int?
    /// Frames, of an animated file; only its default picture is read.
    private(set) var frameCount: Int?
    /// Plain texts; compressed ones are left to the reader of pixels.
    private(set) var texts: [(key: String, text: String)] = []

    init(_ bytes: Bytes) {
        var reader = ByteReader(bytes, format: "PNG")
        try? scan(&reader)
    }

    /// What the decoded channels are.
    var mode: Image.Mode {
        switch colorType {
        case 0: hasTransparency ? .greyAlpha : .grey
        case 4: .greyAlpha
        case 6: .rgba
        default: hasTransparency ? .rgba : .rgb
        }
    }

    private mutating func scan(_ reader: inout ByteReader) throws(FormatError) {
        try reader.skip(PNG.signature.count)
        while !reader.isAtEnd {
            let length = Int(try reader.bigEndian(UInt32.self))
            let name = try reader.bytes(4).array
            let content = try reader.bytes(length)
            try note(String(decoding: name, as: UTF8.self), content)
            try reader.skip(4)
        }
    }

    private mutating func note(_ name: String, _ content: Bytes) throws(FormatError) {
        var reader = ByteReader(content, format: "PNG")
        switch name {
        case "IHDR":
            (width, height) = (Int(try reader.bigEndian(UInt32.self)), Int(try reader.bigEndian(UInt32.self)))
            (bits, colorType) = (Int(try reader.byte()), Int(try reader.byte()))
            try reader.skip(2)
            isInterlaced = try reader.byte() != 0
        case "PLTE": paletteCount = content.count / 3
        case "tRNS": hasTransparency = true
        case "iCCP": hasProfile = true
        case "eXIf":
            hasExif = true
            orientation = Exif.orientation(in: content)
        case "acTL": frameCount = Int(try reader.bigEndian(UInt32.self))
        case "tEXt": noteText(content)
        default: break
        }
    }

    /// Key, a zero, text, both in Latin-1.
    private mutating func noteText(_ content: Bytes) {
        content.withBytes { bytes in
            guard let end = bytes.firstIndex(of: 0) else { return }
            texts.append((bytes[..<end].latin1, bytes[(end + 1)...].latin1))
        }
    }
}

extension Sequence<UInt8> {
    /// As text, each byte a character.
    var latin1: String {
        var scalars = String.UnicodeScalarView()
        for byte in self { scalars.append(Unicode.Scalar(byte)) }
        return String(scalars)
    }
}
