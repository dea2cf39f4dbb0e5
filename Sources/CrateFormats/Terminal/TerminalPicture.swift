import CrateValues

/// How a terminal can show pictures. It is told by whoever knows the terminal; nothing here asks one.
public enum TerminalGraphics: Sendable, Equatable {
    /// Only text.
    case none
    /// Half blocks in colours from the 256 of xterm, or in 24-bit colour.
    case blocks(isTrueColour: Bool)
    /// kitty's protocol, also spoken by Ghostty and WezTerm: https://sw.kovidgoyal.net/kitty/graphics-protocol/
    case kitty
    /// DEC's sixels.
    case sixel
}

/// A picture as text and escape sequences for a terminal.
public struct TerminalPicture {
    private let image: Image
    private let columns: Int
    private let rows: Int

    /// - Parameters columns, rows: the most character cells that it may take.
    public init(_ image: Image, columns: Int, rows: Int) {
        self.image = image
        self.columns = max(columns, 1)
        self.rows = max(rows, 1)
    }

    /// Ends with a line feed; empty for a terminal without graphics.
    public func text(_ graphics: TerminalGraphics) throws(FormatError) -> String {
        switch graphics {
        case .none: return ""
        case .blocks(let isTrueColour):
            // A cell shows two pixels, one above the other, and is about twice as high as wide: they are square.
            return PictureBlocks(try pixels(width: columns, height: rows * 2), isTrueColour: isTrueColour).text
        case .kitty: return try kitty()
        case .sixel:
            let pixels = try pixels(width: columns * TerminalPicture.cellWidth, height: rows * TerminalPicture.cellHeight)
            return Sixel.text(pixels) + "\n"
        }
    }

    /// Assumed where the terminal can't be asked: pixels of one character cell.
    private static let cellWidth = 8
    private static let cellHeight = 16

    /// The PNG in pieces of at most 4096 characters, shown where the cursor is and scaled by the terminal. `q=2`: it shall not answer.
    private func kitty() throws(FormatError) -> String {
        let (width, height) = fitted(image.width, image.height, columns * TerminalPicture.cellWidth, rows * TerminalPicture.cellHeight)
        let sink = MemorySink()
        try PNG.encode(try image.eightBit(), to: sink)
        let data = Array(Base64.encode(sink.array).utf8.filter { $0 != 0x0A })
        var text = ""
        for start in stride(from: 0, to: data.count, by: 4096) {
            let isLast = start + 4096 >= data.count
            let cells = "c=\(max(width / TerminalPicture.cellWidth, 1)),r=\(max(height / TerminalPicture.cellHeight, 1)),"
            let keys = (start == 0 ? "a=T,f=100,q=2," + cells : "") + "m=\(isLast ? 0 : 1)"
            text += "\u{1B}_G\(keys);" + String(decoding: data[start..<min(start + 4096, data.count)], as: UTF8.self) + "\u{1B}\\"
        }
        return text + "\n"
    }

    private func pixels(width: Int, height: Int) throws(FormatError) -> TerminalPixels {
        let size = fitted(image.width, image.height, width, height)
        let flat = try image.eightBit()
        return try TerminalPixels(size == (image.width, image.height) ? flat : try flat.resized(width: size.width, height: size.height))
    }

    /// As large as fits, with the same proportions; never larger than it is.
    private func fitted(_ width: Int, _ height: Int, _ mostWidth: Int, _ mostHeight: Int) -> (width: Int, height: Int) {
        let scale = min(1, Double(mostWidth) / Double(max(width, 1)), Double(mostHeight) / Double(max(height, 1)))
        return (max(1, Int((Double(width) * scale).rounded())), max(1, Int((Double(height) * scale).rounded())))
    }
}

/// Rows of RGBA, a byte each.
struct TerminalPixels {
    let width: Int
    let height: Int
    private let rgba: [UInt8]

    init(_ image: Image) throws(FormatError) {
        let rows = try PixelRows(image, format: "image")
        width = rows.width
        height = rows.height
        let channels = rows.channels
        rgba = rows.samples.withBytes { samples in
            var rgba: [UInt8] = []
            rgba.reserveCapacity(rows.width * rows.height * 4)
            for start in stride(from: 0, to: samples.count, by: channels) {
                let isGrey = channels < 3
                rgba += [samples[start], samples[isGrey ? start : start + 1], samples[isGrey ? start : start + 2]]
                rgba.append(channels == 2 ? samples[start + 1] : channels == 4 ? samples[start + 3] : 255)
            }
            return rgba
        }
    }

    /// `nil` where the background should be seen, and below the picture.
    func colour(_ x: Int, _ y: Int) -> SIMD3<UInt8>? {
        let start = (y * width + x) * 4
        guard y < height, rgba[start + 3] >= 128 else { return nil }
        return SIMD3(rgba[start], rgba[start + 1], rgba[start + 2])
    }
}

extension Image {
    /// The picture with 8 bits a sample, inks as the light they leave, for showing it.
    public func eightBit() throws(FormatError) -> Image {
        if isCMYK { return try rgb().eightBit() }
        guard pixels.dtype != .uint8 else { return self }
        guard pixels.dtype == .uint16 else { return try ImageFile.image(from: pixels) }
        let wide = pixels.packedBytes()
        let high = Bytes(ByteRegion(count: pixels.count) { target in
            // Little-endian: the higher byte comes second.
            wide.withBytes { source in for index in 0..<pixels.count { target[index] = source[index * 2 + 1] } }
        })
        return Tensor(dtype: .uint8, shape: pixels.shape, bytes: high).map { Image(pixels: $0, texts: texts) } ?? self
    }
}
