import CFuzzer
import CrateValues
import FuzzTargets
import Glibc

/// `fuzz --list`, `fuzz --words NAME`, `fuzz --seeds NAME FOLDER`, or `fuzz NAME` and what libFuzzer takes. See `scripts/fuzz`.
@main enum Fuzz {
    static func main() {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "--list": list()
        case "--words": print("# \(arguments[arguments.count - 1])", target(arguments.last).words.map(quoted).joined(separator: "\n"), separator: "\n")
        case "--seeds": writeSeeds(of: target(arguments.dropLast().last), to: arguments[arguments.count - 1])
        case let name:
            chosen = target(name)
            exit(search(CommandLine.unsafeArgv))
        }
    }

    /// Set once, before the search begins.
    nonisolated(unsafe) fileprivate static var chosen = FuzzTarget.all[0]

    private static func target(_ name: String?) -> FuzzTarget {
        if let target = FuzzTarget.named(name ?? "") { return target }
        print("fuzz: there is no target `\(name ?? "")`; --list gives them")
        exit(2)
    }

    private static func list() {
        for target in FuzzTarget.all { print(target.name, target.longest, target.seeds.joined(separator: " "), separator: "\t") }
    }

    private static func writeSeeds(of target: FuzzTarget, to folder: String) {
        for (index, sample) in target.samples.enumerated() {
            guard let file = fopen("\(folder)/sample-\(index)", "w") else { continue }
            sample.withBytes { _ = fwrite($0.baseAddress, 1, $0.count, file) }
            fclose(file)
        }
    }

    /// libFuzzer takes what is no option for inputs, and where it starts itself again it puts `argv` together to a line of the shell:
    /// so the target's name becomes part of the program's.
    private static func search(_ argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
        var count = CommandLine.argc - 1
        argv[1] = strdup(CommandLine.arguments[0] + " " + chosen.name)
        var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = argv + 1
        return LLVMFuzzerRunDriver(&count, &rest) { start, count in
            Fuzz.chosen.run(Bytes(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }

    /// A line of libFuzzer's dictionary: bytes for a word whose characters all are one, else UTF-8.
    private static func quoted(_ word: String) -> String {
        let scalars = word.unicodeScalars
        let bytes = scalars.allSatisfy { $0.value < 256 } ? scalars.map { UInt8($0.value) } : Array(word.utf8)
        return "\"" + bytes.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
    }
}
