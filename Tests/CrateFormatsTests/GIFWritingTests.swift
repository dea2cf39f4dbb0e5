import CrateFormats
import CrateValues
import Testing

@Suite struct GIFWritingTests {
    private func written(_ animation: Animation, _ options: GIF.Options = GIF.Options()) throws -> Bytes {
        let sink = MemorySink()
        try GIF.encode(animation, options: options, to: sink)
        return Bytes(sink.array)
    }

    private func frame(_ shape: [Int], _ samples: [UInt8], delay: Int = 0) throws -> Animation.Frame {
        Animation.Frame(pixels: try mediaTensor(.uint8, shape, samples), delay: delay)
    }

    /// Any samples as the RGBA that a reader gives.
    private func rgba(_ pixels: Tensor) -> [UInt8] {
        let samples = mediaElements(pixels, as: UInt8.self)
        let channels = pixels.rank == 2 ? 1 : pixels.shape[2]
        return stride(from: 0, to: samples.count, by: channels).flatMap { place -> [UInt8] in
            switch channels {
            case 1: [samples[place], samples[place], samples[place], 255]
            case 2: samples[place + 1] < 128 ? [0, 0, 0, 0] : [samples[place], samples[place], samples[place], 255]
            case 3: Array(samples[place..<(place + 3)]) + [255]
            default: samples[place + 3] < 128 ? [0, 0, 0, 0] : Array(samples[place..<(place + 3)]) + [255]
            }
        }
    }

    private func expectSame(_ animation: Animation, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let again = try GIF.decode(try written(animation))
        #expect(again.frames.count == animation.frames.count, sourceLocation: sourceLocation)
        #expect(again.loopCount == animation.loopCount, sourceLocation: sourceLocation)
        for (new, old) in zip(again.frames, animation.frames) {
            #expect(mediaElements(new.pixels, as: UInt8.self) == rgba(old.pixels), sourceLocation: sourceLocation)
            #expect(new.delay == old.delay / 10 * 10, sourceLocation: sourceLocation)
        }
    }

    /// The same bytes in every run.
    private func noise(_ count: Int, seed: UInt32 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    @Test(arguments: [1, 2, 3, 4], [nil, 0, 3, 65535])
    func `few colours are kept exactly`(_ channels: Int, _ loopCount: Int?) throws {
        let shape = channels == 1 ? [5, 7] : [5, 7, channels]
        let frames = try (0..<4).map { number in
            try frame(shape, noise(35 * channels, seed: UInt32(number)).map { $0 & 0xC0 }, delay: number * 35)
        }
        try expectSame(Animation(frames: frames, loopCount: loopCount))
    }

    @Test(arguments: [2, 3, 4, 5, 16, 17, 128, 129, 255, 256])
    func `every number of colours up to 256 is exact`(_ count: Int) throws {
        let samples = (0..<(64 * 64)).flatMap { (place: Int) -> [UInt8] in
            let number = place * 7919 % count
            return [UInt8(number), UInt8(255 - number), UInt8(number / 2)]
        }
        try expectSame(Animation(frames: [try frame([64, 64, 3], samples)]))
    }

    @Test func `codes of every width and the full table survive`() throws {
        // Noise fills the table of 4096 codes many times over; one colour makes the longest strings.
        try expectSame(Animation(frames: [try frame([200, 200], noise(40_000))]))
        try expectSame(Animation(frames: [try frame([200, 300], noise(60_000).map { $0 & 1 })]))
        try expectSame(Animation(frames: [try frame([1000, 1000], [UInt8](repeating: 9, count: 1_000_000))]))
        for count in 1...300 { try expectSame(Animation(frames: [try frame([1, count], noise(count).map { $0 & 3 })])) }
    }

    @Test func `only what changed is written`() throws {
        var samples = noise(100 * 100)
        let first = try frame([100, 100], samples, delay: 20)
        samples[5050] = 255 - samples[5050]
        let second = try frame([100, 100], samples, delay: 20)
        let still = try written(Animation(frames: [first]))
        let moving = Animation(frames: [first, second, second])
        try expectSame(moving)
        #expect(try written(moving).count < still.count + 200)
    }

    @Test func `equal frames are merged on request`() throws {
        let one = try frame([2, 2], [1, 2, 3, 4], delay: 100)
        let other = try frame([2, 2], [1, 2, 3, 5], delay: 100)
        let animation = Animation(frames: [one, one, one, other], loopCount: 0)
        #expect(try GIF.decode(try written(animation)).frames.map(\.delay) == [100, 100, 100, 100])
        var options = GIF.Options()
        options.mergesEqualFrames = true
        #expect(try GIF.decode(try written(animation, options)).frames.map(\.delay) == [300, 100])
        let long = try frame([2, 2], [1, 2, 3, 4], delay: 655_350)
        #expect(try GIF.decode(try written(Animation(frames: [long, one]), options)).frames.map(\.delay) == [655_350, 100])
    }

    @Test func `many colours are reduced closely`() throws {
        let gradient = (0..<(128 * 128)).flatMap { (place: Int) -> [UInt8] in
            let (row, column) = place.quotientAndRemainder(dividingBy: 128)
            return [UInt8(column * 2), UInt8(row * 2), UInt8((row + column) / 2)]
        }
        #expect(try meanError([128, 128, 3], gradient) < 8)
        #expect(try meanError([128, 128, 3], noise(128 * 128 * 3)) < 26)
    }

    private func meanError(_ shape: [Int], _ samples: [UInt8]) throws -> Double {
        let animation = Animation(frames: [try frame(shape, samples)])
        let again = mediaElements(try GIF.decode(try written(animation)).frames[0].pixels, as: UInt8.self)
        let wanted = rgba(animation.frames[0].pixels)
        return Double(zip(again, wanted).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(samples.count)
    }

    @Test func `transparency survives the reduction`() throws {
        var samples = noise(64 * 64 * 4)
        for place in stride(from: 3, to: samples.count, by: 4) { samples[place] = place % 3 == 0 ? 0 : 255 }
        let animation = Animation(frames: [try frame([64, 64, 4], samples), try frame([64, 64, 4], samples.reversed().map { $0 | 128 })])
        let again = try GIF.decode(try written(animation))
        for (new, old) in zip(again.frames, animation.frames) {
            let (a, b) = (mediaElements(new.pixels, as: UInt8.self), rgba(old.pixels))
            #expect(stride(from: 3, to: a.count, by: 4).allSatisfy { a[$0] == b[$0] })
        }
    }

    @Test func `opaque frames can be had without alpha, as views`() throws {
        let opaque = try GIF.decode(try Samples.bytes("gif/imageio_rgb.gif"))
        let narrow = opaque.withoutOpaqueAlpha
        #expect(narrow.frames.map(\.pixels.shape) == [[8, 8, 3], [8, 8, 3], [8, 8, 3]])
        #expect(narrow.frames[1].pixels.bytes.region === opaque.frames[1].pixels.bytes.region)
        try expectSame(Animation(frames: opaque.frames))
        #expect(try written(narrow) == written(opaque))
        let open = try GIF.decode(try Samples.bytes("gif/disposal_none.gif"))
        #expect(open.withoutOpaqueAlpha.frames.allSatisfy { $0.pixels.shape == [16, 16, 4] })
    }

    @Test func `refuses what GIF can't hold`() throws {
        func kind(_ frames: [Animation.Frame], loop: Int? = nil) -> FormatError.Kind? {
            mediaError { () throws(FormatError) in try GIF.encode(Animation(frames: frames, loopCount: loop), to: MemorySink()) }?.kind
        }
        let good = try frame([1, 1], [7])
        #expect(kind([good]) == nil)
        #expect(kind([]) == .unrepresentable)
        #expect(kind([good, try frame([1, 2], [7, 7])]) == .unrepresentable)
        #expect(kind([try frame([1, 1], [7], delay: -1)]) == .unrepresentable)
        #expect(kind([try frame([1, 1], [7], delay: 655_360)]) == .unrepresentable)
        #expect(kind([try frame([1, 65_536], [UInt8](repeating: 1, count: 65_536))]) == .unrepresentable)
        #expect(kind([good], loop: 65_536) == .unrepresentable)
        #expect(kind([good], loop: -1) == .unrepresentable)
        #expect(kind([Animation.Frame(pixels: try mediaTensor(.float32, [1, 1], [1] as [Float]), delay: 0)]) == .unrepresentable)
        #expect(mediaError { () throws(FormatError) in try GIF.encode(Animation(frames: [good]), to: FullSink(room: 20)) }?.kind == .system)
    }
}
