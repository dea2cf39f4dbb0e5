import CrateFormats
import CrateValues

/// Turns an `Encodable` value into a document. Keys keep the order in which they are encoded.
struct DocumentEncoder: Encoder {
    let codingPath: [any CodingKey]
    let target: Slot
    // The requirement of `Encoder`; nothing is ever put in.
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func encode(_ value: some Encodable) throws -> Document {
        let target = Slot()
        try DocumentEncoder(codingPath: [], target: target).write(value)
        return target.document
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedWriter<Key>(codingPath: codingPath, target: target.asMapping()))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { ListWriter(codingPath: codingPath, target: target.asList()) }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    fileprivate func write(_ value: some Encodable) throws {
        if let plain = value as? any PlainValue { target.kind = .value(plain.document) } else { try value.encode(to: self) }
    }
}

extension DocumentEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { target.kind = .value(.null) }
    func encode(_ value: some Encodable) throws { try write(value) }
}

private struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let codingPath: [any CodingKey]
    let target: Slot

    private func encoder(_ key: any CodingKey) -> DocumentEncoder {
        DocumentEncoder(codingPath: codingPath + [key], target: target.slot(for: key.stringValue))
    }

    func encodeNil(forKey key: Key) throws { try encoder(key).encodeNil() }
    func encode(_ value: some Encodable, forKey key: Key) throws { try encoder(key).write(value) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        encoder(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder(PathKey("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }
}

private struct ListWriter: UnkeyedEncodingContainer {
    let codingPath: [any CodingKey]
    let target: Slot
    var count: Int { target.count }

    private func encoder() -> DocumentEncoder { DocumentEncoder(codingPath: codingPath + [PathKey(count)], target: target.append()) }

    func encodeNil() throws { try encoder().encodeNil() }
    func encode(_ value: some Encodable) throws { try encoder().write(value) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> { encoder().container(keyedBy: type) }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder() }
}

/// A key or position on the way to a value.
struct PathKey: CodingKey {
    let stringValue: String
    let intValue: Int?
    init(_ text: String) { stringValue = text; intValue = nil }
    init(_ index: Int) { stringValue = "[\(index)]"; intValue = index }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(intValue) }
}
