import CrateValues
import Foundation
import FuzzTargets
import Testing

/// Inputs that once ended the process or took for ever, each under the name of the target that found it, and every sample.
/// What comes of them does not matter here, as long as something does.
@Suite struct CrashTests {
    struct Input: Sendable, CustomTestStringConvertible {
        let target: String
        let file: URL
        var testDescription: String { "\(target)/\(file.lastPathComponent)" }
    }

    // A checkout may be reached through a link; the fixtures stand beside the real file.
    static let fixtures = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func files(in folder: URL) -> [URL] {
        let found = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return found.sorted { $0.path < $1.path }
    }

    static let crashes: [Input] = files(in: fixtures.appendingPathComponent("crashes")).flatMap { folder in
        files(in: folder).map { Input(target: folder.lastPathComponent, file: $0) }
    }

    static let samples: [Input] = FuzzTarget.all.flatMap { target in
        files(in: fixtures.appendingPathComponent("samples")).flatMap { files(in: $0) }
            .filter { target.seeds.contains($0.pathExtension) }.map { Input(target: target.name, file: $0) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: crashes + samples)
    func endsWithAnAnswer(_ input: Input) throws {
        let target = try #require(FuzzTarget.named(input.target), "the folder names no target")
        target.run(Bytes(try Data(contentsOf: input.file)))
    }

    @Test func namesDiffer() { #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count) }
}
