import CrateValues

/// Debian's `ffmpeg`, run as a child process: it knows every coding, and a file that brings it down does no harm here.
///
/// It is given descriptors and no names, one demuxer chosen here instead of a guess by content, and no protocol but these descriptors:
/// a file can make it open nothing else.
struct FFmpeg: Sendable {
    let programs: (any Programs)?
    let limits: Limits

    /// The path by which the child opens its descriptor anew, so that it can seek.
    static func path(_ descriptor: Int) -> String { "file:/proc/self/fd/\(descriptor)" }

    /// Starts it with `files` as its descriptors 3, 4 …
    func start(_ arguments: [String], files: [OpenFile]) throws(FormatError) -> any RunningProgram {
        let common = ["-v", "error", "-nostdin", "-filter_threads", "1"]
        return try available().start(
            ProgramCommand("ffmpeg", common + arguments, files: files, package: "ffmpeg", memory: limits.programMemory))
    }

    func available() throws(FormatError) -> any Programs {
        if let programs { return programs }
        throw FormatError(.missingLibrary, "video", "needs FFmpeg, and no program may be started here")
    }

    /// What makes it read the descriptor 3.
    func input(_ demuxer: String) -> [String] {
        // Four threads whatever the machine: each takes memory of its own.
        ["-protocol_whitelist", "file,pipe", "-threads", "4", "-max_pixels", String(limits.pixels), "-f", demuxer, "-i", FFmpeg.path(3)]
    }

    /// What it made of a file that it could not read or write to the end.
    static func failure(_ ending: ProgramEnding, _ kind: FormatError.Kind, _ format: String, _ what: String) -> FormatError {
        let words = words(of: ending.complaint)
        if words.contains("Unknown encoder") || words.contains("Unrecognized option") || words.contains("Unknown decoder") {
            return FormatError(
                .missingLibrary, "ffmpeg", "can't do this: \(words)", hint: "install an FFmpeg of version 5.1 or newer with all codecs, as Debian's is")
        }
        if ending.status > 128 { return FormatError(kind, format, "\(what): FFmpeg was ended by signal \(ending.status - 128)") }
        return FormatError(kind, format, words.isEmpty ? "\(what): FFmpeg gave no reason" : "\(what): \(words)")
    }

    /// The first line without the address of the part that says it. It may hold bytes of the file: only plain characters are shown.
    private static func words(of complaint: [UInt8]) -> String {
        let line = complaint.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).first ?? []
        let plain = String(decoding: line.prefix(200).map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self)
        guard plain.hasPrefix("["), let end = plain.firstIndex(of: "]") else { return plain.trimmed }
        return String(plain[plain.index(after: end)...]).trimmed
    }
}

extension String {
    /// Without blanks and full stops at its ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " || text.last == "." { text.removeLast() }
        return String(text)
    }
}

/// A file that FFmpeg reads: bytes in memory, or the file itself, kept open so that it stays the same whatever takes its name.
struct FFmpegSource: Sendable {
    private let bytes: Bytes
    private let file: OpenFile?
    let tools: FFmpeg

    init(_ bytes: Bytes, limits: Limits, surroundings: Surroundings) throws(FormatError) {
        self.bytes = bytes
        tools = FFmpeg(programs: surroundings.programs, limits: limits)
        // What is not mapped is small, and holding its bytes costs no descriptor.
        guard bytes.region.isMapped, let openFile = surroundings.openFile else {
            file = nil
            return
        }
        let file = OpenFile(try openFile())
        guard try file.size() == bytes.count else { throw FormatError(.system, "file", "was changed while it was read", hint: "read it again") }
        self.file = file
    }

    private func opened() throws(FormatError) -> OpenFile {
        if let file { return file }
        let copy = try tools.available().scratchFile()
        try copy.write(bytes)
        return copy
    }

    /// Decodes frames of the first video track.
    func frames(_ range: Range<Int>, of track: MediaContainer.Track, in container: MediaContainer) throws(FormatError) -> any FrameReader {
        // Frames before the first are decoded, as later ones build on them, but not converted.
        let skipping = range.lowerBound > 0 ? ["-vf", "select=gte(n\\,\(range.lowerBound))"] : []
        let output = [
            "-map", "0:v:0", "-an", "-sn", "-dn", "-fps_mode", "passthrough", "-frames:v", String(range.count), "-pix_fmt", "rgb24", "-c:v", "ppm",
            "-f", "image2pipe", "pipe:1",
        ]
        let program = try tools.start(tools.input(container.form.demuxer) + skipping + output, files: [opened()])
        return PixmapReader(program, count: range.count, format: container.name, limits: tools.limits)
    }

    /// Decodes the first sound track: whole numbers as such, all that is lossy as float32.
    func sound(_ track: MediaContainer.Track, in container: MediaContainer) throws(FormatError) -> AudioClip {
        let isWhole = track.codec == "pcm" || track.codec == "flac"
        let coding = isWhole ? (track.bits <= 16 ? "pcm_s16le" : "pcm_s32le") : track.codec == "pcm_float" && track.bits == 64 ? "pcm_f64le" : "pcm_f32le"
        let output = ["-map", "0:a:0", "-vn", "-sn", "-dn", "-c:a", coding, "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "wav", "pipe:1"]
        let program = try tools.start(tools.input(container.form.demuxer) + output, files: [opened()])
        var wave: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try program.read(into: buffer)
            if count == 0 { break }
            guard count <= tools.limits.inflatedBytes - wave.count else {
                throw FormatError(.limit, container.name, "decodes to more than \(tools.limits.inflatedBytes) bytes of sound")
            }
            wave.append(contentsOf: buffer.prefix(count))
        }
        let ending = try program.finish()
        guard ending.status == 0 else { throw FFmpeg.failure(ending, .malformed, container.name, "the sound can't be read") }
        return try PlainWave.decode(Bytes(wave))
    }
}
