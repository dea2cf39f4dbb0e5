import CrateLanguage
import Foundation
import Testing

@testable import CrateCommands

/// One line of help that shows a command or function.
struct Example: CustomTestStringConvertible, Sendable {
    let function: String
    let text: String
    var testDescription: String { "\(function): \(text)" }

    /// What stands behind a final `  # `.
    var expected: String? {
        text.range(of: "  # ", options: .backwards).map { String(text[$0.upperBound...]) }
    }
}

func allExamples() throws -> [Example] {
    let registry = try Workbench().session.registry
    return (registry.commands + registry.functions).flatMap(\.functions).flatMap { function in
        function.examples.map { Example(function: function.name, text: $0) }
    }
}

@Suite("Help")
struct HelpTests {
    @Test("every example in help runs and gives what it says", arguments: try allExamples())
    func exampleRuns(_ example: Example) throws {
        let bench = try Workbench()
        let outcome = bench.run(example.text)
        switch outcome {
        case .failed(let failure): Issue.record("\(failure.render(colour: false))")
        case .incomplete: Issue.record("incomplete")
        case .exit: #expect(example.function == "exit")
        case .finished(let value):
            guard let expected = example.expected else { return }
            let got = bench.output.shown.isEmpty ? value?.description ?? "" : bench.output.shown
            #expect(got.trimmingCharacters(in: .newlines) == expected)
        }
    }

    @Test("every command and function has a summary, and every parameter too")
    func everythingIsExplained() throws {
        let registry = try Workbench().session.registry
        for function in (registry.commands + registry.functions).flatMap(\.functions) {
            #expect(!function.summary.isEmpty && function.summary.hasSuffix("."), "\(function.name)")
            for parameter in function.parameters { #expect(!parameter.summary.isEmpty, "\(function.name): \(parameter.name)") }
        }
    }

    @Test("help lists every name, explains one, and names the nearest for an unknown one")
    func helpPages() throws {
        let bench = try Workbench()
        let overview = bench.shown("help")
        for name in bench.session.registry.names { #expect(overview.contains(name)) }
        #expect(bench.shown(#"help "save""#).contains("from:"))
        for word in ["let", "if", "for", "while", "def", "try", "handler", "pi"] { #expect(bench.shown("help \"\(word)\"").contains(word)) }
        #expect(bench.failure(#"write_text("no/such/folder", "x")"#)?.hint?.contains("make_dir") == true)
        #expect(bench.failure(#"help "svae""#)?.hint?.contains("save") == true)
    }

    @Test("no two commands or functions share a name")
    func namesAreUnique() throws {
        let registry = try Workbench().session.registry
        let names = (registry.commands + registry.functions).flatMap(\.functions).map(\.name)
        #expect(Set(names).count == names.count, "\(Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys)")
    }
}
