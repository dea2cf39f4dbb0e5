import CrateValues

/// How a whole file is compressed, by its first bytes.
enum Compression: String {
    case gzip, zlib, bzip2, xz, lzma, lz4

    /// `nil` for bytes that are not compressed by a known method.
    init?(recognizing bytes: Bytes) {
        let starts: [(Compression, [UInt8])] = [
            (.gzip, [0x1F, 0x8B]), (.zlib, [0x78, 0x01]), (.zlib, [0x78, 0x5E]), (.zlib, [0x78, 0x9C]), (.zlib, [0x78, 0xDA]),
            (.bzip2, Array("BZh".utf8)), (.xz, [0xFD] + Array("7zXZ".utf8)), (.lzma, [0x5D, 0, 0]), (.lz4, [0x04, 0x22, 0x4D, 0x18]),
        ]
        guard let found = starts.first(where: { bytes.starts(with: $0.1) }) else { return nil }
        self = found.0
    }

    /// What the bytes become, within `limits`. More is not held in memory at any time.
    func decompressed(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Bytes {
        switch self {
        case .gzip: Bytes(try Deflate.inflate(bytes, frame: .gzip, limits: limits))
        case .zlib: Bytes(try Deflate.inflate(bytes, frame: .zlib, limits: limits))
        case .bzip2: try drain(try BZip2Decompressor(), bytes, limits)
        case .xz, .lzma: try drain(try LZMADecompressor(), bytes, limits)
        case .lz4: try drain(try LZ4Decompressor(), bytes, limits)
        }
    }

    /// Bytes that any file may become, however small it is: equal bytes shrink more by these methods than by deflate.
    private static let free = 64 << 20

    private func drain(_ decompressor: some Decompressor, _ bytes: Bytes, _ limits: Limits) throws(FormatError) -> Bytes {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { piece.deallocate() }
        var output: [UInt8] = []
        var taken = 0
        try bytes.withBytes { (input) throws(FormatError) in
            while true {
                let step = decompressor.step(UnsafeRawBufferPointer(rebasing: input[taken...]), piece)
                taken += step.taken
                try Deflate.check(size: output.count + step.made, from: bytes.count, limits: limits, free: Compression.free)
                output.append(contentsOf: piece[..<step.made])
                switch step.state {
                case .finished: return
                case .damaged: throw FormatError(.malformed, rawValue, "the compressed data are damaged", at: .byte(taken))
                case .tooLarge: throw FormatError(.limit, rawValue, "needs more memory to be read than is allowed")
                case .underway where step.taken == 0 && step.made == 0:
                    throw FormatError(.truncated, rawValue, "the compressed data end early", at: .byte(taken))
                case .underway: continue
                }
            }
        }
        return Bytes(output)
    }
}

/// A compression library at work.
protocol Decompressor: AnyObject {
    /// Reads a stretch of `input` and fills a stretch of `output`.
    func step(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> DecompressionStep
}

/// What one step did.
struct DecompressionStep {
    enum State {
        case underway, finished, damaged
        /// The file asks for a larger window than is allowed.
        case tooLarge
    }

    let taken: Int
    let made: Int
    let state: State
}
