import CrateFormats
import CrateValues

extension Artifact {
    /// Saves a Swift value as nested data, for kinds such as json and yaml.
    ///
    /// Throws `format` with the coding path when a part can't be expressed.
    public func save(_ value: some Encodable, options: [String: Document] = [:]) throws(CrateError) {
        let document: Document
        do { document = try DocumentEncoder.encode(value) } catch { throw .format(FormatError(coding: error, kind: .unrepresentable), path: path) }
        try save(.document(document), options: options)
    }

    /// Loads nested data, or the rows of a table, as a Swift value.
    ///
    /// Throws `format` with the coding path when a part is missing or of another type.
    public func load<Value: Decodable>(as type: Value.Type, options: [String: Document] = [:]) throws(CrateError) -> Value {
        let content = try load(options: options)
        guard let document = content.asCodable else {
            throw .format(FormatError(.unsupported, kind, "a value of type \(content.typeName) can't be decoded as \(type)"), path: path)
        }
        do { return try DocumentDecoder.decode(type, from: document) } catch { throw .format(FormatError(coding: error, kind: .malformed), path: path) }
    }
}

extension Content {
    /// Nested data; a table as a list of rows, which is what types describe.
    fileprivate var asCodable: Document? {
        guard case .table(let table) = self else { return asDocument }
        let columns = table.columns.map { (name: $0.name, cells: $0.values.documents) }
        return .list((0..<table.rowCount).map { row in .object(columns.map { ($0.name, $0.cells[row]) }) })
    }
}

extension FormatError {
    /// What Swift's coding machinery found, with the path of keys that leads there.
    fileprivate init(coding error: any Error, kind: Kind) {
        let context: (path: [any CodingKey], reason: String) =
            switch error {
            case EncodingError.invalidValue(_, let context): (context.codingPath, context.debugDescription)
            case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context), DecodingError.keyNotFound(_, let context),
                DecodingError.dataCorrupted(let context):
                (context.codingPath, context.debugDescription)
            default: ([], "\(error)")
            }
        let path = context.path.reduce(into: "") { text, key in
            if let index = key.intValue { text += "[\(index)]" } else { text += (text.isEmpty ? "" : ".") + key.stringValue }
        }
        self.init(kind, "data", context.reason, at: path.isEmpty ? .whole : .member(path))
    }
}
