import CrateFormats
import CrateValues

/// Looks at everything that was read: views must stay inside their memory, and any value can be shown.
func visit(_ content: Content) {
    switch content {
    case .document(let document): visit(document)
    case .table(let table): for column in table.columns { visit(column.values) }
    case .image(let image): visit(image.pixels)
    case .animation(let animation):
        for frame in animation.frames { visit(frame.pixels) }
        visit(animation.duration)
    case .audio(let clip): visit(clip.samples)
    case .blob(let bytes): visit(bytes.count)
    case .folder(let entries): for entry in entries { visit(entry.bytes.count) }
    case .archive(let archive): visit(archive)
    case .video(let clip): visit(clip)
    }
}

private func visit(_ archive: Archive) {
    visit(archive.faults.count)
    let reader = ArchiveReader(archive, limits: .fuzzing)
    for member in archive.members.prefix(100) { if let bytes = try? reader.contents(of: member) { visit(bytes.count) } }
}

/// Of no more than a few frames: a header may announce millions.
private func visit(_ clip: VideoClip) {
    visit(clip.duration.description.utf8.count)
    guard let reader = try? clip.reader() else { return }
    for _ in 0..<4 { if let frame = try? reader.next() { visit(frame) } else { break } }
    if let sound = try? clip.audio() { visit(sound.samples) }
}

private func visit(_ document: Document) {
    switch document {
    case .null, .bool, .integer, .float, .complex, .string, .bytes, .timestamp: break
    case .bigInteger(let number): visit(number.description.utf8.count)
    case .list(let items), .tuple(let items), .set(let items): for item in items { visit(item) }
    case .mapping(let mapping): for entry in mapping.entries { visit(entry.key); visit(entry.value) }
    case .tensor(let tensor): visit(tensor)
    case .opaque(let opaque):
        for argument in opaque.arguments { visit(argument) }
        if let state = opaque.state { visit(state) }
    }
}

private func visit(_ values: Table.Values) {
    if case .mixed(let cells) = values { for cell in cells { visit(cell) } } else { visit(values.count) }
}

private func visit(_ tensor: Tensor) {
    visit(tensor.description.utf8.count)
    guard tensor.byteCount <= Content.mostBytes, let copy = try? tensor.copied() else { return }
    visit(copy.bytes.withBytes { bytes in bytes.reduce(0) { $0 &+ Int($1) } })
}

/// Keeps the compiler from leaving out what nobody uses.
@inline(never)
private func visit(_ number: Int) { if number == .min { print(number) } }

extension Content {
    static let mostBytes = 1 << 20

    /// Whether writing it takes little. A few bytes can share or repeat one array many times.
    var isSmall: Bool { mostlyBytes(of: self) <= Content.mostBytes }

    private func mostlyBytes(of content: Content) -> Int {
        switch content {
        case .document(let document): document.weight(upTo: Content.mostBytes)
        case .image(let image): image.pixels.byteCount
        case .animation(let animation): animation.frames.reduce(0) { $0 + $1.pixels.byteCount }
        case .audio(let clip): clip.samples.byteCount
        case .archive(let archive): archive.size
        default: 0
        }
    }
}

extension Document {
    /// About as many bytes as it takes when written; more than `limit` when it passes that.
    fileprivate func weight(upTo limit: Int) -> Int {
        switch self {
        case .tensor(let tensor): min(tensor.byteCount, limit + 1)
        case .string(let text): min(text.utf8.count, limit + 1)
        case .bytes(let bytes): min(bytes.count, limit + 1)
        case .list(let items), .tuple(let items), .set(let items): Document.weight(of: items, upTo: limit)
        case .mapping(let mapping): Document.weight(of: mapping.entries.lazy.map(\.value), upTo: limit)
        case .opaque(let opaque): Document.weight(of: opaque.arguments + (opaque.state.map { [$0] } ?? []), upTo: limit)
        default: 16
        }
    }

    private static func weight(of items: some Sequence<Document>, upTo limit: Int) -> Int {
        var total = 16
        for item in items where total <= limit { total += item.weight(upTo: limit - total) }
        return total
    }
}
