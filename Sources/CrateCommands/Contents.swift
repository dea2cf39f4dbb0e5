import CrateLanguage
import CrateValues

/// What an artifact is given, from a value of the language.
func content(from value: Value) throws(Failure) -> Content {
    guard case .object(let object) = value else { return .document(try document(from: value)) }
    switch object {
    case let image as ImageObject: return .image(image.image)
    case let animation as AnimationObject: return .animation(animation.animation)
    case let audio as AudioObject: return .audio(audio.clip)
    case let video as VideoObject: return .video(video.clip)
    case let plot as PlotObject: return .image(try plot.rendered())
    case let table as TableObject: return .table(table.table)
    case let bytes as BytesObject: return .blob(bytes.bytes)
    case let archive as ArchiveObject: return .archive(archive.archive)
    default: return .document(try document(from: value))
    }
}

/// What a script gets of an artifact's content. `path` is where it stands.
func value(from content: Content, path: String) -> Value {
    switch content {
    case .document(let document): value(from: document)
    case .table(let table): .object(TableObject(table))
    case .image(let image): .object(ImageObject(image))
    case .animation(let animation): .object(AnimationObject(animation))
    case .audio(let clip): .object(AudioObject(clip))
    case .video(let clip): .object(VideoObject(clip))
    case .blob(let bytes): .object(BytesObject(bytes))
    case .archive(let archive): .object(ArchiveObject(archive, source: path))
    case .folder(let entries): .strings(entries.map { "\(path)/\($0.path)" })
    }
}
