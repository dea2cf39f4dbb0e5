import CrateFormats
import CrateValues
import Testing

@Suite struct PNMTests {
    @Test(arguments: ["other/grey.pgm", "other/rgb.ppm"])
    func `reads what other programs wrote`(_ name: String) throws {
        let sample = try #require(Samples.named(name).first)
        try expectMedia(try PNM.decode(sample.bytes()).pixels, sample.expect?["pixels"])
    }

    private func samples(_ text: String, _ binary: [UInt8] = []) throws -> [UInt8] {
        mediaElements(try PNM.decode(Bytes(Array(text.utf8) + binary)).pixels, as: UInt8.self)
    }

    private func kind(_ text: String, _ binary: [UInt8] = []) -> FormatError.Kind? {
        let bytes = Bytes(Array(text.utf8) + binary)
        return mediaError { () throws(FormatError) in _ = try PNM.decode(bytes) }?.kind
    }

    @Test func `reads text with comments`() throws {
        #expect(try samples("P1\n# made by hand\n3 2\n101\n0 1 0") == [0, 255, 0, 255, 0, 255])
        #expect(try samples("P2 #a\n2#b\n 1\n255\n0 # first\n255\n") == [0, 255])
        #expect(try samples("P3\n1 1 15 0 15 7") == [0, 255, 119])
    }

    @Test func `reads bits and other maxima`() throws {
        #expect(
            try samples("P4 9 2\n", [0x80, 0x80, 0x01, 0]) == [
                0, 255, 255, 255, 255, 255, 255, 255, 0, 255, 255, 255, 255, 255, 255, 255, 0, 255,
            ])
        #expect(try samples("P5 3 1 100\n", [0, 50, 100]) == [0, 128, 255])
        let wide = try PNM.decode(Bytes(Array("P5 2 1 65535\n".utf8) + [0x12, 0x34, 0xFF, 0xFF])).pixels
        #expect(wide.dtype == .uint16)
        #expect(mediaElements(wide, as: UInt16.self) == [0x1234, 0xFFFF])
        let stretched = try PNM.decode(Bytes(Array("P2 2 1 1023 1023 1".utf8))).pixels
        #expect(mediaElements(stretched, as: UInt16.self) == [65535, 64])
    }

    @Test func `refuses what is wrong, by its kind`() {
        #expect(kind("P5 2 2 255\n", [1, 2, 3]) == .truncated)
        #expect(kind("P2 2 2 255 1 2 3") == .truncated)
        #expect(kind("P1 2 2 101") == .truncated)
        #expect(kind("P5 99999 99999 255\n", [0]) == .limit)
        #expect(kind("P5 9999 9999 255\n", [0]) == .truncated)
        for text in [
            "P5 0 1 255\n", "P5 1 -1 255\n", "P5 1 1 0\n", "P5 1 1 65536\n", "P5 1 99999999999 1\n", "P2 1 1 9 10", "P2 1 1 9 1x",
            "P1 1 1 2", "P8 1 1", "Q5", "P2 1 1 9 x",
        ] {
            #expect(kind(text + (text.hasPrefix("P5") ? "\0\0" : "")) == .malformed, "\(text)")
        }
        #expect(kind("P5 1 1 255x", [0]) == .malformed)
        #expect(kind("P5 1 1 100\n", [101]) == .malformed)
        #expect(kind("P7 1 1") == .unsupported)
        #expect(kind("") == .truncated)
        #expect(kind("P5") == .truncated)
        #expect(kind("P5 # a comment without an end") == .truncated)
    }

    @Test(arguments: ["other/grey.pgm", "other/rgb.ppm"])
    func `any damaged byte gives an image or an error`(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes(name))
        for bytes in damage.truncations(limit: 1 << 16) {
            #expect(mediaError { () throws(FormatError) in _ = try PNM.decode(bytes) } != nil)
        }
        for bytes in damage.mutations() {
            if let image = try? PNM.decode(bytes) { #expect(image.pixels.count > 0) }
        }
    }

    @Test(arguments: [DType.uint8, .uint16], [1, 3])
    func `writes every shape and depth exactly`(_ dtype: DType, _ channels: Int) throws {
        // More samples than the writer turns round at once.
        let (height, width) = (201, 200)
        let bytes = (0..<(height * width * channels * dtype.size)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3) }
        let shape = channels == 1 ? [height, width] : [height, width, channels]
        let sink = MemorySink()
        try PNM.encode(Image(pixels: try mediaTensor(dtype, shape, bytes)), to: sink)
        let again = try PNM.decode(Bytes(sink.array)).pixels
        #expect(again.dtype == dtype)
        #expect(again.shape == shape)
        #expect(mediaElements(again, as: UInt8.self) == bytes)
    }

    @Test func `refuses transparency`() throws {
        let image = Image(pixels: try mediaTensor(.uint8, [1, 1, 4], [1, 2, 3, 4] as [UInt8]))
        #expect(mediaError { () throws(FormatError) in try PNM.encode(image, to: MemorySink()) }?.kind == .unrepresentable)
    }
}
