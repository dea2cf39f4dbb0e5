internal import CSndFile
import CrateValues

/// Sound files, read and written by libsndfile, which is opened when first used.
///
/// Samples keep the file's own form: int16 for codings of up to 16 bits (fewer bits shifted to full scale), int32 for 20 to
/// 32 bits (shifted to full scale: the lowest 8 bits of a 24-bit sample are 0), float32 and float64 for float files, float32
/// for lossy codings.
public enum AudioFile {
    /// How to write.
    public struct Options: Sendable {
        /// One of libsndfile's names, such as `PCM_24`, `FLOAT` or `VORBIS`. `nil`: the clip's own where the container has
        /// it and it loses nothing, else the one that keeps the samples exactly, else the container's usual one.
        public var subtype: String?
        /// 0 (small) to 1 (good), for Vorbis, Opus and MP3.
        public var quality: Double?
        /// 0 (quick) to 8 (small), for FLAC, which loses nothing.
        public var compression: Int?
        public init() {}
    }

    /// Extensions that are written, lower case, without the dot, the usual one first.
    public static var extensions: [String] { AudioContainer.all.flatMap(\.extensions) }

    /// Reads a sound file, or a part of it, by what its bytes say. A file that ends early gives what is there, and a warning.
    ///
    /// - Parameters:
    ///   - fileExtension: the name's extension; content of another format is read all the same, with a warning.
    ///   - part: which part; the rest is skipped, not decoded into memory.
    /// - Throws: `.missingLibrary`, `.malformed`, `.truncated` when no sample could be read though some are announced,
    ///   `.limit`, `.unrepresentable` for a part that is not there.
    public static func decode(
        _ bytes: Bytes, fileExtension: String = "", part: AudioPart = .whole, limits: Limits = .standard
    ) throws(FormatError) -> AudioClip {
        try requireLibrary()
        return try bytes.withBytes { (buffer) throws(FormatError) in
            var clip = try AudioReader(buffer).clip(part, limits: limits)
            clip.warnings += warnings(buffer, fileExtension: fileExtension, format: clip.format)
            return clip
        }
    }

    /// What is odd about a file that can be read all the same.
    private static func warnings(_ buffer: UnsafeRawBufferPointer, fileExtension: String, format: String) -> [String] {
        var warnings: [String] = []
        if let gap = AudioHeader.missingData(buffer) { warnings.append(gap) }
        if let named = AudioContainer.named(byExtension: fileExtension), named.name != format, format != "WAVEX" {
            warnings.append("holds \(format), though its name ends in .\(fileExtension)")
        }
        return warnings
    }

    /// Writes `clip` in the container that the extension asks for, with its tags where the container has a place for them.
    /// Floats beyond -1 to 1 are clipped where the coding is of whole numbers; the conversion is python-soundfile's, bit by bit.
    ///
    /// - Throws: `.missingLibrary`; `.unrepresentable` for a rate, channel count, subtype, quality or shape that the format does
    ///   not take, and for whole numbers of more bits than it keeps unless a subtype asks for that; `.unsupported` for an
    ///   unknown extension.
    public static func encode(_ clip: AudioClip, fileExtension: String, options: Options = Options(), to sink: any ByteSink) throws(FormatError) {
        try requireLibrary()
        let checked = try AudioFile.clip(from: clip.samples, sampleRate: clip.sampleRate)
        let plan = try AudioPlan(clip, fileExtension: fileExtension.lowercased(), subtype: options.subtype)
        let writer = try AudioWriter(
            plan.layout, quality: try plan.quality(options.quality) ?? -1, compression: try plan.compression(options.compression) ?? -1)
        writer.set(clip.tags)
        try writer.write(checked.sixteenBitOrWider)
        try writer.finish(to: sink)
    }

    /// Container, coding, rate, length and tags; samples are read only for `hasLevels`, which adds the peak and the mean level.
    ///
    /// - Throws: `.missingLibrary`, `.malformed`.
    public static func inspect(_ bytes: Bytes, fileExtension: String = "", hasLevels: Bool = false) throws(FormatError) -> Inspection {
        try requireLibrary()
        return try bytes.withBytes { (buffer) throws(FormatError) in
            let reader = try AudioReader(buffer)
            var inspection = reader.inspection(hasLevels: hasLevels)
            let warnings = warnings(buffer, fileExtension: fileExtension, format: reader.container)
            if !warnings.isEmpty { inspection.facts.append(("warnings", .list(warnings.map { .string($0) }))) }
            return inspection
        }
    }

    private static func requireLibrary() throws(FormatError) {
        guard crate_sound_is_available() else {
            throw FormatError(.missingLibrary, "audio", "needs libsndfile, which is not installed", hint: "apt-get install libsndfile1")
        }
    }
}

/// A stretch of a sound, in seconds.
public struct AudioPart: Sendable {
    /// Where it begins.
    public var start: Double
    /// `nil`: to the end. A part that reaches past the end stops there.
    public var duration: Double?

    public init(start: Double = 0, duration: Double? = nil) {
        self.start = start
        self.duration = duration
    }

    public static let whole = AudioPart()

    /// The frames of a sound of `count` frames.
    ///
    /// - Throws: `.unrepresentable` for negative numbers, and a start behind the end.
    func frames(of count: Int, sampleRate: Int) throws(FormatError) -> Range<Int> {
        let end = Double(count) / Double(max(sampleRate, 1))
        guard start >= 0, start <= end, duration.map({ $0 >= 0 }) ?? true else {
            throw FormatError(
                .unrepresentable, "audio", "has no part from \(start) s on\(duration.map { " of \($0) s" } ?? "")",
                hint: "it has \(end) s")
        }
        let first = min(Int((start * Double(sampleRate)).rounded()), count)
        let wanted = duration.map { ($0 * Double(sampleRate)).rounded() } ?? .infinity
        return first..<(wanted >= Double(count - first) ? count : first + Int(wanted))
    }
}
