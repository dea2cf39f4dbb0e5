import CrateValues
import Foundation
import Testing

/// One sample file and what a reader must make of it, from `expected.json`.
struct Sample: Sendable, CustomTestStringConvertible {
    /// Relative to the samples' folder, such as `json/bom.json`.
    let name: String
    /// The whole entry: `want`, `expect`, `content`, `size`, `file_sha256` …
    let facts: Expected

    var testDescription: String { name }
    /// `load`, `load-partial`, `describe`, `refuse`, or a choice such as `refuse or bounded`.
    var want: String { facts["want"]?.string ?? "" }
    /// The values a reader must give, when the entry has them.
    var expect: Expected? { facts["expect"] }
    /// What stands after the last dot.
    var fileExtension: String { String(name.split(separator: ".").last ?? "") }

    func bytes() throws -> Bytes { try Samples.bytes(name) }
}

/// The folder of files made by other programs.
enum Samples {
    // A checkout may be reached through a link; the fixtures stand beside the real file.
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/samples")

    /// Every entry of `expected.json`, by name.
    static let all: [Sample] = {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("expected.json")),
            let parsed = try? JSONSerialization.jsonObject(with: data),
            case .object(let entries) = Expected(parsed)
        else { return [] }
        return entries.map { Sample(name: $0.key, facts: $0.value) }.sorted { $0.name < $1.name }
    }()

    /// The samples whose name begins with one of `prefixes`, such as `json/` or `hostile/json_`. At least one, so that a
    /// parametrised test over a lost folder fails.
    static func named(_ prefixes: String...) -> [Sample] {
        let found = all.filter { sample in prefixes.contains { sample.name.hasPrefix($0) } }
        precondition(!found.isEmpty, "no sample begins with \(prefixes) in \(folder.path)")
        return found
    }

    static func bytes(_ name: String) throws -> Bytes {
        Bytes(try Data(contentsOf: folder.appendingPathComponent(name)))
    }
}

/// A value of `expected.json`. Integers beyond 2^53 stand there as `{"int": "…"}`, NaN and infinities as text, bytes as
/// `{"bytes_hex": "…"}`.
indirect enum Expected: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case list([Expected])
    case object([String: Expected])

    init(_ parsed: Any) {
        switch parsed {
        case let number as NSNumber:
            // The number's C type is the only thing that tells true from 1 and 1 from 1.0.
            switch String(cString: number.objCType) {
            case "c", "B": self = .bool(number.boolValue)
            case "d", "f": self = .float(number.doubleValue)
            default: self = .integer(number.intValue)
            }
        case let text as String: self = .string(text)
        case let items as [Any]: self = .list(items.map { Expected($0) })
        case let pairs as [String: Any]: self = .object(pairs.mapValues { Expected($0) })
        default: self = .null
        }
    }

    subscript(key: String) -> Expected? { if case .object(let pairs) = self { pairs[key] } else { nil } }
    subscript(index: Int) -> Expected? {
        if case .list(let items) = self, items.indices.contains(index) { items[index] } else { nil }
    }
    var string: String? { if case .string(let value) = self { value } else { nil } }
    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }
    var list: [Expected]? { if case .list(let items) = self { items } else { nil } }
    var object: [String: Expected]? { if case .object(let pairs) = self { pairs } else { nil } }
}
