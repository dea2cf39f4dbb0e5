import CrateLanguage
import CrateValues

/// About how much memory a value takes, in bytes. What it shares with other values counts in full.
enum ValueSize {
    /// Lists, dicts and objects that are looked at; what comes after them is guessed by its number.
    private static let mostParts = 20_000

    static func bytes(of value: Value) -> Int {
        var left = mostParts
        return bytes(of: value, &left, depth: 0)
    }

    private static func bytes(of value: Value, _ left: inout Int, depth: Int) -> Int {
        left -= 1
        switch value {
        case .null, .bool, .int, .float, .range, .function: return 16
        case .bigInt(let number): return 32 + number.description.utf8.count / 2
        case .string(let text): return 16 + text.utf8.count
        case .object(let object): return 64 + bytes(of: object)
        case .list(let list):
            var sum = 64 + list.items.count * 16
            if depth < 100 { for item in list.items where left > 0 { sum += nested(item, &left, depth) } }
            return sum
        case .dict(let dict):
            var sum = 64 + dict.count * 64
            if depth < 100 { for (_, item) in dict.entries where left > 0 { sum += nested(item, &left, depth) } }
            return sum
        }
    }

    /// What lies outside of the slot that an item has in its list.
    private static func nested(_ value: Value, _ left: inout Int, _ depth: Int) -> Int {
        switch value {
        case .null, .bool, .int, .float: 0
        default: bytes(of: value, &left, depth: depth + 1)
        }
    }

    private static func bytes(of object: Object) -> Int {
        switch object {
        case let array as any ArrayLike: array.tensor.byteCount
        case let table as TableObject: table.table.columns.reduce(0) { $0 + bytes(of: $1.values) }
        case let bytes as BytesObject: bytes.bytes.count
        case let animation as AnimationObject: animation.animation.frames.reduce(0) { $0 + $1.pixels.byteCount }
        default: 0
        }
    }

    private static func bytes(of column: Table.Values) -> Int {
        switch column {
        case .booleans(let cells): cells.count
        case .strings(let cells): cells.reduce(0) { $0 + 16 + ($1?.utf8.count ?? 0) }
        case .mixed(let cells): cells.count * 64
        case .integers, .floats: column.count * 8
        }
    }
}
