import CrateValues

/// What a picture's header tells, without its pixels.
struct PictureFacts {
    var format: ImageFile.Format
    var width: Int
    var height: Int
    /// What decoded samples are.
    var mode: Image.Mode
    var dtype = DType.uint8
    /// Bits per sample in the file.
    var bits: Int
    /// What only this format knows, in the order of telling.
    var further: [Inspection.Fact] = []
    var texts: [(key: String, text: String)] = []

    private var channels: Int {
        switch mode {
        case .grey: 1
        case .greyAlpha: 2
        case .rgb: 3
        case .rgba, .cmyk: 4
        }
    }

    var inspection: Inspection {
        // Sizes of a file that lies may be anything.
        let decoded = [height, channels, dtype.size].reduce(width) { product, size in
            let (result, overflow) = product.multipliedReportingOverflow(by: size)
            return overflow ? .max : result
        }
        let facts: [Inspection.Fact] = [
            ("format", .string(format.rawValue)), ("width", .integer(width)), ("height", .integer(height)),
            ("mode", .string(mode.rawValue)), ("bits_per_sample", .integer(bits)), ("dtype", .string(dtype.rawValue)),
        ]
        let rows = texts.map { [Document.string($0.key), .string($0.text)] }
        return Inspection(
            facts: facts + further + [("decoded_bytes", .integer(decoded))],
            listings: rows.isEmpty ? [] : [Inspection.Listing("texts", columns: ["key", "text"], rows: rows)])
    }
}

extension ImageFile {
    /// Format, size, mode and what else the header tells; pixels are not decoded.
    ///
    /// - Throws: as `decode` for bytes that begin as no picture, and for headers that end early or make no sense.
    public static func inspect(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Inspection {
        let facts =
            switch try format(of: bytes) {
            case .png: try pngFacts(bytes)
            case .jpeg: try jpegFacts(bytes)
            case .bmp: try bmpFacts(bytes)
            case .pnm: try pnmFacts(bytes)
            case .tiff: try TIFF.facts(bytes, limits: limits)
            case .webp: try WebPLayout(bytes).facts
            case .gif: try gifFacts(bytes, limits: limits)
            }
        return facts.inspection
    }

    private static func pngFacts(_ bytes: Bytes) throws(FormatError) -> PictureFacts {
        let metadata = PNGMetadata(bytes)
        guard metadata.width > 0, metadata.height > 0 else { throw FormatError(.malformed, "PNG", "has no header with a size", at: .byte(8)) }
        var facts = PictureFacts(
            format: .png, width: metadata.width, height: metadata.height, mode: metadata.mode, dtype: metadata.bits == 16 ? .uint16 : .uint8,
            bits: metadata.bits, texts: metadata.texts)
        facts.further = [("interlaced", .bool(metadata.isInterlaced))]
        if metadata.colorType == 3 { facts.further.append(("palette", .integer(metadata.paletteCount ?? 0))) }
        if let frames = metadata.frameCount { facts.further.append(("frames", .integer(frames))) }
        facts.further += profileFacts(hasProfile: metadata.hasProfile, hasExif: metadata.hasExif, metadata.orientation)
        return facts
    }

    private static func jpegFacts(_ bytes: Bytes) throws(FormatError) -> PictureFacts {
        let metadata = JPEGMetadata(bytes)
        guard let frame = metadata.frame else { throw FormatError(.truncated, "JPEG", "has no header with a size", at: .byte(metadata.end)) }
        var facts = PictureFacts(
            format: .jpeg, width: frame.width, height: frame.height, mode: Image.Mode(channels: frame.components, isCMYK: true),
            bits: frame.bits)
        facts.further = [("progressive", .bool(frame.isProgressive))]
        facts.further += profileFacts(hasProfile: metadata.hasProfile, hasExif: metadata.hasExif, metadata.orientation)
        if let comment = metadata.comment { facts.texts = [("Comment", comment)] }
        return facts
    }

    /// The facts that several formats share: a colour profile, Exif, and what that says of the orientation.
    static func profileFacts(hasProfile: Bool, hasExif: Bool, _ orientation: Int?) -> [Inspection.Fact] {
        let facts: [Inspection.Fact] = [("icc_profile", .bool(hasProfile)), ("exif", .bool(hasExif))]
        return facts + (orientation.map { [("orientation", .integer($0))] } ?? [])
    }

    private static func bmpFacts(_ bytes: Bytes) throws(FormatError) -> PictureFacts {
        let header = try BMPHeader(bytes)
        let isIndexed = header.bitsPerPixel <= 8
        let isGrey = isIndexed && header.palette.allSatisfy { $0.x == $0.y && $0.y == $0.z }
        var facts = PictureFacts(
            format: .bmp, width: header.width, height: header.height, mode: isGrey ? .grey : header.masks[3] != 0 && !isIndexed ? .rgba : .rgb,
            bits: isIndexed ? header.bitsPerPixel : header.bitsPerPixel == 16 ? 5 : 8)
        facts.further = [
            ("bits_per_pixel", .integer(header.bitsPerPixel)), ("compression", .string("\(header.compression)")),
            ("top_down", .bool(header.isTopDown)),
        ]
        if isIndexed { facts.further.append(("palette", .integer(header.palette.count))) }
        return facts
    }

    private static func pnmFacts(_ bytes: Bytes) throws(FormatError) -> PictureFacts {
        var text = PNMText(bytes)
        let header = try PNMHeader(&text)
        var facts = PictureFacts(
            format: .pnm, width: header.width, height: header.height, mode: Image.Mode(channels: header.channels), dtype: header.dtype,
            bits: header.isBitmap ? 1 : header.maximum > 255 ? 16 : 8)
        facts.further = [("coding", .string("\(header.coding)")), ("maximum", .integer(header.maximum))]
        return facts
    }

    private static func gifFacts(_ bytes: Bytes, limits: Limits) throws(FormatError) -> PictureFacts {
        let outline = try GIF.outline(bytes, limits: limits)
        var facts = PictureFacts(
            format: .gif, width: outline.width, height: outline.height, mode: outline.hasAlpha ? .rgba : .rgb, bits: 8)
        facts.further = [("frames", .integer(outline.frames.count))]
        return facts
    }
}
