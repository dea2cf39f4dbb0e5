import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

func dirToGIFFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "dir_to_gif", "Make an animation of a folder's pictures, in the order of their names (file2 before file10).",
        [
            Parameter("folder", .path, "where the pictures are"), Parameter("path", .path, "the GIF file"),
            Parameter("fps", .number, .optional, named: true, "frames per second; 10 when left out"),
            Parameter("loop", .int, .optional, named: true, "how often it is shown again; 0, for ever, when left out"),
        ],
        examples: [#"make_dir("d"); write(zeros([2, 3]), "d/1.png"); dir_to_gif("d", "d.gif", fps: 5); len(read("d.gif"))  # 1"#]
    ) { [unowned session] call throws(Failure) in
        let (folder, path) = (try call.string(0) ?? "", try call.string(1) ?? "")
        let crate = try session.crate()
        var options: [String: Document] = [:]
        if let rate = call.arguments[2] { options["fps"] = try document(from: rate) }
        if let loops = try call.int(3) { options["loop"] = .integer(loops) }
        try throwing { () throws(CrateError) in
            var frames: [Document] = []
            for picture in try pictures(in: folder, session.files) {
                guard case .image(let image) = try crate.read(picture, kind: "image") else { continue }
                frames.append(.tensor(image.pixels))
            }
            guard !frames.isEmpty else { throw .notFound(what: "picture", path: folder, hint: "no file there has a picture's extension") }
            try crate.write(.document(.list(frames)), to: path, kind: "gif", options: options)
        }
        return .null
    }
}

func gifToDirFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "gif_to_dir", "Write an animation's frames into a folder, as frame1.png, frame2.png and so on.",
        [
            Parameter("animation", .anyOf([.object(["animation"]), .path]), "an animation, or a GIF file's path"),
            Parameter("folder", .path, "where they go"),
            Parameter("format", .string, .optional, named: true, "a picture's extension; png when left out"),
        ],
        examples: [#"write([zeros([2, 3]), ones([2, 3])], "a.gif"); gif_to_dir("a.gif", "f")  # ["f/frame1.png", "f/frame2.png"]"#]
    ) { [unowned session] call throws(Failure) in
        let (folder, format) = (try call.string(1) ?? "", try call.string(2) ?? "png")
        let crate = try session.crate()
        return try throwing { () throws(CrateError) in
            let frames = try animation(call.arguments[0], crate).frames
            try session.files.makeDirectory(folder)
            // Equal lengths, so that every listing has them in order.
            let digits = String(frames.count).count
            var paths: [String] = []
            for (number, frame) in frames.enumerated() {
                let text = String(number + 1)
                let path = "\(folder)/frame\(String(repeating: "0", count: digits - text.count))\(text).\(format)"
                try crate.write(.image(Image(pixels: frame.pixels)), to: path, kind: "image")
                paths.append(path)
            }
            return .strings(paths)
        }
    }
}

/// Of an animation itself, or of the file at a path.
private func animation(_ value: Value?, _ crate: Crate) throws(CrateError) -> Animation {
    if case .object(let object)? = value, let animation = object as? AnimationObject { return animation.animation }
    guard case .string(let path)? = value, case .animation(let animation) = try crate.read(path, kind: "gif") else {
        throw .invalid(what: "animation", reason: "there is none", hint: "give an animation or a GIF file's path")
    }
    return animation
}

/// The still pictures that stand in `folder` itself.
func pictures(in folder: String, _ files: Files) throws(CrateError) -> [String] {
    try files.list(folder)
        .filter { file in
            let format = ImageFile.Format(fileExtension: FilePath.fileExtension(file.path))
            return !file.isDirectory && format != nil && format != .gif
        }
        .map(\.path).sorted { naturalOrder($0, $1) < 0 }
}
