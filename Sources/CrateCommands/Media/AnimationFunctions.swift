import CrateFormats
import CrateLanguage
import CrateValues
import OpenCrate

func dirToGIFFunction(_ session: Session) -> NativeFunction {
    NativeFunction(
        "dir_to_gif", "Make an animation of a folder's pictures, in the order of their names (file2 before file10).",
        [
            Parameter("folder", .string, "where the pictures are"), Parameter("path", .string, "the GIF file"),
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

/// The still pictures that stand in `folder` itself.
private func pictures(in folder: String, _ files: Files) throws(CrateError) -> [String] {
    try files.list(folder)
        .filter { file in
            let format = ImageFile.Format(fileExtension: FilePath.fileExtension(file.path))
            return !file.isDirectory && format != nil && format != .gif
        }
        .map(\.path).sorted { naturalOrder($0, $1) < 0 }
}
