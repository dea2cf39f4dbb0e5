internal import CWebP
import CrateValues

/// WebP, read and written by libwebp, which is opened when first used.
public enum WebP {
    /// Reads a picture: uint8 of shape (H, W, 3), or (H, W, 4) when it has alpha. Of an animation the first frame is given, on
    /// a transparent canvas. The orientation is not applied; it stands among the texts.
    ///
    /// - Throws: `.missingLibrary`; `.limit` beyond `limits.pixels` or for a file that unpacks to far more than its size makes
    ///   likely; `.truncated`; `.malformed`.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Image {
        try requireLibrary()
        let layout = try WebPLayout(bytes)
        let channels = layout.hasAlpha ? 4 : 3
        try PixelRows.check(width: layout.width, height: layout.height, format: "WebP", limits: limits)
        try PixelRows.checkExpansion(to: layout.width * layout.height * channels, from: bytes.count, format: "WebP", limits: limits)
        let region = try ByteRegion(count: layout.width * layout.height * channels) { (target) throws(FormatError) in
            if layout.isAnimated { target.initializeMemory(as: UInt8.self, repeating: 0) }
            try draw(layout, channels: channels, on: target, of: bytes.count)
        }
        let pixels = try PixelRows.tensor(
            region, dtype: .uint8, width: layout.width, height: layout.height, channels: channels, format: "WebP")
        return Image(pixels: pixels, texts: layout.orientation.map { [(Image.orientationKey, "\($0)")] } ?? [])
    }

    private static func draw(
        _ layout: WebPLayout, channels: Int, on canvas: UnsafeMutableRawBufferPointer, of byteCount: Int
    ) throws(FormatError) {
        let (area, rowBytes) = (layout.area, layout.width * channels)
        let start = area.y * rowBytes + area.x * channels
        let target = UnsafeMutableRawBufferPointer(rebasing: canvas[start...])
        let outcome = layout.picture.withBytes { source in
            crate_webp_decode(
                source.baseAddress?.assumingMemoryBound(to: UInt8.self), source.count, Int32(area.width), Int32(area.height), layout.hasAlpha,
                target.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(rowBytes), target.count)
        }
        switch outcome {
        case crate_webp_fine: break
        case crate_webp_ends_early: throw FormatError(.truncated, "WebP", "ends inside its picture", at: .byte(byteCount))
        case crate_webp_unsupported: throw FormatError(.unsupported, "WebP", "is of a form that libwebp does not read")
        case crate_webp_out_of_memory: throw FormatError(.system, "WebP", "can't be read: out of memory")
        default: throw FormatError(.malformed, "WebP", "has a damaged picture")
        }
    }

    /// Writes uint8 RGB or RGBA; grey becomes RGB.
    ///
    /// - Parameter quality: 0 to 100; `nil` is 80, as Pillow has it. With `isLossless`, how hard to press.
    /// - Throws: `.missingLibrary`; `.unrepresentable` for other samples, or more than 16383 pixels a side.
    public static func encode(_ image: Image, quality: Int? = nil, isLossless: Bool = false, to sink: any ByteSink) throws(FormatError) {
        try requireLibrary()
        let rows = try PixelRows(try image.withColors(), format: "WebP", dtypes: [.uint8])
        guard rows.width <= 16383, rows.height <= 16383 else {
            throw FormatError(
                .unrepresentable, "WebP", "can't hold \(rows.width) × \(rows.height) pixels: a side has at most 16383", hint: "save it as PNG")
        }
        let quality = quality ?? 80
        guard (0...100).contains(quality) else {
            throw FormatError(.unrepresentable, "WebP", "has no quality \(quality)", hint: "0 (small) to 100 (good)")
        }
        let layout = crate_webp_layout(
            width: Int32(rows.width), height: Int32(rows.height), channels: Int32(rows.channels), is_lossless: isLossless, quality: Float(quality))
        let writer = rows.samples.withBytes { buffer in
            crate_webp_encode(layout, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(rows.rowBytes))
        }
        guard let writer else { throw FormatError(.system, "WebP", "can't be written: out of memory") }
        defer { crate_webp_writer_close(writer) }
        var count = 0
        guard let start = crate_webp_writer_bytes(writer, &count) else {
            throw FormatError(.system, "WebP", "can't be written: libwebp's error \(crate_webp_writer_failure(writer))")
        }
        try sink.write(UnsafeRawBufferPointer(start: start, count: count))
    }

    private static func requireLibrary() throws(FormatError) {
        guard crate_webp_is_available() else {
            throw FormatError(.missingLibrary, "WebP", "needs libwebp, which is not installed", hint: "apt-get install libwebp7")
        }
    }
}
