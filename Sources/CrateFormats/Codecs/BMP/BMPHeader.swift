import CrateValues

/// What stands before the pixels of a bitmap, checked.
struct BMPHeader {
    enum Compression: UInt32 {
        case none = 0
        case runLength8 = 1
        case runLength4 = 2
        case masks = 3
        case masksWithAlpha = 6
    }

    let width: Int
    let height: Int
    /// The first row of the file is the top one.
    let isTopDown: Bool
    /// 1, 4, 8, 16, 24 or 32.
    let bitsPerPixel: Int
    let compression: Compression
    /// Where the pixels begin in the file.
    let pixelOffset: Int
    /// Bits of red, green, blue and alpha within a pixel, for 16 and 32 bits; zero for a channel that is not there.
    let masks: [UInt32]
    /// Red, green and blue of up to 8 bits' indexes.
    let palette: [SIMD3<UInt8>]

    init(_ bytes: Bytes) throws(FormatError) {
        var reader = ByteReader(bytes, format: "BMP")
        guard try reader.bytes(2).array == BMP.signature else {
            throw FormatError(.malformed, "BMP", "does not begin with BM", at: .byte(0))
        }
        try reader.skip(8)
        pixelOffset = try reader.count(UInt32.self)
        guard pixelOffset <= bytes.count else {
            throw reader.error(.truncated, "says its pixels begin at byte \(pixelOffset), past the end")
        }

        let headerSize = try reader.count(UInt32.self)
        let isOS2 = headerSize == 12
        guard isOS2 || (40...124).contains(headerSize) else { throw reader.malformed("has a header of the unknown size \(headerSize)") }
        let size = try BMPHeader.size(&reader, isOS2: isOS2)
        (width, height, isTopDown) = (size.width, abs(size.height), size.height < 0)
        guard try reader.littleEndian(UInt16.self) == 1 else { throw reader.malformed("has a number of planes other than 1") }
        bitsPerPixel = Int(try reader.littleEndian(UInt16.self))

        let code = isOS2 ? 0 : try reader.littleEndian(UInt32.self)
        compression = try BMPHeader.compression(code, bitsPerPixel: bitsPerPixel, headerSize: headerSize, at: reader)
        if isTopDown && (compression == .runLength4 || compression == .runLength8) {
            throw reader.malformed("has run lengths from the top down, which bitmaps can't")
        }
        if !isOS2 { try reader.skip(12) }
        let colorCount = isOS2 ? 0 : try reader.count(UInt32.self)
        if !isOS2 { try reader.skip(4) }
        masks = try BMPHeader.masks(&reader, bitsPerPixel, compression, headerSize: headerSize)
        palette = try BMPHeader.palette(&reader, bitsPerPixel, colorCount, headerSize: headerSize)
    }

    /// A row's bytes; rows are padded to whole 32-bit words.
    var rowBytes: Int { (width * bitsPerPixel + 31) / 32 * 4 }

    /// The rows from `pixelOffset` on, checked to be all there. The padding of the last row may be missing.
    func rows(of bytes: Bytes) throws(FormatError) -> Bytes {
        let (allButLast, overflow) = rowBytes.multipliedReportingOverflow(by: height - 1)
        let needed = (width * bitsPerPixel + 7) / 8
        let present = bytes.count - pixelOffset
        guard !overflow, allButLast <= present, needed <= present - allButLast,
            let rows = bytes.slice(pixelOffset..<(pixelOffset + allButLast + needed))
        else {
            throw FormatError(
                .truncated, "BMP", "claims \(width) × \(height) pixels of \(bitsPerPixel) bits, but holds \(present) bytes of them",
                at: .byte(bytes.count))
        }
        return rows
    }

    /// Where row `index` of the file stands in the picture.
    func line(_ index: Int) -> Int { isTopDown ? index : height - 1 - index }
}

// MARK: The fields

extension BMPHeader {
    /// Width and height, which is negative for rows from the top down.
    private static func size(_ reader: inout ByteReader, isOS2: Bool) throws(FormatError) -> (width: Int, height: Int) {
        let width = isOS2 ? Int(try reader.littleEndian(UInt16.self)) : Int(try reader.littleEndian(Int32.self))
        let height = isOS2 ? Int(try reader.littleEndian(UInt16.self)) : Int(try reader.littleEndian(Int32.self))
        guard width > 0, height != 0 else { throw reader.malformed("has the impossible size \(width) × \(height)") }
        return (width, height)
    }

    private static func compression(
        _ code: UInt32, bitsPerPixel: Int, headerSize: Int, at reader: ByteReader
    ) throws(FormatError) -> Compression {
        if code == 4 || code == 5 { throw reader.error(.unsupported, "holds a \(code == 4 ? "JPEG" : "PNG") picture inside") }
        // In OS/2's second header the number 3 means Huffman coding.
        guard let compression = Compression(rawValue: code), !(headerSize == 64 && code == 3) else {
            throw reader.error(.unsupported, "has the unknown compression \(code)")
        }
        let depths: [Int] =
            switch compression {
            case .none: [1, 4, 8, 16, 24, 32]
            case .runLength8: [8]
            case .runLength4: [4]
            case .masks, .masksWithAlpha: [16, 32]
            }
        guard depths.contains(bitsPerPixel) else {
            throw reader.malformed("has \(bitsPerPixel) bits per pixel, which compression \(code) does not allow")
        }
        return compression
    }

    private static func masks(
        _ reader: inout ByteReader, _ bitsPerPixel: Int, _ compression: Compression, headerSize: Int
    ) throws(FormatError) -> [UInt32] {
        guard compression == .masks || compression == .masksWithAlpha else {
            return bitsPerPixel == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0xFF0000, 0x00FF00, 0x0000FF, 0]
        }
        // The masks follow a 40-byte header and are part of the longer ones; alpha's came with the 56-byte header.
        try reader.seek(to: 14 + 40)
        var masks = [UInt32](repeating: 0, count: 4)
        let count = headerSize >= 56 || compression == .masksWithAlpha ? 4 : 3
        for channel in 0..<count { masks[channel] = try reader.littleEndian(UInt32.self) }
        for mask in masks where mask != 0 {
            let run = mask >> mask.trailingZeroBitCount
            guard run & (run &+ 1) == 0 else { throw reader.malformed("has a colour mask with gaps, 0x\(String(mask, radix: 16))") }
            guard bitsPerPixel == 32 || mask <= 0xFFFF else { throw reader.malformed("has a colour mask outside of the pixel's 16 bits") }
        }
        guard masks[0] | masks[1] | masks[2] != 0 else { throw reader.malformed("has no colour masks") }
        return masks
    }

    private static func palette(
        _ reader: inout ByteReader, _ bitsPerPixel: Int, _ colorCount: Int, headerSize: Int
    ) throws(FormatError) -> [SIMD3<UInt8>] {
        // With more bits a palette is only a proposal for screens with few colours.
        guard bitsPerPixel <= 8 else { return [] }
        let most = 1 << bitsPerPixel
        guard colorCount <= most else {
            throw reader.malformed("claims a palette of \(colorCount) colours; \(bitsPerPixel) bits choose among \(most)")
        }
        try reader.seek(to: 14 + headerSize)
        let count = colorCount == 0 ? most : colorCount
        let entrySize = headerSize == 12 ? 3 : 4
        let entries = try reader.bytes(count * entrySize)
        return entries.withBytes { bytes in
            stride(from: 0, to: bytes.count, by: entrySize).map { SIMD3(bytes[$0 + 2], bytes[$0 + 1], bytes[$0]) }
        }
    }
}
