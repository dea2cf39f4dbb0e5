import CrateFormats
import CrateValues
import Testing

/// Random pictures of every mode through every lossless form.
@Suite struct PictureRoundTripTests {
    struct Form: Sendable, CustomTestStringConvertible {
        let fileExtension: String, dtype: DType, channels: Int
        var testDescription: String { "\(channels) channels of \(dtype.rawValue) in .\(fileExtension)" }
    }

    static let forms: [Form] =
        [("png", 1...4), ("tiff", 1...4), ("bmp", 1...1), ("bmp", 3...4), ("ppm", 1...1), ("ppm", 3...3), ("pgm", 1...1), ("webp", 3...4)]
        .flatMap { name, channels in
            channels.flatMap { channels in
                (["png", "tiff", "ppm", "pgm"].contains(name) ? [DType.uint8, .uint16] : [.uint8]).map {
                    Form(fileExtension: name, dtype: $0, channels: channels)
                }
            }
        }

    @Test(arguments: forms)
    func `random pixels come back bit for bit`(_ form: Form) throws {
        for (seed, size) in [[1, 1], [1, 40], [40, 1], [7, 9], [64, 33]].enumerated() {
            let pixels = try randomArray(form.dtype, form.channels == 1 ? size : size + [form.channels], seed: UInt64(seed))
            var options = ImageFile.Options()
            options.isLossless = true
            let sink = MemorySink()
            try ImageFile.encode(Image(pixels: pixels), fileExtension: form.fileExtension, options: options, to: sink)
            let again = try ImageFile.decode(Bytes(sink.array), fileExtension: form.fileExtension)
            #expect(again.pixels.dtype == form.dtype && again.pixels.shape == pixels.shape)
            #expect(try again.pixels.digest() == pixels.digest())
            let inspection = try ImageFile.inspect(Bytes(sink.array))
            #expect([inspection["height"]?.integer, inspection["width"]?.integer] == [size[0], size[1]])
            #expect(inspection["mode"]?.text == again.mode.rawValue && inspection["dtype"]?.text == form.dtype.rawValue)
            #expect(inspection["decoded_bytes"]?.integer == again.pixels.byteCount)
        }
    }

    @Test(arguments: [1, 2, 3, 16, 200, 256])
    func `random pixels of up to 256 colours come back from a GIF`(_ colors: Int) throws {
        var generator = SplitMix(state: UInt64(colors))
        let palette = (0..<colors).map { _ in (0..<3).map { _ in UInt8.random(in: 0...255, using: &generator) } }
        let frames = try (0..<3).map { _ in
            Animation.Frame(
                pixels: try mediaTensor(.uint8, [23, 31, 3], (0..<(23 * 31)).flatMap { _ in palette[Int.random(in: 0..<colors, using: &generator)] }),
                delay: 10 * Int.random(in: 0...500, using: &generator))
        }
        let sink = MemorySink()
        try GIF.encode(Animation(frames: frames, loopCount: 3), to: sink)
        let again = try GIF.decode(Bytes(sink.array)).withoutOpaqueAlpha
        #expect(again.loopCount == 3 && again.frames.map(\.delay) == frames.map(\.delay))
        for (frame, before) in zip(again.frames, frames) {
            #expect(try Image(pixels: frame.pixels).rgb().pixels.digest() == before.pixels.digest())
        }
    }
}
