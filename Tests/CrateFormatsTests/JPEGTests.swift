import CrateFormats
import CrateValues
import Testing

@Suite struct JPEGTests {
    @Test(arguments: Samples.named("jpg/"))
    func `reads what other programs wrote`(_ sample: Sample) throws {
        try expectMedia(JPEG.decode(sample.bytes()).pixels, sample.expect?["pixels"])
    }

    @Test func `tells the orientation and leaves the pixels`() throws {
        let image = try JPEG.decode(Samples.bytes("jpg/exif_orientation6.jpg"))
        #expect(image.texts.first { $0.key == "Orientation" }?.text == "6")
        #expect(image.pixels.shape == [16, 24, 3])
        #expect(try JPEG.decode(Samples.bytes("jpg/grey.jpg")).texts.isEmpty)
    }

    @Test(arguments: [("jpg_truncated", FormatError.Kind.truncated), ("jpg_huge_dims", .limit), ("jpg_no_scan", .truncated)])
    func `refuses damage`(_ name: String, _ kind: FormatError.Kind) throws {
        let bytes = try Samples.bytes("hostile/\(name).jpg")
        #expect(mediaError { () throws(FormatError) in _ = try JPEG.decode(bytes) }?.kind == kind)
    }

    @Test func `a claim that the bytes can't hold costs no memory`() throws {
        // 15000 × 15000 is within the limit of pixels; the file has 3075 bytes.
        var bytes = try Samples.bytes("jpg/rgb_q75.jpg").array
        let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        bytes.replaceSubrange((frame + 5)..<(frame + 9), with: [0x3A, 0x98, 0x3A, 0x98])
        #expect(mediaError { () throws(FormatError) in _ = try JPEG.decode(Bytes(bytes)) }?.kind == .truncated)
    }

    @Test(arguments: ["grey", "cmyk", "exif_orientation6", "progressive_444"])
    func `any damaged byte gives an image or an error`(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes("jpg/\(name).jpg"))
        for bytes in damage.truncations() where bytes.count < damage.original.count - 2 {
            #expect(mediaError { () throws(FormatError) in _ = try JPEG.decode(bytes) } != nil)
        }
        for bytes in damage.mutations() { _ = mediaError { () throws(FormatError) in _ = try JPEG.decode(bytes) } }
    }

    @Test(arguments: [false, true], JPEG.Subsampling.allCases)
    func `writes smooth pictures closely`(_ isProgressive: Bool, _ subsampling: JPEG.Subsampling) throws {
        let (height, width) = (33, 47)
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { pixels += [UInt8(x * 5), UInt8(y * 7), UInt8(x + y)] }
        }
        let image = Image(pixels: try mediaTensor(.uint8, [height, width, 3], pixels), texts: [("Comment", "smooth")])
        let sink = MemorySink()
        try JPEG.encode(image, quality: 95, isProgressive: isProgressive, subsampling: subsampling, to: sink)
        let again = try JPEG.decode(Bytes(sink.array))
        #expect(again.pixels.shape == [height, width, 3])
        let differences = zip(mediaElements(again.pixels, as: UInt8.self), pixels).map { abs(Int($0) - Int($1)) }
        #expect(try #require(differences.max()) <= 16)
        #expect(again.texts.first?.text == "smooth")
        // SOF2 marks a progressive file, SOF0 a baseline one.
        #expect(zip(sink.array, sink.array.dropFirst()).contains { $0 == 0xFF && $1 == (isProgressive ? 0xC2 : 0xC0) })
    }

    @Test func `quality decides the size`() throws {
        let image = Image(pixels: try mediaTensor(.uint8, [64, 64], (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* $0) }))
        let sizes = try [10, 75, 100].map { quality in
            let sink = MemorySink()
            try JPEG.encode(image, quality: quality, to: sink)
            return sink.array.count
        }
        #expect(sizes == sizes.sorted() && Set(sizes).count == 3)
    }

    @Test func `refuses alpha and 16 bits, naming PNG`() throws {
        func error(_ pixels: Tensor, quality: Int = 75) -> FormatError? {
            mediaError { () throws(FormatError) in try JPEG.encode(Image(pixels: pixels), quality: quality, to: MemorySink()) }
        }
        for channels in [2, 4] {
            let refusal = error(try mediaTensor(.uint8, [1, 1, channels], [UInt8](repeating: 1, count: channels)))
            #expect(refusal?.kind == .unrepresentable)
            #expect(refusal?.hint?.contains("PNG") == true)
        }
        #expect(error(try mediaTensor(.uint16, [1, 1], [1] as [UInt16]))?.hint?.contains("PNG") == true)
        #expect(error(try mediaTensor(.uint8, [1, 65501], [UInt8](repeating: 0, count: 65501)))?.kind == .unrepresentable)
        #expect(error(try mediaTensor(.uint8, [1, 1], [1] as [UInt8]), quality: 0)?.kind == .unrepresentable)
    }

    @Test(arguments: Samples.named("hostile/jpg_"))
    func `refusals say where`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let error = mediaError { () throws(FormatError) in _ = try JPEG.decode(bytes) }
        guard case .byte(let place)? = error?.place else { Issue.record("no place: \(String(describing: error))"); return }
        #expect(place <= bytes.count)
        if error?.kind == .truncated, !sample.name.contains("dims") { #expect(place == bytes.count) }
        // A size is refused where it stands, in the marker of a frame.
        if sample.name.contains("dims") { #expect(bytes.array[place] == 0xFF && (0xC0...0xC2).contains(bytes.array[place + 1])) }
    }
}
