import CrateValues

/// A bitmap being written, its rows from the bottom up.
struct BMPWriter {
    private let rows: PixelRows
    private let bitsPerPixel: Int
    private let rowBytes: Int
    private let headerSize: Int
    private let fileSize: UInt32
    /// 300 dots per inch would be 11811; 3780 is the 96 of screens.
    private static let pixelsPerMeter: UInt32 = 3780

    init(_ rows: PixelRows) throws(FormatError) {
        self.rows = rows
        switch rows.channels {
        case 1: (bitsPerPixel, headerSize) = (8, 40)
        case 3: (bitsPerPixel, headerSize) = (24, 40)
        default: (bitsPerPixel, headerSize) = (32, 108)
        }
        rowBytes = (rows.width * bitsPerPixel + 31) / 32 * 4
        let start = 14 + headerSize + (bitsPerPixel == 8 ? 1024 : 0)
        let (pixelBytes, overflow) = rowBytes.multipliedReportingOverflow(by: rows.height)
        guard !overflow, pixelBytes <= Int(UInt32.max) - start else {
            throw FormatError(.unrepresentable, "BMP", "can't hold \(rows.width) × \(rows.height) pixels in 4 GB", hint: "PNG can")
        }
        fileSize = UInt32(start + pixelBytes)
    }

    func write(to sink: any ByteSink) throws(FormatError) {
        try sink.write(header())
        var row = [UInt8](repeating: 0, count: rowBytes)
        for line in (0..<rows.height).reversed() {
            rows.samples.withBytes { samples in
                fill(&row, from: UnsafeRawBufferPointer(rebasing: samples[(line * rows.rowBytes)..<((line + 1) * rows.rowBytes)]))
            }
            try sink.write(row)
        }
    }

    private func header() -> [UInt8] {
        let pixelBytes = rowBytes * rows.height
        var header = BMP.signature
        header.append(littleEndian: fileSize)
        header.append(littleEndian: UInt32(0))
        header.append(littleEndian: fileSize - UInt32(pixelBytes))
        header.append(littleEndian: UInt32(headerSize))
        header.append(littleEndian: Int32(rows.width))
        header.append(littleEndian: Int32(rows.height))
        header.append(littleEndian: UInt16(1))
        header.append(littleEndian: UInt16(bitsPerPixel))
        header.append(littleEndian: bitsPerPixel == 32 ? BMPHeader.Compression.masks.rawValue : BMPHeader.Compression.none.rawValue)
        header.append(littleEndian: UInt32(pixelBytes))
        header.append(littleEndian: BMPWriter.pixelsPerMeter)
        header.append(littleEndian: BMPWriter.pixelsPerMeter)
        let colorCount: UInt32 = bitsPerPixel == 8 ? 256 : 0
        header.append(littleEndian: colorCount)
        header.append(littleEndian: colorCount)
        if bitsPerPixel == 32 { appendMasks(&header) }
        if bitsPerPixel == 8 { for level in 0...255 as ClosedRange<UInt8> { header += [level, level, level, 0] } }
        return header
    }

    /// The part of the 108-byte header that says where alpha stands and that the colours are sRGB.
    private func appendMasks(_ header: inout [UInt8]) {
        for mask in [0x00FF_0000, 0x0000_FF00, 0x0000_00FF, 0xFF00_0000] as [UInt32] { header.append(littleEndian: mask) }
        header += Array("BGRs".utf8)
        header += [UInt8](repeating: 0, count: 48)
    }

    private func fill(_ row: inout [UInt8], from source: UnsafeRawBufferPointer) {
        for column in 0..<rows.width {
            switch rows.channels {
            case 1: row[column] = source[column]
            case 2:
                let (grey, alpha) = (source[column * 2], source[column * 2 + 1])
                for channel in 0..<3 { row[column * 4 + channel] = grey }
                row[column * 4 + 3] = alpha
            default:
                let place = column * rows.channels
                row[place] = source[place + 2]
                row[place + 1] = source[place + 1]
                row[place + 2] = source[place]
                if rows.channels == 4 { row[place + 3] = source[place + 3] }
            }
        }
    }
}
