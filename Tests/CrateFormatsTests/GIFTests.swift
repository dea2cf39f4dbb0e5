import CrateFormats
import CrateValues
import Testing

@Suite struct GIFReadingTests {
    @Test(arguments: Samples.named("gif/"))
    func `reads what other programs wrote`(_ sample: Sample) throws {
        let animation = try GIF.decode(sample.bytes())
        #expect([animation.width, animation.height] == sample.expect?["size"]?.list?.compactMap(\.integer))
        #expect(animation.loopCount == sample.expect?["loop"]?.integer)
        let frames = try #require(sample.expect?["frames"]?.list)
        #expect(animation.frames.count == frames.count)
        for (frame, wanted) in zip(animation.frames, frames) {
            try expectMedia(frame.pixels, wanted["rgba"])
            #expect(frame.delay == wanted["delay_ms"]?.integer)
        }
    }

    @Test func `refuses lies by their kind`() throws {
        func kind(_ name: String) throws -> FormatError.Kind? {
            let bytes = try Samples.bytes("hostile/gif_\(name).gif")
            return mediaError { () throws(FormatError) in _ = try GIF.decode(bytes) }?.kind
        }
        #expect(try kind("truncated") == .truncated)
        #expect(try kind("huge_canvas") == .limit)
        #expect(try kind("frame_outside") == .malformed)
        #expect(try kind("bad_lzw") == .malformed)
        #expect(try kind("lzw_min13") == .malformed)
    }

    @Test func `the first frame alone needs no more than its bytes`() throws {
        let bytes = try Samples.bytes("hostile/gif_truncated.gif")
        let whole = try GIF.decode(try Samples.bytes("gif/disposal_none.gif"))
        #expect(
            mediaElements(try GIF.decodeFirstFrame(bytes).pixels, as: UInt8.self) == mediaElements(whole.frames[0].pixels, as: UInt8.self))
    }

    @Test(arguments: Samples.named("gif/"))
    func `any damaged byte gives frames or an error`(_ sample: Sample) throws {
        let damage = MediaDamage(try sample.bytes())
        let whole = try GIF.decode(try sample.bytes()).frames.count
        var limits = Limits()
        limits.pixels = 1_000_000
        for bytes in damage.truncations(limit: 1 << 16) {
            // Only whole frames are given, and all of them only when nothing but the end mark is missing.
            if let animation = try? GIF.decode(bytes, limits: limits) {
                #expect(animation.frames.count < whole || bytes.count == damage.original.count - 1)
            }
        }
        for bytes in damage.mutations() {
            if let animation = try? GIF.decode(bytes, limits: limits) { #expect(animation.width > 0) }
        }
    }

    // MARK: Files made by hand

    /// A 2 × 1 picture with a palette of black, red, green and blue.
    private let head: [UInt8] = Array("GIF89a".utf8) + [2, 0, 1, 0, 0x81, 0, 0, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]
    private let image: [UInt8] = [0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0]

    /// Codes of three bits, as in all pictures of so few pixels, in one block.
    private func data(_ codes: [Int]) -> [UInt8] {
        var bits = 0
        for (place, code) in codes.enumerated() { bits |= code << (place * 3) }
        let bytes = (0..<((codes.count * 3 + 7) / 8)).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        return [2, UInt8(bytes.count)] + bytes + [0]
    }

    private func samples(_ bytes: [UInt8]) throws -> [UInt8] {
        mediaElements(try #require(try GIF.decode(Bytes(bytes)).frames.last).pixels, as: UInt8.self)
    }

    private func kind(_ bytes: [UInt8], _ limits: Limits = .standard) -> FormatError.Kind? {
        mediaError { () throws(FormatError) in _ = try GIF.decode(Bytes(bytes), limits: limits) }?.kind
    }

    @Test func `accepts a missing end and bytes after it`() throws {
        let good = head + image + data([4, 1, 2, 5])
        let wanted: [UInt8] = [255, 0, 0, 255, 0, 255, 0, 255]
        #expect(try samples(good) == wanted)
        #expect(try samples(good + [0x3B]) == wanted)
        #expect(try samples(good + [0x3B, 1, 2, 3]) == wanted)
        #expect(try samples(good + [0x00, 0x3B]) == wanted)
        // No clear code at the start, no end code, codes beyond the picture.
        #expect(try samples(head + image + data([1, 2])) == wanted)
        #expect(try samples(head + image + data([4, 1, 2, 3])) == wanted)
        // A code for the string that it makes itself would be longer than the picture.
        #expect(try samples(head + image + data([4, 1, 6, 5])) == [255, 0, 0, 255, 255, 0, 0, 255])
    }

    @Test func `refuses broken compression`() {
        #expect(kind(head + image + data([4, 1, 5])) == .truncated)
        #expect(kind(head + image + [2, 0]) == .truncated)
        #expect(kind(head + image + data([4, 6, 1])) == .malformed)
        #expect(kind(head + image + data([4, 1, 7])) == .malformed)
        #expect(kind(head + image + [1, 0]) == .malformed)
        #expect(kind(head + image + [9, 1, 0, 0]) == .malformed)
        #expect(kind(head + image + [2, 5, 0]) == .truncated)
    }

    @Test func `refuses colours beyond the palette, unless they are not drawn`() throws {
        // Minimum code size 3 with a palette of 4: the codes have 4 bits, clear is 8.
        let data: [UInt8] = [3, 2, 0x18, 0x95, 0]
        #expect(kind(head + image + data) == .malformed)
        let control: [UInt8] = [0x21, 0xF9, 4, 1, 0, 0, 5, 0]
        #expect(try samples(head + control + image + data) == [255, 0, 0, 255, 0, 0, 0, 0])
    }

    @Test func `refuses files without a picture or a palette`() {
        #expect(kind(head + [0x3B]) == .malformed)
        #expect(kind(head) == .malformed)
        #expect(kind(head + [0x77]) == .malformed)
        var bare = head
        bare[10] = 0x01
        bare.removeLast(12)
        #expect(kind(bare + image + data([4, 1, 2, 5])) == .malformed)
        #expect(kind(Array("GIF88a".utf8) + head.dropFirst(6) + image + data([4, 1, 2, 5])) == .malformed)
        var empty = head
        empty[6] = 0
        #expect(kind(empty + image + data([4, 1, 2, 5])) == .malformed)
        #expect(kind(head + [0x2C, 1, 0, 0, 0, 2, 0, 1, 0, 0] + data([4, 1, 2, 5])) == .malformed)
        #expect(kind(head + [0x21, 0xF9, 3, 0, 0, 0, 0]) == .malformed)
    }

    @Test func `bounds what many small frames become`() {
        let frame = image + data([4, 1, 2, 5])
        var limits = Limits()
        limits.pixels = 20
        limits.inflationRatio = 0
        #expect(kind(head + Array(repeatElement(frame, count: 10).joined()), limits) == nil)
        #expect(kind(head + Array(repeatElement(frame, count: 11).joined()), limits) == .limit)
        limits.inflationRatio = 1
        #expect(kind(head + Array(repeatElement(frame, count: 11).joined()), limits) == nil)
    }
}
