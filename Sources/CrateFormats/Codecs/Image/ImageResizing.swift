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
        var reach: Double {
            switch self {
            case .nearest, .box: 0.5
            case .bilinear: 1
            case .bicubic: 2
            case .lanczos: 3
            }
        }

        /// The weight of a pixel at `x` from the centre.
        func weight(_ x: Double) -> Double {
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
        resized.pixels =
            filter == .nearest
            ? try picked(width: width, height: height)
            : try Resizing(SampleRows(self), hasAlpha: hasAlpha, width: width, height: height, filter).pixels()
        return resized
    }

    /// `width` or `height` given, the other side as the picture's form asks for.
    public func resized(width: Int?, height: Int?, filter: Filter = .bicubic) throws(FormatError) -> Image {
        // The other side; an impossible one is refused as such.
        func side(_ given: Int, _ own: Int, _ other: Int) -> Int {
            given > 0 ? max(Int(clamping: (2 * Int128(given) * Int128(other) + Int128(own)) / (2 * Int128(max(own, 1)))), 1) : 0
        }
        guard let width = width ?? height.map({ side($0, self.height, self.width) }),
            let height = height ?? Optional(side(width, self.width, self.height))
        else { return self }
        return try resized(width: width, height: height, filter: filter)
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
}
