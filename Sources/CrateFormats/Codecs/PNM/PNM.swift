import CrateValues

/// Netpbm's pictures: PBM, PGM and PPM, as text (P1 to P3) or binary (P4 to P6). Facts: Netpbm's own format pages.
public enum PNM {
    /// Reads the first picture of a file: shape (H, W) for bitmaps and grey, (H, W, 3) for colour; uint8, or uint16 when
    /// the greatest sample is above 255. Samples are stretched to the full range; a bitmap's ones are black.
    ///
    /// - Throws: `.limit` beyond `limits.pixels`, `.truncated`, `.malformed` also for samples above the declared maximum.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Image {
        var text = PNMText(bytes)
        let header = try PNMHeader(&text)
        try PixelRows.check(width: header.width, height: header.height, format: "PNM", limits: limits)
        let reader = PNMSamples(header, text)
        let region =
            switch header.coding {
            case .text: try reader.textSamples()
            case .binary: try reader.binarySamples()
            }
        return Image(
            pixels: try PixelRows.tensor(
                region, dtype: header.dtype, width: header.width, height: header.height, channels: header.channels, format: "PNM"))
    }

    /// Whether a file begins as Netpbm's do: a P, a digit from 1 to 6, and a blank or a comment.
    static func recognizes(_ head: [UInt8]) -> Bool {
        guard head.count >= 3, head[0] == UInt8(ascii: "P"), (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(head[1]) else { return false }
        return [0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20, UInt8(ascii: "#")].contains(head[2])
    }

    /// What a file may hold.
    public enum Form: Sendable {
        /// Grey or colour.
        case any
        case grey
        /// Black and white.
        case bitmap

        /// What the extension promises: `pgm` grey, `pbm` black and white. A `ppm` may hold grey, as Netpbm's own programs take it.
        public init(fileExtension: String) {
            self = fileExtension == "pgm" ? .grey : fileExtension == "pbm" ? .bitmap : .any
        }
    }

    /// Writes grey as binary PGM (P5) and RGB as binary PPM (P6), of 8 or 16 bits, and a bitmap as PBM (P4). Texts are left out.
    ///
    /// - Throws: `.unrepresentable` for pictures with alpha, samples that are not uint8 or uint16, and what `form` has no place for.
    public static func encode(_ image: Image, form: Form = .any, to sink: any ByteSink) throws(FormatError) {
        let rows = try PixelRows(image, format: "PNM")
        guard rows.channels == 1 || rows.channels == 3 else {
            throw FormatError(.unrepresentable, "PNM", "has no place for transparency", hint: "PNG has")
        }
        guard rows.channels == 1 || form == .any else {
            throw FormatError(.unrepresentable, "PNM", "of this extension has no place for colour", hint: "end the name in .ppm")
        }
        if form == .bitmap { return try writeBitmap(rows, to: sink) }
        let most = rows.dtype == .uint16 ? 65535 : 255
        try sink.write("\(rows.channels == 1 ? "P5" : "P6")\n\(rows.width) \(rows.height)\n\(most)\n")
        guard rows.dtype == .uint16 else { return try sink.write(rows.samples) }
        try writeBigEndian(rows.samples, to: sink)
    }

    /// One bit per pixel, 1 for black, the leftmost highest; rows are padded to whole bytes.
    private static func writeBitmap(_ rows: PixelRows, to sink: any ByteSink) throws(FormatError) {
        guard rows.dtype == .uint8, rows.samples.withBytes({ $0.allSatisfy { $0 == 0 || $0 == 255 } }) else {
            throw FormatError(.unrepresentable, "PNM", "as .pbm holds black (0) and white (255) only", hint: "end the name in .pgm")
        }
        try sink.write("P4\n\(rows.width) \(rows.height)\n")
        var packed = [UInt8](repeating: 0, count: (rows.width + 7) / 8)
        for row in 0..<rows.height {
            rows.samples.withBytes { samples in
                for place in packed.indices { packed[place] = 0 }
                for column in 0..<rows.width where samples[row * rows.width + column] == 0 {
                    packed[column >> 3] |= 0x80 >> UInt8(column & 7)
                }
            }
            try sink.write(packed)
        }
    }

    private static func writeBigEndian(_ samples: Bytes, to sink: any ByteSink) throws(FormatError) {
        let size = 1 << 16
        var buffer = [UInt8](repeating: 0, count: size)
        for start in stride(from: 0, to: samples.count, by: size) {
            let count = min(size, samples.count - start)
            samples.withBytes { source in
                for place in stride(from: 0, to: count, by: 2) {
                    buffer[place] = source[start + place + 1]
                    buffer[place + 1] = source[start + place]
                }
            }
            try sink.write(count == size ? buffer : Array(buffer[..<count]))
        }
    }
}

/// What stands before the samples.
struct PNMHeader {
    enum Coding { case text, binary }

    let coding: Coding
    /// One bit per pixel, 1 for black.
    let isBitmap: Bool
    /// 1 or 3.
    let channels: Int
    let width: Int
    let height: Int
    /// The sample that stands for full light, 1 to 65535.
    let maximum: Int

    var dtype: DType { maximum > 255 ? .uint16 : .uint8 }

    init(_ text: inout PNMText) throws(FormatError) {
        let number = try text.magicNumber()
        coding = number <= 3 ? .text : .binary
        isBitmap = number == 1 || number == 4
        channels = number == 3 || number == 6 ? 3 : 1
        width = try text.number("a width")
        height = try text.number("a height")
        maximum = isBitmap ? 1 : try text.number("a greatest sample")
        guard width > 0, height > 0, width <= Int(Int32.max), height <= Int(Int32.max) else {
            throw text.malformed("has the impossible size \(width) × \(height)")
        }
        guard (1...65535).contains(maximum) else { throw text.malformed("has the impossible greatest sample \(maximum)") }
        // Exactly one blank stands before binary samples.
        if coding == .binary { try text.blank() }
    }
}
