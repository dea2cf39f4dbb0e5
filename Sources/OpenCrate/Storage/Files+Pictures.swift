import CrateFormats
import CrateValues

extension Files {
    /// The pictures at `paths` as a video, each read when its turn comes; the first gives the size.
    ///
    /// Throws `invalid` without paths, and `format` for a first picture that its reader refuses.
    public func video(ofPictures paths: [String], limits: Limits = .standard) throws(CrateError) -> VideoClip {
        guard let first = paths.first else { throw .invalid(what: "video", reason: "it needs at least one picture", hint: nil) }
        let size: Image
        do { size = try picture(first, limits) } catch { throw .format(error, path: first) }
        let (directory, system) = (workingDirectory, system)
        return VideoClip(frameCount: paths.count, rate: .ofPictures, width: size.width, height: size.height) { frames throws(FormatError) in
            PictureFiles(Files(workingDirectory: directory, system: system), paths[frames], limits)
        }
    }

    fileprivate func picture(_ path: String, _ limits: Limits) throws(FormatError) -> Image {
        do { return try ImageFile.decode(try read(path), fileExtension: ArtifactName(Path.name(path)).fileExtension, limits: limits) } catch {
            guard let error = error as? FormatError else { throw FormatError(.system, "image", "can't be read", at: .member(path)) }
            throw FormatError(error.kind, error.format, error.reason, at: .member(path), hint: error.hint)
        }
    }
}

private final class PictureFiles: FrameReader {
    private let files: Files
    private var paths: ArraySlice<String>
    private let limits: Limits

    init(_ files: Files, _ paths: ArraySlice<String>, _ limits: Limits) { (self.files, self.paths, self.limits) = (files, paths, limits) }

    func next() throws(FormatError) -> Tensor? {
        guard let path = paths.popFirst() else { return nil }
        return try files.picture(path, limits).pixels
    }
}
