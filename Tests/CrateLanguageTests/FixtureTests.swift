import CrateLanguage
import Foundation
import Testing

/// Programs that carry what they print (`# expect: …`) and how they fail (`# error: kind line:column part of the message`)
/// in comments. A fixture without `# error:` must not fail.
struct Fixture: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String

    var testDescription: String { name }

    static let all: [Fixture] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "crate" }.sorted { $0.path < $1.path }.map {
            Fixture(name: $0.lastPathComponent, text: (try? String(contentsOf: $0, encoding: .utf8)) ?? "")
        }
    }()

    func comments(_ mark: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
            line.range(of: "# \(mark): ").map { String(line[$0.upperBound...]) } ?? (line.hasSuffix("# \(mark):") ? "" : nil)
        }
    }
}

@Suite struct FixtureTests {
    @Test func fixturesAreFound() { #expect(Fixture.all.count >= 40) }

    @Test(arguments: Fixture.all)
    func runs(_ fixture: Fixture) { run(fixture, fixture.text) }

    @Test(arguments: Fixture.all)
    func runsWithTheLineEndsOfDOS(_ fixture: Fixture) { run(fixture, fixture.text.replacing("\n", with: "\r\n")) }

    private func run(_ fixture: Fixture, _ text: String) {
        let host = TestHost()
        let outcome = Interpreter(host: host).run(Source(name: fixture.name, text: text))
        #expect(host.printed.flatMap { $0.components(separatedBy: "\n") } == fixture.comments("expect"))
        let expected = fixture.comments("error").first
        guard case .failed(let failure) = outcome else {
            #expect(expected == nil, "the program should have failed")
            return
        }
        let position = failure.location?.position
        let text = "\(failure.kind) \(position?.line ?? 0):\(position?.column ?? 0) \(failure.message)"
        let parts = expected.map { $0.split(separator: " ", maxSplits: 2).map(String.init) } ?? []
        #expect(parts.count == 3 && text.hasPrefix("\(parts[0]) \(parts[1]) ") && failure.message.contains(parts[2]), "got: \(text)")
        let hints = fixture.comments("hint")
        if let hint = hints.first { #expect(failure.hint?.contains(hint) == true, "got: \(failure.hint ?? "none")") }
    }
}
