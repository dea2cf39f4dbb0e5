import CrateFormats
import CrateLanguage
import CrateValues

func jsonFunctions() -> [NativeFunction] {
    [
        NativeFunction(
            "to_json",
            "Give any value as JSON text. What JSON has not is shown: bytes in hexadecimal, dates and labels as text, complex numbers as pairs.",
            [
                Parameter("value", .any, .required, "any value"),
                Parameter("indent", .int, .optional, named: true, "spaces per level; one line when left out"),
                Parameter(
                    "arrays", .oneOf(["lists", "digest"]), .optional, named: true,
                    "\"digest\": dtype, shape and SHA-256 instead of the elements"),
                Parameter("sort_keys", .bool, .optional, named: true, "keys in order"),
                Parameter("ascii", .bool, .optional, named: true, "everything beyond ASCII as escapes"),
            ],
            examples: [#"to_json({a: [1, 2.5, null]})  # {"a": [1, 2.5, null]}"#, #"to_json(array([1, 2]))  # [1, 2]"#]
        ) { call throws(Failure) in
            let options = JSON.WriteOptions(indent: call.whole(1), sortsKeys: call.flag(3), ascii: call.flag(4))
            let data = try document(from: call[0], interpreter: call.interpreter)
            let shown = try JSONView(digestsArrays: call.text(2) == "digest").document(data)
            let sink = MemorySink()
            do throws(FormatError) { try JSON.encode(shown, options: options, to: sink) } catch { throw Failure(error) }
            return .string(String(decoding: sink.array, as: UTF8.self))
        },
        NativeFunction(
            "from_json", "Give the value that JSON text stands for.", [Parameter("text", .string, .required, "JSON")],
            examples: [#"from_json("[1, 2.0]")  # [1, 2.0]"#]
        ) { call throws(Failure) in
            do throws(FormatError) { return value(from: try JSON.decode(Bytes(call.text(0).utf8))) } catch { throw Failure(error) }
        },
    ]
}

/// Turns any document into one that JSON can hold.
struct JSONView {
    var digestsArrays = false
    /// Whether NaN and infinities, which other programs refuse, become null.
    var hasOnlyNumbers = false

    /// A table as other programs take it: one object for each row.
    static func rows(of table: Table) -> Document {
        .list((0..<table.rowCount).map { row in
            .object(table.columns.map { column in (column.name, (try? CrateCommands.document(from: column.values.cell(row))) ?? .null) })
        })
    }

    func document(_ document: Document) throws(Failure) -> Document {
        switch document {
        case .list(let items), .tuple(let items): return .list(try items.map { (item) throws(Failure) in try self.document(item) })
        case .set(let items): return .object([("set", .list(try items.map { (item) throws(Failure) in try self.document(item) }))])
        case .mapping(let mapping): return try self.mapping(mapping)
        case .tensor(let tensor): return digestsArrays ? try digest(tensor) : try elements(tensor, document)
        case .float(let number) where hasOnlyNumbers && !number.isFinite: return .null
        case .complex(let real, let imaginary): return .list([.float(real), .float(imaginary)])
        case .bytes(let bytes): return .object([("bytes_hex", .string(BytesObject.hexadecimal(Bytes(bytes))))])
        case .timestamp(let timestamp): return .string(timestamp.text)
        case .opaque(let opaque): return try self.opaque(opaque)
        default: return document
        }
    }

    /// An array with a number that JSON has not, as lists.
    private func elements(_ tensor: Tensor, _ whole: Document) throws(Failure) -> Document {
        guard hasOnlyNumbers, tensor.dtype.isFloat || tensor.dtype.isComplex, tensor.rank > 0 else { return whole }
        var items: [Document] = []
        for position in 0..<(tensor.shape.first ?? 0) {
            let item = try arrayResult { () throws(ArrayError) in try tensor.at(position) }
            items.append(try document(try CrateCommands.document(from: item)))
        }
        return .list(items)
    }

    private func mapping(_ mapping: Document.Mapping) throws(Failure) -> Document {
        var shown = Document.Mapping()
        shown.entries.reserveCapacity(mapping.entries.count)
        for entry in mapping.entries { shown.entries.append((JSONView.key(entry.key), try document(entry.value))) }
        return .mapping(shown)
    }

    /// A tuple as Python shows it, for JSON's keys are texts.
    private static func key(_ key: Document) -> Document {
        guard case .tuple(let parts) = key else { return key }
        let texts = parts.map { value(from: $0).nestedDescription }
        return .string("(\(texts.joined(separator: ", "))\(texts.count == 1 ? "," : ""))")
    }

    private func digest(_ tensor: Tensor) throws(Failure) -> Document {
        let sum = try failing { () throws(ArrayError) in try tensor.digest() }
        return .object([
            ("dtype", .string(tensor.dtype.rawValue)), ("shape", .list(tensor.shape.map { .integer($0) })), ("sha256", .string(sum)),
        ])
    }

    private func opaque(_ opaque: Document.Opaque) throws(Failure) -> Document {
        guard !opaque.arguments.isEmpty || opaque.state != nil else { return .string(opaque.name) }
        var pairs: [(String, Document)] = [("object", .string(opaque.name))]
        if !opaque.arguments.isEmpty { pairs.append(("arguments", try document(.list(opaque.arguments)))) }
        if let state = opaque.state { pairs.append(("state", try document(state))) }
        return .object(pairs)
    }
}
