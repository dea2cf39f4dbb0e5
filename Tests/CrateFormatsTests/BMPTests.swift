import CrateFormats
import CrateValues
import Testing

@Suite struct BMPTests {
    @Test(arguments: Samples.named("bmp/"))
    func `reads what other programs wrote`(_ sample: Sample) throws {
        try expectMedia(try BMP.decode(sample.bytes()).pixels, sample.expect?["pixels"])
    }

    @Test func `refuses lies by their kind`() throws {
        func error(_ name: String) throws -> FormatError? {
            let bytes = try Samples.bytes("hostile/bmp_\(name).bmp")
            return mediaError { () throws(FormatError) in _ = try BMP.decode(bytes) }
        }
        #expect(try error("huge_dims")?.kind == .limit)
        #expect(try error("bad_offset")?.kind == .truncated)
        #expect(try error("palette_size")?.kind == .malformed)
    }

    @Test(arguments: Samples.named("bmp/"))
    func `any damaged byte gives an image or an error`(_ sample: Sample) throws {
        let damage = MediaDamage(try sample.bytes())
        var limits = Limits()
        limits.pixels = 1_000_000
        for bytes in damage.truncations(limit: 1 << 16) {
            #expect(mediaError { () throws(FormatError) in _ = try BMP.decode(bytes, limits: limits) }?.reason.isEmpty != true)
        }
        for bytes in damage.mutations() {
            if let image = try? BMP.decode(bytes, limits: limits) { #expect(image.pixels.count > 0) }
        }
        // All that is cut off beyond the last row's padding is missed.
        let short = Bytes(damage.original[..<(damage.original.count - 4)])
        #expect(mediaError { () throws(FormatError) in _ = try BMP.decode(short) }?.kind == .truncated)
    }

    @Test(arguments: [1, 2, 3, 4], [1, 2, 3, 4, 5, 8])
    func `writes every shape exactly`(_ channels: Int, _ width: Int) throws {
        let shape = channels == 1 ? [3, width] : [3, width, channels]
        let samples = (0..<(3 * width * channels)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        let sink = MemorySink()
        try BMP.encode(Image(pixels: try mediaTensor(.uint8, shape, samples)), to: sink)
        let again = try BMP.decode(Bytes(sink.array)).pixels
        // Grey with alpha is written as RGBA.
        let wanted =
            channels == 2
            ? stride(from: 0, to: samples.count, by: 2).flatMap { [samples[$0], samples[$0], samples[$0], samples[$0 + 1]] } : samples
        #expect(again.shape == (channels == 2 ? [3, width, 4] : shape))
        #expect(mediaElements(again, as: UInt8.self) == wanted)
    }

    @Test func `refuses what bitmaps can't hold`() throws {
        let wide = Image(pixels: try mediaTensor(.uint16, [1, 1], [7] as [UInt16]))
        #expect(mediaError { () throws(FormatError) in try BMP.encode(wide, to: MemorySink()) }?.kind == .unrepresentable)
        let line = Image(pixels: try mediaTensor(.uint8, [1], [7] as [UInt8]))
        #expect(mediaError { () throws(FormatError) in try BMP.encode(line, to: MemorySink()) }?.kind == .unrepresentable)
        let good = Image(pixels: try mediaTensor(.uint8, [1, 1], [7] as [UInt8]))
        #expect(mediaError { () throws(FormatError) in try BMP.encode(good, to: FullSink(room: 100)) }?.kind == .system)
    }

    // MARK: Files made by hand

    /// A bitmap with a 40-byte header.
    private func file(
        _ width: Int32, _ height: Int32, bits: UInt16, compression: UInt32 = 0, after header: [UInt8] = [], _ pixels: [UInt8]
    ) -> Bytes {
        func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        var bytes = Array("BM".utf8) + little(UInt32(0)) + little(UInt32(0)) + little(UInt32(54 + header.count))
        bytes += little(UInt32(40)) + little(width) + little(height) + little(UInt16(1)) + little(bits) + little(compression)
        bytes += [UInt8](repeating: 0, count: 20) + header + pixels
        return Bytes(bytes)
    }

    private func samples(_ file: Bytes) throws -> [UInt8] { mediaElements(try BMP.decode(file).pixels, as: UInt8.self) }

    private func kind(_ file: Bytes) -> FormatError.Kind? { mediaError { () throws(FormatError) in _ = try BMP.decode(file) }?.kind }

    /// A palette whose colour n is the grey n.
    private func greys(_ count: Int) -> [UInt8] { (0..<count).flatMap { [UInt8($0), UInt8($0), UInt8($0), 0] } }

    @Test func `reads 4 bits, in colour when the palette has one`() throws {
        #expect(try samples(file(3, 1, bits: 4, after: greys(16), [0x1F, 0x50, 0, 0])) == [1, 15, 5])
        var palette = greys(16)
        palette[4] = 9
        #expect(try samples(file(2, 1, bits: 4, after: palette, [0x12, 0, 0, 0])) == [1, 1, 9, 2, 2, 2])
    }

    @Test func `reads OS/2's short header, whose palette has three bytes per colour`() throws {
        let header: [UInt8] = [12, 0, 0, 0, 2, 0, 1, 0, 1, 0, 1, 0]
        let start = Array("BM".utf8) + [UInt8](repeating: 0, count: 8) + [32, 0, 0, 0]
        #expect(try samples(Bytes(start + header + [1, 2, 3, 4, 5, 6] + [0x40, 0, 0, 0])) == [3, 2, 1, 6, 5, 4])
        #expect(kind(Bytes(start + [13] + header.dropFirst() + [1, 2, 3, 4, 5, 6] + [0x40, 0, 0, 0])) == .malformed)
    }

    @Test func `reads 16 bits with and without masks`() throws {
        #expect(try samples(file(2, 1, bits: 16, [0xFF, 0x7F, 0x00, 0x7C])) == [255, 255, 255, 255, 0, 0])
        let masks: [UInt8] = [0x00, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0]
        #expect(try samples(file(2, 1, bits: 16, compression: 3, after: masks, [0xE0, 0x07, 0x01, 0x08])) == [0, 255, 0, 8, 0, 8])
        #expect(
            kind(file(1, 1, bits: 16, compression: 3, after: [0x05, 0, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0], [0, 0, 0, 0])) == .malformed)
        #expect(kind(file(1, 1, bits: 16, compression: 3, after: [UInt8](repeating: 0, count: 12), [0, 0, 0, 0])) == .malformed)
        #expect(kind(file(1, 1, bits: 24, compression: 3, after: masks, [0, 0, 0, 0])) == .malformed)
    }

    @Test func `leaves out the padding of 32 bits`() throws {
        #expect(try samples(file(1, -1, bits: 32, [3, 2, 1, 77])) == [1, 2, 3])
        let wide: [UInt8] = [0, 0, 0xF0, 0x3F, 0, 0xFC, 0x0F, 0, 0xFF, 0x03, 0, 0]
        #expect(try samples(file(1, 1, bits: 32, compression: 3, after: wide, [0xFF, 0x03, 0xF0, 0x3F])) == [255, 0, 255])
    }

    @Test func `unpacks run lengths`() throws {
        // Two rows: 3 times 7, then single pixels 1 2 3, a jump, and the end.
        let runs: [UInt8] = [3, 7, 1, 9, 0, 0, 0, 3, 1, 2, 3, 0, 1, 8, 0, 1]
        #expect(try samples(file(4, 2, bits: 8, compression: 1, after: greys(256), runs)) == [1, 2, 3, 8, 7, 7, 7, 9])
        let jump: [UInt8] = [0, 2, 1, 1, 1, 5, 0, 1]
        #expect(try samples(file(2, 2, bits: 8, compression: 1, after: greys(256), jump)) == [0, 5, 0, 0])
        let nibbles: [UInt8] = [3, 0x12, 0, 0, 0, 3, 0x45, 0x60, 0, 1]
        #expect(try samples(file(3, 2, bits: 4, compression: 2, after: greys(16), nibbles)) == [4, 5, 6, 1, 2, 1])
        // Without the end mark.
        #expect(try samples(file(2, 1, bits: 8, compression: 1, after: greys(256), [2, 4])) == [4, 4])
    }

    @Test func `refuses run lengths that leave the picture`() throws {
        func kind(_ runs: [UInt8], _ height: Int32 = 2) -> FormatError.Kind? {
            self.kind(file(2, height, bits: 8, compression: 1, after: greys(256), runs))
        }
        #expect(kind([2, 1, 0, 1]) == nil)
        #expect(kind([3, 1, 0, 1]) == .malformed)
        #expect(kind([0, 3, 1, 2, 3, 0]) == .malformed)
        #expect(kind([0, 2, 3, 0]) == .malformed)
        #expect(kind([0, 2, 0, 2]) == .malformed)
        #expect(kind([2, 1, 0, 0, 1]) == .truncated)
        #expect(kind([0, 4, 1]) == .malformed)
        #expect(kind([2, 1, 0, 1], -2) == .malformed)
        #expect(self.kind(file(30_000, 8_000, bits: 8, compression: 1, after: greys(256), [0, 1])) == .limit)
    }

    @Test func `refuses variants and impossible headers`() throws {
        #expect(kind(file(1, 1, bits: 24, compression: 4, [0, 0, 0, 0])) == .unsupported)
        #expect(kind(file(1, 1, bits: 24, compression: 9, [0, 0, 0, 0])) == .unsupported)
        #expect(kind(file(1, 1, bits: 2, [0, 0, 0, 0])) == .malformed)
        #expect(kind(file(0, 1, bits: 24, [0, 0, 0, 0])) == .malformed)
        #expect(kind(file(1, 0, bits: 24, [0, 0, 0, 0])) == .malformed)
        #expect(kind(file(-1, 1, bits: 24, [0, 0, 0, 0])) == .malformed)
        #expect(kind(file(1, .min, bits: 24, [0, 0, 0, 0])) == .limit)
        #expect(kind(Bytes(Array("BMP".utf8))) == .truncated)
    }

    @Test func `refuses an index beyond the palette`() throws {
        var bytes = file(1, 1, bits: 8, after: greys(2), [2, 0, 0, 0]).array
        bytes[46] = 2
        #expect(kind(Bytes(bytes)) == .malformed)
        bytes[bytes.count - 4] = 1
        #expect(try samples(Bytes(bytes)) == [1])
    }
}
