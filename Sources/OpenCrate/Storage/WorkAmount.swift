import CrateFormats
import CrateValues

/// What there is to write of a value, for whoever watches.
extension Content {
    func measure(in name: ArtifactName) -> WorkMeasure {
        switch self {
        case _ where VideoFile.extensions.contains(name.fileExtension): .frames
        // What is compressed is counted before that.
        case .archive: name.fileExtension == "tar" ? .written : .packed
        default: .written
        }
    }

    /// `nil` where the file's size can't be told before.
    func amount(in name: ArtifactName) -> Int? {
        switch self {
        case .video(let clip): return clip.frameCount
        case .animation(let animation) where measure(in: name) == .frames: return animation.frames.count
        case .document(.list(let items)) where measure(in: name) == .frames: return items.count
        case .document(.tensor(let tensor)) where measure(in: name) == .frames: return tensor.shape.first
        case .archive(let archive): return archive.size
        case .blob(let bytes): return bytes.count
        case .folder(let entries): return entries.reduce(0) { $0 + $1.bytes.count }
        case .document(let document):
            let plain = ["pth", "pt", "safetensors", "npy", "gguf", "onnx", "bin", "ckpt"].contains(name.fileExtension)
            return plain ? document.tensorBytes : nil
        case .table, .image, .animation, .audio: return nil
        }
    }

}

extension Surroundings {
    /// What writers of a format may ask of the system.
    mutating func take(_ system: OperatingSystem) {
        programs = system.programs
        frameTaken = system.progress?.frameTaken
        bytesPacked = system.progress?.bytesPacked
    }
}

extension Progress {
    /// What a writer of videos is to call for each frame.
    var frameTaken: @Sendable () -> Void {
        { [self] in advance(.frames, by: 1) }
    }

    /// What a writer of archives is to call.
    var bytesPacked: @Sendable (Int) -> Void {
        { [self] in advance(.packed, by: $0) }
    }
}

extension Document {
    /// Of all arrays in it; `nil` when there are none.
    fileprivate var tensorBytes: Int? {
        switch self {
        case .tensor(let tensor): tensor.byteCount
        case .list(let items), .tuple(let items): Document.sum(items.lazy.map(\.tensorBytes))
        case .mapping(let mapping): Document.sum(mapping.entries.lazy.map(\.value.tensorBytes))
        case .opaque(let opaque): Document.sum((opaque.arguments + [opaque.state].compactMap { $0 }).lazy.map(\.tensorBytes))
        default: nil
        }
    }

    private static func sum(_ sizes: some Sequence<Int?>) -> Int? {
        sizes.reduce(nil as Int?) { sum, size in size.map { ($0 &+ (sum ?? 0)) } ?? sum }
    }
}
