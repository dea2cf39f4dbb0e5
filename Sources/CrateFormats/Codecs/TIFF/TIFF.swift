internal import CTIFF
import CrateValues

/// TIFF, read and written by libtiff, which is opened when first used. Facts: Adobe's TIFF 6.0 specification (1992) and its
/// supplements.
public enum TIFF {
    /// Reads the first picture of a file: shape (H, W) for grey, (H, W, 2) with alpha, (H, W, 3) for RGB, (H, W, 4) for RGBA.
    ///
    /// Grey and RGB of 8, 16 and 32-bit whole numbers or 16, 32 and 64-bit floats come as they stand, 0 always for black.
    /// Everything else (palettes, fewer bits, JPEG's colours, CMYK, Lab) comes as libtiff shows it, in 8 bits: grey for grey,
    /// else RGB, or RGBA with alpha.
    ///
    /// The orientation is not applied; it stands among the texts, with description, software, date, artist and copyright.
    ///
    /// - Throws: `.missingLibrary`; `.limit` beyond `limits.pixels` or for a file that unpacks to far more than its size makes
    ///   likely; `.unsupported` for compressions and samples that this libtiff does not decode; `.truncated`; `.malformed`.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Image {
        try requireLibrary()
        return try bytes.withBytes { (buffer) throws(FormatError) in
            let reader = try TIFFReader(buffer, limits: limits)
            let pixels = try reader.pixels(limits: limits)
            return Image(pixels: pixels, texts: reader.texts)
        }
    }

    /// Writes grey, grey and alpha, RGB or RGBA of any sample type that `SampleType` knows, in strips, with the texts that TIFF
    /// has a place for and the orientation.
    ///
    /// - Parameter compression: Deflate's level, 1 to 9, or 0 for none; `nil` is 6.
    /// - Throws: `.missingLibrary`; `.unrepresentable` for other types and shapes, or a compression outside 0…9.
    public static func encode(_ image: Image, compression: Int? = nil, to sink: any ByteSink) throws(FormatError) {
        try requireLibrary()
        let level = compression ?? 6
        guard (0...9).contains(level) else {
            throw FormatError(.unrepresentable, "TIFF", "has no compression level \(level)", hint: "0 (none) to 9 (smallest)")
        }
        guard let type = SampleType(image.pixels.dtype) else {
            throw FormatError(.unrepresentable, "TIFF", "can't hold \(image.pixels.dtype.rawValue) samples", hint: "convert them, as in float32(x)")
        }
        let rows = try PixelRows(image, format: "TIFF", dtypes: [image.pixels.dtype])
        let layout = crate_tiff_layout(
            width: UInt32(rows.width), height: UInt32(rows.height), bits: Int32(type.bits), channels: Int32(rows.channels),
            sample_format: Int32(type.format), orientation: Int32(image.orientation ?? 1), level: Int32(level),
            // Deflate can grow what can't be pressed a little.
            is_big: rows.samples.count > 0xF000_0000)
        let writer = try TIFFWriter(layout)
        for (key, tag) in textTags {
            if let text = image.texts.first(where: { $0.key == key })?.text { try writer.set(key, tag, text) }
        }
        try writer.write(rows)
        try writer.send(to: sink)
    }

    /// How samples are told in a file: a TIFF number for what they are (1 unsigned, 2 signed, 3 floating point), and bits.
    struct SampleType {
        let dtype: DType
        let format: Int
        let bits: Int

        private static let known: [DType] = [.uint8, .uint16, .uint32, .int8, .int16, .int32, .float16, .float32, .float64]

        init?(_ dtype: DType) {
            guard SampleType.known.contains(dtype) else { return nil }
            self.dtype = dtype
            format = dtype.isFloat ? 3 : dtype.isSignedInteger ? 2 : 1
            bits = dtype.size * 8
        }

        init?(format: Int, bits: Int) {
            guard let type = SampleType.known.lazy.compactMap({ SampleType($0) }).first(where: { $0.format == format && $0.bits == bits })
            else { return nil }
            self = type
        }
    }

    /// The texts that have a tag, by TIFF's names.
    static let textTags: [(key: String, tag: UInt32)] = [
        ("DocumentName", 269), ("ImageDescription", 270), ("Software", 305), ("DateTime", 306), ("Artist", 315), ("Copyright", 33432),
    ]

    /// Whether a file begins as TIFF (42) or BigTIFF (43) in either byte order does.
    static func recognizes(_ head: [UInt8]) -> Bool {
        [[0x49, 0x49, 42, 0], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 42], [0x4D, 0x4D, 0, 43]].contains { head.starts(with: $0) }
    }

    static func facts(_ bytes: Bytes, limits: Limits) throws(FormatError) -> PictureFacts {
        try requireLibrary()
        return try bytes.withBytes { (buffer) throws(FormatError) in try TIFFReader(buffer, limits: limits).facts() }
    }

    private static func requireLibrary() throws(FormatError) {
        guard crate_tiff_is_available() else {
            throw FormatError(.missingLibrary, "TIFF", "needs libtiff, which is not installed", hint: "apt-get install libtiff6")
        }
    }
}

/// One file being written.
private struct TIFFWriter: ~Copyable {
    private let handle: OpaquePointer

    init(_ layout: crate_tiff_layout) throws(FormatError) {
        guard let handle = crate_tiff_writer_create(layout) else {
            throw FormatError(.system, "TIFF", "can't be written: out of memory")
        }
        self.handle = handle
    }

    deinit { crate_tiff_writer_close(handle) }

    func set(_ key: String, _ tag: UInt32, _ text: String) throws(FormatError) {
        guard !text.utf8.contains(0) else {
            throw FormatError(.unrepresentable, "TIFF", "can't hold the text \"\(key)\", which contains a NUL")
        }
        guard crate_tiff_writer_set_text(handle, tag, text) else {
            throw FormatError(.unrepresentable, "TIFF", "does not take the text \"\(key)\": \(String(cString: crate_tiff_writer_message(handle)))")
        }
    }

    func write(_ rows: PixelRows) throws(FormatError) {
        let isWritten = rows.samples.withBytes { buffer in
            crate_tiff_writer_write(handle, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), rows.rowBytes)
        }
        guard isWritten else {
            throw FormatError(.system, "TIFF", "can't be written: \(String(cString: crate_tiff_writer_message(handle)))")
        }
    }

    func send(to sink: any ByteSink) throws(FormatError) {
        var count = 0
        let start = crate_tiff_writer_bytes(handle, &count)
        try sink.write(UnsafeRawBufferPointer(start: start, count: count))
    }
}
