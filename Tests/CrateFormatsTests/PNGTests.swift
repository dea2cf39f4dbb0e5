import CrateFormats
import CrateValues
import Testing

@Suite struct PNGTests {
    /// libpng sets aside what a chunk claims to have, also where only its head is left.
    @Test(arguments: 8..<12) func theHeadOfAChunkAtTheEndIsNotFollowed(_ left: Int) throws {
        let start = try #require(try Samples.named("png/")[0].bytes().slice(0..<33))
        let head: [UInt8] = [0x45, 0, 0x49, 0x74] + Array("tEXtabcd".utf8)
        let error = try #require(mediaError { () throws(FormatError) in _ = try PNG.decode(Bytes(start.array + head[..<left])) })
        #expect(error.kind == .truncated && error.reason.contains("inside a chunk"), "\(error)")
    }

    @Test(arguments: Samples.named("png/"))
    func `reads what other programs wrote`(_ sample: Sample) throws {
        let image = try PNG.decode(sample.bytes())
        try expectMedia(image.pixels, sample.expect?["pixels"])
        for (key, text) in sample.expect?["text"]?.object ?? [:] {
            #expect(image.texts.first { $0.key == key }?.text == text.string)
        }
    }

    @Test(arguments: Samples.named("hostile/png_"))
    func `refuses damage and bounds bombs`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        var image: Image?
        let error = mediaError { () throws(FormatError) in image = try PNG.decode(bytes) }
        if sample.want.hasPrefix("load") {
            let image = try #require(image)
            if let pixels = sample.expect?["pixels"] { try expectMedia(image.pixels, pixels) }
            #expect(image.texts.allSatisfy { $0.text.utf8.count <= 4 << 20 })
        } else {
            #expect(error != nil)
            #expect(error?.reason.isEmpty == false)
        }
    }

    @Test func `tells limits, early ends and rule breaks apart`() throws {
        func kind(_ name: String) throws -> FormatError.Kind? {
            let bytes = try Samples.bytes(name)
            return mediaError { () throws(FormatError) in _ = try PNG.decode(bytes) }?.kind
        }
        #expect(try kind("hostile/png_huge_ihdr.png") == .limit)
        #expect(try kind("hostile/png_max_ihdr.png") == .limit)
        #expect(try kind("hostile/png_truncated.png") == .truncated)
        #expect(try kind("hostile/png_bad_filter.png") == .malformed)
        #expect(try kind("hostile/png_index_range.png") == .malformed)
    }

    @Test func `a limit of the caller holds before memory is set aside`() throws {
        var limits = Limits()
        limits.pixels = 24_999_999
        let bomb = try Samples.bytes("hostile/png_bomb.png")
        #expect(mediaError { () throws(FormatError) in _ = try PNG.decode(bomb, limits: limits) }?.kind == .limit)
        limits.pixels = 25_000_000
        #expect(mediaError { () throws(FormatError) in _ = try PNG.decode(bomb, limits: limits) } == nil)
    }

    /// libpng would set the claimed bytes aside first.
    @Test(arguments: ["zTXt", "iTXt", "IDAT"])
    func `a chunk longer than the file is refused where it stands`(_ name: String) throws {
        let header = try Samples.bytes("png/rgb8.png").array.prefix(33)
        let chunk: [UInt8] = [0x39, 0, 0, 0] + Array(name.utf8) + [UInt8](repeating: 0x41, count: 100)
        let bytes = Bytes(Array(header) + chunk)
        let error = mediaError { () throws(FormatError) in _ = try PNG.decode(bytes) }
        #expect(error?.kind == .truncated && error?.place == .byte(33))
    }

    @Test(arguments: ["rgb8", "palette4", "palette8_trns", "interlaced_tiny_rgba8", "text_chunks", "grey16", "animated"])
    func `any damaged byte gives an image or an error`(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes("png/\(name).png"))
        var refused = 0
        for bytes in damage.all {
            if mediaError({ () throws(FormatError) in _ = try PNG.decode(bytes) }) != nil { refused += 1 }
        }
        #expect(refused > damage.truncations().count / 2)
    }

    @Test(arguments: [DType.uint8, .uint16], [1, 2, 3, 4])
    func `writes every shape and depth exactly`(_ dtype: DType, _ channels: Int) throws {
        let (height, width) = (7, 11)
        let shape = channels == 1 ? [height, width] : [height, width, channels]
        let bytes = (0..<(height * width * channels * dtype.size)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3) }
        let image = Image(pixels: try mediaTensor(dtype, shape, bytes), texts: [("Title", "plain"), ("Comment", "schön ✓")])
        for level in [nil, 0, 9] {
            let sink = MemorySink()
            try PNG.encode(image, compression: level, to: sink)
            let again = try PNG.decode(Bytes(sink.array))
            #expect(again.pixels.dtype == dtype)
            #expect(again.pixels.shape == shape)
            #expect(mediaElements(again.pixels, as: UInt8.self) == bytes)
            #expect(again.texts.map(\.key) == ["Title", "Comment"])
            #expect(again.texts.map(\.text) == ["plain", "schön ✓"])
        }
    }

    @Test func `writes views as they look`() throws {
        let base = try mediaTensor(.uint8, [2, 3], [1, 2, 3, 4, 5, 6] as [UInt8])
        let transposed = try #require(Tensor(dtype: .uint8, shape: [3, 2], strides: [1, 3], offset: 0, bytes: base.bytes))
        let mirrored = try #require(Tensor(dtype: .uint8, shape: [2, 3], strides: [3, -1], offset: 2, bytes: base.bytes))
        #expect(try roundTrip(transposed) == [1, 4, 2, 5, 3, 6])
        #expect(try roundTrip(mirrored) == [3, 2, 1, 6, 5, 4])
    }

    private func roundTrip(_ pixels: Tensor) throws -> [UInt8] {
        let sink = MemorySink()
        try PNG.encode(Image(pixels: pixels), to: sink)
        return mediaElements(try PNG.decode(Bytes(sink.array)).pixels, as: UInt8.self)
    }

    @Test func `refuses what PNG can't hold`() throws {
        func kind(_ image: Image, _ level: Int? = nil) -> FormatError.Kind? {
            mediaError { () throws(FormatError) in try PNG.encode(image, compression: level, to: MemorySink()) }?.kind
        }
        let good = try mediaTensor(.uint8, [1, 1], [7] as [UInt8])
        #expect(kind(Image(pixels: good)) == nil)
        #expect(kind(Image(pixels: good), 10) == .unrepresentable)
        #expect(kind(Image(pixels: good, texts: [("", "x")])) == .unrepresentable)
        #expect(kind(Image(pixels: good, texts: [(String(repeating: "k", count: 80), "x")])) == .unrepresentable)
        #expect(kind(Image(pixels: good, texts: [("k", "a\0b")])) == .unrepresentable)
        #expect(kind(Image(pixels: try mediaTensor(.float32, [1, 1], [1] as [Float]))) == .unrepresentable)
        #expect(kind(Image(pixels: try mediaTensor(.uint8, [0, 4], [] as [UInt8]))) == .unrepresentable)
        #expect(kind(Image(pixels: try mediaTensor(.uint8, [1, 1, 5], [1, 2, 3, 4, 5] as [UInt8]))) == .unrepresentable)
        #expect(kind(Image(pixels: try mediaTensor(.uint8, [5], [1, 2, 3, 4, 5] as [UInt8]))) == .unrepresentable)
    }
}
