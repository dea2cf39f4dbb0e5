import CrateValues

/// Makes a `Decodable` value of a document.
struct DocumentDecoder: Decoder {
    let codingPath: [any CodingKey]
    let document: Document
    // The requirement of `Decoder`; nothing is ever put in.
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func decode<Value: Decodable>(_ type: Value.Type, from document: Document) throws -> Value {
        try DocumentDecoder(codingPath: [], document: document).read(type)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .mapping(let mapping) = document else { throw mismatch(type, "an object") }
        return KeyedDecodingContainer(KeyedReader<Key>(codingPath: codingPath, mapping: mapping))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch document {
        case .list(let items), .tuple(let items), .set(let items): return ListReader(codingPath: codingPath, items: items)
        default: throw mismatch([Document].self, "a list")
        }
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    fileprivate func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard let plain = type as? any PlainValue.Type else { return try Value(from: self) }
        guard let value = plain.init(document: document) as? Value else { throw mismatch(type, "\(type)") }
        return value
    }

    private func mismatch(_ type: any Any.Type, _ wanted: String) -> DecodingError {
        .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "wanted \(wanted), found \(document.typeName)"))
    }
}

extension Document {
    var isNull: Bool { if case .null = self { true } else { false } }

    /// A word for messages.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .bigInteger: "a whole number"
        case .float: "a number"
        case .complex: "a complex number"
        case .string: "text"
        case .bytes: "bytes"
        case .timestamp: "a date"
        case .list, .tuple: "a list"
        case .set: "a set"
        case .mapping: "an object"
        case .tensor: "an array"
        case .opaque(let opaque): opaque.name
        }
    }
}

extension DocumentDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { document.isNull }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try read(type) }
}

private struct KeyedReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let codingPath: [any CodingKey]
    /// Looked up once, since `Mapping` searches from the front.
    private let values: [String: Document]
    private let order: [String]

    init(codingPath: [any CodingKey], mapping: Document.Mapping) {
        self.codingPath = codingPath
        var values: [String: Document] = [:]
        var order: [String] = []
        for entry in mapping.entries {
            guard let key = entry.key.textKey else { continue }
            values[key] = entry.value
            order.append(key)
        }
        self.values = values
        self.order = order
    }

    var allKeys: [Key] { order.compactMap { Key(stringValue: $0) } }
    func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).document.isNull }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try decoder(key).read(type) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try decoder(key).unkeyedContainer() }
    func superDecoder() throws -> any Decoder { try decoder(PathKey("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: any CodingKey) throws -> DocumentDecoder {
        if let value = values[key.stringValue] { return DocumentDecoder(codingPath: codingPath + [key], document: value) }
        let near = nearestName(key.stringValue, in: order).map { "; there is `\($0)`" } ?? ""
        throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "no key `\(key.stringValue)`\(near)"))
    }
}

extension Document {
    /// The key as `CodingKey` has it: Swift writes integer keys as text.
    fileprivate var textKey: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
}

private struct ListReader: UnkeyedDecodingContainer {
    let codingPath: [any CodingKey]
    let items: [Document]
    private(set) var currentIndex = 0

    init(codingPath: [any CodingKey], items: [Document]) {
        self.codingPath = codingPath
        self.items = items
    }

    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex >= items.count }

    mutating func decodeNil() throws -> Bool {
        let isNull = try current([Document?].self).document.isNull
        if isNull { currentIndex += 1 }
        return isNull
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try advancing(type) { try $0.read(type) } }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try advancing(type) { try $0.container(keyedBy: type) }
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try advancing([Document].self) { try $0.unkeyedContainer() } }
    mutating func superDecoder() throws -> any Decoder { try advancing(Document.self) { $0 } }

    private mutating func advancing<Result>(_ type: any Any.Type, _ read: (DocumentDecoder) throws -> Result) throws -> Result {
        let result = try read(try current(type))
        currentIndex += 1
        return result
    }

    private func current(_ type: any Any.Type) throws -> DocumentDecoder {
        let path = codingPath + [PathKey(currentIndex)]
        if !isAtEnd { return DocumentDecoder(codingPath: path, document: items[currentIndex]) }
        throw DecodingError.valueNotFound(type, .init(codingPath: path, debugDescription: "the list ends here"))
    }
}
