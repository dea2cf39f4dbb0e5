import CrateValues

/// The pixels of a bitmap with a palette.
struct BMPIndexes {
    private let header: BMPHeader
    private let file: Bytes
    private let limits: Limits

    init(_ header: BMPHeader, _ file: Bytes, limits: Limits) {
        self.header = header
        self.file = file
        self.limits = limits
    }

    /// (H, W) when every colour of the palette is a grey, else (H, W, 3).
    func pixels() throws(FormatError) -> Tensor {
        let isGrey = header.palette.allSatisfy { $0.x == $0.y && $0.y == $0.z }
        let channels = isGrey ? 1 : 3
        let region = try withIndexes { (indexes) throws(FormatError) in
            try ByteRegion(count: header.width * header.height * channels) { (target) throws(FormatError) in
                try paint(indexes, target, channels: channels)
            }
        }
        return try PixelRows.tensor(region, dtype: .uint8, width: header.width, height: header.height, channels: channels, format: "BMP")
    }

    /// The palette's indexes, one byte each, by rows as the file has them.
    private func withIndexes(_ body: (BMPIndexRows) throws(FormatError) -> ByteRegion) throws(FormatError) -> ByteRegion {
        switch header.compression {
        case .runLength4, .runLength8:
            let indexes = try BMPRunLengths(header, file, limits: limits).indexes()
            return try indexes.withBytes { (bytes) throws(FormatError) in
                try body(BMPIndexRows(bytes: bytes, rowBytes: header.width, bitsPerPixel: 8))
            }
        default:
            return try header.rows(of: file).withBytes { (bytes) throws(FormatError) in
                try body(BMPIndexRows(bytes: bytes, rowBytes: header.rowBytes, bitsPerPixel: header.bitsPerPixel))
            }
        }
    }

    private func paint(_ indexes: BMPIndexRows, _ target: UnsafeMutableRawBufferPointer, channels: Int) throws(FormatError) {
        let colors = header.palette
        let rowSize = header.width * channels
        for row in 0..<header.height {
            var place = header.line(row) * rowSize
            for column in 0..<header.width {
                let index = indexes.index(row, column)
                guard index < colors.count else {
                    throw FormatError(
                        .malformed, "BMP", "uses colour \(index) of a palette of \(colors.count)", at: .byte(header.pixelOffset))
                }
                let color = colors[index]
                target[place] = color.x
                if channels == 3 {
                    target[place + 1] = color.y
                    target[place + 2] = color.z
                }
                place += channels
            }
        }
    }
}

/// Indexes of 1, 4 or 8 bits, the highest bits first.
struct BMPIndexRows {
    let bytes: UnsafeRawBufferPointer
    let rowBytes: Int
    let bitsPerPixel: Int

    @inline(__always)
    func index(_ row: Int, _ column: Int) -> Int {
        let start = row * rowBytes
        return switch bitsPerPixel {
        case 8: Int(bytes[start + column])
        case 4: Int(bytes[start + (column >> 1)] >> (column & 1 == 0 ? 4 : 0) & 15)
        default: Int(bytes[start + (column >> 3)] >> (7 - (column & 7)) & 1)
        }
    }
}
