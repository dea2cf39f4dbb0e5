internal import CSndFile
import CrateValues

/// Sound files, read and written by libsndfile, which is opened when first used.
///
/// Samples keep the file's own form: int16 for codings of up to 16 bits (8-bit ones shifted to full scale), int32 for 20 to
/// 32 bits (shifted to full scale), float32 and float64 for float files, float32 for lossy codings.
public enum AudioFile {
    /// How to write.
    public struct Options: Sendable {
        /// One of libsndfile's names, such as `PCM_24`, `FLOAT` or `VORBIS`. `nil`: the clip's own where the container has
        /// it, else the one that keeps the samples exactly, else the container's usual one.
        public var subtype: String?
        /// 0 (small) to 1 (good), for lossy codings and FLAC's effort.
        public var quality: Double?
        public init() {}
    }

    /// Extensions that are written, lower case, without the dot, the usual one first.
    public static var extensions: [String] { AudioContainer.all.flatMap(\.extensions) }

    /// Reads all of a sound file by what its bytes say. A file that ends early gives what is there, and a warning.
    ///
    /// - Parameter fileExtension: the name's extension; content of another format is read all the same, with a warning.
    /// - Throws: `.missingLibrary`, `.malformed`, `.truncated` when no sample could be read though some are announced,
    ///   `.limit`.
    public static func decode(_ bytes: Bytes, fileExtension: String = "", limits: Limits = .standard) throws(FormatError) -> AudioClip {
        try requireLibrary()
        return try bytes.withBytes { (buffer) throws(FormatError) in
            var clip = try AudioReader(buffer).clip(limits: limits)
            if let gap = AudioHeader.missingData(buffer) { clip.warnings.append(gap) }
            if let named = AudioContainer.named(byExtension: fileExtension), named.name != clip.format, clip.format != "WAVEX" {
                clip.warnings.append("holds \(clip.format), though its name ends in .\(fileExtension)")
            }
            return clip
        }
    }

    /// Writes `clip` in the container that the extension asks for. Floats beyond -1 to 1 are clipped where the coding is of
    /// whole numbers; the conversion is python-soundfile's, bit by bit.
    ///
    /// - Throws: `.missingLibrary`; `.unrepresentable` for a rate, channel count, subtype or shape that the format does not
    ///   take; `.unsupported` for an unknown extension.
    public static func encode(_ clip: AudioClip, fileExtension: String, options: Options = Options(), to sink: any ByteSink) throws(FormatError) {
        try requireLibrary()
        let checked = try AudioFile.clip(from: clip.samples, sampleRate: clip.sampleRate)
        let layout = try layout(of: clip, fileExtension: fileExtension, subtype: options.subtype)
        if let quality = options.quality, !(0...1).contains(quality) {
            throw FormatError(.unrepresentable, "audio", "has no quality \(quality)", hint: "0 (small) to 1 (good)")
        }
        let writer = try AudioWriter(layout, quality: options.quality ?? -1)
        try writer.write(checked.sixteenBitOrWider)
        try writer.finish(to: sink)
    }

    private static func requireLibrary() throws(FormatError) {
        guard crate_sound_is_available() else {
            throw FormatError(.missingLibrary, "audio", "needs libsndfile, which is not installed", hint: "apt-get install libsndfile1")
        }
    }

    private static func layout(of clip: AudioClip, fileExtension: String, subtype: String?) throws(FormatError) -> crate_sound_layout {
        let fileExtension = fileExtension.lowercased()
        guard let container = AudioContainer.named(byExtension: fileExtension) else {
            throw FormatError(
                .unsupported, "audio", "can't be written as .\(fileExtension)",
                hint: "end the name in one of: \(extensions.map { ".\($0)" }.joined(separator: " "))")
        }
        guard let rate = Int32(exactly: clip.sampleRate), rate > 0 else {
            throw FormatError(.unrepresentable, container.name, "can't have a sample rate of \(clip.sampleRate)")
        }
        func layout(_ coding: AudioCoding) -> crate_sound_layout {
            crate_sound_layout(frames: 0, rate: rate, channels: Int32(clip.channels), format: Int32(container.code | coding.code))
        }
        if let subtype { return try check(layout(try coding(subtype)), container, subtype) }
        // What was read as 24 bits goes back as 24 bits.
        if let own = AudioCoding.named(clip.subtype), own.samples == clip.samples.dtype, clip.format == container.name,
            crate_sound_is_writable(layout(own)) {
            return layout(own)
        }
        let usual = AudioCoding.usual(for: clip.samples.dtype, fileExtension: fileExtension)
        return try check(layout(try coding(usual)), container, usual)
    }

    private static func coding(_ name: String) throws(FormatError) -> AudioCoding {
        if let coding = AudioCoding.named(name) { return coding }
        throw FormatError(
            .unrepresentable, "audio", "has no subtype \"\(name)\"", hint: "one of: \(AudioCoding.all.map(\.name).joined(separator: " "))")
    }

    private static func check(_ layout: crate_sound_layout, _ container: AudioContainer, _ subtype: String) throws(FormatError) -> crate_sound_layout {
        if subtype.uppercased() == "OPUS", ![8000, 12000, 16000, 24000, 48000].contains(layout.rate) {
            throw FormatError(
                .unrepresentable, "Opus", "can't have a sample rate of \(layout.rate)", hint: "8000, 12000, 16000, 24000 or 48000")
        }
        guard crate_sound_is_writable(layout) else {
            throw FormatError(
                .unrepresentable, container.name, "can't hold \(layout.channels) channels of \(subtype) at \(layout.rate) frames a second")
        }
        return layout
    }
}
