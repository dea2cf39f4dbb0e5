import CrateValues

/// How one library keeps what is not plain data inside a pickle.
protocol PickleDialect {
    mutating func write(_ tensor: Tensor, to opcodes: inout PickleOpcodes) throws(FormatError)
    /// False when the label can't be written.
    func write(_ opaque: Document.Opaque, to opcodes: inout PickleOpcodes) -> Bool
}

/// Writes a document as a pickle.
struct PickleWriter<Dialect: PickleDialect> {
    var opcodes = PickleOpcodes()
    var dialect: Dialect
    let format: String
    let limits: Limits
    private var path: [Step] = []

    /// One step of the way to a value; put into words only for an error.
    private enum Step {
        case index(Int)
        case key(Document)
    }

    init(_ dialect: Dialect, format: String, limits: Limits) {
        self.dialect = dialect
        self.format = format
        self.limits = limits
    }

    /// The whole pickle.
    mutating func finish(_ document: Document) throws(FormatError) -> [UInt8] {
        try write(document)
        opcodes.append(.stop)
        return opcodes.bytes
    }

    private mutating func write(_ document: Document) throws(FormatError) {
        switch document {
        case .null: opcodes.append(.none)
        case .bool(let value): opcodes.append(value ? .newTrue : .newFalse)
        case .integer(let value): opcodes.integer(value)
        case .bigInteger(let value): try write(value)
        case .float(let value): opcodes.float(value)
        case .complex(let real, let imaginary):
            opcodes.call("__builtin__", "complex") { opcodes in
                opcodes.float(real)
                opcodes.float(imaginary)
            }
        case .string(let value): try write(value)
        case .bytes(let value): try write(bytes: value)
        case .timestamp: throw error("is a point in time, which a checkpoint can't hold", hint: "store it as text")
        case .list(let items): try write(list: items)
        case .tuple(let items):
            opcodes.append(.mark)
            try writeAll(items)
            opcodes.append(.tuple)
        case .set(let items):
            opcodes.label("__builtin__", "set")
            try write(list: items)
            opcodes.append(.tuple1)
            opcodes.append(.reduce)
        case .mapping(let mapping): try write(mapping)
        case .tensor(let tensor): try write(tensor)
        case .opaque(let opaque):
            guard dialect.write(opaque, to: &opcodes) else {
                throw error("is a \(opaque.name), which can't be written", hint: "leave it out, or store what describes it")
            }
        }
    }

    private func error(_ reason: String, hint: String? = nil) -> FormatError {
        let place = placeName
        return FormatError(
            .unrepresentable, format, place.isEmpty ? "the value \(reason)" : "\(place) \(reason)",
            at: place.isEmpty ? .whole : .member(place), hint: hint)
    }

    // MARK: Scalars

    private mutating func write(_ value: BigInteger) throws(FormatError) {
        let digits = value.littleEndianTwosComplement
        guard digits.count <= 255 else { throw error("is an integer of more than 255 bytes, which PyTorch does not load") }
        opcodes.long(digits)
    }

    private mutating func write(_ text: String) throws(FormatError) {
        guard text.utf8.count <= Int(UInt32.max) else { throw error("is a text of more than 4 GiB") }
        opcodes.string(text)
    }

    /// Protocol 2 has no bytes: each becomes the character of the same number, to be encoded again.
    private mutating func write(bytes: [UInt8]) throws(FormatError) {
        let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        guard text.utf8.count <= Int(UInt32.max) else { throw error("holds more than 2 GiB of bytes") }
        opcodes.call("_codecs", "encode") { opcodes in
            opcodes.string(text)
            opcodes.string("latin1")
        }
    }

    private mutating func write(_ tensor: Tensor) throws(FormatError) {
        do {
            try dialect.write(tensor, to: &opcodes)
        } catch {
            throw self.error(error.reason, hint: error.hint)
        }
    }

    // MARK: Containers

    private mutating func write(list items: [Document]) throws(FormatError) {
        opcodes.append(.emptyList)
        guard !items.isEmpty else { return }
        opcodes.append(.mark)
        try writeAll(items)
        opcodes.append(.appends)
    }

    private mutating func writeAll(_ items: [Document]) throws(FormatError) {
        for (index, item) in items.enumerated() { try write(item, at: .index(index)) }
    }

    private mutating func write(_ mapping: Document.Mapping) throws(FormatError) {
        if mapping.isOrderedDict {
            opcodes.call("collections", "OrderedDict") { _ in }
        } else {
            opcodes.append(.emptyDict)
        }
        guard !mapping.entries.isEmpty else { return }
        opcodes.append(.mark)
        for entry in mapping.entries {
            if case .unhashable = DocumentKey.make(entry.key) { throw error("has a list, dictionary or set as a key") }
            try write(entry.key, at: .key(entry.key))
            try write(entry.value, at: .key(entry.key))
        }
        opcodes.append(.setItems)
    }

    private mutating func write(_ document: Document, at step: Step) throws(FormatError) {
        guard path.count < min(limits.depth, PickleResolver.deepest) else {
            throw FormatError(.limit, format, "the value is nested more than \(min(limits.depth, PickleResolver.deepest)) deep")
        }
        path.append(step)
        try write(document)
        path.removeLast()
    }

    private var placeName: String {
        path.reduce("") { text, step in
            switch step {
            case .index(let index): "\(text)[\(index)]"
            case .key(.string(let name)): text.isEmpty ? name : "\(text).\(name)"
            case .key(.integer(let value)): "\(text)[\(value)]"
            case .key: "\(text)[key]"
            }
        }
    }
}
