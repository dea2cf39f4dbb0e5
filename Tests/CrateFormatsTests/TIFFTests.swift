import CrateFormats
import CrateValues
import Testing

@Suite struct TIFFTests {
    @Test func `reads what Pillow wrote`() throws {
        let sample = try #require(Samples.named("other/rgb.tiff").first)
        try expectMedia(TIFF.decode(sample.bytes()).pixels, sample.expect?["pixels"])
    }

    private func written(_ image: Image, compression: Int? = nil) throws -> [UInt8] {
        let sink = MemorySink()
        try TIFF.encode(image, compression: compression, to: sink)
        return sink.array
    }

    private static let types: [DType] = [.uint8, .uint16, .uint32, .int8, .int16, .int32, .float16, .float32, .float64]

    @Test(arguments: types, [nil, 0, 1, 9])
    func `every sample type comes back bit for bit`(_ dtype: DType, _ compression: Int?) throws {
        for channels in 1...4 {
            let shape = channels == 1 ? [37, 53] : [37, 53, channels]
            let pixels = try randomArray(dtype, shape, seed: UInt64(channels))
            let again = try TIFF.decode(Bytes(written(Image(pixels: pixels), compression: compression)))
            #expect(again.pixels.dtype == dtype && again.pixels.shape == shape)
            #expect(try again.pixels.digest() == pixels.digest())
        }
    }

    @Test func `a picture of many strips comes back`() throws {
        let pixels = try randomArray(.uint16, [700, 301, 3], seed: 5)
        #expect(try TIFF.decode(Bytes(written(Image(pixels: pixels)))).pixels.digest() == pixels.digest())
    }

    @Test func `texts and orientation come back`() throws {
        let texts = [("ImageDescription", "Grün"), ("Artist", "A"), (Image.orientationKey, "6"), ("Own", "lost")]
        let again = try TIFF.decode(Bytes(written(Image(pixels: try mediaTensor(.uint8, [1, 2], [1, 2] as [UInt8]), texts: texts))))
        #expect(again.texts.map(\.key) == ["ImageDescription", "Artist", "Orientation"])
        #expect(again.texts[0].text == "Grün")
        #expect(again.orientation == 6 && again.pixels.shape == [1, 2])
        #expect(again.upright.pixels.shape == [2, 1])
    }

    @Test func `any damaged byte gives a picture or an error`() throws {
        for file in [try Samples.bytes("other/rgb.tiff"), Bytes(try written(Image(pixels: randomArray(.uint16, [9, 8, 4], seed: 1))))] {
            let damage = MediaDamage(file)
            for bytes in damage.truncations(limit: .max) {
                #expect(mediaError { () throws(FormatError) in _ = try TIFF.decode(bytes) } != nil)
                _ = mediaError { () throws(FormatError) in _ = try ImageFile.inspect(bytes) }
            }
            for bytes in damage.mutations(limit: .max) {
                _ = mediaError { () throws(FormatError) in _ = try TIFF.decode(bytes) }
                _ = mediaError { () throws(FormatError) in _ = try ImageFile.inspect(bytes) }
            }
        }
    }

    // MARK: Files made by hand

    /// A little-endian file of one directory. Values of more than four bytes stand behind it.
    private func file(_ entries: [(tag: UInt16, type: UInt16, count: UInt32, value: UInt32)], data: [UInt8] = [1, 2, 3, 4, 5, 6]) -> Bytes {
        var bytes: [UInt8] = [0x49, 0x49, 42, 0]
        func append<Number: FixedWidthInteger>(_ number: Number) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
        append(UInt32(8 + data.count))
        bytes += data
        append(UInt16(entries.count))
        for entry in entries {
            append(entry.tag)
            append(entry.type)
            append(entry.count)
            append(entry.value)
        }
        append(UInt32(0))
        return Bytes(bytes)
    }

    /// Width, height, bits, compression, colours, the strip's place and length, rows to a strip.
    private func grey(
        width: UInt32 = 3, height: UInt32 = 2, bits: UInt32 = 8, compression: UInt32 = 1, photometric: UInt32 = 1, offset: UInt32 = 8,
        length: UInt32 = 6, rows: UInt32 = 2, more: [(tag: UInt16, type: UInt16, count: UInt32, value: UInt32)] = [], data: [UInt8] = [1, 2, 3, 4, 5, 6]
    ) -> Bytes {
        file(
            [
                (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, bits), (259, 3, 1, compression), (262, 3, 1, photometric),
                (273, 4, 1, offset), (277, 3, 1, 1), (278, 4, 1, rows), (279, 4, 1, length),
            ] + more, data: data)
    }

    @Test func `reads a file made by hand, and its negative`() throws {
        #expect(mediaElements(try TIFF.decode(grey()).pixels, as: UInt8.self) == [1, 2, 3, 4, 5, 6])
        #expect(mediaElements(try TIFF.decode(grey(photometric: 0)).pixels, as: UInt8.self) == [254, 253, 252, 251, 250, 249])
        // One bit per pixel: 101 and 010.
        let bits = try TIFF.decode(grey(bits: 1, length: 2, data: [0xA0, 0x40])).pixels
        #expect(bits.shape == [2, 3] && mediaElements(bits, as: UInt8.self) == [255, 0, 255, 0, 255, 0])
    }

    @Test func `refuses lies by their kind`() throws {
        func error(_ bytes: Bytes) -> FormatError? { mediaError { () throws(FormatError) in _ = try TIFF.decode(bytes) } }
        #expect(error(grey(width: 100_000, height: 100_000))?.kind == .limit)
        #expect(error(grey(width: 15_000, height: 15_000, rows: 15_000))?.kind == .limit)
        #expect(error(grey(width: 0)) != nil)
        #expect(error(grey(width: 0xFFFF_FFFF, height: 0xFFFF_FFFF)) != nil)
        #expect(error(grey(height: 200, rows: 200))?.kind == .truncated || error(grey(height: 200, rows: 200))?.kind == .malformed)
        #expect(error(grey(offset: 5000)) != nil)
        #expect(error(grey(compression: 6))?.kind == .unsupported)
        #expect(error(grey(compression: 34712))?.reason.contains("JPEG 2000") == true)
        #expect(error(grey(compression: 12345))?.reason.contains("number 12345") == true)
        #expect(error(grey(bits: 12, length: 10))?.kind == .unsupported)
        // Deflated data that are none.
        #expect(error(grey(compression: 8)) != nil)
        // Tiles of 4 GiB each way.
        #expect(error(grey(more: [(322, 4, 1, 0xFFFF_FFF0), (323, 4, 1, 0xFFFF_FFF0), (324, 4, 1, 8), (325, 4, 1, 6)])) != nil)
        // A directory whose successor is itself.
        var loop = grey().array
        loop.replaceSubrange((loop.count - 4)..<loop.count, with: [14, 0, 0, 0])
        #expect(mediaError { () throws(FormatError) in _ = try ImageFile.inspect(Bytes(loop)) } == nil)
        for bytes in [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42, 0, 0, 0, 8], [0x49, 0x49, 43, 0, 8, 0, 0, 0]] as [[UInt8]] {
            #expect(error(Bytes(bytes)) != nil)
        }
    }

    @Test func `refuses what can't be written`() throws {
        func error(_ pixels: Tensor, texts: [(key: String, text: String)] = [], compression: Int? = nil, isCMYK: Bool = false) -> FormatError? {
            mediaError { () throws(FormatError) in
                try TIFF.encode(Image(pixels: pixels, texts: texts, isCMYK: isCMYK), compression: compression, to: MemorySink())
            }
        }
        let small = try mediaTensor(.uint8, [1, 1, 4], [1, 2, 3, 4] as [UInt8])
        #expect(error(small) == nil)
        #expect(error(small, compression: 10)?.kind == .unrepresentable)
        #expect(error(small, texts: [("Artist", "a\0b")])?.kind == .unrepresentable)
        #expect(error(small, isCMYK: true)?.hint == "give rgb(image)")
        #expect(error(try mediaTensor(.int64, [1, 1], [1]))?.kind == .unrepresentable)
        #expect(error(try mediaTensor(.uint8, [1, 1, 5], [1, 2, 3, 4, 5] as [UInt8]))?.kind == .unrepresentable)
    }
}

/// Random bits as an array; floats without NaN, whose bits nobody promises to keep.
func randomArray(_ dtype: DType, _ shape: [Int], seed: UInt64) throws -> Tensor {
    var generator = SplitMix(state: seed &* 0x9E37_79B9 &+ 17)
    let count = shape.reduce(1, *)
    switch dtype {
    case .float16: return try mediaTensor(dtype, shape, (0..<count).map { _ in UInt16(truncatingIfNeeded: generator.next()) & 0xBFFF })
    case .float32: return try mediaTensor(dtype, shape, (0..<count).map { _ in Float.random(in: -1...1, using: &generator) })
    case .float64: return try mediaTensor(dtype, shape, (0..<count).map { _ in Double.random(in: -1...1, using: &generator) })
    default: return try mediaTensor(dtype, shape, (0..<(count * dtype.size)).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 24) })
    }
}

/// The same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
