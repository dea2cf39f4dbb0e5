import CrateValues

/// A container and a coding that goes into it, with what FFmpeg is told for it.
struct VideoForm {
    struct Container {
        let name: String
        let muxer: String
        /// The first is taken when none is named.
        let codecs: [String]
        /// What FFmpeg is told for sound; the containers of the desktop keep the samples as they are.
        let soundArguments: [String]
    }

    let container: Container
    private let codec: String
    /// 1 to 100.
    private let quality: Int
    static let usualQuality = 90

    init(fileExtension: String, codec: String?, quality: Int?) throws(FormatError) {
        guard let container = VideoForm.containers[fileExtension.lowercased()] else {
            throw FormatError(
                .unsupported, "video", "can't be written as .\(fileExtension)",
                hint: "end the name in one of: \(VideoFile.extensions.map { ".\($0)" }.joined(separator: " "))")
        }
        let wanted = codec.map { VideoForm.aliases[$0.lowercased()] ?? $0.lowercased() }
        self.codec = wanted ?? container.codecs[0]
        self.container = container
        self.quality = quality ?? VideoForm.usualQuality
        guard container.codecs.contains(self.codec) else {
            throw FormatError(
                .unsupported, container.name, "can't be written with the codec \"\(codec ?? self.codec)\"",
                hint: "one of: \(container.codecs.joined(separator: " "))")
        }
        guard (1...100).contains(self.quality) else {
            throw FormatError(.unrepresentable, container.name, "has no quality \(self.quality)", hint: "1 (small) to 100 (good)")
        }
        guard quality == nil || self.codec != "ffv1" else {
            throw FormatError(.unrepresentable, container.name, "loses nothing with ffv1, and so has no quality", hint: "leave it out")
        }
    }

    /// Whether it is written here, without FFmpeg, when there is no sound.
    var isNative: Bool { container.muxer == "avi" && codec == "mjpeg" }

    /// The rate to write; refuses what the coding can't hold.
    func check(_ clip: VideoClip) throws(FormatError) -> FrameRate {
        guard clip.frameCount > 0 else { throw FormatError(.unrepresentable, container.name, "can't be made without frames") }
        guard (1...16384).contains(clip.width), (1...16384).contains(clip.height) else {
            throw FormatError(
                .unrepresentable, container.name, "can't hold frames of \(clip.width) × \(clip.height) pixels: a side has 1 to 16384")
        }
        // Colour is kept at half the width and height.
        guard codec != "h264" || (clip.width % 2 == 0 && clip.height % 2 == 0) else {
            throw FormatError(
                .unrepresentable, container.name, "can't hold \(clip.width) × \(clip.height) pixels with h264: both sides must be even",
                hint: "resize or crop the frames, or choose codec: \"\(container.codecs[0])\"")
        }
        guard let rate = clip.rate.simplified else {
            throw FormatError(.unrepresentable, container.name, "can't show \(clip.rate.perSecond) frames per second")
        }
        return rate
    }

    /// Frames come from standard input, sound from descriptor 4; the file is descriptor 3.
    func arguments(_ clip: VideoClip, rate: FrameRate, hasSound: Bool) -> [String] {
        let codec = codecArguments(isTiny: min(clip.width, clip.height) < 32)
        let pictures = [
            "-y", "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", "\(clip.width)x\(clip.height)",
            "-framerate", "\(rate.numerator)/\(rate.denominator)", "-i", "pipe:0",
        ]
        let sound = hasSound ? ["-f", "wav", "-i", FFmpeg.path(4), "-map", "0:v:0", "-map", "1:a:0"] + container.soundArguments : []
        // No times, versions or random numbers: the same frames give the same file.
        let plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
        return pictures + sound + codec + plain + ["-f", container.muxer, FFmpeg.path(3)]
    }

    private func codecArguments(isTiny: Bool) -> [String] {
        // 31 (worst) to 2 (best) for the codecs of the MPEG family.
        let scale = String(31 - (quality - 1) * 29 / 99)
        switch codec {
        case "h264": return ["-c:v", "libx264", "-preset", "medium", "-crf", String(51 - quality * 35 / 100), "-pix_fmt", "yuv420p", "-threads", "4"]
        case "vp8":
            return ["-c:v", "libvpx", "-crf", String(63 - quality * 59 / 100), "-b:v", "100M", "-deadline", "good", "-cpu-used", "4", "-threads", "4"]
        case "vp9":
            return [
                "-c:v", "libvpx-vp9", "-crf", String(63 - quality * 40 / 100), "-b:v", "0", "-deadline", "good", "-cpu-used", "4", "-row-mt", "1",
                "-pix_fmt", "yuv420p", "-threads", "4",
            ]
        case "mjpeg": return ["-c:v", "mjpeg", "-q:v", scale, "-pix_fmt", "yuvj420p", "-threads", "1"]
        // Version 3 works in slices, of which the smallest frames get none.
        case "ffv1": return ["-c:v", "ffv1", "-level", isTiny ? "1" : "3", "-pix_fmt", "bgr0", "-threads", "1"]
        default: return ["-c:v", "mpeg4", "-q:v", scale, "-pix_fmt", "yuv420p", "-threads", "1"] + (container.muxer == "avi" ? ["-tag:v", "XVID"] : [])
        }
    }

    private static let containers: [String: Container] = {
        let mp4 = Container(name: "MP4", muxer: "mp4", codecs: ["mpeg4", "h264", "vp9"], soundArguments: ["-c:a", "aac", "-b:a", "192k"])
        return [
            "mp4": mp4, "m4v": mp4,
            "mov": Container(name: "QuickTime", muxer: "mov", codecs: ["mpeg4", "h264", "mjpeg"], soundArguments: ["-c:a", "aac", "-b:a", "192k"]),
            "avi": Container(name: "AVI", muxer: "avi", codecs: ["mpeg4", "mjpeg", "ffv1", "h264"], soundArguments: ["-c:a", "copy"]),
            "mkv": Container(
                name: "Matroska", muxer: "matroska", codecs: ["mpeg4", "h264", "ffv1", "mjpeg", "vp8", "vp9"], soundArguments: ["-c:a", "copy"]),
            "webm": Container(name: "WebM", muxer: "webm", codecs: ["vp9", "vp8"], soundArguments: ["-c:a", "libvorbis", "-q:a", "6"]),
        ]
    }()

    /// Tags of OpenCV and names of FFmpeg's encoders.
    private static let aliases = [
        "mp4v": "mpeg4", "xvid": "mpeg4", "divx": "mpeg4", "fmp4": "mpeg4", "avc1": "h264", "x264": "h264", "libx264": "h264", "mjpg": "mjpeg",
        "vp80": "vp8", "vp90": "vp9", "libvpx": "vp8", "libvpx-vp9": "vp9",
    ]
}
