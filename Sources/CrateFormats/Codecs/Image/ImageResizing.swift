import CrateValues
import Glibc

extension Image {
    /// How neighbouring pixels are weighed when the size changes, by Pillow's names.
    public enum Filter: String, Sendable, CaseIterable {
        /// The old pixel nearest to the new one's place; invents no values.
        case nearest
        /// The mean of the old pixels under the new one.
        case box
        case bilinear, bicubic, lanczos

        /// How far it reaches, in pixels of the coarser scale.
        fileprivate var reach: Double {
            switch self {
            case .nearest, .box: 0.5
            case .bilinear: 1
            case .bicubic: 2
            case .lanczos: 3
            }
        }

        /// The weight of a pixel at `x` from the centre.
        fileprivate func weight(_ x: Double) -> Double {
            let distance = abs(x)
            switch self {
            case .nearest, .box: return x > -0.5 && x <= 0.5 ? 1 : 0
            case .bilinear: return max(1 - distance, 0)
            case .bicubic:
                // Keys' cubic convolution (1981) with a = -1/2.
                if distance < 1 { return (1.5 * distance - 2.5) * distance * distance + 1 }
                return distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0
            case .lanczos: return distance < 3 ? sinc(x) * sinc(x / 3) : 0
            }
        }

        private func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }
    }

    /// The picture at another size. Making it smaller, each filter widens with the scale, so that every old pixel counts
    /// (Pillow's way, to within one step of its results); `nearest` picks. Colours count by their alpha.
    ///
    /// - Throws: `.unrepresentable` for sizes below 1, `.limit` for too many pixels or a side beyond 4 million.
    public func resized(width: Int, height: Int, filter: Filter = .bicubic) throws(FormatError) -> Image {
        guard width > 0, height > 0 else {
            throw FormatError(.unrepresentable, "image", "can't have a size of \(width) × \(height)")
        }
        try PixelRows.check(width: width, height: height, format: "image", limits: .standard)
        let longest = max(width, height, self.width, self.height)
        guard longest <= Resampling.longestSide else {
            throw FormatError(.limit, "image", "has a side of \(longest) pixels, more than the limit of \(Resampling.longestSide) for resizing")
        }
        var resized = self
        resized.pixels = filter == .nearest ? try picked(width: width, height: height) : try resampled(width: width, height: height, filter)
        return resized
    }

    /// `width` or `height` given, the other side as the picture's form asks for.
    public func resized(width: Int?, height: Int?, filter: Filter = .bicubic) throws(FormatError) -> Image {
        func side(_ given: Int, _ own: Int, _ other: Int) -> Int { max(Int((Double(given) * Double(other) / Double(max(own, 1))).rounded()), 1) }
        switch (width, height) {
        case (let width?, let height?): return try resized(width: width, height: height, filter: filter)
        case (let width?, nil): return try resized(width: width, height: width > 0 ? side(width, self.width, self.height) : 0, filter: filter)
        case (nil, let height?): return try resized(width: height > 0 ? side(height, self.height, self.width) : 0, height: height, filter: filter)
        case (nil, nil): return self
        }
    }

    /// The picture made to fit into `width` × `height`, its form kept as well as whole pixels can; never larger than it is.
    public func thumbnail(width: Int, height: Int, filter: Filter = .bicubic) throws(FormatError) -> Image {
        guard width > 0, height > 0 else {
            throw FormatError(.unrepresentable, "image", "can't have a size of \(width) × \(height)")
        }
        guard self.width > width || self.height > height else { return self }
        let form = Double(self.width) / Double(self.height)
        func nearest(_ side: Double, _ error: (Double) -> Double) -> Int {
            let (low, high) = (side.rounded(.down), side.rounded(.up))
            return max(Int(error(low) <= error(high) ? low : high), 1)
        }
        if Double(width) / Double(height) >= form {
            let fitting = nearest(Double(height) * form) { abs(form - $0 / Double(height)) }
            return try resized(width: fitting, height: height, filter: filter)
        }
        let fitting = nearest(Double(width) / form) { $0 == 0 ? 0 : abs(form - Double(width) / $0) }
        return try resized(width: width, height: fitting, filter: filter)
    }

    /// The old pixel under each new one's middle, of any type.
    private func picked(width: Int, height: Int) throws(FormatError) -> Tensor {
        guard pixels.rank == 2 || pixels.rank == 3, pixels.count > 0 else {
            throw FormatError(.unrepresentable, "image", "can't be an array of shape \(pixels.shape)")
        }
        let size = channels * pixels.dtype.size
        let columns = (0..<width).map { Int((Double($0) + 0.5) * Double(self.width) / Double(width)) * size }
        let source = pixels.packedBytes()
        let region = ByteRegion(count: width * height * size) { target in
            source.withBytes { bytes in
                for y in 0..<height {
                    let row = Int((Double(y) + 0.5) * Double(self.height) / Double(height)) * self.width * size
                    for (x, column) in columns.enumerated() {
                        for byte in 0..<size { target[(y * width + x) * size + byte] = bytes[row + column + byte] }
                    }
                }
            }
        }
        let shape = pixels.rank == 2 ? [height, width] : [height, width, channels]
        guard let picked = Tensor(dtype: pixels.dtype, shape: shape, bytes: Bytes(region)) else {
            throw FormatError(.unrepresentable, "image", "can't have a size of \(width) × \(height)")
        }
        return picked
    }

    /// Rows are resampled across as they are needed, and kept while the new row that is being made reaches them.
    private func resampled(width: Int, height: Int, _ filter: Filter) throws(FormatError) -> Tensor {
        let rows = try SampleRows(self)
        let across = Resampling(from: rows.width, to: width, filter)
        let down = Resampling(from: rows.height, to: height, filter)
        let length = width * rows.channels
        var source = [Double](repeating: 0, count: rows.width * rows.channels)
        var kept = [Double](repeating: 0, count: down.mostTaps * length)
        var done = 0
        return try rows.array(width: width, height: height, channels: rows.channels) { y, target in
            let taps = down.taps[y]
            source.withUnsafeMutableBufferPointer { source in
                kept.withUnsafeMutableBufferPointer { kept in
                    guard let source = source.baseAddress, let kept = kept.baseAddress else { return }
                    while done < taps.first + taps.count {
                        if done >= taps.first {
                            rows.load(done, into: source)
                            if hasAlpha { Image.weighByAlpha(source, rows.width, rows.channels) }
                            across.apply(source, channels: rows.channels, to: kept + done % down.mostTaps * length)
                        }
                        done += 1
                    }
                    target.update(repeating: 0, count: length)
                    for step in 0..<taps.count {
                        let weight = down.weights[taps.start + step]
                        let row = kept + (taps.first + step) % down.mostTaps * length
                        for index in 0..<length { target[index] += weight * row[index] }
                    }
                    if hasAlpha { Image.divideByAlpha(target, width, rows.channels) }
                }
            }
        }
    }

    private static func weighByAlpha(_ row: UnsafeMutablePointer<Double>, _ width: Int, _ channels: Int) {
        for pixel in stride(from: 0, to: width * channels, by: channels) {
            for channel in 0..<(channels - 1) { row[pixel + channel] *= row[pixel + channels - 1] }
        }
    }

    private static func divideByAlpha(_ row: UnsafeMutablePointer<Double>, _ width: Int, _ channels: Int) {
        for pixel in stride(from: 0, to: width * channels, by: channels) {
            let alpha = row[pixel + channels - 1]
            for channel in 0..<(channels - 1) { row[pixel + channel] = alpha > 0 ? row[pixel + channel] / alpha : 0 }
        }
    }
}

/// Weights that make `to` samples out of `from` along one direction.
private struct Resampling {
    /// For one new sample: the first old one that counts, their number, and where their weights begin.
    let taps: [(first: Int, count: Int, start: Int)]
    let weights: [Double]
    let mostTaps: Int
    /// Bounds the weights' memory.
    static let longestSide = 1 << 22

    init(from: Int, to: Int, _ filter: Image.Filter) {
        let scale = Double(from) / Double(to)
        let stretch = max(scale, 1)
        let reach = filter.reach * stretch
        var taps: [(first: Int, count: Int, start: Int)] = []
        var weights: [Double] = []
        taps.reserveCapacity(to)
        for index in 0..<to {
            let center = (Double(index) + 0.5) * scale
            let first = min(max(Int(center - reach + 0.5), 0), from - 1)
            let last = min(max(Int(center + reach + 0.5), first + 1), from)
            let start = weights.count
            for old in first..<last { weights.append(filter.weight((Double(old) - center + 0.5) / stretch)) }
            let sum = weights[start...].reduce(0, +)
            for place in start..<weights.count { weights[place] = sum != 0 ? weights[place] / sum : 1 / Double(last - first) }
            taps.append((first, last - first, start))
        }
        self.taps = taps
        self.weights = weights
        mostTaps = taps.reduce(1) { max($0, $1.count) }
    }

    /// One row of pixels of `channels` samples each.
    func apply(_ source: UnsafePointer<Double>, channels: Int, to target: UnsafeMutablePointer<Double>) {
        for (pixel, tap) in taps.enumerated() {
            let out = target + pixel * channels
            for channel in 0..<channels {
                var sum = 0.0
                for step in 0..<tap.count { sum += weights[tap.start + step] * source[(tap.first + step) * channels + channel] }
                out[channel] = sum
            }
        }
    }
}
