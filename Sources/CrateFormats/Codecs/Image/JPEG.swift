internal import CJPEG
import CrateValues

/// JPEG, read and written by libjpeg-turbo. Facts: ITU-T T.81 and T.871 (JFIF), and Adobe's APP14 marker.
public enum JPEG {
    /// How much coarser colour is kept than brightness, by the field's names.
    public enum Subsampling: String, Sendable, CaseIterable {
        case none = "4:4:4"
        case half = "4:2:2"
        case quarter = "4:2:0"

        var chromaAcross: Int32 { self == .none ? 1 : 2 }
        var chromaDown: Int32 { self == .quarter ? 2 : 1 }
    }

    /// Reads all of a JPEG file: uint8 samples of shape (H, W) for grey, (H, W, 3) for RGB, or (H, W, 4) for CMYK, where 0
    /// is no ink (stored inverted, as Adobe's programs and after them Pillow have it).
    ///
    /// The orientation that cameras note is not applied; it stands among the texts as `Orientation`, 1 to 8, and a
    /// comment as `Comment`.
    ///
    /// - Throws: `.limit` beyond `limits.pixels`, `.truncated` when data are missing (never made up), `.malformed`.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Image {
        let metadata = JPEGMetadata(bytes)
        let pixels = try bytes.withBytes { (buffer) throws(FormatError) in
            try JPEGReader(buffer, metadata).pixels(limits: limits)
        }
        return Image(pixels: pixels, texts: metadata.texts, isCMYK: pixels.rank == 3 && pixels.shape[2] == 4)
    }

    /// Writes uint8 grey or RGB, with the text `Comment` and the orientation, if there are any.
    ///
    /// - Parameter quality: 1 to 100, on libjpeg's scale; 75 is what Pillow writes.
    /// - Throws: `.unrepresentable` for 16-bit samples, alpha, or more than 65535 pixels a side.
    public static func encode(
        _ image: Image, quality: Int = 75, isProgressive: Bool = false, subsampling: Subsampling = .quarter, to sink: any ByteSink
    ) throws(FormatError) {
        let rows = try PixelRows(image, format: "JPEG")
        try check(rows, quality: quality)
        guard let writer = crate_jpeg_writer_create() else { throw FormatError(.system, "JPEG", "can't be written: out of memory") }
        defer { crate_jpeg_writer_close(writer) }
        var layout = crate_jpeg_layout(
            width: UInt32(rows.width), height: UInt32(rows.height), channels: Int32(rows.channels), quality: Int32(quality),
            chroma_across: subsampling.chromaAcross, chroma_down: subsampling.chromaDown, is_progressive: isProgressive,
            orientation: Int32(image.orientation ?? 0), comment: nil)
        let isWritten = rows.samples.withBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            // A marker holds at most 65533 bytes.
            guard let comment = image.texts.first(where: { $0.key == "Comment" })?.text, comment.utf8.count <= 65533 else {
                return crate_jpeg_writer_write(writer, &layout, start, rows.rowBytes)
            }
            return comment.withCString { text in
                layout.comment = text
                return crate_jpeg_writer_write(writer, &layout, start, rows.rowBytes)
            }
        }
        guard isWritten else { throw FormatError(.system, "JPEG", "can't be written: \(String(cString: crate_jpeg_writer_message(writer)))") }
        var count = 0
        let start = crate_jpeg_writer_bytes(writer, &count)
        try sink.write(UnsafeRawBufferPointer(start: start, count: count))
    }

    private static func check(_ rows: PixelRows, quality: Int) throws(FormatError) {
        let hint = "save it as PNG"
        guard rows.dtype == .uint8 else { throw FormatError(.unrepresentable, "JPEG", "can't hold 16-bit samples", hint: hint) }
        guard rows.channels == 1 || rows.channels == 3 else {
            throw FormatError(.unrepresentable, "JPEG", "can't hold the alpha channel of \(rows.channels)-channel pixels", hint: hint)
        }
        guard rows.width <= 65500, rows.height <= 65500 else {
            throw FormatError(.unrepresentable, "JPEG", "can't hold \(rows.width) × \(rows.height) pixels: a side has at most 65500", hint: hint)
        }
        guard (1...100).contains(quality) else {
            throw FormatError(.unrepresentable, "JPEG", "has no quality \(quality)", hint: "1 (small) to 100 (good)")
        }
    }
}

/// One file being read. The buffer must outlive it.
private struct JPEGReader: ~Copyable {
    private let handle: OpaquePointer
    private let header: crate_jpeg_header
    private let byteCount: Int
    private let metadata: JPEGMetadata

    init(_ buffer: UnsafeRawBufferPointer, _ metadata: JPEGMetadata) throws(FormatError) {
        var header = crate_jpeg_header()
        let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let handle = crate_jpeg_reader_open(start, buffer.count, &header) else {
            throw FormatError(.system, "JPEG", "can't be read: out of memory")
        }
        self.handle = handle
        self.header = header
        byteCount = buffer.count
        self.metadata = metadata
    }

    deinit { crate_jpeg_reader_close(handle) }

    /// libjpeg's words. It does not say where: data are missing at the end, a size stands in the frame's marker, and anything
    /// else is at or after the place where the walk over the markers ended.
    private var failure: FormatError {
        let reason = String(cString: crate_jpeg_reader_message(handle))
        if crate_jpeg_reader_hit_end(handle) { return FormatError(.truncated, "JPEG", reason, at: .byte(byteCount)) }
        if crate_jpeg_reader_is_too_big(handle) { return FormatError(.limit, "JPEG", reason, at: sizePlace) }
        return FormatError(.malformed, "JPEG", reason, at: .byte(metadata.end))
    }

    private var sizePlace: FormatError.Place { .byte(metadata.frame?.position ?? metadata.end) }

    func pixels(limits: Limits) throws(FormatError) -> Tensor {
        // The header's own failure.
        guard header.width > 0, crate_jpeg_reader_message(handle).pointee == 0 else { throw failure }
        let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
        try PixelRows.check(width: width, height: height, format: "JPEG", limits: limits, at: sizePlace)
        // Huffman codes have at least one bit per block of 64 pixels, so a larger claim is a lie.
        guard header.is_arithmetic || width * height / 512 <= byteCount else {
            throw FormatError(
                .truncated, "JPEG", "claims \(width) × \(height) pixels, more than its \(byteCount) bytes can hold", at: sizePlace)
        }
        let rowBytes = width * channels
        let region = try ByteRegion(count: height * rowBytes) { (target) throws(FormatError) in
            let start = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard crate_jpeg_reader_read(handle, start, rowBytes) else { throw failure }
            if channels == 4 { for index in target.indices { target[index] = ~target[index] } }
        }
        return try PixelRows.tensor(region, dtype: .uint8, width: width, height: height, channels: channels, format: "JPEG")
    }
}
