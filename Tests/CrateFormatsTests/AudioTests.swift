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
