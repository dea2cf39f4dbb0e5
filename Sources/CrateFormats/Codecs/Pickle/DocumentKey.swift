import CrateValues

/// A dictionary key as Python compares it: 1, 1.0 and True are one key.
enum DocumentKey: Hashable {
    case null
    case integer(Int)
    case bigInteger([UInt8])
    case float(Double)
    /// By its code points, without Unicode's equivalences.
    case string(ExactText)
    case bytes([UInt8])
    case tuple([DocumentKey])

    enum Outcome {
        case key(DocumentKey)
        /// Hashed by identity: never equal to another.
        case distinct
        case unhashable
    }

    static func make(_ document: Document) -> Outcome {
        switch document {
        case .null: .key(.null)
        case .bool(let value): .key(.integer(value ? 1 : 0))
        case .integer(let value): .key(.integer(value))
        case .bigInteger(let value): .key(.bigInteger(value.littleEndianTwosComplement))
        case .float(let value): .key(Int(exactly: value).map { .integer($0) } ?? .float(value))
        case .string(let value): .key(.string(ExactText(value)))
        case .bytes(let value): .key(.bytes(value))
        case .tuple(let items): tuple(items)
        case .list, .mapping: .unhashable
        case .complex, .timestamp, .set, .tensor, .opaque: .distinct
        }
    }

    private static func tuple(_ items: [Document]) -> Outcome {
        var keys: [DocumentKey] = []
        for item in items {
            switch make(item) {
            case .key(let key): keys.append(key)
            case .distinct: return .distinct
            case .unhashable: return .unhashable
            }
        }
        return .key(.tuple(keys))
    }
}
