internal import CSoxr
import CrateValues

/// How carefully `resampled` works, by libsoxr's recipes.
public enum ResamplingQuality: String, Sendable, CaseIterable {
    case quick, low, medium
    /// 20 bits; what librosa uses.
    case high
    /// 28 bits.
    case veryHigh = "very high"
}

extension AudioClip {
    /// The same sound at another rate, by libsoxr, which is opened when first used. The samples' type stays (8 bits become
    /// 16); whole numbers are rounded, and clipped to their range. Sound of 20 or 24 bits keeps that depth.
    ///
    /// - Throws: `.missingLibrary`; `.unrepresentable` for a rate outside 1…10 000 000 or samples that are no sound; `.limit`
    ///   for a result beyond `limits.inflatedBytes`.
    public func resampled(to rate: Int, quality: ResamplingQuality = .high, limits: Limits = .standard) throws(FormatError) -> AudioClip {
        guard crate_resample_is_available() else {
            throw FormatError(.missingLibrary, "audio", "needs libsoxr, which is not installed", hint: "apt-get install libsoxr0")
        }
        let rates = 1...10_000_000
        guard rates.contains(rate), rates.contains(sampleRate) else {
            throw FormatError(.unrepresentable, "audio", "can't go from \(sampleRate) to \(rate) frames a second", hint: "1 to 10000000")
        }
        if rate == sampleRate { return self }
        var clip = try AudioFile.clip(from: samples, sampleRate: sampleRate)
        clip.samples = try clip.sixteenBitOrWider.resampled(from: sampleRate, to: rate, quality, limits: limits)
        clip.sampleRate = rate
        clip.tags = tags
        return clip.withDepth(of: self)
    }

    /// All channels as one: their mean, rounded for whole numbers.
    ///
    /// - Throws: `.unrepresentable` for samples that are no sound.
    public func mono() throws(FormatError) -> AudioClip {
        guard samples.rank == 2 else { return self }
        var clip = try AudioFile.clip(from: samples, sampleRate: sampleRate)
        clip.samples = clip.sixteenBitOrWider.channelMeans
        clip.tags = tags
        return clip.withDepth(of: self)
    }

    /// Computed samples, cut back to the bits that the sound had which they come from; it then counts as of the same subtype.
    private func withDepth(of source: AudioClip) -> AudioClip {
        guard samples.dtype == .int32, let coding = AudioCoding.named(source.subtype), coding.samples == .int32, let bits = coding.bits, bits < 32
        else { return self }
        var clip = self
        clip.samples = samples.rounded(toBits: bits)
        (clip.format, clip.subtype) = (source.format, source.subtype)
        return clip
    }

    /// A stretch of the sound; shares the samples.
    ///
    /// - Throws: `.unrepresentable` for a part that is not there.
    public func excerpt(_ part: AudioPart) throws(FormatError) -> AudioClip {
        let frames = try part.frames(of: frameCount, sampleRate: sampleRate)
        var clip = self
        let samples = samples
        clip.samples = try ElementBytes.computed("audio") { () throws(ArrayError) in
            try samples.sliced(start: frames.lowerBound, stop: frames.upperBound)
        }
        return clip
    }
}

extension Tensor {
    /// Interleaved frames of a type that libsoxr takes, at another rate.
    fileprivate func resampled(from: Int, to: Int, _ quality: ResamplingQuality, limits: Limits) throws(FormatError) -> Tensor {
        let channels = rank > 1 ? shape[1] : 1
        let (frames, frameSize) = (shape[0], channels * dtype.size)
        let expected = Double(frames) * Double(to) / Double(from) + 0.5
        guard expected * Double(frameSize) <= Double(limits.inflatedBytes) else {
            throw FormatError(.limit, "audio", "at \(to) frames a second would take more than \(limits.inflatedBytes) bytes")
        }
        let room = Int(expected)
        let job = crate_resample_job(
            from: Double(from), to: Double(to), channels: Int32(channels), sample: sampleType, quality: quality.recipe)
        var given = 0
        var message: UnsafePointer<CChar>?
        let source = packedBytes()
        let region = ByteRegion(count: room * frameSize) { target in
            given = source.withBytes { Int(crate_resample(job, $0.baseAddress, frames, target.baseAddress, room, &message)) }
        }
        guard given >= 0, let bytes = Bytes(region, range: 0..<(given * frameSize)),
            let tensor = Tensor(dtype: dtype, shape: rank > 1 ? [given, channels] : [given], bytes: bytes)
        else { throw FormatError(.system, "audio", "can't be resampled: \(message.map { String(cString: $0) } ?? "no reason given")") }
        return tensor
    }

    private var sampleType: crate_resample_sample {
        switch dtype {
        case .int16: crate_resample_int16
        case .int32: crate_resample_int32
        case .float32: crate_resample_float32
        default: crate_resample_float64
        }
    }
}

extension ResamplingQuality {
    fileprivate var recipe: crate_resample_quality {
        switch self {
        case .quick: crate_resample_quick
        case .low: crate_resample_low
        case .medium: crate_resample_medium
        case .high: crate_resample_high
        case .veryHigh: crate_resample_very_high
        }
    }
}
