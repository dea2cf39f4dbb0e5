import CrateLanguage
import Foundation
import OpenCrate

@testable import CrateCommands

/// Collects what a session says.
final class CollectedOutput: Output {
    var shown = ""
    var reported = ""
    let width = 80
    let showsColour = false
    let reportsColour = false
    func show(_ text: String) { shown += text }
    func report(_ text: String) { reported += text }
}

/// A session in a folder of its own, which goes with it.
final class Workbench {
    let folder: URL
    let output = CollectedOutput()
    let session: Session

    init(script: String? = nil, arguments: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("crate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var configuration = SessionConfiguration(workingDirectory: folder.path, environment: ["HOME": folder.path])
        configuration.scriptPath = script
        configuration.arguments = arguments
        configuration.seed = 7
        session = Session(configuration: configuration, output: output)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs `text` and gives its outcome.
    @discardableResult
    func run(_ text: String) -> Outcome { session.evaluate(Source(name: "test.crate", text: text)) }

    /// What `text` showed, or the rendered failure.
    func shown(_ text: String) -> String {
        output.shown = ""
        if case .failed(let failure) = run(text) { return failure.render(colour: false) }
        return output.shown
    }

    /// The failure that `text` ends in.
    func failure(_ text: String) -> Failure? {
        if case .failed(let failure) = run(text) { failure } else { nil }
    }
}

/// The checkout.
let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
