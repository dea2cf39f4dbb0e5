import CrateFormats
import CrateValues
import Foundation
import Testing

@testable import OpenCrate

/// Files that other programs wrote, by `read`: the extension finds the kind, and every array has the digest of `expected.json`.
@Suite struct SampleFilesTests {
    struct File: Sendable, CustomTestStringConvertible {
        let name: String
        /// Digests of the arrays in it.
        let digests: [String]
        /// The class of what is no data.
        var className: String?
        var testDescription: String { name }
    }

    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/samples")

    /// Without one of which `expected.json` has the last array only.
    static let files = files(wanted: ["load"])
    /// Those that are read in part, or described.
    static let described = files(wanted: ["load-partial", "describe"])

    private static func files(wanted: Set<String>) -> [File] {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("expected.json")),
            let entries = (try? JSONSerialization.jsonObject(with: data)) as? [String: [String: Any]]
        else { return [] }
        return entries.filter { name, facts in
            let want = name.hasPrefix("other/") ? "load" : facts["want"] as? String ?? ""
            return wanted.contains(want) && name != "pth/many.pth"
        }.map { name, facts in
            File(name: name, digests: digests(facts["expect"]), className: (facts["expect"] as? [String: Any])?["class"] as? String)
        }.sorted { $0.name < $1.name }
    }

    static func files(_ folders: String...) -> [File] {
        let found = files.filter { file in folders.contains { file.name.hasPrefix($0 + "/") } }
        precondition(folders.allSatisfy { folder in found.contains { $0.name.hasPrefix(folder + "/") } }, "a folder of samples is missing")
        return found
    }

    /// Every `sha256` below, but those of element types that come as lists: texts, bytes and times.
    private static func digests(_ facts: Any?) -> [String] {
        if let items = facts as? [Any] { return items.flatMap { digests($0) } }
        guard let facts = facts as? [String: Any] else { return [] }
        guard let digest = facts["sha256"] as? String else { return facts.values.flatMap { digests($0) } }
        return (facts["dtype"] as? String).map { DType(rawValue: $0) == nil } ?? false ? [] : [digest]
    }

    let work: Workplace
    init() throws { work = try Workplace() }

    private func read(_ name: String, kind: String? = nil) throws -> Content {
        try work.crate.read(Self.folder.appendingPathComponent(name).path, kind: kind)
    }

    @Test(arguments: files("bmp", "other", "gguf", "npy", "npz", "pkl", "joblib", "pth", "safetensors", "png", "jpg"))
    func everyArrayIsRight(_ file: File) throws {
        #expect(try read(file.name).arrayDigests.sorted() == file.digests.sorted())
    }

    /// The arrays that are asked for are among those found, and what is no data has its class's name.
    @Test(arguments: described.filter { file in ["pth", "pkl", "joblib", "npy"].contains { file.name.hasPrefix($0 + "/") } })
    func everyDescriptionIsRight(_ file: File) throws {
        let content = try read(file.name)
        // That file holds a model fitted to other data than its entry says.
        if file.name != "joblib/sklearn_logreg.joblib" { #expect(Set(file.digests).isSubset(of: content.arrayDigests)) }
        guard let className = file.className else { return }
        guard case .document(.opaque(let described)) = content else {
            Issue.record("no description")
            return
        }
        #expect(described.name == className)
    }

    /// Frames are RGB where nothing is transparent; the expected ones are RGBA.
    @Test(arguments: files("gif"))
    func everyFrameIsRight(_ file: File) throws {
        guard case .animation(let animation) = try read(file.name) else {
            Issue.record("no animation")
            return
        }
        #expect(try animation.frames.map { try rgba($0.pixels).digest() } == file.digests)
        guard case .image(let first) = try read(file.name, kind: "image") else {
            Issue.record("no image")
            return
        }
        #expect(try rgba(first.pixels).digest() == file.digests[0])
    }

    private func rgba(_ pixels: Tensor) throws -> Tensor {
        if pixels.shape[2] == 4 { return pixels }
        let opaque = Bytes([UInt8](repeating: 255, count: pixels.shape[0] * pixels.shape[1]))
        let alpha = try #require(Tensor(dtype: .uint8, shape: [pixels.shape[0], pixels.shape[1], 1], bytes: opaque))
        return try Tensor.concatenated([pixels, alpha], axis: 2)
    }

    @Test func onnxModelsAreRead() throws {
        let linear = try #require(Self.files.first { $0.name == "onnx/linear.onnx" })
        #expect(try read(linear.name).arrayDigests.sorted() == linear.digests.sorted())
        // Tensors in the file beside, too.
        let external = try #require(Self.files.first { $0.name == "onnx/external.onnx" })
        #expect(try read(external.name).arrayDigests.sorted() == external.digests.sorted())
    }

    /// int16 samples, or floats as python-soundfile reads them; what lossy forms hold is for `AudioTests`.
    @Test(arguments: files("audio"))
    func everySoundIsRight(_ file: File) throws {
        guard case .audio(let clip) = try read(file.name) else {
            Issue.record("no sound")
            return
        }
        let digests = try [clip.samples.digest(), clip.float64Samples.digest()]
        #expect(file.digests.allSatisfy { digests.contains($0) })
        #expect(clip.frameCount > 0 && clip.warnings.isEmpty)
    }

    // MARK: Hostile files

    struct HostileFile: Sendable, CustomTestStringConvertible {
        let name: String
        let want: String
        var testDescription: String { name }
    }

    static let hostileMedia: [HostileFile] = {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("expected.json")),
            let entries = (try? JSONSerialization.jsonObject(with: data)) as? [String: [String: Any]]
        else { return [] }
        let endings = ["png", "jpg", "gif", "bmp", "wav", "flac"]
        let found = entries.filter { entry in entry.key.hasPrefix("hostile/") && endings.contains { entry.key.hasSuffix(".\($0)") } }
            .map { HostileFile(name: $0.key, want: $0.value["want"] as? String ?? "") }.sorted { $0.name < $1.name }
        precondition(found.count > 20, "hostile samples are missing")
        return found
    }()

    /// Refused, or what may be had of it with a word about the rest.
    @Test(arguments: hostileMedia)
    func hostileMediaHaveTheirOutcome(_ file: HostileFile) throws {
        do {
            let content = try read(file.name)
            #expect(file.want != "refuse", "it was taken")
            if case .audio(let clip) = content { #expect(!clip.warnings.isEmpty) }
        } catch {
            #expect(error as? CrateError != nil)
            #expect(!file.want.hasPrefix("load pixel"), "it was refused: \(error)")
        }
    }

    /// Describing reads less, and must not fall either.
    @Test(arguments: hostileMedia)
    func hostileMediaAreDescribedOrRefused(_ file: HostileFile) throws {
        let bytes = Bytes(try Data(contentsOf: Self.folder.appendingPathComponent(file.name)))
        let name = ArtifactName(file.name)
        let handler = try #require(HandlerRegistry.standard.handler(forExtension: name.fileExtension))
        // A refusal is a `FormatError`, which the compiler has checked.
        if let inspection = try? handler.inspect(bytes, name: name, options: HandlerOptions()) { #expect(inspection["decoded_bytes"] != nil) }
    }
}

extension Content {
    /// Digests of all arrays in it, in order.
    fileprivate var arrayDigests: [String] {
        switch self {
        case .document(let document): document.tensors.compactMap { try? $0.digest() }
        case .image(let image): [try? image.pixels.digest()].compactMap { $0 }
        default: []
        }
    }
}

extension Document {
    fileprivate var tensors: [Tensor] {
        switch self {
        case .tensor(let tensor): [tensor]
        case .list(let items), .tuple(let items), .set(let items): items.flatMap(\.tensors)
        case .mapping(let mapping): mapping.entries.flatMap(\.value.tensors)
        case .opaque(let opaque): opaque.arguments.flatMap(\.tensors) + (opaque.state?.tensors ?? [])
        default: []
        }
    }
}
