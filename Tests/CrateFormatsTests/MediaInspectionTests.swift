import CrateFormats
import CrateValues
import Testing

@Suite struct MediaInspectionTests {
    /// Whatever is told must be what decoding gives.
    @Test(arguments: Samples.named("png/", "jpg/", "bmp/", "other/").filter { $0.name != "png/README.md" })
    func `pictures are described as they decode`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let (facts, image) = (try ImageFile.inspect(bytes), try ImageFile.decode(bytes))
        #expect([facts["width"]?.integer, facts["height"]?.integer] == [image.width, image.height])
        #expect(facts["mode"]?.text == image.mode.rawValue)
        #expect(facts["dtype"]?.text == image.pixels.dtype.rawValue)
        #expect(facts["decoded_bytes"]?.integer == image.pixels.byteCount)
        #expect(facts["orientation"]?.integer == image.orientation)
    }

    @Test func `what only some formats know is told`() throws {
        func fact(_ name: String, _ fact: String) throws -> Document? { try ImageFile.inspect(Samples.bytes(name))[fact] }
        #expect(try fact("png/interlaced_rgb8.png", "interlaced")?.flag == true && fact("png/rgb8.png", "interlaced")?.flag == false)
        #expect(try fact("png/palette4.png", "palette")?.integer != nil && fact("png/palette4.png", "bits_per_sample")?.integer == 4)
        #expect(try fact("png/animated.png", "frames")?.integer == 3)
        #expect(try fact("png/grey16.png", "bits_per_sample")?.integer == 16)
        #expect(try fact("jpg/progressive_444.jpg", "progressive")?.flag == true && fact("jpg/grey.jpg", "progressive")?.flag == false)
        #expect(try fact("jpg/cmyk.jpg", "mode")?.text == "CMYK")
        #expect(try fact("jpg/exif_orientation6.jpg", "exif")?.flag == true)
        #expect(try fact("bmp/topdown.bmp", "top_down")?.flag == true && fact("bmp/bilevel.bmp", "palette")?.integer == 2)
        #expect(try fact("other/rgb.tiff", "pages")?.integer == 1 && fact("other/rgb.webp", "lossless")?.flag == true)
        #expect(try fact("gif/local_palettes.gif", "frames")?.integer == 2)
        let texts = try #require(ImageFile.inspect(Samples.bytes("png/text_chunks.png")).listings.first)
        #expect(texts.title == "texts" && texts.columns == ["key", "text"] && texts.rows[0][0].text == "Title")
    }

    @Test(arguments: Samples.named("gif/"))
    func `animations are described as they decode`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let (inspection, animation) = (try GIF.inspect(bytes), try GIF.decode(bytes))
        #expect([inspection["width"]?.integer, inspection["height"]?.integer] == [animation.width, animation.height])
        #expect(inspection["frames"]?.integer == animation.frames.count)
        #expect(inspection["loop"]?.integer == animation.loopCount)
        #expect(inspection["duration"]?.float == Double(animation.duration) / 1000)
        let frames = try #require(inspection.listings.first)
        #expect(frames.rows.map { $0[1].integer } == animation.frames.map(\.delay))
        #expect(frames.rows.allSatisfy { $0.count == frames.columns.count })
    }

    @Test func `disposals and areas are told`() throws {
        func column(_ name: String, _ column: String) throws -> [Document] {
            let listing = try #require(GIF.inspect(Samples.bytes("gif/\(name).gif")).listings.first)
            let place = try #require(listing.columns.firstIndex(of: column))
            return listing.rows.map { $0[place] }
        }
        #expect(try column("disposal_background", "disposal").contains { $0.text == "clear" })
        #expect(try column("disposal_previous", "disposal").contains { $0.text == "restore" })
        #expect(try column("disposal_none", "disposal").allSatisfy { $0.text == "keep" })
        #expect(try column("static256", "interlaced")[0].flag == true)
        #expect(try column("local_palettes", "palette")[1].integer != nil)
    }

    @Test(arguments: Samples.named("audio/"))
    func `sounds are described as they decode`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let (facts, clip) = (try AudioFile.inspect(bytes, hasLevels: true), try AudioFile.decode(bytes))
        #expect(facts["format"]?.text == clip.format && facts["subtype"]?.text == clip.subtype)
        #expect(facts["sample_rate"]?.integer == clip.sampleRate && facts["channels"]?.integer == clip.channels)
        #expect(facts["frames"]?.integer == clip.frameCount && facts["duration"]?.float == clip.duration)
        #expect(facts["dtype"]?.text == clip.samples.dtype.rawValue && facts["decoded_bytes"]?.integer == clip.samples.byteCount)
        let samples = mediaElements(clip.float64Samples, as: Double.self)
        #expect(facts["peak"]?.float == samples.map(abs).max())
        let level = (samples.reduce(0) { $0 + $1 * $1 } / Double(samples.count)).squareRoot()
        #expect(abs(try #require(facts["rms"]?.float) - level) < 1e-12)
        #expect(try AudioFile.inspect(bytes)["peak"] == nil)
    }

    @Test func `tags and warnings are told`() throws {
        var clip = AudioClip(samples: try mediaTensor(.int16, [100], [Int16](repeating: 5, count: 100)), sampleRate: 8000)
        clip.tags = [("title", "T")]
        let sink = MemorySink()
        try AudioFile.encode(clip, fileExtension: "flac", to: sink)
        let inspection = try AudioFile.inspect(Bytes(sink.array), fileExtension: "wav")
        #expect(inspection.listings.first?.rows.contains { $0[0].text == "title" && $0[1].text == "T" } == true)
        guard case .list(let warnings)? = inspection["warnings"] else { Issue.record("no warnings"); return }
        #expect(warnings.first?.text == "holds FLAC, though its name ends in .wav")
    }

    @Test(arguments: ["png/text_chunks.png", "jpg/exif_orientation6.jpg", "bmp/rgba32_v4.bmp", "other/rgb.webp", "gif/local_palettes.gif", "audio/tone.aiff"])
    func `any damaged byte is described or refused`(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes(name))
        for bytes in damage.all {
            if name.hasPrefix("audio/") {
                _ = mediaError { () throws(FormatError) in _ = try AudioFile.inspect(bytes, hasLevels: true) }
            } else {
                _ = mediaError { () throws(FormatError) in _ = try ImageFile.inspect(bytes) }
                _ = mediaError { () throws(FormatError) in _ = try GIF.inspect(bytes) }
            }
        }
    }
}
