import CrateValues

/// One frame to be written, checked.
struct GIFFrame {
    let rows: PixelRows
    /// Milliseconds.
    var delay: Int

    init(_ frame: Animation.Frame) throws(FormatError) {
        rows = try PixelRows(Image(pixels: frame.pixels), format: "GIF")
        delay = frame.delay
        guard rows.dtype == .uint8 else { throw GIFFrame.refusal("holds 8-bit samples, not \(rows.dtype.rawValue)") }
        guard rows.width <= 65535, rows.height <= 65535 else {
            throw GIFFrame.refusal("can't hold a picture of \(rows.width) × \(rows.height) pixels; 65535 each way are possible")
        }
        guard (0...GIF.longestDelay).contains(delay) else {
            throw GIFFrame.refusal("can't show a frame for \(delay) ms; 0 to \(GIF.longestDelay) are possible")
        }
    }

    static func refusal(_ reason: String) -> FormatError { FormatError(.unrepresentable, "GIF", reason) }

    func looksLike(_ other: GIFFrame) -> Bool { rows.channels == other.rows.channels && rows.samples == other.rows.samples }

    private var hasAlpha: Bool { rows.channels == 2 || rows.channels == 4 }

    /// Whether a pixel is left open.
    var isTransparent: Bool {
        guard hasAlpha else { return false }
        return rows.samples.withBytes { samples in
            stride(from: rows.channels - 1, to: samples.count, by: rows.channels).contains { samples[$0] < 128 }
        }
    }

    /// The pixels as `GIFColors` takes them.
    var pixels: [UInt32] {
        rows.samples.withBytes { samples in
            [UInt32](unsafeUninitializedCapacity: rows.width * rows.height) { target, count in
                count = rows.width * rows.height
                for index in 0..<count { target[index] = pixel(samples, index * rows.channels) }
            }
        }
    }

    @inline(__always)
    private func pixel(_ samples: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
        let isColor = rows.channels >= 3
        if hasAlpha, samples[place + rows.channels - 1] < 128 { return GIFColors.transparent }
        let red = UInt32(samples[place])
        let green = isColor ? UInt32(samples[place + 1]) : red
        let blue = isColor ? UInt32(samples[place + 2]) : red
        return red | green << 8 | blue << 16 | 0xFF00_0000
    }
}

extension GIFArea {
    /// The smallest area in which two pictures of one size differ; one pixel when they are equal, since a frame needs one.
    init(changedFrom before: [UInt32], to after: [UInt32], width: Int) {
        let height = after.count / width
        let rows = (0..<height).filter { row in
            !before[(row * width)..<((row + 1) * width)].elementsEqual(after[(row * width)..<((row + 1) * width)])
        }
        guard let top = rows.first, let bottom = rows.last else {
            self.init(x: 0, y: 0, width: 1, height: 1)
            return
        }
        var (left, right) = (width, 0)
        for row in rows {
            let start = row * width
            for column in 0..<width where before[start + column] != after[start + column] {
                left = min(left, column)
                right = max(right, column)
            }
        }
        self.init(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }

    /// The pixels of this area out of a picture that is `width` wide.
    func cut(from pixels: [UInt32], width pictureWidth: Int) -> [UInt32] {
        if x == 0, width == pictureWidth { return Array(pixels[(y * width)..<((y + height) * width)]) }
        var part: [UInt32] = []
        part.reserveCapacity(width * height)
        for row in y..<(y + height) { part += pixels[(row * pictureWidth + x)..<(row * pictureWidth + x + width)] }
        return part
    }
}
