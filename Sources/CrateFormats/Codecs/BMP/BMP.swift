import CrateValues

/// Windows bitmaps. Facts: Microsoft's documentation of BITMAPFILEHEADER, BITMAPINFOHEADER, BITMAPV4HEADER and
/// BITMAPV5HEADER.
public enum BMP {
    /// What every bitmap file begins with.
    static let signature: [UInt8] = [0x42, 0x4D]

    /// Reads a bitmap of 1, 4, 8, 16, 24 or 32 bits, with colour masks or run lengths, either way up, as uint8: shape
    /// (H, W) when its palette is grey only, else (H, W, 3), or (H, W, 4) when it has a mask for alpha.
    ///
    /// The fourth byte of a 32-bit pixel without masks is padding and is left out, as Pillow does. Samples of fewer or
    /// more than 8 bits are stretched to 0…255.
    ///
    /// - Throws: `.limit` beyond `limits.pixels`, `.unsupported` for embedded JPEG or PNG, `.truncated`, `.malformed`.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Image {
        let header = try BMPHeader(bytes)
        try PixelRows.check(width: header.width, height: header.height, format: "BMP", limits: limits)
        if header.bitsPerPixel <= 8 { return Image(pixels: try BMPIndexes(header, bytes, limits: limits).pixels()) }
        return Image(pixels: try BMPColors(header, bytes).pixels())
    }

    /// Writes grey as 8 bits with a palette, RGB as 24 bits, and pictures with alpha as 32 bits with colour masks.
    /// Texts are left out, since bitmaps have no place for them.
    ///
    /// - Throws: `.unrepresentable` for samples that are not uint8, other shapes, or a file of 4 GB or more.
    public static func encode(_ image: Image, to sink: any ByteSink) throws(FormatError) {
        let rows = try PixelRows(image, format: "BMP")
        guard rows.dtype == .uint8 else {
            throw FormatError(.unrepresentable, "BMP", "holds 8-bit samples, not \(rows.dtype.rawValue)", hint: "PNG takes 16 bits")
        }
        try BMPWriter(rows).write(to: sink)
    }
}
