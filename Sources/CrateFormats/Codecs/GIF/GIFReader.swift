import CrateValues

/// A GIF file being read block by block, each frame drawn over the ones before.
struct GIFReader {
    private(set) var frames: [Animation.Frame] = []
    /// What was said of each frame.
    private(set) var outlines: [GIFOutline.Frame] = []
    private(set) var loopCount: Int?

    private var reader: ByteReader
    let canvas: GIFCanvasSize
    let globalPalette: GIFPalette?
    /// Whether frames are decoded, not only passed over.
    private let draws: Bool
    private let limits: Limits
    /// What the next frame's control extension said.
    private var control = GIFControl()
    private var base = GIFBase.empty
    // Kept from frame to frame, so that their memory is set aside once.
    private var codes: [UInt8] = []
    private var indexes: [UInt8] = []

    init(_ bytes: Bytes, limits: Limits, draws: Bool = true) throws(FormatError) {
        var reader = ByteReader(bytes, format: "GIF")
        let signature = try reader.bytes(6).array
        guard signature == Array("GIF89a".utf8) || signature == Array("GIF87a".utf8) else {
            throw FormatError(.malformed, "GIF", "does not begin with GIF87a or GIF89a", at: .byte(0))
        }
        canvas = GIFCanvasSize(width: Int(try reader.littleEndian(UInt16.self)), height: Int(try reader.littleEndian(UInt16.self)))
        guard canvas.width > 0, canvas.height > 0 else {
            throw reader.malformed("has the impossible size \(canvas.width) × \(canvas.height)")
        }
        try PixelRows.check(width: canvas.width, height: canvas.height, format: "GIF", limits: limits)
        let flags = try reader.byte()
        try reader.skip(2)
        globalPalette = try GIFPalette(flags: flags, &reader)
        self.reader = reader
        self.limits = limits
        self.draws = draws
    }

    /// Reads one block; false at the end.
    mutating func readBlock() throws(FormatError) -> Bool {
        if reader.isAtEnd { return false }
        switch try reader.byte() {
        case 0x21: try readExtension()
        case 0x2C: try readImage()
        case 0x3B: return false
        // Some writers put one empty sub-block too many.
        case 0x00: break
        case let byte: throw reader.malformed("has an unknown block 0x\(String(byte, radix: 16))")
        }
        return true
    }

    // MARK: Extensions

    private mutating func readExtension() throws(FormatError) {
        switch try reader.byte() {
        case 0xF9: try readControl()
        case 0xFF: try readApplication()
        case 0x01:
            // Text drawn by the viewer: skipped by all of them, and its control extension with it.
            control = GIFControl()
            try skipSubBlocks()
        default: try skipSubBlocks()
        }
    }

    private mutating func readControl() throws(FormatError) {
        guard try reader.byte() == 4 else { throw reader.malformed("has a control extension of a size other than 4") }
        let flags = try reader.byte()
        control = GIFControl(
            disposal: GIFDisposal(rawValue: flags >> 2 & 7) ?? .keep,
            delay: Int(try reader.littleEndian(UInt16.self)) * GIF.delayUnit,
            transparent: nil)
        let transparent = try reader.byte()
        if flags & 1 == 1 { control.transparent = transparent }
        try skipSubBlocks()
    }

    private mutating func readApplication() throws(FormatError) {
        let name = try reader.bytes(Int(try reader.byte())).array
        if name == Array("NETSCAPE2.0".utf8) || name == Array("ANIMEXTS1.0".utf8), reader.peek() == 3 {
            try reader.skip(1)
            let kind = try reader.byte()
            let count = Int(try reader.littleEndian(UInt16.self))
            if kind == 1 { loopCount = count }
        }
        try skipSubBlocks()
    }

    private mutating func skipSubBlocks() throws(FormatError) {
        while case let size = Int(try reader.byte()), size > 0 { try reader.skip(size) }
    }

    // MARK: Frames

    private mutating func readImage() throws(FormatError) {
        let area = GIFArea(
            x: Int(try reader.littleEndian(UInt16.self)), y: Int(try reader.littleEndian(UInt16.self)),
            width: Int(try reader.littleEndian(UInt16.self)), height: Int(try reader.littleEndian(UInt16.self)))
        guard area.fits(canvas) else {
            throw reader.malformed(
                "has a frame of \(area.width) × \(area.height) at (\(area.x), \(area.y)) outside of \(canvas.width) × \(canvas.height)")
        }
        let flags = try reader.byte()
        let ownPalette = try GIFPalette(flags: flags, &reader)
        outlines.append(GIFOutline.Frame(area: area, control: control, colors: ownPalette?.colors.count, isInterlaced: flags & 0x40 != 0))
        if !draws { return try passOver() }
        guard let palette = ownPalette ?? globalPalette else { throw reader.malformed("has a frame without a palette") }
        try checkTotal()
        try readIndexes(area)
        let picture = GIFPicture(area: area, palette: palette, isInterlaced: flags & 0x40 != 0, transparent: control.transparent)
        let pixels = try picture.drawn(indexes, over: base, canvas, at: reader)
        frames.append(Animation.Frame(pixels: pixels, delay: control.delay))
        switch control.disposal {
        case .keep: base = GIFBase(pixels: pixels.bytes, cleared: nil)
        case .clear: base = GIFBase(pixels: pixels.bytes, cleared: area)
        case .restore: break
        }
        control = GIFControl()
    }

    private mutating func passOver() throws(FormatError) {
        try reader.skip(1)
        try skipSubBlocks()
        control = GIFControl()
    }

    private mutating func readIndexes(_ area: GIFArea) throws(FormatError) {
        let start = reader
        let minimumCodeSize = Int(try reader.byte())
        guard (2...8).contains(minimumCodeSize) else { throw start.malformed("has a code size of \(minimumCodeSize); 2 to 8 are possible") }
        codes.removeAll(keepingCapacity: true)
        while case let size = Int(try reader.byte()), size > 0 {
            try reader.bytes(size).withBytes { codes.append(contentsOf: $0) }
        }
        let count = area.width * area.height
        if indexes.count < count { indexes = [UInt8](repeating: 0, count: count) }
        do throws(LZWDecoder.Failure) {
            try LZWDecoder.decode(codes, minimumCodeSize: minimumCodeSize, count: count, into: &indexes)
        } catch {
            switch error {
            case .endsEarly: throw start.error(.truncated, "has a frame whose compressed data end early")
            case .unknownCode: throw start.malformed("has a frame whose compressed data are damaged")
            }
        }
    }

    /// A frame takes as few as 12 bytes in the file and a whole canvas in memory.
    private func checkTotal() throws(FormatError) {
        let bound = reader.bytes.count.multipliedReportingOverflow(by: limits.inflationRatio)
        let most = min(bound.overflow ? .max : max(bound.partialValue, limits.pixels), limits.inflatedBytes / 4)
        guard frames.count + 1 <= most / canvas.pixels else {
            throw reader.error(
                .limit, "has more than \(frames.count) frames of \(canvas.width) × \(canvas.height); the limit is \(most) pixels in all")
        }
    }
}

/// What happens to a frame when its time is over.
enum GIFDisposal: UInt8 {
    /// It stays. The specification's 0 means the same to all viewers.
    case keep = 1
    /// Its area becomes transparent.
    case clear = 2
    /// What it covered comes back.
    case restore = 3
}

struct GIFControl {
    var disposal = GIFDisposal.keep
    /// Milliseconds.
    var delay = 0
    /// The index that is not drawn.
    var transparent: UInt8?
}
