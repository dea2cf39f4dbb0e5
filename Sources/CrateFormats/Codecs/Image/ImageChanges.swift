import CrateValues

/// Changes of a picture's size and form. The texts stay, the samples' type too.
extension Image {
    /// `width` × `height` pixels cut out from (`x`, `y`) on. Shares the samples.
    public func cropped(x: Int, y: Int, width: Int, height: Int) throws(FormatError) -> Image {
        let fits = x >= 0 && y >= 0 && width > 0 && height > 0 && x <= self.width - width && y <= self.height - height
        guard fits, pixels.rank >= 2 else {
            throw FormatError(
                .unrepresentable, "image",
                "has no \(width) × \(height) pixels from (\(x), \(y)) on: it has \(self.width) × \(self.height)")
        }
        return viewing(offset: y * pixels.strides[0] + x * pixels.strides[1], height: height, width: width)
    }

    /// Left and right, or top and bottom, exchanged. Shares the samples.
    public func mirrored(isVertical: Bool) -> Image {
        guard pixels.rank >= 2, pixels.count > 0 else { return self }
        let axis = isVertical ? 0 : 1
        return viewing(offset: (pixels.shape[axis] - 1) * pixels.strides[axis], height: height, width: width, turning: axis)
    }

    private func viewing(offset: Int, height: Int, width: Int, turning axis: Int? = nil) -> Image {
        var strides = pixels.strides
        if let axis { strides[axis].negate() }
        let shape = [height, width] + pixels.shape.dropFirst(2)
        // Always inside: the callers have checked the bounds.
        guard let view = Tensor(dtype: pixels.dtype, shape: shape, strides: strides, offset: pixels.offset + offset, bytes: pixels.bytes)
        else { return self }
        return Image(pixels: view, texts: texts)
    }

    /// Brightness alone, (19595 R + 38470 G + 7471 B) / 65536 as Pillow has it (ITU-R BT.601); alpha stays.
    public func grey() throws(FormatError) -> Image {
        guard channels > 2 else { return self }
        let rows = try PixelRows(self, format: "image")
        let values = rows.integers()
        let (step, kept) = (rows.channels, rows.channels == 4 ? 2 : 1)
        var grey: [Int] = []
        grey.reserveCapacity(values.count / step * kept)
        for start in stride(from: 0, to: values.count, by: step) {
            grey.append((values[start] * 19595 + values[start + 1] * 38470 + values[start + 2] * 7471 + 0x8000) >> 16)
            if kept == 2 { grey.append(values[start + 3]) }
        }
        return Image(pixels: try rows.tensor(of: grey, width: rows.width, height: rows.height, channels: kept), texts: texts)
    }

    /// The picture at another size: each new pixel is the mean of the old ones around its place, weighted by a triangle as
    /// wide as the change of scale (Pillow's BILINEAR), so that making it smaller does not flicker.
    public func resized(width: Int, height: Int) throws(FormatError) -> Image {
        guard width > 0, height > 0 else {
            throw FormatError(.unrepresentable, "image", "can't have a size of \(width) × \(height)")
        }
        try PixelRows.check(width: width, height: height, format: "image", limits: .standard)
        let rows = try PixelRows(self, format: "image")
        let channels = rows.channels
        let across = Resampling(from: rows.width, to: width)
        let down = Resampling(from: rows.height, to: height)
        let narrow = across.apply(rows.integers().map(Float.init), lines: rows.height, unit: channels)
        let resized = down.apply(narrow, lines: 1, unit: width * channels)
        let most = rows.dtype == .uint8 ? 255 : 65535
        let values = resized.map { min(max(Int(($0 + 0.5).rounded(.down)), 0), most) }
        return Image(pixels: try rows.tensor(of: values, width: width, height: height, channels: channels), texts: texts)
    }
}

/// Weights that make `to` samples out of `from` along one direction.
private struct Resampling {
    private let from: Int
    private let taps: [(first: Int, weights: [Float])]

    init(from: Int, to: Int) {
        self.from = from
        let scale = Double(from) / Double(to)
        let reach = max(scale, 1)
        taps = (0..<to).map { index in
            let center = (Double(index) + 0.5) * scale
            let first = min(max(Int((center - reach + 0.5).rounded(.down)), 0), from - 1)
            let last = min(max(Int((center + reach + 0.5).rounded(.down)), first + 1), from)
            let weights = (first..<last).map { max(1 - abs(Double($0) + 0.5 - center) / reach, 0) }
            let sum = weights.reduce(0, +)
            return (first, weights.map { Float(sum > 0 ? $0 / sum : 1 / Double(weights.count)) })
        }
    }

    /// `lines` lines of `from` groups of `unit` neighbours each, resampled group by group.
    func apply(_ source: [Float], lines: Int, unit: Int) -> [Float] {
        var target = [Float](repeating: 0, count: lines * taps.count * unit)
        var place = 0
        for line in 0..<lines {
            for (first, weights) in taps {
                for (step, weight) in weights.enumerated() {
                    let start = (line * from + first + step) * unit
                    for offset in 0..<unit { target[place + offset] += weight * source[start + offset] }
                }
                place += unit
            }
        }
        return target
    }
}

extension PixelRows {
    /// The samples one by one.
    fileprivate func integers() -> [Int] {
        samples.withBytes { bytes in
            if dtype == .uint8 { return bytes.map(Int.init) }
            return (0..<(bytes.count / 2)).map { Int(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self)) }
        }
    }

    /// `values`, which fit the samples' type, as a picture's array.
    fileprivate func tensor(of values: [Int], width: Int, height: Int, channels: Int) throws(FormatError) -> Tensor {
        let region = ByteRegion(count: values.count * dtype.size) { target in
            for (index, value) in values.enumerated() {
                if dtype == .uint8 {
                    target[index] = UInt8(truncatingIfNeeded: value)
                } else {
                    target.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: index * 2, as: UInt16.self)
                }
            }
        }
        return try PixelRows.tensor(region, dtype: dtype, width: width, height: height, channels: channels, format: "image")
    }
}
