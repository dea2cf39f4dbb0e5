import CrateCommands
import CrateLanguage
import CrateValues
import OpenCrate
import Synchronization

let languageWords = Keyword.allCases.map(\.rawValue) + Symbol.allCases.map(\.rawValue) + [
    "\"\"\"", "\\(", "\\u{1F600}", "0x", "1e9", "9223372036854775807", "#", "self", "e.kind", "[::2]", "[1:]", "**", "def f(x) { ", "handler h { ", "let a = ",
]

/// Every command and function, by name.
var functionNames: [String] { session().names }

func compile(_ bytes: Bytes) throws {
    _ = try Parser.parse(Source(name: "x", text: bytes.text)) { ["print", "save", "info"].contains($0) }
}

/// Runs a program with every command and function, but without files, and interrupts it when it takes long.
func evaluate(_ bytes: Bytes) throws {
    let session = session()
    let watch = Watch(interrupting: session.configuration.interruption)
    defer { watch.end() }
    switch session.evaluate(Source(name: "x", text: bytes.text)) {
    case .finished(let value?): _ = session.render(value)
    case .failed(let failure): _ = failure.render(colour: true)
    case .finished(nil), .incomplete, .exit: break
    }
}

private func session() -> Session {
    var configuration = SessionConfiguration(workingDirectory: "/", environment: [:])
    configuration.system = OperatingSystem(files: NoFiles(), clock: NoClock(), entropy: NoEntropy(), programs: NoPrograms())
    configuration.seed = 7
    return Session(configuration: configuration, output: NoOutput())
}

extension Bytes {
    fileprivate var text: String { String(decoding: array, as: UTF8.self) }
}

private final class NoOutput: Output {
    func show(_ text: String) {}
    func report(_ text: String) {}
    let width = 80
    let showsColour = true
    let reportsColour = true
}

private struct NoClock: WallClock {
    func now() -> Int { 1_763_293_463_000_000_000 }
    func local(_ nanoseconds: Int) -> Timestamp {
        Timestamp(year: 2025, month: 11, day: 16, time: .init(hour: 11, minute: 44, second: 23, offsetMinutes: 0))
    }
}

private struct NoEntropy: Entropy {
    func next() -> UInt64 { 7 }
}
