import CrateValues

/// A picture's samples, checked and laid out row by row as the encoders take them.
struct PixelRows {
    let width: Int
    let height: Int
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
    let channels: Int
    /// `uint8` or `uint16`, unless the format holds more.
    let dtype: DType
    /// Rows one after the other, without gaps.
    let samples: Bytes

    var rowBytes: Int { width * channels * dtype.size }

    /// - Parameter dtypes: what the format holds.
    init(_ image: Image, format: String, dtypes: [DType] = [.uint8, .uint16]) throws(FormatError) {
        let pixels = image.pixels
        try image.checkWithoutInks(format)
        guard pixels.rank == 2 || pixels.rank == 3, (1...4).contains(image.channels) else {
            throw FormatError(.unrepresentable, format, "can't hold an array of shape \(pixels.shape)", hint: "give (H, W) or (H, W, channels)")
        }
        guard dtypes.contains(pixels.dtype) else {
            let held = dtypes.map(\.rawValue).joined(separator: " or ")
            throw FormatError(.unrepresentable, format, "holds \(held) samples, not \(pixels.dtype.rawValue)")
        }
        guard (1...Int(Int32.max)).contains(image.width), (1...Int(Int32.max)).contains(image.height) else {
            throw FormatError(.unrepresentable, format, "can't hold a picture of \(image.width) × \(image.height) pixels")
        }
        width = image.width
        height = image.height
        channels = image.channels
        dtype = pixels.dtype
        samples = pixels.packedBytes()
    }

    /// Refuses sizes beyond the limit, before anything is set aside for them.
    static func check(
        width: Int, height: Int, format: String, limits: Limits, at place: FormatError.Place = .whole
    ) throws(FormatError) {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limits.pixels else {
            throw FormatError(.limit, format, "claims \(width) × \(height) pixels, more than the limit of \(limits.pixels)", at: place)
        }
    }

    /// What a file of `count` bytes is believed to unpack to: 64 MB, since a plain picture takes next to nothing, or more by
    /// `limits.inflationRatio`.
    static func likelyBytes(from count: Int, limits: Limits) -> Int {
        let (scaled, overflow) = count.multipliedReportingOverflow(by: max(limits.inflationRatio, 1))
        return min(overflow ? .max : max(scaled, 64 << 20), limits.inflatedBytes)
    }

    /// Refuses pictures that unpack to more than `likelyBytes`, before anything is set aside for them.
    static func checkExpansion(to decoded: Int, from count: Int, format: String, limits: Limits) throws(FormatError) {
        let most = likelyBytes(from: count, limits: limits)
        guard decoded <= most else {
            throw FormatError(.limit, format, "unpacks to \(decoded) bytes out of \(count), more than the limit of \(most)")
        }
    }

    /// Decoded samples as an array: (H, W) for one channel, else (H, W, C).
    static func tensor(_ region: ByteRegion, dtype: DType, width: Int, height: Int, channels: Int, format: String) throws(FormatError) -> Tensor {
        let shape = channels == 1 ? [height, width] : [height, width, channels]
        guard let tensor = Tensor(dtype: dtype, shape: shape, bytes: Bytes(region)) else {
            throw FormatError(.malformed, format, "claims an impossible size of \(width) × \(height) pixels")
        }
        return tensor
    }
}

extension Tensor {
    /// The elements in C order without gaps: the bytes themselves when they stand so already, else a copy.
    func packedBytes() -> Bytes {
        let start = offset * dtype.size
        if isContiguous, let packed = bytes.slice(start..<(start + byteCount)) { return packed }
        return Bytes(ByteRegion(count: byteCount) { target in
            bytes.withBytes { source in
                switch dtype.size {
                case 1: gather(UInt8.self, source, target)
                case 2: gather(UInt16.self, source, target)
                case 4: gather(UInt32.self, source, target)
                case 8: gather(UInt64.self, source, target)
                default: gather(SIMD2<UInt64>.self, source, target)
                }
            }
        })
    }

    /// Walks all dimensions but the last with an odometer, and copies the last one in a plain loop.
    private func gather<Unit: BitwiseCopyable>(_: Unit.Type, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) {
        guard count > 0 else { return }
        let size = MemoryLayout<Unit>.size
        let inner = shape.last ?? 1
        let innerStride = strides.last ?? 1
        var position = [Int](repeating: 0, count: max(rank - 1, 0))
        var from = offset
        var to = 0
        while true {
            for step in 0..<inner {
                let unit = source.loadUnaligned(fromByteOffset: (from + step * innerStride) * size, as: Unit.self)
                target.storeBytes(of: unit, toByteOffset: (to + step) * size, as: Unit.self)
            }
            to += inner
            var dimension = position.count - 1
            while dimension >= 0 {
                position[dimension] += 1
                from += strides[dimension]
                if position[dimension] < shape[dimension] { break }
                from -= strides[dimension] * shape[dimension]
                position[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { return }
        }
    }
}
