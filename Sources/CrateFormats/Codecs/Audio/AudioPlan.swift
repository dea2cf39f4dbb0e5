internal import CSndFile
import CrateValues

/// The container and coding that a clip is written in, checked.
struct AudioPlan {
    let container: AudioContainer
    let coding: AudioCoding
    let layout: crate_sound_layout

    init(_ clip: AudioClip, fileExtension: String, subtype: String?) throws(FormatError) {
        guard let container = AudioContainer.named(byExtension: fileExtension) else {
            throw FormatError(
                .unsupported, "audio", "can't be written as .\(fileExtension)",
                hint: "end the name in one of: \(AudioFile.extensions.map { ".\($0)" }.joined(separator: " "))")
        }
        guard let rate = Int32(exactly: clip.sampleRate), rate > 0 else {
            throw FormatError(.unrepresentable, container.name, "can't have a sample rate of \(clip.sampleRate)")
        }
        let channels = Int32(clip.channels)
        let offered = container.codings(rate: rate, channels: channels)
        if fileExtension == "opus" || subtype?.uppercased() == "OPUS" { try AudioPlan.checkOpus(rate) }
        guard let usual = AudioCoding.usual(for: clip.samples.dtype, fileExtension: fileExtension, offered: offered) else {
            throw FormatError(.unrepresentable, container.name, "can't hold \(channels) channels at \(rate) frames a second")
        }
        self.container = container
        if let subtype {
            coding = try AudioPlan.named(subtype, offered, container)
        } else {
            // What was read as 24 bits goes back as 24 bits.
            let own = offered.first { $0.name == clip.subtype && $0.isExact && $0.samples == clip.samples.dtype }
            coding = own ?? usual
            try AudioPlan.checkDepth(clip, coding, container)
        }
        layout = crate_sound_layout(frames: 0, rate: rate, channels: channels, format: Int32(container.code | coding.code))
    }

    private static func checkOpus(_ rate: Int32) throws(FormatError) {
        guard [8000, 12000, 16000, 24000, 48000].contains(rate) else {
            throw FormatError(
                .unrepresentable, "Opus", "can't have a sample rate of \(rate)",
                hint: "8000, 12000, 16000, 24000 or 48000: give resample(sound, 48000)")
        }
    }

    private static func named(_ subtype: String, _ offered: [AudioCoding], _ container: AudioContainer) throws(FormatError) -> AudioCoding {
        if let coding = offered.first(where: { $0.name == subtype.uppercased() }) { return coding }
        let isKnown = AudioCoding.named(subtype) != nil
        throw FormatError(
            .unrepresentable, container.name, isKnown ? "does not take the subtype \(subtype.uppercased()) here" : "has no subtype \"\(subtype)\"",
            hint: "it takes \(offered.map(\.name).joined(separator: ", "))")
    }

    /// FLAC and a few others have no 32 bits; cutting samples to 24 without a word would lose what can't be got back.
    private static func checkDepth(_ clip: AudioClip, _ coding: AudioCoding, _ container: AudioContainer) throws(FormatError) {
        guard clip.samples.dtype == .int32, let bits = coding.bits, bits < 32, clip.usedBits > bits else { return }
        throw FormatError(
            .unrepresentable, container.name, "keeps \(bits) bits of a sample, and these have \(clip.usedBits)",
            hint: "add subtype: \"\(coding.name)\" if the lowest may go, or save it as .wav")
    }

    // MARK: Options

    func quality(_ quality: Double?) throws(FormatError) -> Double? {
        guard let quality else { return nil }
        guard coding.hasQuality else {
            throw FormatError(
                .unrepresentable, container.name, "has no quality for \(coding.name)", hint: "Vorbis (.ogg), Opus (.opus) and MP3 have")
        }
        guard (0...1).contains(quality) else {
            throw FormatError(.unrepresentable, container.name, "has no quality \(quality)", hint: "0 (small) to 1 (good)")
        }
        return quality
    }

    /// On libsndfile's scale, 0 to 1.
    func compression(_ level: Int?) throws(FormatError) -> Double? {
        guard let level else { return nil }
        guard container.name == "FLAC" else {
            throw FormatError(.unrepresentable, container.name, "has no compression level", hint: "FLAC has; lossy forms take quality")
        }
        guard (0...8).contains(level) else {
            throw FormatError(.unrepresentable, "FLAC", "has no compression level \(level)", hint: "0 (quick) to 8 (small)")
        }
        return Double(level) / 8
    }
}

extension AudioClip {
    /// Bits of int32 samples from the highest down to the lowest that any of them uses.
    fileprivate var usedBits: Int {
        let all = samples.packedBytes().withBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).reduce(0 as UInt32) { $0 | bytes.loadUnaligned(fromByteOffset: $1, as: UInt32.self) }
        }
        return 32 - all.trailingZeroBitCount
    }
}
