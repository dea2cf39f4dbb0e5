import CrateValues

/// A GIF file being written frame by frame.
///
/// Opaque frames are cut to what changed. As soon as one frame is transparent anywhere, every frame is written whole and
/// cleared after its time, since a transparent pixel could not hide what was there before.
struct GIFWriter {
    private let frames: [GIFFrame]
    private let loopCount: Int?
    private let sink: any ByteSink
    private let width: Int
    private let height: Int
    private let isTransparent: Bool
    /// The screen's palette, which is the first frame's.
    private var globalColors: [UInt32] = []

    init(_ frames: [GIFFrame], loopCount: Int?, sink: any ByteSink) {
        self.frames = frames
        self.loopCount = loopCount
        self.sink = sink
        width = frames.first?.rows.width ?? 0
        height = frames.first?.rows.height ?? 0
        isTransparent = frames.contains { $0.isTransparent }
    }

    static func checkedFrames(_ animation: Animation, options: GIF.Options) throws(FormatError) -> [GIFFrame] {
        if let count = animation.loopCount, !(0...65535).contains(count) {
            throw GIFFrame.refusal("can't loop \(count) times; 0 (for ever) to 65535 are possible")
        }
        var frames: [GIFFrame] = []
        for frame in animation.frames {
            let frame = try GIFFrame(frame)
            if let first = frames.first?.rows, first.width != frame.rows.width || first.height != frame.rows.height {
                throw GIFFrame.refusal(
                    "has frames of one size, not \(first.width) × \(first.height) and \(frame.rows.width) × \(frame.rows.height)")
            }
            if options.mergesEqualFrames, let last = frames.last, last.looksLike(frame), last.delay + frame.delay <= GIF.longestDelay {
                frames[frames.count - 1].delay += frame.delay
            } else {
                frames.append(frame)
            }
        }
        guard !frames.isEmpty else { throw GIFFrame.refusal("can't be empty; it needs a frame") }
        return frames
    }

    mutating func write() throws(FormatError) {
        var before: [UInt32] = []
        for (number, frame) in frames.enumerated() {
            let pixels = frame.pixels
            let isCut = number > 0 && !isTransparent
            let area = isCut ? GIFArea(changedFrom: before, to: pixels, width: width) : GIFArea(x: 0, y: 0, width: width, height: height)
            let colors = GIFColors(isCut ? area.cut(from: pixels, width: width) : pixels)
            if number == 0 { try writeHeader(colors) }
            try write(colors, area, delay: frame.delay)
            before = pixels
        }
        try sink.write([0x3B])
    }

    private mutating func writeHeader(_ first: GIFColors) throws(FormatError) {
        globalColors = first.colors
        var output = Array("GIF89a".utf8)
        output.append(littleEndian: UInt16(truncatingIfNeeded: width))
        output.append(littleEndian: UInt16(truncatingIfNeeded: height))
        let bits = GIFWriter.tableBits(globalColors)
        output += [0x80 | UInt8(bits - 1) << 4 | UInt8(bits - 1), 0, 0]
        appendTable(globalColors, to: &output)
        if let loopCount {
            output += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1]
            output.append(littleEndian: UInt16(truncatingIfNeeded: loopCount))
            output.append(0)
        }
        try sink.write(output)
    }

    private func write(_ colors: GIFColors, _ area: GIFArea, delay: Int) throws(FormatError) {
        var output: [UInt8] = []
        if frames.count > 1 || delay > 0 || isTransparent { appendControl(colors, delay: delay, to: &output) }
        output.append(0x2C)
        for number in [area.x, area.y, area.width, area.height] { output.append(littleEndian: UInt16(truncatingIfNeeded: number)) }
        let bits = GIFWriter.tableBits(colors.colors)
        if colors.colors == globalColors {
            output.append(0)
        } else {
            output.append(0x80 | UInt8(bits - 1))
            appendTable(colors.colors, to: &output)
        }
        LZWEncoder.encode(colors.indexes, minimumCodeSize: max(2, bits), to: &output)
        try sink.write(output)
    }

    private func appendControl(_ colors: GIFColors, delay: Int, to output: inout [UInt8]) {
        let transparent = colors.transparentIndex
        let disposal = isTransparent ? GIFDisposal.clear : .keep
        output += [0x21, 0xF9, 4, disposal.rawValue << 2 | (transparent == nil ? 0 : 1)]
        output.append(littleEndian: UInt16(truncatingIfNeeded: delay / GIF.delayUnit))
        output += [UInt8(truncatingIfNeeded: transparent ?? 0), 0]
    }

    /// A table's size is a power of two, of at least 2 colours.
    private static func tableBits(_ colors: [UInt32]) -> Int { max(1, Int.bitWidth - (colors.count - 1).leadingZeroBitCount) }

    private func appendTable(_ colors: [UInt32], to output: inout [UInt8]) {
        for color in colors { output += [UInt8(color & 255), UInt8(color >> 8 & 255), UInt8(color >> 16 & 255)] }
        output += [UInt8](repeating: 0, count: 3 * ((1 << GIFWriter.tableBits(colors)) - colors.count))
    }
}
