import CrateFormats
import CrateLanguage
import CrateValues

/// Functions on sounds.
func audioFunctions() -> [NativeFunction] {
    let sound = Parameter("sound", .object(["audio"]), "as load or read gives it, or sound(samples, rate)")
    let tone = "let tone = sound(sin(linspace(0, 500, 8000)), 8000)"
    return [
        NativeFunction(
            "sound", "Make a sound of samples.",
            [
                Parameter("samples", .any, "an array (frames,) or (frames, channels); floats are -1 to 1"),
                Parameter("rate", .int, "frames per second"),
            ],
            examples: ["sound(zeros([8000]), 8000).duration  # 1.0"]
        ) { call throws(Failure) in
            let rate = try call.int(1) ?? 0
            guard rate > 0 else { throw Failure("value", "a sound can't have \(rate) frames a second") }
            guard let samples = try Tensor(call.arguments[0] ?? .null) else { throw Failure("type", "the samples of a sound are an array") }
            do throws(FormatError) {
                return .object(AudioObject(try AudioFile.clip(from: samples, sampleRate: rate)))
            } catch {
                throw Failure(error)
            }
        },
        NativeFunction(
            "resample", "Give a sound another rate; pitch and length stay.",
            [
                sound, Parameter("rate", .int, "frames per second"),
                Parameter("quality", .oneOf(ResamplingQuality.allCases.map(\.rawValue)), .optional, named: true, "high when left out"),
            ],
            examples: ["\(tone); resample(tone, 16000).frames  # 16000"]
        ) { call throws(Failure) in
            let rate = try call.int(1) ?? 0
            let quality = try call.string(2).flatMap { ResamplingQuality(rawValue: $0) } ?? .high
            return try changed(call) { clip throws(FormatError) in try clip.resampled(to: rate, quality: quality) }
        },
        NativeFunction(
            "mono", "Mix a sound's channels into one: their mean.", [sound], examples: ["mono(sound(zeros([8, 2]), 8000)).channels  # 1"]
        ) { call throws(Failure) in
            try changed(call) { clip throws(FormatError) in try clip.mono() }
        },
        NativeFunction(
            "excerpt", "Take a part of a sound.",
            [
                sound, Parameter("start", .number, "seconds from the beginning"),
                Parameter("duration", .number, .optional, "seconds; to the end when left out"),
            ],
            examples: ["\(tone); excerpt(tone, 0.25, 0.5).frames  # 4000"]
        ) { call throws(Failure) in
            let part = AudioPart(start: seconds(call.arguments[1]) ?? 0, duration: seconds(call.arguments[2]))
            return try changed(call) { clip throws(FormatError) in try clip.excerpt(part) }
        },
    ]
}

private func changed(_ call: Call, _ change: (AudioClip) throws(FormatError) -> AudioClip) throws(Failure) -> Value {
    guard case .object(let object)? = call.arguments[0], let sound = object as? AudioObject else { throw Failure("type", "this is no sound") }
    do { return .object(AudioObject(try change(sound.clip))) } catch { throw Failure(error) }
}

private func seconds(_ value: Value?) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .float(let number): number
    default: nil
    }
}
