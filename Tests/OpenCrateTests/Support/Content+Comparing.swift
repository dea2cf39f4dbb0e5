import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

/// Compares two contents by every value they hold.
func expectEqual(_ a: Content, _ b: Content, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(a.digest == b.digest, sourceLocation: sourceLocation)
}

func expectEqual(_ a: String, _ b: String, sourceLocation: SourceLocation = #_sourceLocation) { #expect(a == b, sourceLocation: sourceLocation) }

extension Content {
    /// Sort and shape, without the values.
    var outline: String {
        switch self {
        case .document(let document): document.outline
        case .table(let table): "table \(table.columns.map(\.name)) \(table.rowCount)"
        case .image(let image): "image \(image.pixels.dtype) \(image.pixels.shape)"
        case .animation(let animation):
            "animation \(animation.frames.map { "\($0.pixels.shape) \($0.delay)" }) \(String(describing: animation.loopCount))"
        case .audio(let clip): "audio \(clip.samples.shape) \(clip.sampleRate)"
        case .video(let clip): "video \(clip.frameCount) \(clip.width) \(clip.height) \(clip.rate)"
        case .blob(let bytes): "blob \(bytes.count)"
        case .folder(let entries): "folder \(entries.map(\.path))"
        case .archive(let archive): "archive \(archive.members.map { "\($0.name) \($0.kind)" })"
        }
    }

    /// Everything, as text that differs when a value does.
    var digest: String {
        switch self {
        case .document(let document): document.digest
        case .table(let table): table.columns.map { "\($0.name): \($0.values)" }.joined(separator: "; ")
        case .image(let image): image.pixels.digest
        case .animation(let animation):
            "\(animation.frames.map { "\($0.delay) \($0.pixels.digest)" }) \(String(describing: animation.loopCount))"
        case .audio(let clip): "\(clip.sampleRate) \(clip.samples.digest)"
        case .video(let clip): "\(outline) \((try? clip.gathered().map(\.digest)).map { "\($0)" } ?? "unreadable")"
        case .blob(let bytes): "\(bytes.array)"
        case .folder(let entries): entries.map { "\($0.path): \($0.bytes.array)" }.joined(separator: "; ")
        case .archive(let archive): archive.members.map { "\($0.name) \($0.kind) \($0.isExecutable) \(archive.bytes(of: $0))" }.joined(separator: "; ")
        }
    }
}

extension Archive {
    fileprivate func bytes(of member: Member) -> [UInt8] { (try? ArchiveReader(self).contents(of: member).array) ?? [] }
}

extension Tensor {
    fileprivate var digest: String { "\(dtype) \(shape) \((try? copied().bytes.array).map { "\($0)" } ?? "unreadable")" }
}

extension Document {
    fileprivate var outline: String {
        if case .mapping(let mapping) = self { return "mapping of \(mapping.entries.map { $0.key.digest }.sorted())" }
        return typeName
    }

    fileprivate var digest: String {
        switch self {
        case .mapping(let mapping): "{" + mapping.entries.map { "\($0.key.digest): \($0.value.digest)" }.joined(separator: ", ") + "}"
        case .list(let items): "[" + items.map(\.digest).joined(separator: ", ") + "]"
        case .tuple(let items): "(" + items.map(\.digest).joined(separator: ", ") + ")"
        case .tensor(let tensor): tensor.digest
        default: "\(self)"
        }
    }
}
