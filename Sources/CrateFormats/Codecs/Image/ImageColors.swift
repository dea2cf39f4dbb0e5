import CrateValues

/// Changes of what a picture's channels are. The texts stay, the samples' type too.
extension Image {
    /// Brightness alone by the weights of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B; alpha stays. Whole numbers have them in
    /// 65536ths, 19595, 38470 and 7471, and are rounded, as Pillow's mode L is.
    public func grey() throws(FormatError) -> Image {
        if isCMYK { return try rgb().grey() }
        guard channels > 2 else { return self }
        let rows = try SampleRows(self)
        let weights = rows.dtype.isInteger ? (19595 / 65536.0, 38470 / 65536.0, 7471 / 65536.0) : (0.299, 0.587, 0.114)
        return try mapped(rows, channels: hasAlpha ? 2 : 1) { source, target in
            target[0] = source[0] * weights.0 + source[1] * weights.1 + source[2] * weights.2
            if hasAlpha { target[1] = source[3] }
        }
    }

    /// Red, green and blue without alpha: grey three times, inks as the light they leave over, (1 - C)(1 - K), as Pillow has it.
    public func rgb() throws(FormatError) -> Image {
        switch mode {
        case .rgb: return self
        case .grey, .greyAlpha, .rgba:
            let isGrey = channels < 3
            return try mapped(SampleRows(self), channels: 3) { source, target in
                for channel in 0..<3 { target[channel] = source[isGrey ? 0 : channel] }
            }
        case .cmyk:
            let rows = try SampleRows(self)
            let full = rows.fullScale
            var light = try mapped(rows, channels: 3) { source, target in
                let white = full - source[3]
                // What the ink takes is rounded by itself.
                for channel in 0..<3 { target[channel] = white - (source[channel] * white / full + 0.5).rounded(.down) }
            }
            light.isCMYK = false
            return light
        }
    }

    /// RGB or RGBA: grey in three channels, its alpha kept.
    func withColors() throws(FormatError) -> Image {
        guard channels < 3 else { return self }
        let alpha = hasAlpha
        return try mapped(SampleRows(self), channels: alpha ? 4 : 3) { source, target in
            for channel in 0..<3 { target[channel] = source[0] }
            if alpha { target[3] = source[1] }
        }
    }

    /// A new pixel for each pixel.
    private func mapped(
        _ rows: SampleRows, channels: Int, _ change: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) throws(FormatError) -> Image {
        var source = [Double](repeating: 0, count: rows.width * rows.channels)
        var changed = self
        changed.pixels = try rows.array(width: width, height: height, channels: channels) { y, target in
            source.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                rows.load(y, into: start)
                for x in 0..<rows.width { change(start + x * rows.channels, target + x * channels) }
            }
        }
        return changed
    }

    /// Formats that know light only.
    func checkWithoutInks(_ format: String) throws(FormatError) {
        guard !isCMYK else { throw FormatError(.unrepresentable, format, "is not written with inks (CMYK) here", hint: "give rgb(image)") }
    }
}
