import CrateFormats
import CrateValues
import Testing

extension Document {
    /// Where this is not what `expected.json` asks for: a list of paths with both values, empty when all is right.
    func differences(from expected: Expected, path: String = "") -> [String] {
        switch (self, expected) {
        case (.tensor(let tensor), .object(let facts)): return tensor.differences(from: facts, path: path)
        case (.list(let items), .object(let facts)) where facts["first"] != nil:
            return Document.list(items.flattened.prefix(facts["first"]?.list?.count ?? 0).map { $0 }).differences(
                from: facts["first"] ?? .null, path: path)
        case (.list(let items), .list(let wanted)), (.tuple(let items), .list(let wanted)):
            guard items.count == wanted.count else { return ["\(path): \(items.count) items, not \(wanted.count)"] }
            return zip(items, wanted).enumerated().flatMap { $1.0.differences(from: $1.1, path: "\(path)[\($0)]") }
        case (.set(let items), .object(let facts)): return Document.list(items).differences(from: facts["set"] ?? .null, path: path)
        case (.complex(let real, let imaginary), .list(let parts)):
            return parts.first?.number == real && parts.last?.number == imaginary ? [] : ["\(path): \(real), \(imaginary)"]
        case (.opaque(let opaque), .string(let text)):
            return opaque.name == text || opaque.arguments.contains { $0.matches(expected) } ? [] : ["\(path): \(opaque.name)"]
        case (.mapping(let mapping), .object(let wanted)): return mapping.differences(from: wanted, path: path)
        default: return matches(expected) ? [] : ["\(path): \(self), not \(expected)"]
        }
    }

    /// As Python's `str` shows a key.
    var keyText: String {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        case .tuple(let items): "(\(items.map(\.keyText).joined(separator: ", ")))"
        default: "\(self)"
        }
    }
}

extension Document.Mapping {
    fileprivate func differences(from wanted: [String: Expected], path: String) -> [String] {
        let keys = Set(entries.map(\.key.keyText))
        let wantedKeys = Set(wanted.keys)
        guard keys == wantedKeys else { return ["\(path): keys \(keys.symmetricDifference(wantedKeys).sorted())"] }
        return entries.flatMap { entry in
            entry.value.differences(from: wanted[entry.key.keyText] ?? .null, path: "\(path).\(entry.key.keyText)")
        }
    }
}

extension [Document] {
    fileprivate var flattened: [Document] {
        flatMap { item in if case .list(let inner) = item { inner.flattened } else { [item] } }
    }
}

extension Tensor {
    fileprivate func differences(from facts: [String: Expected], path: String) -> [String] {
        var found: [String] = []
        func check(_ name: String, _ actual: String, _ wanted: String?) {
            if let wanted, actual != wanted { found.append("\(path): \(name) \(actual), not \(wanted)") }
        }
        check("dtype", dtype.rawValue, facts["dtype"]?.string)
        check("shape", "\(shape)", facts["shape"]?.list.map { "\($0.compactMap(\.integer))" })
        if count > 0 { check("stride", "\(strides)", facts["stride"]?.list.map { "\($0.compactMap(\.integer))" }) }
        check("offset", "\(offset)", facts["offset"]?.integer.map { "\($0)" })
        check("sha256", (try? digest()) ?? "", facts["sha256"]?.string)
        for (index, wanted) in (facts["first"]?.list ?? []).enumerated() where !first(index, is: wanted) {
            found.append("\(path): element \(index) is not \(wanted)")
        }
        return found
    }

    private func first(_ index: Int, is wanted: Expected) -> Bool {
        let elements = scalars()
        guard elements.indices.contains(index) else { return false }
        switch (elements[index], wanted) {
        case (.bool(let a), .bool(let b)): return a == b
        case (.int(let a), .integer(let b)): return a == b
        // Foundation hands out such a number as its bits.
        case (.unsigned(let a), .integer(let b)): return a == UInt64(bitPattern: Int64(b))
        // Foundation's reader is off by a bit now and then; the digest is exact.
        case (.float(let a), .float(let b)): return abs(a - b) <= abs(b) * 1e-14
        case (.float(let a), .integer(let b)): return a == Double(b)
        case (.float(let a), .string("nan")): return a.isNaN
        case (.float(let a), .string(let word)): return a == Double(word)
        case (.complex(let real, let imaginary), .list(let parts)):
            return zip([real, imaginary], parts).allSatisfy { part, wanted in abs(part - (wanted.number ?? .nan)) <= abs(part) * 1e-14 }
        default: return false
        }
    }
}

/// The error of `body`, or `nil` when there is none.
func failure<Value>(_ body: () throws(FormatError) -> Value) -> FormatError? {
    do throws(FormatError) {
        _ = try body()
        return nil
    } catch { return error }
}

extension Checkpoint {
    /// What `encode` writes.
    static func bytes(
        _ document: Document, _ fileExtension: String, rootName: String = "model", options: Options = Options()
    ) throws(FormatError) -> Bytes {
        let sink = MemorySink()
        try encode(document, fileExtension: fileExtension, rootName: rootName, options: options, to: sink)
        return Bytes(sink.array)
    }
}

extension Tensor {
    /// A C-ordered array of float32.
    static func floats(_ values: [Float], _ shape: [Int]) -> Tensor {
        let bytes = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { [UInt8]($0) } }
        return Tensor(dtype: .float32, shape: shape, bytes: Bytes(bytes)) ?? Tensor(.float(0), dtype: .float32)
    }
}
