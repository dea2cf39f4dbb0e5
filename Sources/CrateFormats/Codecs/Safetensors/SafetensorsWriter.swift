import CrateValues

extension Safetensors {
    /// Writes a mapping of names to tensors. Nested mappings are flattened with "." between the names; anything that is not
    /// a tensor is refused by its name.
    ///
    /// As the reference writes: larger element types first, then by name, so that every tensor is aligned; the header
    /// begins with the metadata and is filled up with spaces to a multiple of 8.
    ///
    /// - Parameter metadata: texts for the header; those that the mapping was read with when left out.
    public static func encode(
        _ document: Document, metadata: [(key: String, value: String)]? = nil, to sink: any ByteSink
    ) throws(FormatError) {
        var tensors: [(name: String, tensor: Tensor)] = []
        guard case .mapping(let mapping) = document else {
            throw FormatError(.unrepresentable, format, "holds named tensors only; this value is not a mapping", hint: "save it as .pth")
        }
        try collect(mapping, prefix: "", depth: 0, into: &tensors)
        tensors.sort { (SafetensorsType.rank(of: $1.tensor.dtype), $0.name) < (SafetensorsType.rank(of: $0.tensor.dtype), $1.name) }
        try requireUniqueNames(tensors.map(\.name))
        let header = try header(tensors, metadata ?? self.metadata(of: mapping))
        var start: [UInt8] = []
        start.append(littleEndian: UInt64(header.count))
        try sink.write(start + header)
        for (_, tensor) in tensors { try ElementBytes.write(tensor, to: sink, format: format) }
    }

    private static func collect(
        _ mapping: Document.Mapping, prefix: String, depth: Int, into tensors: inout [(name: String, tensor: Tensor)]
    ) throws(FormatError) {
        guard depth < Limits.standard.depth else { throw FormatError(.limit, format, "is nested more than \(Limits.standard.depth) deep") }
        for (key, value) in mapping.entries {
            guard case .string(let part) = key else {
                throw unrepresentable(prefix.isEmpty ? "a key" : "a key of \(prefix)", "is not text")
            }
            let name = prefix.isEmpty ? part : "\(prefix).\(part)"
            switch value {
            case .tensor(let tensor): tensors.append((name, tensor))
            case .mapping(let inner): try collect(inner, prefix: name, depth: depth + 1, into: &tensors)
            default: throw unrepresentable(name, "is not a tensor")
            }
        }
    }

    private static func unrepresentable(_ name: String, _ what: String) -> FormatError {
        FormatError(
            .unrepresentable, format, "holds named tensors only; \(name) \(what)", at: .member(name),
            hint: "save it as .pth, or save only the tensors")
    }

    private static func requireUniqueNames(_ names: [String]) throws(FormatError) {
        var seen: Set<String> = [metadataKey]
        for name in names where !seen.insert(name).inserted {
            throw FormatError(
                .unrepresentable, format, name == metadataKey ? "a tensor can't be called \(name)" : "two tensors would be called \(name)",
                at: .member(name))
        }
    }

    private static func header(
        _ tensors: [(name: String, tensor: Tensor)], _ metadata: [(key: String, value: String)]
    ) throws(FormatError) -> [UInt8] {
        var items: [String] = []
        if !metadata.isEmpty {
            var texts: [String] = []
            for (key, value) in metadata { texts.append("\(try quoted(key)):\(try quoted(value))") }
            items.append("\(try quoted(metadataKey)):{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in tensors {
            guard let type = SafetensorsType.name(of: tensor.dtype) else {
                throw unrepresentable(name, "is of type \(tensor.dtype.rawValue), which the format lacks")
            }
            guard Tensor.isCountable(tensor.shape, elementSize: tensor.dtype.size),
                case (let end, let overflow) = offset.addingReportingOverflow(tensor.byteCount), !overflow
            else { throw FormatError(.limit, format, "is too large", at: .member(name)) }
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            items.append("\(try quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        let text = Array("{\(items.joined(separator: ","))}".utf8)
        guard text.count <= largestHeader else { throw FormatError(.limit, format, "would have a header of \(text.count) bytes") }
        return text + [UInt8](repeating: UInt8(ascii: " "), count: -text.count & 7)
    }

    private static func quoted(_ text: String) throws(FormatError) -> String {
        let sink = MemorySink()
        try JSON.encode(.string(text), to: sink)
        return String(decoding: sink.array, as: UTF8.self)
    }
}
