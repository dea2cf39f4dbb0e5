import CrateLanguage
import CrateValues
import OpenCrate

/// The variables and functions of a session, as a table.
enum Variables {
    static func table(_ variables: [(name: String, value: Value)]) -> Table? {
        let kinds = variables.map { typeAndShape($0.value) }
        return Table(columns: [
            .init(name: "name", values: .strings(variables.map(\.name))),
            .init(name: "type", values: .strings(kinds.map { $0[0] })),
            .init(name: "shape", values: .strings(kinds.map { $0.count > 1 ? $0[1] : "" })),
            .init(name: "size", values: .strings(variables.map { sizeText(ValueSize.bytes(of: $0.value)) })),
        ])
    }

    /// `["array float32", "[2, 3]"]`; the second is left out where there is none.
    static func typeAndShape(_ value: Value) -> [String] {
        let type = typeName(of: value)
        switch value {
        case .string(let text): return [type, counted(text.count, "character")]
        case .list(let list): return [type, counted(list.items.count, "item")]
        case .dict(let dict): return [type, counted(dict.count, "key")]
        case .range(let range): return [type, counted(range.count, "number")]
        case .function(let function): return [type, "(\(function.parameterNames.joined(separator: ", ")))"]
        case .object(let object): return typeAndShape(object)
        case .null: return [type]
        case .bool, .int, .float, .bigInt: return [type, value.description.count <= 24 ? value.description : ""]
        }
    }

    /// `array float32, [2, 3], 24 Bytes`
    static func inWords(_ value: Value) -> String {
        (typeAndShape(value) + [sizeText(ValueSize.bytes(of: value))]).filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func typeAndShape(_ object: Object) -> [String] {
        switch object {
        case let table as TableObject: ["table", "\(counted(table.table.rowCount, "row")), \(counted(table.table.columns.count, "column"))"]
        case let array as any ArrayLike: ["\(object.typeName) \(array.tensor.dtype.rawValue)", "[\(array.tensor.shape.map(String.init).joined(separator: ", "))]"]
        case let bytes as BytesObject: [object.typeName, counted(bytes.bytes.count, "byte")]
        case let artifact as ArtifactObject: ["artifact", "\(artifact.artifact.kind) \(artifact.artifact.name)"]
        default: [object.typeName, object.count.map { counted($0, "item") } ?? ""]
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension Session {
    /// The variables and functions at top level by name, with type, shape and size; `nil` when there are none.
    public func variablesTable() -> Value? {
        let names = interpreter.globalNames.sorted()
        let variables = names.compactMap { name in interpreter.global(named: name).map { (name: name, value: $0) } }
        return variables.isEmpty ? nil : Variables.table(variables).map { .object(TableObject($0)) }
    }

    /// The last lines of the open version's log.
    public func logLines(_ count: Int) throws(Failure) -> [String] {
        let snapshot = try currentSnapshot("`:log`")
        let path = "\(snapshot.directoryPath)/\(snapshot.name).log"
        let bytes = try throwing { () throws(CrateError) in try files.read(path) }
        // Enough for what fits a screen; a log may be long.
        let part = bytes.slice(max(0, bytes.count - (count << 10))..<bytes.count) ?? bytes
        return String(decoding: part.array, as: UTF8.self).split(separator: "\n").suffix(count).map(String.init)
    }
}
