import Foundation
import Glibc
import Testing

/// Every hostile sample, through the program itself: it gives the outcome that `expected.json` names, in bounded time and memory, and
/// leaves nothing behind.
@Suite("Hostile files", .serialized) struct HostileFilesTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let wanted: String
        var testDescription: String { name }

        /// All other outcomes leave a choice, which a kind without a reader makes by refusing.
        var mustBeRefused: Bool { wanted == "refuse" }
        var mustBeRead: Bool { wanted == "load" && !Sample.refusedByRule.contains(name) }

        /// What is legal to some programs and refused here: `load` in the list says only that nothing bad may happen.
        private static let refusedByRule: Set = [
            "yaml_python_object.yaml", "yaml_bad_utf8.yaml", "yaml_undefined_alias.yaml", "yaml_tab_indent.yaml",
        ]
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/samples")

    static let samples: [Sample] = {
        guard let data = try? Data(contentsOf: folder.appending(path: "expected.json")),
            let entries = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
        else { return [] }
        return entries.filter { $0.key.hasPrefix("hostile/") }
            .map { Sample(name: String($0.key.dropFirst(8)), wanted: $0.value["want"] as? String ?? "") }
            .sorted { $0.name < $1.name }
    }()

    /// Kibibytes.
    private static let mostMemory = 256.0 * 1024
    /// Seconds of processor time.
    private static let mostTime = 1.0

    @Test func `every hostile sample is in the list`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: "hostile").path)
        #expect(Set(names) == Set(Self.samples.map(\.name)) && names.count > 150)
    }

    @Test(arguments: samples) func `reading`(_ sample: Sample) throws {
        // Archives and models are lazy: what they hold is asked for, too.
        let outcome = try run(sample, "let v = read(path); if type(v) == \"archive\" { for n in v { len(v[n]) } }; print type(v)")
        let wasRefused = outcome.status != 0
        if sample.mustBeRefused { #expect(wasRefused, "was read: \(outcome.output)") }
        if sample.mustBeRead { #expect(!wasRefused, "\(outcome.errors)") }
    }

    @Test(arguments: samples.filter { $0.name.hasPrefix("zip_") }) func `unpacking`(_ sample: Sample) throws {
        let outcome = try run(sample, "extract(path, \"unpacked\")")
        if sample.wanted.hasPrefix("refuse"), sample.wanted != "refuse or bounded" {
            #expect(outcome.status != 0)
            #expect(outcome.left.isEmpty, "nothing is unpacked, or all")
        }
    }

    /// Describing a file is harmless whatever it holds; what can't be described is an error like any other.
    @Test(arguments: samples) func `inspecting`(_ sample: Sample) throws { _ = try run(sample, "inspect path") }

    // MARK: The program

    private struct Outcome {
        let status: Int32
        let output: String
        let errors: String
        /// Files below the working folder.
        let left: [String]
    }

    private func run(_ sample: Sample, _ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
        let (folder, streams) = (try Folder(), try Folder())
        let path = Self.folder.appending(path: "hostile/\(sample.name)").path
        // Linux counts what a process had when it forked as the child's; `time` is small, this process is not.
        let child = try ChildProcess(
            "/usr/bin/time", ["-q", "-f", "%M %U %S", "-o", streams.file("usage"), try Program.path(), "-c", "let path = \"\(path)\"\n\(script)"],
            environment: [:], folder: folder.path, output: try streams.open("out", O_WRONLY | O_CREAT),
            errors: try streams.open("err", O_WRONLY | O_CREAT))
        let status = child.wait()
        let errors = try streams.read("err")
        // An error is told in a sentence; a signal would mean a crash.
        #expect(status == 0 || (status == 1 && errors.contains("error")), "status \(status): \(errors)", sourceLocation: sourceLocation)
        let usage = try streams.read("usage").split(whereSeparator: \.isWhitespace).map { try #require(Double($0)) }
        try #require(usage.count == 3)
        #expect(usage[0] <= Self.mostMemory, "\(usage[0]) KiB", sourceLocation: sourceLocation)
        // Processor time, which other processes on the machine change little.
        #expect(usage[1] + usage[2] <= Self.mostTime, "\(usage[1] + usage[2]) s", sourceLocation: sourceLocation)
        let left = folder.files()
        #expect(!left.contains { $0.contains("PWNED") }, sourceLocation: sourceLocation)
        return Outcome(status: status, output: try streams.read("out"), errors: errors, left: left)
    }
}
