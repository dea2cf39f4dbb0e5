import CrateValues

struct GIFCanvasSize {
    let width: Int
    let height: Int
    var pixels: Int { width * height }
}

/// The part of the canvas that a frame covers, in pixels.
struct GIFArea: Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    func fits(_ canvas: GIFCanvasSize) -> Bool {
        width > 0 && height > 0 && x + width <= canvas.width && y + height <= canvas.height
    }
}

/// What a frame is drawn over: an earlier frame's canvas, with one area cleared. Frames never change once drawn, so going
/// back to an earlier one costs nothing.
struct GIFBase {
    /// RGBA of the whole canvas; `nil` for an empty one.
    var pixels: Bytes?
    var cleared: GIFArea?

    static let empty = GIFBase(pixels: nil, cleared: nil)

    func copy(to target: UnsafeMutableRawBufferPointer, _ canvas: GIFCanvasSize) {
        guard let pixels else {
            target.initializeMemory(as: UInt8.self, repeating: 0)
            return
        }
        pixels.withBytes { target.copyMemory(from: $0) }
        guard let cleared else { return }
        for row in cleared.y..<(cleared.y + cleared.height) {
            let start = (row * canvas.width + cleared.x) * 4
            UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + cleared.width * 4)]).initializeMemory(
                as: UInt8.self, repeating: 0)
        }
    }
}

/// A table of 2 to 256 colours.
struct GIFPalette {
    /// RGBA in the order of memory, all opaque.
    let colors: [UInt32]

    /// `nil` when `flags`, of the screen or of a frame, announce no table.
    init?(flags: UInt8, _ reader: inout ByteReader) throws(FormatError) {
        guard flags & 0x80 != 0 else { return nil }
        let table = try reader.bytes(3 * (2 << Int(flags & 7)))
        colors = table.withBytes { bytes in
            stride(from: 0, to: bytes.count, by: 3).map { place in
                UInt32(littleEndian: UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16 | 0xFF00_0000)
            }
        }
    }
}

/// One frame's own part.
struct GIFPicture {
    let area: GIFArea
    let palette: GIFPalette
    let isInterlaced: Bool
    let transparent: UInt8?

    /// The whole canvas with this frame on it.
    func drawn(_ indexes: [UInt8], over base: GIFBase, _ canvas: GIFCanvasSize, at reader: ByteReader) throws(FormatError) -> Tensor {
        let region = try ByteRegion(count: canvas.pixels * 4) { (target) throws(FormatError) in
            base.copy(to: target, canvas)
            let pixels = target.assumingMemoryBound(to: UInt32.self)
            var row = 0
            for line in lines {
                let start = (area.y + line) * canvas.width + area.x
                let to = UnsafeMutableBufferPointer(rebasing: pixels[start..<(start + area.width)])
                guard draw(indexes, row * area.width, to) else {
                    throw reader.malformed("has a frame with colours beyond its palette of \(palette.colors.count)")
                }
                row += 1
            }
        }
        return try PixelRows.tensor(region, dtype: .uint8, width: canvas.width, height: canvas.height, channels: 4, format: "GIF")
    }

    /// Draws one row; false when an index has no colour.
    private func draw(_ indexes: [UInt8], _ start: Int, _ target: UnsafeMutableBufferPointer<UInt32>) -> Bool {
        palette.colors.withUnsafeBufferPointer { colors in
            let skipped = transparent.map(Int.init) ?? -1
            for column in 0..<target.count {
                let index = Int(indexes[start + column])
                if index == skipped { continue }
                guard index < colors.count else { return false }
                target[column] = colors[index]
            }
            return true
        }
    }

    /// Lines of the picture in the order of the file.
    private var lines: [Int] {
        guard isInterlaced else { return Array(0..<area.height) }
        return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { first, step in Array(stride(from: first, to: area.height, by: step)) }
    }
}
