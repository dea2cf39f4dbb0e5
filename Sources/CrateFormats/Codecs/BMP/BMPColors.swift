import CrateValues

/// The pixels of a bitmap of 16, 24 or 32 bits.
struct BMPColors {
    private let header: BMPHeader
    private let file: Bytes

    init(_ header: BMPHeader, _ file: Bytes) {
        self.header = header
        self.file = file
    }

    func pixels() throws(FormatError) -> Tensor {
        let channels = header.masks[3] == 0 ? 3 : 4
        let rows = try header.rows(of: file)
        let region = ByteRegion(count: header.width * header.height * channels) { target in
            rows.withBytes { source in
                for row in 0..<header.height {
                    let from = UnsafeRawBufferPointer(rebasing: source[(row * header.rowBytes)...])
                    let start = header.line(row) * header.width * channels
                    let to = UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + header.width * channels)])
                    paintRow(from, to, channels)
                }
            }
        }
        return try PixelRows.tensor(region, dtype: .uint8, width: header.width, height: header.height, channels: channels, format: "BMP")
    }

    private func paintRow(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ channels: Int) {
        switch header.bitsPerPixel {
        case 24: paintBGR(source, target)
        case 16: paint(UInt16.self, source, target, channels)
        default: paint(UInt32.self, source, target, channels)
        }
    }

    private func paintBGR(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) {
        for place in stride(from: 0, to: target.count, by: 3) {
            target[place] = source[place + 2]
            target[place + 1] = source[place + 1]
            target[place + 2] = source[place]
        }
    }

    private func paint<Pixel: FixedWidthInteger & UnsignedInteger>(
        _: Pixel.Type, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer, _ channels: Int
    ) {
        let size = MemoryLayout<Pixel>.size
        for channel in 0..<channels {
            let mask = header.masks[channel]
            let shift = UInt32(mask.trailingZeroBitCount)
            let most = UInt64(mask == 0 ? 1 : mask >> shift)
            var place = channel
            for column in 0..<header.width {
                let pixel = UInt32(
                    truncatingIfNeeded: Pixel(littleEndian: source.loadUnaligned(fromByteOffset: column * size, as: Pixel.self)))
                let sample = UInt64((pixel & mask) >> (shift & 31))
                target[place] = UInt8(truncatingIfNeeded: most == 255 ? sample : sample * 255 / most)
                place += channels
            }
        }
    }
}
