import CrateValues

/// Sound as a picture of its loudness over time, in braille dots: two columns and four rows of them in each character.
public enum Waveform {
    /// - Parameters columns, rows: character cells.
    /// - Returns: lines with line feeds; empty for a clip without samples.
    public static func text(_ clip: AudioClip, columns: Int, rows: Int) -> String {
        var canvas = BrailleCanvas(columns: columns, rows: rows)
        guard canvas.width > 0, canvas.height > 0, let samples = try? levels(clip.samples), samples.count > 0 else { return "" }
        for x in 0..<canvas.width {
            let start = x * samples.count / canvas.width
            let part = samples[start..<max(start + 1, (x + 1) * samples.count / canvas.width)]
            let (low, high) = part.reduce((Float.infinity, -Float.infinity)) { (min($0.0, $1), max($0.1, $1)) }
            canvas.line(from: (x, dot(high, canvas.height)), to: (x, dot(low, canvas.height)))
        }
        return canvas.lines(showsColour: false).map { $0 + "\n" }.joined()
    }

    /// -1…1 becomes the row of a dot, from the top.
    private static func dot(_ level: Float, _ height: Int) -> Int {
        let clamped = level.isFinite ? min(max(level, -1), 1) : 0
        return min(height - 1, max(0, Int(((1 - clamped) / 2 * Float(height - 1)).rounded())))
    }

    /// The first channel as -1…1.
    private static func levels(_ samples: Tensor) throws(ArrayError) -> [Float] {
        let channel = samples.rank > 1 ? try samples.transposed().at(0) : samples
        let scale: Float = switch samples.dtype {
        case .int16: 32768
        case .int32: 2_147_483_648
        case .uint8, .int8: 128
        default: 1
        }
        let floats = try channel.converted(to: .float32).contiguous()
        return floats.packedBytes().withBytes { bytes in
            (0..<floats.count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) / scale }
        }
    }
}
