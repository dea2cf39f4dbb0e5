import CrateFormats
import CrateValues
import Testing

@Suite struct AudioTests {
    @Test(arguments: Samples.named("audio/"))
    func `reads what other programs wrote`(_ sample: Sample) throws {
        let clip = try AudioFile.decode(sample.bytes(), fileExtension: sample.fileExtension)
        let expect = try #require(sample.expect)
        #expect(clip.frameCount == expect["frames"]?.integer)
        if let rate = expect["samplerate"]?.integer { #expect(clip.sampleRate == rate) }
        if let channels = expect["channels"]?.integer { #expect(clip.channels == channels) }
        if let subtype = expect["subtype"]?.string { #expect(clip.subtype == subtype) }
        if let facts = expect["int16"] { try expectMedia(clip.samples, facts) }
        if let facts = expect["float64"] { try expectMedia(clip.float64Samples, facts) }
        if let unsigned = expect["u8"]?.list?.compactMap(\.integer) {
            #expect(mediaElements(clip.samples, as: Int16.self).map { Int($0) / 256 + 128 } == unsigned)
        }
        #expect(clip.warnings.isEmpty)
    }

    @Test(arguments: Samples.named("hostile/wav_", "hostile/flac_"))
    func `refuses damage, or reads what is there and says so`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        var clip: AudioClip?
        let error = mediaError { () throws(FormatError) in clip = try AudioFile.decode(bytes) }
        if sample.want == "refuse" { #expect(error != nil) } else { #expect(error != nil || clip?.warnings.isEmpty == false) }
    }

    @Test(arguments: Samples.named("hostile/wav_", "hostile/flac_"))
    func `refusals tell the file's size`(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        guard let error = mediaError({ () throws(FormatError) in _ = try AudioFile.decode(bytes) }) else { return }
        #expect(error.place != .whole || error.reason.hasSuffix("in a file of \(bytes.count) bytes"))
    }

    @Test func `a shortened WAV gives its beginning`() throws {
        let whole = try AudioFile.decode(Samples.bytes("audio/pcm16_stereo.wav"))
        let cut = try Samples.bytes("audio/pcm16_stereo.wav").array.dropLast(4001)
        let clip = try AudioFile.decode(Bytes(Array(cut)))
        #expect(clip.frameCount == 2999)
        #expect(clip.warnings == ["ends early: 11999 of 16000 bytes of sound are there"])
        #expect(mediaElements(clip.samples, as: Int16.self) == Array(mediaElements(whole.samples, as: Int16.self).prefix(5998)))
    }

    @Test func `says when name and content differ`() throws {
        let clip = try AudioFile.decode(Samples.bytes("audio/tone.flac"), fileExtension: "wav")
        #expect(clip.warnings == ["holds FLAC, though its name ends in .wav"])
    }

    @Test(arguments: ["python_wave.wav", "odd_chunks.wav", "tone.flac", "tone.ogg", "tone.mp3", "tone.opus", "tone.aiff", "tone.au", "ima_adpcm_stereo.wav"])
    func `any damaged byte gives sound or an error`(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes("audio/\(name)"))
        for bytes in damage.truncations(limit: 150) + damage.mutations(limit: 150) {
            var clip: AudioClip?
            let error = mediaError { () throws(FormatError) in clip = try AudioFile.decode(bytes) }
            #expect((error == nil) == (clip != nil))
        }
    }

    private func roundTrip(_ clip: AudioClip, _ fileExtension: String, subtype: String? = nil, quality: Double? = nil) throws -> AudioClip {
        let sink = MemorySink()
        var options = AudioFile.Options()
        options.subtype = subtype
        options.quality = quality
        try AudioFile.encode(clip, fileExtension: fileExtension, options: options, to: sink)
        return try AudioFile.decode(Bytes(sink.array), fileExtension: fileExtension)
    }

    private static let tone: [Int16] = (0..<4800).map { Int16(truncatingIfNeeded: ($0 * 331) % 20001 - 10000) }

    @Test(arguments: ["wav", "flac", "aiff", "au", "caf", "w64", "rf64"])
    func `keeps whole numbers exactly`(_ fileExtension: String) throws {
        let samples = try mediaTensor(.int16, [2400, 2], Self.tone)
        let again = try roundTrip(AudioClip(samples: samples, sampleRate: 48000), fileExtension)
        #expect(again.subtype == "PCM_16")
        #expect(again.sampleRate == 48000)
        #expect(again.samples.shape == [2400, 2])
        #expect(mediaElements(again.samples, as: Int16.self) == Self.tone)
        #expect(again.warnings.isEmpty)
    }

    @Test(arguments: ["wav", "aiff", "au", "caf"])
    func `keeps floats exactly`(_ fileExtension: String) throws {
        let singles = Self.tone.map { Float($0) / 3000 }
        let single = try roundTrip(AudioClip(samples: try mediaTensor(.float32, [4800], singles), sampleRate: 8000), fileExtension)
        #expect(single.subtype == "FLOAT")
        #expect(mediaElements(single.samples, as: Float.self) == singles)
        let doubles = Self.tone.map { Double($0) / 3 }
        let double = try roundTrip(AudioClip(samples: try mediaTensor(.float64, [4800], doubles), sampleRate: 8000), fileExtension)
        #expect(mediaElements(double.samples, as: Double.self) == doubles)
    }

    @Test(arguments: [("ogg", "VORBIS"), ("opus", "OPUS"), ("mp3", "MPEG_LAYER_III")])
    func `lossy formats come close`(_ fileExtension: String, _ subtype: String) throws {
        // A slow triangle wave.
        let wave = (0..<48000).map { Float(abs($0 % 200 - 100)) / 200 - 0.25 }
        let clip = AudioClip(samples: try mediaTensor(.float32, [48000], wave), sampleRate: 48000)
        let again = try roundTrip(clip, fileExtension, quality: 0.9)
        #expect(again.subtype == subtype)
        #expect(again.frameCount == 48000)
        let middle = 1000..<47000
        let sound = mediaElements(again.samples, as: Float.self)
        #expect(middle.allSatisfy { abs(sound[$0] - wave[$0]) < 0.05 })
    }

    @Test func `floats become 16 bits as python-soundfile makes them`() throws {
        let values: [Double] = [0, 1, -1, 1.5, -1.5, 0.5, -0.5, 0.3, -0.3, 1e-5, -1e-5]
        let again = try roundTrip(AudioClip(samples: try mediaTensor(.float64, [11], values), sampleRate: 8000), "wav", subtype: "PCM_16")
        #expect(mediaElements(again.samples, as: Int16.self) == [0, 32767, -32768, 32767, -32768, 16384, -16384, 9830, -9831, 0, -1])
    }

    @Test func `8-bit samples survive`() throws {
        let unsigned = (0..<256).map { UInt8($0) }
        let again = try roundTrip(AudioClip(samples: try mediaTensor(.uint8, [256], unsigned), sampleRate: 8000), "wav")
        #expect(again.subtype == "PCM_U8")
        #expect(mediaElements(again.samples, as: Int16.self).map { UInt8(Int($0) / 256 + 128) } == unsigned)
        let signed = try roundTrip(AudioClip(samples: try mediaTensor(.int8, [256], (-128..<128).map { Int8($0) }), sampleRate: 8000), "aiff")
        #expect(mediaElements(signed.samples, as: Int16.self).map { Int($0) / 256 } == Array(-128..<128))
    }

    @Test func `what was read as 24 bits is written as 24 bits`() throws {
        let clip = try AudioFile.decode(Samples.bytes("audio/pcm24_stereo.wav"))
        let again = try roundTrip(clip, "wav")
        #expect(again.subtype == "PCM_24")
        #expect(mediaElements(again.samples, as: Int32.self) == mediaElements(clip.samples, as: Int32.self))
        #expect(try roundTrip(clip, "flac").subtype == "PCM_24")
    }

    @Test func `whole numbers fill the range of a float file`() throws {
        let again = try roundTrip(AudioClip(samples: try mediaTensor(.int16, [2], [16384, -32768] as [Int16]), sampleRate: 8000), "wav", subtype: "FLOAT")
        #expect(mediaElements(again.samples, as: Float.self) == [0.5, -1])
    }

    @Test func `equal sounds give equal files`() throws {
        let clip = AudioClip(samples: try mediaTensor(.float32, [3], [0.1, 0.2, 0.3] as [Float]), sampleRate: 8000)
        let files = try (0..<2).map { _ in
            let sink = MemorySink()
            try AudioFile.encode(clip, fileExtension: "wav", to: sink)
            return sink.array
        }
        #expect(files[0] == files[1])
        #expect(!String(decoding: files[0], as: UTF8.self).contains("PEAK"))
    }

    @Test func `an empty clip is a file too`() throws {
        let again = try roundTrip(AudioClip(samples: try mediaTensor(.int16, [0], [] as [Int16]), sampleRate: 8000), "wav")
        #expect(again.frameCount == 0)
        #expect(again.sampleRate == 8000)
    }

    // MARK: Every lossless form

    /// What random samples of a subtype are kept as: the type, and the bits that it has.
    struct Form: Sendable, CustomTestStringConvertible {
        let fileExtension: String, subtype: String, dtype: DType, bits: Int
        var testDescription: String { "\(subtype) in .\(fileExtension)" }

        init(_ fileExtension: String, _ subtype: String, _ dtype: DType, _ bits: Int) {
            (self.fileExtension, self.subtype, self.dtype, self.bits) = (fileExtension, subtype, dtype, bits)
        }
    }

    private static let forms: [Form] = ["wav", "w64", "rf64", "aiff", "au", "caf", "paf", "flac"].flatMap { name -> [Form] in
        let whole = [Form(name, "PCM_16", .int16, 16), Form(name, "PCM_24", .int32, 24)]
        let eight = [Form(name, ["wav", "w64", "rf64"].contains(name) ? "PCM_U8" : "PCM_S8", .int16, 8)]
        if name == "flac" || name == "paf" { return whole + eight }
        return whole + eight + [Form(name, "PCM_32", .int32, 32), Form(name, "FLOAT", .float32, 32), Form(name, "DOUBLE", .float64, 64)]
    } + [Form("caf", "ALAC_16", .int16, 16), Form("pvf", "PCM_32", .int32, 32), Form("voc", "PCM_16", .int16, 16), Form("htk", "PCM_16", .int16, 16)]

    private func randomSamples(_ form: Form, _ shape: [Int]) throws -> Tensor {
        let samples = try randomArray(form.dtype, shape, seed: UInt64(form.bits))
        switch form.dtype {
        case .int16: return try mediaTensor(.int16, shape, mediaElements(samples, as: Int16.self).map { $0 & (-1 << (16 - form.bits)) })
        case .int32: return try mediaTensor(.int32, shape, mediaElements(samples, as: Int32.self).map { $0 & (-1 << (32 - form.bits)) })
        default: return samples
        }
    }

    @Test(arguments: forms)
    func `random samples come back bit for bit, and once more without a word`(_ form: Form) throws {
        for channels in form.fileExtension == "htk" ? [1] : [1, 2] {
            let samples = try randomSamples(form, channels == 1 ? [5000] : [2500, channels])
            let again = try roundTrip(AudioClip(samples: samples, sampleRate: 16000), form.fileExtension, subtype: form.subtype)
            #expect(again.subtype == form.subtype && again.samples.dtype == form.dtype)
            #expect(try again.samples.digest() == samples.digest())
            let third = try roundTrip(again, form.fileExtension)
            #expect(third.subtype == form.subtype)
            #expect(try third.samples.digest() == samples.digest())
        }
    }

    @Test func `what was read as lossy is kept exactly where that can be`() throws {
        let clip = try AudioFile.decode(Samples.bytes("audio/ima_adpcm_stereo.wav"))
        let again = try roundTrip(clip, "wav")
        #expect(again.subtype == "PCM_16")
        #expect(try again.samples.digest() == clip.samples.digest())
        let law = try AudioFile.decode(Samples.bytes("audio/ulaw_stereo.wav"))
        #expect(try roundTrip(law, "wav").subtype == "ULAW")
        #expect(try roundTrip(law, "wav").samples.digest() == law.samples.digest())
    }

    @Test func `FLAC takes 24 bits of 32 only when asked`() throws {
        let samples = try mediaTensor(.int32, [3], [1 << 8, -1 << 31, 0x7FFF_FF00] as [Int32])
        #expect(try roundTrip(AudioClip(samples: samples, sampleRate: 8000), "flac").samples.digest() == samples.digest())
        let deep = AudioClip(samples: try mediaTensor(.int32, [2], [257, -1 << 31] as [Int32]), sampleRate: 8000)
        let error = mediaError { () throws(FormatError) in try AudioFile.encode(deep, fileExtension: "flac", to: MemorySink()) }
        #expect(error?.kind == .unrepresentable && error?.hint?.contains("PCM_24") == true)
        #expect(mediaElements(try roundTrip(deep, "flac", subtype: "PCM_24").samples, as: Int32.self) == [256, -1 << 31])
    }

    // MARK: Parts, tags, rates

    @Test(arguments: ["pcm16_stereo.wav", "tone.flac", "tone.aiff"])
    func `a part is what stands there`(_ name: String) throws {
        let bytes = try Samples.bytes("audio/\(name)")
        let whole = try AudioFile.decode(bytes)
        func part(_ start: Double, _ duration: Double? = nil) throws -> AudioClip {
            try AudioFile.decode(bytes, part: AudioPart(start: start, duration: duration))
        }
        let second = 1 / Double(whole.sampleRate)
        for (start, duration, frames) in [(100, 50, 100..<150), (0, 1, 0..<1), (3990, nil, 3990..<4000), (3990, 999, 3990..<4000), (4000, nil, 4000..<4000)] as [(Int, Int?, Range<Int>)] {
            let clip = try part(Double(start) * second, duration.map { Double($0) * second })
            #expect(try clip.samples.digest() == whole.samples.sliced(start: frames.lowerBound, stop: frames.upperBound).digest())
            #expect(try whole.excerpt(AudioPart(start: Double(start) * second, duration: duration.map { Double($0) * second })).samples.digest() == clip.samples.digest())
            #expect(clip.warnings.isEmpty && clip.subtype == whole.subtype)
        }
        for (start, duration) in [(-1, nil), (1, nil), (0, -1), (.nan, nil), (0, .nan), (.infinity, nil)] as [(Double, Double?)] {
            #expect(mediaError { () throws(FormatError) in _ = try AudioFile.decode(bytes, part: AudioPart(start: start, duration: duration)) }?.kind == .unrepresentable)
        }
        #expect(try part(0, .infinity).frameCount == 4000)
    }

    @Test(arguments: ["wav", "flac", "ogg", "aiff", "caf"])
    func `tags come back where there is a place for them`(_ fileExtension: String) throws {
        var clip = AudioClip(samples: try mediaTensor(.int16, [100], [Int16](repeating: 5, count: 100)), sampleRate: 8000)
        clip.tags = [("title", "Straße"), ("artist", "A"), ("software", "not written again"), ("own", "unknown")]
        let tags = try roundTrip(clip, fileExtension).tags.filter { $0.name != "software" }
        #expect(tags.map(\.name) == ["title", "artist"] && tags.map(\.text) == ["Straße", "A"])
        #expect(try roundTrip(clip, "au").tags.isEmpty)
    }

    @Test(arguments: [DType.int8, .uint8, .int16, .int32, .float32, .float64])
    func `another rate keeps the tone, the length and the type`(_ dtype: DType) throws {
        // A triangle, whose higher tones are weak.
        let wave = (0..<8000).map { Float(abs($0 / 2 % 80 - 40)) / 40 - 0.5 }
        let full: Float = dtype == .int8 ? 127 : dtype == .uint8 ? 127 : dtype == .int16 ? 32767 : dtype == .int32 ? 0x1p30 : 1
        let floats = try mediaTensor(.float32, [4000, 2], wave.map { $0 * full + (dtype == .uint8 ? 128 : 0) })
        let clip = AudioClip(samples: try floats.converted(to: dtype), sampleRate: 8000)
        let twice = try clip.resampled(to: 16000)
        #expect(twice.samples.shape == [8000, 2] && twice.sampleRate == 16000)
        #expect(twice.samples.dtype == (dtype.size == 1 ? .int16 : dtype))
        let back = try twice.resampled(to: 8000)
        // Away from the ends a wave below half the rate comes back.
        let (before, after) = (mediaElements(clip.float64Samples, as: Double.self), mediaElements(back.float64Samples, as: Double.self))
        #expect((1000..<7000).allSatisfy { abs(before[$0] - after[$0]) < 0.02 })
        #expect(try clip.resampled(to: 8000).samples.digest() == clip.samples.digest())
        #expect(try clip.resampled(to: 16000).samples.digest() == twice.samples.digest())
    }

    @Test func `whole numbers are clipped, not wrapped`() throws {
        let square = (0..<4000).map { Int16(($0 / 50) % 2 == 0 ? 32767 : -32768) }
        let again = mediaElements(try AudioClip(samples: mediaTensor(.int16, [4000], square), sampleRate: 8000).resampled(to: 12000).samples, as: Int16.self)
        #expect(again.count == 6000)
        // In the middle of each flat stretch the sign is the square's.
        #expect((0..<80).allSatisfy { (again[$0 * 75 + 37] > 0) == ($0 % 2 == 0) })
    }

    @Test func `sound of 24 bits stays so`() throws {
        let clip = try AudioFile.decode(Samples.bytes("audio/pcm24_stereo.wav"))
        for changed in [try clip.resampled(to: 48000), try clip.mono()] {
            #expect(changed.subtype == "PCM_24")
            #expect(mediaElements(changed.samples, as: Int32.self).allSatisfy { $0 & 0xFF == 0 })
        }
    }

    @Test func `channels are mixed to their mean`() throws {
        let stereo = AudioClip(samples: try mediaTensor(.int16, [3, 2], [1, 2, -3, -4, 32767, 32767] as [Int16]), sampleRate: 8000)
        #expect(mediaElements(try stereo.mono().samples, as: Int16.self) == [2, -3, 32767])
        let floats = AudioClip(samples: try mediaTensor(.float32, [1, 2], [0.5, -1] as [Float]), sampleRate: 8000)
        #expect(mediaElements(try floats.mono().samples, as: Float.self) == [-0.25])
        #expect(try stereo.mono().mono().samples.shape == [3])
    }

    @Test func `refuses rates that can't be`() throws {
        let clip = AudioClip(samples: try mediaTensor(.int16, [3], [1, 2, 3] as [Int16]), sampleRate: 1)
        for rate in [0, -1, 10_000_001, Int.max] {
            #expect(mediaError { () throws(FormatError) in _ = try clip.resampled(to: rate) }?.kind == .unrepresentable)
        }
        var limits = Limits()
        limits.inflatedBytes = 1000
        #expect(mediaError { () throws(FormatError) in _ = try clip.resampled(to: 1_000_000, limits: limits) }?.kind == .limit)
        #expect(try AudioClip(samples: mediaTensor(.int16, [0], [] as [Int16]), sampleRate: 8000).resampled(to: 16000).frameCount == 0)
    }

    @Test func `options are for the forms that know them`() throws {
        let mono = AudioClip(samples: try mediaTensor(.int16, [8], [Int16](repeating: 1, count: 8)), sampleRate: 8000)
        func error(_ fileExtension: String, subtype: String? = nil, quality: Double? = nil, compression: Int? = nil) -> FormatError? {
            var options = AudioFile.Options()
            (options.subtype, options.quality, options.compression) = (subtype, quality, compression)
            return mediaError { () throws(FormatError) in try AudioFile.encode(mono, fileExtension: fileExtension, options: options, to: MemorySink()) }
        }
        #expect(error("flac", compression: 8) == nil && error("ogg", quality: 0.3) == nil)
        #expect(error("flac", compression: 9)?.hint == "0 (quick) to 8 (small)")
        #expect(error("wav", compression: 5)?.hint?.contains("FLAC") == true)
        #expect(error("wav", quality: 0.5)?.hint?.contains("Vorbis") == true)
        let refusal = error("flac", subtype: "FLOAT")
        #expect(refusal?.reason == "does not take the subtype FLOAT here" && refusal?.hint == "it takes PCM_16, PCM_24, PCM_S8")
        #expect(error("caf", subtype: "ALAC_24")?.hint?.contains("ALAC_16") == true)
        #expect(error("mp3", subtype: "PCM_16")?.hint?.contains("MPEG_LAYER_III") == true)
    }

    @Test func `refuses what the format can't hold`() throws {
        let mono = try mediaTensor(.int16, [8], [Int16](repeating: 1, count: 8))
        func error(_ samples: Tensor, _ fileExtension: String = "wav", rate: Int = 8000, subtype: String? = nil, quality: Double? = nil) -> FormatError? {
            var options = AudioFile.Options()
            options.subtype = subtype
            options.quality = quality
            return mediaError { () throws(FormatError) in
                try AudioFile.encode(AudioClip(samples: samples, sampleRate: rate), fileExtension: fileExtension, options: options, to: MemorySink())
            }
        }
        #expect(error(mono) == nil)
        #expect(error(mono, "xyz")?.kind == .unsupported)
        #expect(error(mono, "opus", rate: 44100)?.hint?.contains("48000") == true)
        #expect(error(mono, subtype: "VORBIS")?.kind == .unrepresentable)
        #expect(error(mono, subtype: "PCM_17")?.hint?.contains("PCM_16") == true)
        #expect(error(mono, rate: 0)?.kind == .unrepresentable)
        #expect(error(mono, rate: 1 << 40)?.kind == .unrepresentable)
        #expect(error(mono, "ogg", quality: 2)?.kind == .unrepresentable)
        #expect(error(mono, "ogg", quality: .nan)?.kind == .unrepresentable)
        #expect(error(try mediaTensor(.int64, [1], [1]))?.hint?.contains("int16") == true)
        #expect(error(try mediaTensor(.int16, [2, 2, 2], [Int16](repeating: 1, count: 8)))?.kind == .unrepresentable)
        #expect(error(try mediaTensor(.int16, [1, 2000], [Int16](repeating: 1, count: 2000)))?.hint?.contains("transpose") == true)
        #expect(error(try mediaTensor(.int16, [0, 0], [] as [Int16]))?.kind == .unrepresentable)
    }
}
