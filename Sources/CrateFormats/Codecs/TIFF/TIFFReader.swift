internal import CTIFF
import CrateValues

/// One TIFF file being read. The buffer must outlive it.
struct TIFFReader: ~Copyable {
    private let handle: OpaquePointer
    private let header: crate_tiff_header
    private let byteCount: Int

    init(_ buffer: UnsafeRawBufferPointer, limits: Limits) throws(FormatError) {
        var header = crate_tiff_header()
        let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let most = Int64(PixelRows.likelyBytes(from: buffer.count, limits: limits))
        guard let handle = crate_tiff_reader_open(start, buffer.count, most, &header) else {
            throw FormatError(.system, "TIFF", "can't be read: out of memory")
        }
        self.handle = handle
        self.header = header
        byteCount = buffer.count
    }

    deinit { crate_tiff_reader_close(handle) }

    /// Whether the tags make a picture.
    private func check() throws(FormatError) {
        guard crate_tiff_reader_message(handle).pointee == 0 else { throw failure }
        guard header.width > 0, header.height > 0, header.width <= Int32.max, header.height <= Int32.max else {
            throw FormatError(.malformed, "TIFF", "has the impossible size \(header.width) × \(header.height)")
        }
        // The old way to hold JPEG is not well defined, and its decoder has a history.
        guard header.is_coding_known, header.compression != 6 else {
            throw FormatError(.unsupported, "TIFF", "is compressed as \(compressionName), which is not read here")
        }
    }

    private var failure: FormatError {
        // The text may hold parts of the file.
        let words = String(cString: crate_tiff_reader_message(handle)).filter { !$0.isNewline }
        let reason = words.hasSuffix(".") ? String(words.dropLast()) : words
        if crate_tiff_reader_is_unsupported(handle) { return FormatError(.unsupported, "TIFF", reason) }
        let kind: FormatError.Kind = crate_tiff_reader_hit_end(handle) ? .truncated : .malformed
        return FormatError(kind, "TIFF", reason, at: .byte(crate_tiff_reader_position(handle)))
    }

    private var width: Int { Int(header.width) }
    private var height: Int { Int(header.height) }

    /// The type of samples that come as they stand.
    private var plainType: TIFF.SampleType? {
        header.is_plain ? TIFF.SampleType(format: Int(header.sample_format), bits: Int(header.bits)) : nil
    }

    /// 0 is white, 1 black.
    private var isGrey: Bool { header.photometric == 0 || header.photometric == 1 }

    /// What `pixels` gives.
    private var mode: Image.Mode {
        if plainType != nil { return Image.Mode(channels: Int(header.channels)) }
        if isGrey { return header.alpha == 0 ? .grey : .greyAlpha }
        return header.alpha == 0 ? .rgb : .rgba
    }

    func pixels(limits: Limits) throws(FormatError) -> Tensor {
        try check()
        try PixelRows.check(width: width, height: height, format: "TIFF", limits: limits)
        let bytesPerPixel = plainType.map { $0.dtype.size * Int(header.channels) } ?? 4
        try PixelRows.checkExpansion(to: width * height * bytesPerPixel, from: byteCount, format: "TIFF", limits: limits)
        guard let type = plainType else { return try shownPixels() }
        let rowBytes = width * bytesPerPixel
        let region = try ByteRegion(count: height * rowBytes) { (target) throws(FormatError) in
            let start = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard crate_tiff_reader_read(handle, start, rowBytes) else { throw failure }
            // White is 0 in faxes.
            if header.photometric == 0, type.format == 1 { for index in target.indices { target[index] = ~target[index] } }
        }
        return try PixelRows.tensor(region, dtype: type.dtype, width: width, height: height, channels: Int(header.channels), format: "TIFF")
    }

    /// The picture as libtiff shows it, RGBA, without the channels that say nothing.
    private func shownPixels() throws(FormatError) -> Tensor {
        let region = try ByteRegion(count: height * width * 4) { (target) throws(FormatError) in
            guard crate_tiff_reader_read_rgba(handle, target.baseAddress?.assumingMemoryBound(to: UInt8.self)) else { throw failure }
        }
        let kept: [Int] =
            switch mode {
            case .grey: [0]
            case .greyAlpha: [0, 3]
            case .rgb: [0, 1, 2]
            default: [0, 1, 2, 3]
            }
        if kept.count == 4 { return try PixelRows.tensor(region, dtype: .uint8, width: width, height: height, channels: 4, format: "TIFF") }
        let narrow = ByteRegion(count: height * width * kept.count) { target in
            region.withBytes { source in
                for pixel in 0..<(width * height) {
                    for (place, channel) in kept.enumerated() { target[pixel * kept.count + place] = source[pixel * 4 + channel] }
                }
            }
        }
        return try PixelRows.tensor(narrow, dtype: .uint8, width: width, height: height, channels: kept.count, format: "TIFF")
    }

    var texts: [(key: String, text: String)] {
        var texts: [(key: String, text: String)] = []
        for (key, tag) in TIFF.textTags {
            if let text = crate_tiff_reader_text(handle, tag) { texts.append((key, String(cString: text))) }
        }
        if (2...8).contains(header.orientation) { texts.append((Image.orientationKey, "\(header.orientation)")) }
        return texts
    }

    func facts() throws(FormatError) -> PictureFacts {
        try check()
        var facts = PictureFacts(
            format: .tiff, width: width, height: height, mode: mode, dtype: plainType?.dtype ?? .uint8, bits: Int(header.bits), texts: texts)
        facts.further = [
            ("colours", .string(photometricName)), ("compression", .string(compressionName)),
            ("layout", .string((header.is_tiled ? "tiles" : "strips") + (header.has_planes ? ", a plane for each channel" : ""))),
            ("pages", .integer(Int(crate_tiff_reader_pages(handle)))), ("icc_profile", .bool(header.has_profile)),
        ]
        if header.orientation != 1 { facts.further.append(("orientation", .integer(Int(header.orientation)))) }
        return facts
    }

    private var photometricName: String {
        let names = ["grey, 0 is white", "grey", "RGB", "palette", "mask", "CMYK", "YCbCr", "", "Lab"]
        let number = Int(header.photometric)
        return names.indices.contains(number) && !names[number].isEmpty ? names[number] : "number \(number)"
    }

    private var compressionName: String {
        switch header.compression {
        case 1: "none"
        case 2: "CCITT run lengths"
        case 3: "CCITT group 3"
        case 4: "CCITT group 4"
        case 5: "LZW"
        case 6: "old-style JPEG"
        case 7: "JPEG"
        case 8, 32946: "Deflate"
        case 32773: "PackBits"
        case 34661: "JBIG"
        case 34712: "JPEG 2000"
        case 34887: "LERC"
        case 34925: "LZMA"
        case 50000: "Zstandard"
        case 50001: "WebP"
        default: "number \(header.compression)"
        }
    }
}
