import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

/// Videos from a folder's pictures, and back.
func videoFunctions(_ session: Session) -> [NativeFunction] { [dirToVideo(session), videoToDir(session)] }

private func dirToVideo(_ session: Session) -> NativeFunction {
    NativeFunction(
        "dir_to_video", "Make a video of a folder's pictures, in the order of their names (file2 before file10).",
        [
            Parameter("folder", .path, "where the pictures are"), Parameter("path", .path, "the video file"),
            Parameter("fps", .number, .optional, named: true, "frames per second; 10 when left out"),
        ],
        takesFurtherOptions: true,
        examples: [#"make_dir("d"); write(zeros([2, 4]), "d/1.png"); dir_to_video("d", "d.avi", fps: 5, codec: "mjpeg"); len(read("d.avi"))  # 1"#]
    ) { [unowned session] call throws(Failure) in
        let (folder, path) = (try call.string(0) ?? "", try call.string(1) ?? "")
        let crate = try session.crate()
        var options = try call.kindOptions()
        if let rate = call.arguments[2] { options["fps"] = try document(from: rate) }
        try throwing { () throws(CrateError) in
            let paths = try pictures(in: folder, session.files)
            guard !paths.isEmpty else { throw .notFound(what: "picture", path: folder, hint: "no file there has a picture's extension") }
            try crate.write(.video(try session.files.video(ofPictures: paths)), to: path, kind: "video", options: options)
        }
        return .null
    }
}

private func videoToDir(_ session: Session) -> NativeFunction {
    NativeFunction(
        "video_to_dir", "Write each frame of a video as a picture, frame_000000.png and on, and give how many there were.",
        [
            Parameter("video", .any, .required, "a video, or the path of one"), Parameter("folder", .path, .required, "where the pictures go; made when missing"),
            Parameter("extension", .string, .optional, named: true, "the pictures' form; png when left out"),
        ],
        takesFurtherOptions: true,
        examples: [#"write(zeros([3, 2, 4]), "v.avi", codec: "mjpeg"); video_to_dir("v.avi", "d"); list_dir("d")[0]  # frame_000000.png"#]
    ) { [unowned session] call throws(Failure) in
        let crate = try session.crate()
        let clip = try video(call.arguments[0] ?? .null, crate)
        let folder = try call.string(1) ?? ""
        let fileExtension = try call.string(2) ?? "png"
        let options = try call.kindOptions()
        try throwing { () throws(CrateError) in try session.files.makeDirectory(folder) }
        let reader = try reading { () throws(FormatError) in try clip.reader() }
        var count = 0
        while let frame = try reading({ () throws(FormatError) in try reader.next() }) {
            let path = FilePath.join(folder, "frame_\(zeroPadded(count)).\(fileExtension)")
            try throwing { () throws(CrateError) in try crate.write(.image(Image(pixels: frame)), to: path, kind: "image", options: options) }
            count += 1
        }
        return .int(count)
    }
}

private func zeroPadded(_ number: Int) -> String { String(repeating: "0", count: max(0, 6 - String(number).count)) + String(number) }

private func video(_ value: Value, _ crate: Crate) throws(Failure) -> VideoClip {
    if case .object(let object) = value, let video = object as? VideoObject { return video.clip }
    guard case .string(let path) = value else {
        throw Failure("type", "a value of type \(typeName(of: value)) is no video", hint: "give a video, or the path of one")
    }
    let content = try throwing { () throws(CrateError) in try crate.read(path, kind: "video") }
    guard case .video(let clip) = content else { throw Failure("type", "`\(path)` is no video") }
    return clip
}
