import CrateFormats
import CrateValues
import Testing

@Suite struct ImageFileTests {
    @Test func `the content decides, and must agree with the name`() throws {
        let png = try Samples.bytes("png/rgb8.png")
        #expect(try ImageFile.decode(png).pixels.shape == [12, 17, 3])
        #expect(try ImageFile.decode(png, fileExtension: "PNG").pixels.shape == [12, 17, 3])
        let error = mediaError { () throws(FormatError) in _ = try ImageFile.decode(png, fileExtension: "jpg") }
        #expect(error?.hint == "rename it to end in .png")
    }

    @Test func `names formats that are not read`() throws {
        let bytes = Bytes([0, 0, 0, 28] + Array("ftypheic".utf8))
        let error = mediaError { () throws(FormatError) in _ = try ImageFile.decode(bytes) }
        #expect(error?.kind == .unsupported)
        #expect(error?.reason.contains("HEIF") == true)
        #expect(error?.hint?.contains("PNG, JPEG, BMP, PNM, TIFF, WebP and GIF") == true)
    }

    @Test(arguments: Samples.named("bmp/", "other/"))
    func `reads what other programs wrote, by its first bytes`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        try expectMedia(ImageFile.decode(bytes).pixels, sample.expect?["pixels"])
        try expectMedia(ImageFile.decode(bytes, fileExtension: sample.fileExtension).pixels, sample.expect?["pixels"])
        #expect(mediaError { () throws(FormatError) in _ = try ImageFile.decode(bytes, fileExtension: "png") }?.kind == .malformed)
    }

    @Test func `an animation shows its first frame`() throws {
        let bytes = try Samples.bytes("gif/imageio_rgb.gif")
        let first = try ImageFile.decode(bytes, fileExtension: "gif").pixels
        #expect(first.shape == [8, 8, 3])
        #expect(try first.at(0).at(0).scalars() == [.int(255), .int(0), .int(0)])
        // A transparent one keeps its alpha.
        #expect(try ImageFile.decode(Samples.bytes("gif/disposal_none.gif")).pixels.shape == [16, 16, 4])
        #expect(mediaError { () throws(FormatError) in _ = try ImageFile.decode(bytes, fileExtension: "bmp") }?.hint == "rename it to end in .gif")
    }

    private func written(_ image: Image, _ fileExtension: String) throws -> [UInt8] {
        let sink = MemorySink()
        try ImageFile.encode(image, fileExtension: fileExtension, to: sink)
        return sink.array
    }

    @Test(arguments: ["png", "bmp", "DIB", "ppm", "PGM", "pnm", "gif", "tiff"])
    func `grey comes back from every lossless form`(_ fileExtension: String) throws {
        let image = Image(pixels: try mediaTensor(.uint8, [3, 5], (0..<15).map { UInt8($0 * 17) }))
        let again = try ImageFile.decode(Bytes(written(image, fileExtension)), fileExtension: fileExtension)
        let grey = fileExtension == "gif" ? try again.grey() : again
        #expect(mediaElements(grey.pixels, as: UInt8.self) == mediaElements(image.pixels, as: UInt8.self))
    }

    @Test func `Netpbm's extensions hold what they promise`() throws {
        let colour = Image(pixels: try mediaTensor(.uint8, [1, 2, 3], [1, 2, 3, 4, 5, 6] as [UInt8]))
        let clear = Image(pixels: try mediaTensor(.uint8, [1, 1, 4], [1, 2, 3, 4] as [UInt8]))
        let grey = Image(pixels: try mediaTensor(.uint8, [1, 2], [0, 128] as [UInt8]))
        for (image, fileExtension) in [(colour, "pgm"), (colour, "pbm"), (clear, "ppm"), (grey, "pbm")] {
            let error = mediaError { () throws(FormatError) in try ImageFile.encode(image, fileExtension: fileExtension, to: MemorySink()) }
            #expect(error?.kind == .unrepresentable)
        }
        let bits = (0..<22).map { UInt8($0 % 3 == 0 ? 255 : 0) }
        let bitmap = try written(Image(pixels: mediaTensor(.uint8, [2, 11], bits)), "pbm")
        #expect(bitmap == Array("P4\n11 2\n".utf8) + [0x6D, 0xA0, 0xB6, 0xC0])
        #expect(mediaElements(try ImageFile.decode(Bytes(bitmap)).pixels, as: UInt8.self) == bits)
    }

    @Test func `refuses bytes of no picture and names without a format`() throws {
        for bytes in [[], [0x89], Array("RIFF".utf8), Array("hello, this is text".utf8), Array("P7\n".utf8), Array("P5x".utf8)] as [[UInt8]] {
            #expect(mediaError { () throws(FormatError) in _ = try ImageFile.decode(Bytes(bytes)) }?.kind == .malformed)
        }
        let image = Image(pixels: try mediaTensor(.uint8, [1, 1], [7] as [UInt8]))
        let error = mediaError { () throws(FormatError) in try ImageFile.encode(image, fileExtension: "avif", to: MemorySink()) }
        #expect(error?.kind == .unsupported)
        #expect(error?.hint == "end the name in .png, .jpg, .bmp, .ppm, .tiff, .webp or .gif")
    }

    @Test func `takes the shapes that pictures come in`() throws {
        func shape(_ shape: [Int]) throws -> [Int]? {
            let array = try mediaTensor(.uint8, shape, [UInt8](repeating: 1, count: shape.reduce(1, *)))
            return try? ImageFile.image(from: array).pixels.shape
        }
        #expect(try shape([4, 5]) == [4, 5])
        #expect(try shape([4, 5, 1]) == [4, 5])
        #expect(try shape([1, 4, 5]) == [4, 5])
        #expect(try shape([3, 4, 5]) == [4, 5, 3])
        for channels in 2...4 { #expect(try shape([4, 5, channels]) == [4, 5, channels]) }
        #expect(try shape([3, 3, 3]) == [3, 3, 3])
        for refused in [[5], [4, 5, 6], [2, 4, 5], [2, 3, 4, 3], [], [0, 5], [0, 0, 3]] { #expect(try shape(refused) == nil) }
    }

    @Test func `channels in front move to the end`() throws {
        let planes = try mediaTensor(.uint8, [3, 2, 5], (0..<30).map { UInt8($0) })
        let sink = MemorySink()
        try ImageFile.encode(ImageFile.image(from: planes), fileExtension: "png", to: sink)
        let again = mediaElements(try ImageFile.decode(Bytes(sink.array)).pixels, as: UInt8.self)
        let interleaved: [UInt8] = (0..<10).flatMap { (pixel: UInt8) -> [UInt8] in [pixel, pixel + 10, pixel + 20] }
        #expect(again == interleaved)
    }

    @Test func `other types are stretched to 0…255`() throws {
        func bytes<Sample: BitwiseCopyable>(_ dtype: DType, _ values: [Sample], renormalize: Bool = true) throws -> [UInt8] {
            let array = try mediaTensor(dtype, [1, values.count], values)
            return mediaElements(try ImageFile.image(from: array, renormalize: renormalize).pixels, as: UInt8.self)
        }
        #expect(try bytes(.float64, [0.0, 0.5, 1.0]) == [0, 127, 255])
        #expect(try bytes(.float32, [-1, 0, 3] as [Float]) == [0, 63, 255])
        #expect(try bytes(.int64, [10, 20, 30]) == [0, 127, 255])
        #expect(try bytes(.uint16, [1000, 2000] as [UInt16]) == [0, 255])
        #expect(try bytes(.float16, [0x0000, 0x3800, 0x3C00] as [UInt16]) == [0, 127, 255])
        #expect(try bytes(.bfloat16, [0x3F80, 0x4000, 0x4040] as [UInt16]) == [0, 127, 255])
        #expect(try bytes(.float64, [5.0, 5.0]) == [0, 0])
        #expect(try bytes(.float64, [.nan, 0.0, .infinity, -.infinity, 2.0]) == [0, 0, 255, 0, 255])
        #expect(try bytes(.float64, [Double.nan, .nan]) == [0, 0])
        #expect(try bytes(.bool, [0, 1] as [UInt8]) == [0, 255])
        #expect(try bytes(.float64, [0.0, 0.6, 200.0], renormalize: false) == [0, 1, 200])
    }

    @Test func `without stretching, values must fit`() throws {
        let wide = try mediaTensor(.uint16, [1, 2], [0, 65535] as [UInt16])
        #expect(try ImageFile.image(from: wide, renormalize: false).pixels.dtype == .uint16)
        let negative = try mediaTensor(.int32, [1, 2], [-1, 5] as [Int32])
        #expect(mediaError { () throws(FormatError) in _ = try ImageFile.image(from: negative, renormalize: false) }?.kind == .unrepresentable)
        let complex = try mediaTensor(.complex64, [1, 1], [1, 2] as [Float])
        #expect(mediaError { () throws(FormatError) in _ = try ImageFile.image(from: complex) }?.kind == .unrepresentable)
    }
}

