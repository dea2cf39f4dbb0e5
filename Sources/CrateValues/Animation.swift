/// Pictures shown one after the other.
public struct Animation: Sendable {
    /// One whole picture and how long it stays.
    public struct Frame: Sendable {
        /// uint8 samples of shape (H, W) for grey or (H, W, C) with C = 2 (grey, alpha), 3 (RGB) or 4 (RGBA).
        public var pixels: Tensor
        /// Milliseconds.
        public var delay: Int
        public init(pixels: Tensor, delay: Int) {
            self.pixels = pixels
            self.delay = delay
        }
    }

    /// At least one when it comes from a file; all of the same height and width.
    public var frames: [Frame]
    /// How often the frames are shown again, 0 for ever; `nil` when nothing is said, which means once.
    public var loopCount: Int?

    public init(frames: [Frame], loopCount: Int? = nil) {
        self.frames = frames
        self.loopCount = loopCount
    }

    public var height: Int { frames.first?.pixels.shape.first ?? 0 }
    public var width: Int { frames.first.map { $0.pixels.rank > 1 ? $0.pixels.shape[1] : 0 } ?? 0 }
    /// Milliseconds of one showing; a sum that would overflow stays at the largest number.
    public var duration: Int {
        frames.reduce(0) { total, frame in
            let (sum, overflow) = total.addingReportingOverflow(frame.delay)
            return overflow ? .max : sum
        }
    }

    /// The same frames as RGB views of their memory when no pixel of any RGBA frame is transparent; else as they are.
    public var withoutOpaqueAlpha: Animation {
        guard frames.allSatisfy({ $0.pixels.isOpaqueRGBA }) else { return self }
        return Animation(frames: frames.map { Frame(pixels: $0.pixels.withoutLastChannel, delay: $0.delay) }, loopCount: loopCount)
    }
}

extension Image {
    /// The same picture as an RGB view of its memory when no pixel of it is transparent; else as it is.
    public var withoutOpaqueAlpha: Image { pixels.isOpaqueRGBA ? Image(pixels: pixels.withoutLastChannel, texts: texts) : self }
}

extension Tensor {
    /// Whether this is RGBA of 8 bits, packed, with every alpha at 255.
    fileprivate var isOpaqueRGBA: Bool {
        guard dtype == .uint8, rank == 3, shape[2] == 4, isContiguous else { return false }
        return bytes.withBytes { samples in
            var alpha: UInt8 = 255
            for position in stride(from: offset + 3, to: offset + byteCount, by: 4) { alpha &= samples[position] }
            return alpha == 255
        }
    }

    fileprivate var withoutLastChannel: Tensor {
        let narrower = [shape[0], shape[1], shape[2] - 1]
        return Tensor(dtype: dtype, shape: narrower, strides: strides, offset: offset, bytes: bytes) ?? self
    }
}
