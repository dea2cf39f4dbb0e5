import CrateFormats
import CrateLanguage
import CrateValues

/// Uninterpreted bytes.
final class BytesObject: DataObject {
    let bytes: Bytes
    init(_ bytes: Bytes) { self.bytes = bytes }

    override var document: Document { .bytes(bytes.array) }
    override var typeName: String { "bytes" }
    override var description: String {
        let shown = bytes.slice(0..<min(bytes.count, 16)) ?? bytes
        return "<\(bytes.count) bytes\(bytes.isEmpty ? "" : ": ")\(BytesObject.hexadecimal(shown))\(bytes.count > 16 ? "…" : "")>"
    }
    override var count: Int? { bytes.count }
    override var memberNames: [String] { ["decode", "hex"] }

    override func item(at position: Int) throws(Failure) -> Value {
        guard position >= 0, position < bytes.count else { throw Failure("index", "there is no byte \(position) among \(bytes.count)") }
        return .int(bytes.withBytes { Int($0[position]) })
    }

    override func element(_ indices: [Index]) throws(Failure) -> Value {
        switch try Position(indices, count: bytes.count, of: "bytes") {
        case .one(let position): return try item(at: position)
        case .range(let range): return .object(BytesObject(bytes.slice(range) ?? bytes))
        }
    }

    override func method(_ name: String) -> NativeFunction? {
        switch name {
        case "decode":
            NativeFunction("decode", "Give the bytes as text: UTF-8, UTF-16 with a byte order mark, or else Latin-1.") {
                [bytes] _ throws(Failure) in
                do throws(FormatError) { return .string(try Text.decode(bytes).text) } catch { throw Failure(error) }
            }
        case "hex":
            NativeFunction("hex", "Give the bytes in hexadecimal.") { [bytes] _ in .string(BytesObject.hexadecimal(bytes)) }
        default: nil
        }
    }

    override func isEqual(to other: Object) -> Bool { (other as? BytesObject)?.bytes == bytes }

    static func hexadecimal(_ bytes: Bytes) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.withBytes { buffer in String(decoding: buffer.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }
}

/// What stands between `[` and `]`, for a value with one dimension.
enum Position {
    case one(Int)
    case range(Range<Int>)

    /// Negative positions count from the end. A single position must exist; a slice is cut to what does, as in Python.
    init(_ indices: [Index], count: Int, of what: String) throws(Failure) {
        guard indices.count == 1 else { throw Failure("index", "\(what) have one index, not \(indices.count)") }
        switch indices[0] {
        case .at(let value):
            guard case .int(let index) = value else {
                throw Failure("type", "an index into \(what) is a whole number, not a value of type \(typeName(of: value))")
            }
            let position = index < 0 ? index + count : index
            guard position >= 0, position < count else { throw Failure("index", "index \(index) is outside \(what) of length \(count)") }
            self = .one(position)
        case .slice(let start, let stop, let step):
            guard step.map({ if case .int(1) = $0 { true } else { false } }) ?? true else {
                throw Failure("value", "a slice of \(what) has no step")
            }
            let lower = try Position.bound(start, count, 0, what)
            self = .range(lower..<max(lower, try Position.bound(stop, count, count, what)))
        }
    }

    private static func bound(_ value: Value?, _ count: Int, _ otherwise: Int, _ what: String) throws(Failure) -> Int {
        switch value {
        case nil, .null: return otherwise
        case .int(let index): return min(max(index < 0 ? max(index, -count) + count : index, 0), count)
        case .some(let other): throw Failure("type", "a slice of \(what) takes whole numbers, not a value of type \(typeName(of: other))")
        }
    }
}
