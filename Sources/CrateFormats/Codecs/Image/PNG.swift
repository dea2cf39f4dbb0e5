internal import CPNG
import CrateValues

/// PNG, read and written by libpng. Facts: the PNG specification, third edition (W3C, 2025).
public enum PNG {
    /// What every PNG file begins with.
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads all of a PNG file: samples of shape (H, W) for grey, (H, W, 2) grey and alpha, (H, W, 3) RGB or (H, W, 4)
    /// RGBA, as uint8, or as uint16 for 16-bit files, whose values are left as they stand (no gamma is applied).
    ///
    /// Palettes become RGB, or RGBA when they have transparency; grey of 1, 2 and 4 bits is stretched to 0…255; a
    /// transparent colour becomes an alpha channel. The orientation, where Exif data note one, is not applied; it stands
    /// among the texts. Of an animated file the default picture is given. Texts inflate to at
    /// most 4 MB each; longer ones are left out.
    ///
    /// - Throws: `.limit` beyond `limits.pixels`, `.truncated` when the file ends early, `.malformed` for anything else.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Image {
        try bytes.withBytes { (buffer) throws(FormatError) in
            let reader = try PNGReader(buffer)
            let pixels = try reader.pixels(limits: limits)
            var texts = reader.texts()
            if let orientation = PNGMetadata(bytes).orientation, !texts.contains(where: { $0.key == Image.orientationKey }) {
                texts.append((Image.orientationKey, "\(orientation)"))
            }
            return Image(pixels: pixels, texts: texts)
        }
    }

    /// Writes `image` as grey, grey and alpha, RGB or RGBA of 8 or 16 bits, with its texts.
    ///
    /// - Parameter compression: zlib's level, 0 (none) to 9 (smallest); `nil` is zlib's choice, 6.
    /// - Throws: `.unrepresentable` for samples that are not uint8 or uint16, other shapes, or a text's key that PNG does
    ///   not take (1 to 79 ASCII characters).
    public static func encode(_ image: Image, compression: Int? = nil, to sink: any ByteSink) throws(FormatError) {
        let rows = try PixelRows(image, format: "PNG")
        if let compression, !(0...9).contains(compression) {
            throw FormatError(.unrepresentable, "PNG", "has no compression level \(compression)", hint: "0 (none) to 9 (smallest)")
        }
        let writer = try PNGWriter()
        for (key, text) in image.texts { try writer.add(key: key, text: text) }
        try writer.write(rows, level: compression ?? -1)
        try writer.send(to: sink)
    }
}

/// One file being read. The buffer must outlive it.
private struct PNGReader: ~Copyable {
    private let handle: OpaquePointer
    private let header: crate_png_header
    private let byteCount: Int

    init(_ buffer: UnsafeRawBufferPointer) throws(FormatError) {
        var header = crate_png_header()
        let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard let handle = crate_png_reader_open(start, buffer.count, &header) else {
            throw FormatError(.system, "PNG", "can't be read: out of memory")
        }
        self.handle = handle
        self.header = header
        byteCount = buffer.count
    }

    deinit { crate_png_reader_close(handle) }

    private var failure: FormatError {
        let isShort = crate_png_reader_hit_end(handle)
        let message = String(cString: crate_png_reader_message(handle))
        return FormatError(isShort ? .truncated : .malformed, "PNG", message, at: .byte(crate_png_reader_position(handle)))
    }

    func pixels(limits: Limits) throws(FormatError) -> Tensor {
        // The header's own failure.
        guard header.width > 0, crate_png_reader_message(handle).pointee == 0 else { throw failure }
        let (width, height, channels) = (Int(header.width), Int(header.height), Int(header.channels))
        try PixelRows.check(width: width, height: height, format: "PNG", limits: limits)
        // Deflate can't expand further than this, so a larger claim is a lie that would only cost memory.
        let mostPacked = UInt64(byteCount) * UInt64(max(limits.inflationRatio, 1)) + 1 << 16
        guard header.packed_bytes <= mostPacked else {
            throw FormatError(.truncated, "PNG", "claims \(width) × \(height) pixels, more than its \(byteCount) bytes can hold")
        }
        let dtype: DType = header.bit_depth == 16 ? .uint16 : .uint8
        let rowBytes = width * channels * dtype.size
        let region = try ByteRegion(count: height * rowBytes) { (target) throws(FormatError) in
            let start = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard crate_png_reader_read(handle, start, rowBytes) else { throw failure }
        }
        return try PixelRows.tensor(region, dtype: dtype, width: width, height: height, channels: channels, format: "PNG")
    }

    func texts() -> [(key: String, text: String)] {
        (0..<crate_png_reader_text_count(handle)).map { index in
            var key: UnsafePointer<CChar>?
            var text: UnsafePointer<CChar>?
            var length = 0
            var isUTF8 = false
            crate_png_reader_text(handle, index, &key, &text, &length, &isUTF8)
            let bytes = UnsafeRawBufferPointer(start: text, count: length)
            let keyBytes = key.map { String(cString: $0) } ?? ""
            return (keyBytes, isUTF8 ? String(decoding: bytes, as: UTF8.self) : bytes.latin1)
        }
    }
}

/// One file being written.
private struct PNGWriter: ~Copyable {
    private let handle: OpaquePointer

    init() throws(FormatError) {
        guard let handle = crate_png_writer_create() else {
            throw FormatError(.system, "PNG", "can't be written: out of memory")
        }
        self.handle = handle
    }

    deinit { crate_png_writer_close(handle) }

    func add(key: String, text: String) throws(FormatError) {
        guard (1...79).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), !key.hasPrefix(" "), !key.hasSuffix(" ")
        else {
            throw FormatError(.unrepresentable, "PNG", "can't hold a text under the key \"\(key)\"", hint: "use 1 to 79 ASCII characters")
        }
        guard !text.utf8.contains(0) else {
            throw FormatError(.unrepresentable, "PNG", "can't hold the text \"\(key)\", which contains a NUL")
        }
        guard crate_png_writer_add_text(handle, key, text) else {
            throw FormatError(.system, "PNG", "can't be written: out of memory")
        }
    }

    func write(_ rows: PixelRows, level: Int) throws(FormatError) {
        let isWritten = rows.samples.withBytes { buffer in
            crate_png_writer_write(
                handle, UInt32(rows.width), UInt32(rows.height), Int32(rows.dtype.size * 8), Int32(rows.channels), Int32(level),
                buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), rows.rowBytes)
        }
        guard isWritten else {
            throw FormatError(.system, "PNG", "can't be written: \(String(cString: crate_png_writer_message(handle)))")
        }
    }

    func send(to sink: any ByteSink) throws(FormatError) {
        var count = 0
        let start = crate_png_writer_bytes(handle, &count)
        try sink.write(UnsafeRawBufferPointer(start: start, count: count))
    }
}
