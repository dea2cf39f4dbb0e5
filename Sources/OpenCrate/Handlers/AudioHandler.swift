import CrateFormats
import CrateValues

/// Sound files of every form that libsndfile writes, chosen by extension.
struct AudioHandler: Handler {
    let kind = "audio"
    let summary = "Sound as WAV, FLAC, OGG, MP3 and others"
    var extensions: [String] { AudioFile.extensions }

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("sample_rate", .int, "Frames per second; needed for an array of samples"),
            HandlerOption("subtype", .string, "Coding by libsndfile's name, such as PCM_16 or FLOAT"),
            HandlerOption("quality", .number, "Vorbis, Opus and MP3: 0 (smallest) to 1 (best)"),
            HandlerOption("compression", .int, "FLAC: 0 (quick) to 8 (smallest)"),
        ]
    }

    var loadOptions: [HandlerOption] {
        [
            HandlerOption("start", .number, "Seconds to skip"),
            HandlerOption("duration", .number, "Seconds to read; to the end when left out"),
        ]
    }

    var inspectOptions: [HandlerOption] { [HandlerOption("stats", .bool, "Read all samples for the peak and the mean level")] }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        let clip = try clip(content, sampleRate: options.int("sample_rate"))
        var written = AudioFile.Options()
        written.subtype = options.string("subtype")
        written.quality = options.number("quality")
        written.compression = options.int("compression")
        try AudioFile.encode(clip, fileExtension: name.fileExtension, options: written, to: sink)
    }

    /// A clip knows its rate; for bare samples a guessed one would change pitch and length without a word.
    private func clip(_ content: Content, sampleRate: Int?) throws(FormatError) -> AudioClip {
        switch content {
        case .audio(var clip):
            if let sampleRate { clip.sampleRate = sampleRate }
            return clip
        case .document(.tensor(let samples)):
            guard let sampleRate else {
                throw FormatError(.unrepresentable, "audio", "samples need their rate", hint: "add sample_rate, such as sample_rate: 44100")
            }
            return AudioClip(samples: samples, sampleRate: sampleRate)
        default: throw content.unfit(for: "audio", hint: "give an array of samples and sample_rate")
        }
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        let part = AudioPart(start: options.number("start") ?? 0, duration: options.number("duration"))
        return .audio(try AudioFile.decode(bytes, fileExtension: name.fileExtension, part: part, limits: options.limits))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try AudioFile.inspect(bytes, fileExtension: name.fileExtension, hasLevels: options.bool("stats") ?? false)
    }

    var samples: [HandlerSample] {
        guard let mono = Tensor.ramp(.int16, [400]), let stereo = Tensor.ramp(.int16, [200, 2]) else { return [] }
        return [
            HandlerSample("mono.wav", .audio(AudioClip(samples: mono, sampleRate: 8000))),
            HandlerSample("stereo.flac", .audio(AudioClip(samples: stereo, sampleRate: 44100))),
        ]
    }
}
