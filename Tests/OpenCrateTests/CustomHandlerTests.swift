import CrateFormats
import CrateValues
import Testing

@testable import OpenCrate

/// Keeps each saved text in a file of its own, as the guide's bounding boxes do.
private struct LabelsHandler: CustomHandler {
    let kind = "labels"
    let files: Files

    func save(_ content: Content, to artifact: Artifact) throws(CrateError) {
        let count = try files.list(artifact.path).count
        try files.write("\(artifact.path)/labels_\(count).txt") { (sink) throws(FormatError) in try sink.write(content.string ?? "") }
    }

    func load(from artifact: Artifact) throws(CrateError) -> Content {
        var texts: [Document] = []
        for file in try files.list(artifact.path) { texts.append(.string(String(decoding: try files.read(file.path).array, as: UTF8.self))) }
        return .document(.list(texts))
    }
}

@Suite struct CustomHandlerTests {
    let work: Workplace
    init() throws { work = try Workplace() }

    @Test func folderArtifactsByAHandler() throws {
        try work.crate.handlers.register(LabelsHandler(files: work.crate.files))
        let labels = try work.crate.setup("run").artifact(kind: "labels", name: "boxes", verbose: true)
        #expect(labels.path == "snapshots/run/v0/labels/boxes" && labels.isFolder && !labels.exists)
        try labels.save(.text("one"))
        try labels.save(.text("two"))
        expectEqual(try labels.load(), .document(.list([.string("one"), .string("two")])))
        #expect(work.echoed.messages.first == "✓ 'boxes' of 'labels' saved successfully at 'snapshots/run/v0/labels/boxes'.")
        #expect(work.echoed.messages.count == 3)
        failure("invalid", "no option `indent`") { try labels.save(.text("x"), options: ["indent": .integer(1)]) }
        #expect(try labels.backup(tag: "a").name == "boxes.backup_a")
        try labels.delete(confirm: true)
        #expect(try labels.snapshot.artifacts().isEmpty)
        try labels.restore()
        #expect(try work.folder.text("snapshots/run/v0/labels/boxes/labels_1.txt") == "two")
    }

    @Test func kindsThatTheCallerSaves() throws {
        try work.crate.handlers.declare("image_archive")
        let archive = try work.crate.setup("run").artifact(kind: "image_archive", name: "images.zip", verbose: true)
        failure("invalid") { try archive.save(.text("x")) }
        try archive.prepare()
        #expect(work.folder.exists("snapshots/run/v0/image_archive") && !archive.exists)
        try archive.reportSaved()
        #expect(work.echoed.messages == ["✓ 'images.zip' of 'image_archive' saved successfully at 'snapshots/run/v0/image_archive/images.zip'."])
    }

    @Test func namesThatAreTaken() throws {
        for name in ["text", "texts", "a/b", ""] { failure("invalid") { try work.crate.handlers.declare(name) } }
        failure("invalid", "did you mean `image`?") { _ = try work.crate.setup("run").artifact(kind: "imgae", name: "x") }
        failure("invalid", "register a handler") { _ = try work.crate.setup("run").artifact(kind: "quaternions", name: "x") }
    }
}
