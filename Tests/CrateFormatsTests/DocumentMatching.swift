import CrateFormats
import CrateValues

extension Document {
    /// Whether this is the value that `expected.json` asks for. Order of keys does not count; integers and floats differ.
    func matches(_ expected: Expected) -> Bool {
        switch (self, expected) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.float(let a), .float(let b)): a == b && a.sign == b.sign
        case (.float(let a), .integer(let b)): a == Double(b)
        case (.float(let a), .string(let word)): word == "nan" ? a.isNaN : a.description == word
        case (.string(let a), .string(let b)): a == b
        case (.integer(let a), .object(let wrapped)): a.description == wrapped["int"]?.string
        case (.bigInteger(let a), .object(let wrapped)): a.description == wrapped["int"]?.string
        case (.bytes(let a), .object(let wrapped)): a.hexadecimal == wrapped["bytes_hex"]?.string
        case (.timestamp(let a), .string(let text)): a.pythonText == text
        case (.list(let a), .list(let b)), (.tuple(let a), .list(let b)), (.set(let a), .list(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.matches($1) }
        case (.mapping(let a), .object(let b)):
            a.entries.count == b.count && a.entries.allSatisfy { entry in
                guard case .string(let key) = entry.key, let value = b[key] else { return false }
                return entry.value.matches(value)
            }
        default: false
        }
    }

    /// The text keys in order.
    var keys: [String] {
        guard case .mapping(let mapping) = self else { return [] }
        return mapping.entries.compactMap { entry in if case .string(let key) = entry.key { key } else { nil } }
    }

    subscript(key: String) -> Document? { if case .mapping(let mapping) = self { mapping[key] } else { nil } }
}

extension [UInt8] {
    var hexadecimal: String { map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
}

extension Timestamp {
    /// As Python's `str` gives it.
    var pythonText: String {
        func padded(_ number: Int, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month))-\(padded(day))"
        guard let time else { return date }
        let fraction = time.nanosecond == 0 ? "" : "." + padded(time.nanosecond / 1000, 6)
        let zone = time.offsetMinutes.map { "\($0 < 0 ? "-" : "+")\(padded(abs($0) / 60)):\(padded(abs($0) % 60))" } ?? ""
        return "\(date) \(padded(time.hour)):\(padded(time.minute)):\(padded(time.second))\(fraction)\(zone)"
    }
}

/// A sink that takes only so many bytes, as a full disk does.
final class FullSink: ByteSink {
    private var room: Int
    init(room: Int) { self.room = room }
    func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        guard bytes.count <= room else { throw FormatError(.system, "file", "no space left on device") }
        room -= bytes.count
    }
}

extension Bytes {
    init(text: String) { self.init(Array(text.utf8)) }
}
