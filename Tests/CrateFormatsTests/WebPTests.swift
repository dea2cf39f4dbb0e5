import CrateFormats
import CrateValues
import Testing

@Suite struct WebPTests {
    @Test func `reads what Pillow wrote`() throws {
        let sample = try #require(Samples.named("other/rgb.webp").first)
        try expectMedia(WebP.decode(sample.bytes()).pixels, sample.expect?["pixels"])
    }

    private func written(_ pixels: Tensor, quality: Int? = nil, isLossless: Bool = true) throws -> [UInt8] {
        let sink = MemorySink()
        try WebP.encode(Image(pixels: pixels), quality: quality, isLossless: isLossless, to: sink)
        return sink.array
    }

    @Test(arguments: [3, 4])
    func `lossless pictures come back bit for bit, under full transparency too`(_ channels: Int) throws {
        let pixels = try randomArray(.uint8, [31, 44, channels], seed: 3)
        #expect(try WebP.decode(Bytes(written(pixels))).pixels.digest() == pixels.digest())
        let clear = try mediaTensor(.uint8, [1, 2, 4], [9, 8, 7, 0, 1, 2, 3, 255] as [UInt8])
        #expect(mediaElements(try WebP.decode(Bytes(written(clear))).pixels, as: UInt8.self) == [9, 8, 7, 0, 1, 2, 3, 255])
    }

    @Test func `grey becomes RGB`() throws {
        let again = try WebP.decode(Bytes(written(try mediaTensor(.uint8, [1, 2], [7, 200] as [UInt8])))).pixels
        #expect(mediaElements(again, as: UInt8.self) == [7, 7, 7, 200, 200, 200])
        let alpha = try WebP.decode(Bytes(written(try mediaTensor(.uint8, [1, 1, 2], [7, 100] as [UInt8])))).pixels
        #expect(mediaElements(alpha, as: UInt8.self) == [7, 7, 7, 100])
    }

    @Test func `quality decides the size`() throws {
        let pixels = try randomArray(.uint8, [64, 64, 3], seed: 2)
        let sizes = try [5, nil, 100].map { try written(pixels, quality: $0, isLossless: false).count }
        #expect(sizes == sizes.sorted() && Set(sizes).count == 3)
    }

    @Test func `any damaged byte gives a picture or an error`() throws {
        var files = [try Samples.bytes("other/rgb.webp")]
        for channels in 3...4 { files.append(Bytes(try written(randomArray(.uint8, [7, 9, channels], seed: 4), isLossless: false))) }
        for file in files {
            let damage = MediaDamage(file)
            for bytes in damage.truncations(limit: .max) {
                #expect(mediaError { () throws(FormatError) in _ = try WebP.decode(bytes) } != nil || bytes.count == file.count - 1)
            }
            for bytes in damage.mutations(limit: .max) {
                _ = mediaError { () throws(FormatError) in _ = try WebP.decode(bytes) }
                _ = mediaError { () throws(FormatError) in _ = try ImageFile.inspect(bytes) }
            }
        }
    }

    // MARK: Files made by hand

    private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let size = UInt32(content.count)
        return Array(name.utf8) + (0..<4).map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) } + content + (content.count % 2 == 1 ? [0] : [])
    }

    private func file(_ chunks: [UInt8]) -> Bytes {
        Bytes(chunk("RIFF", Array("WEBP".utf8) + chunks))
    }

    private func uint24(_ number: Int) -> [UInt8] { (0..<3).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }

    /// An animation of one frame of 2 × 1 at (2, 0) on a canvas of 4 × 2.
    private func animation(x: Int = 2, y: Int = 0, width: Int = 2) throws -> Bytes {
        let still = try written(mediaTensor(.uint8, [1, 2, 3], [1, 2, 3, 4, 5, 6] as [UInt8]))
        let head = chunk("VP8X", [0x02, 0, 0, 0] + uint24(3) + uint24(1)) + chunk("ANIM", [0, 0, 0, 0, 5, 0])
        return file(head + chunk("ANMF", uint24(x / 2) + uint24(y / 2) + uint24(width - 1) + uint24(0) + uint24(100) + [0] + still[12...]))
    }

    @Test func `an animation gives its first frame on its canvas`() throws {
        let pixels = try WebP.decode(animation()).pixels
        #expect(pixels.shape == [2, 4, 4])
        #expect(mediaElements(pixels, as: UInt8.self) == [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 255, 4, 5, 6, 255] + [UInt8](repeating: 0, count: 16))
        let inspection = try ImageFile.inspect(animation())
        #expect(inspection["frames"]?.integer == 1 && inspection["loop"]?.integer == 5)
    }

    @Test func `refuses lies by their kind`() throws {
        func error(_ bytes: Bytes) -> FormatError? { mediaError { () throws(FormatError) in _ = try WebP.decode(bytes) } }
        #expect(error(try animation(x: 4))?.kind == .malformed)
        #expect(error(try animation(y: 2))?.kind == .malformed)
        #expect(error(try animation(width: 3))?.kind == .malformed)
        // 16384 × 16384 of a picture that takes no room.
        let header: [UInt8] = [0x2F, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0]
        #expect(error(file(chunk("VP8L", header)))?.kind == .limit)
        #expect(error(file(chunk("VP8X", [0, 0, 0, 0] + uint24(9) + uint24(9)) + chunk("VP8L", header))) != nil)
        #expect(error(file(chunk("VP8L", [0, 1, 2, 3, 4])))?.kind == .malformed)
        #expect(error(file(chunk("VP8 ", [0, 0, 0, 1, 2, 3, 0, 0, 0, 0])))?.kind == .malformed)
        #expect(error(file(chunk("VP8X", [])))?.kind == .truncated)
        #expect(error(file(chunk("ABCD", [1])))?.kind == .malformed)
        #expect(error(file([]))?.kind == .truncated)
    }

    @Test func `Exif's orientation is told and applied when asked`() throws {
        let still = try written(mediaTensor(.uint8, [1, 2, 3], [1, 2, 3, 4, 5, 6] as [UInt8]))
        let exif: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        let bytes = file(chunk("VP8X", [0x08, 0, 0, 0] + uint24(1) + uint24(0)) + still[12...] + chunk("EXIF", exif))
        let image = try WebP.decode(bytes)
        #expect(image.orientation == 6 && image.pixels.shape == [1, 2, 3])
        #expect(image.upright.pixels.shape == [2, 1, 3] && image.upright.orientation == nil)
    }

    @Test func `refuses what can't be written`() throws {
        func error(_ pixels: Tensor, quality: Int? = nil) -> FormatError? {
            mediaError { () throws(FormatError) in try WebP.encode(Image(pixels: pixels), quality: quality, to: MemorySink()) }
        }
        #expect(error(try mediaTensor(.uint16, [1, 1], [1] as [UInt16]))?.kind == .unrepresentable)
        #expect(error(try mediaTensor(.uint8, [1, 16384], [UInt8](repeating: 0, count: 16384)))?.hint == "save it as PNG")
        #expect(error(try mediaTensor(.uint8, [1, 1], [1] as [UInt8]), quality: 101)?.kind == .unrepresentable)
    }
}

extension Document {
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var float: Double? { if case .float(let value) = self { value } else { nil } }
    var text: String? { if case .string(let value) = self { value } else { nil } }
    var flag: Bool? { if case .bool(let value) = self { value } else { nil } }
}
