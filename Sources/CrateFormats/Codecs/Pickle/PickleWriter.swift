import CrateValues

/// How one library keeps what is not plain data inside a pickle.
protocol PickleDialect {
    /// 2 or 4.
    var protocolVersion: Int { get }
    mutating func write(_ tensor: Tensor, to opcodes: inout PickleOpcodes) throws(FormatError)
    /// False when the label can't be written.
    func write(_ opaque: Document.Opaque, to opcodes: inout PickleOpcodes) -> Bool
}

/// Writes a document as a pickle.
struct PickleWriter<Dialect: PickleDialect> {
    var opcodes: PickleOpcodes
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
        opcodes = PickleOpcodes(protocolVersion: dialect.protocolVersion)
        self.format = format
        self.limits = limits
    }

    /// The whole pickle.
    mutating func finish(_ document: Document) throws(FormatError) -> PickleOpcodes {
        try write(document)
        opcodes.append(.stop)
        return opcodes
    }

    /// Whether there are opcodes for bytes, sets and long integers.
    private var isRich: Bool { opcodes.protocolVersion >= 4 }

    private mutating func write(_ document: Document) throws(FormatError) {
        switch document {
        case .null: opcodes.append(.none)
        case .bool(let value): opcodes.append(value ? .newTrue : .newFalse)
        case .integer(let value): opcodes.integer(value)
        case .bigInteger(let value): try write(value)
        case .float(let value): opcodes.float(value)
        case .complex(let real, let imaginary):
            opcodes.builtin("complex")
            opcodes.tuple { opcodes in
                opcodes.float(real)
                opcodes.float(imaginary)
            }
            opcodes.append(.reduce)
        case .string(let value): try write(value)
        case .bytes(let value): try write(bytes: value)
        case .timestamp(let moment): try write(moment)
        case .list(let items): try write(list: items)
        case .tuple(let items):
            opcodes.append(.mark)
            try writeAll(items)
            opcodes.append(.tuple)
        case .set(let items): try write(set: items)
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
        guard isRich || digits.count <= 255 else { throw error("is an integer of more than 255 bytes, which PyTorch does not load") }
        opcodes.long(digits)
    }

    private mutating func write(_ text: String) throws(FormatError) {
        guard isRich || text.utf8.count <= Int(UInt32.max) else { throw error("is a text of more than 4 GB") }
        opcodes.string(text)
    }

    /// Protocol 2 has no bytes: each becomes the character of the same number, to be encoded again.
    private mutating func write(bytes: [UInt8]) throws(FormatError) {
        if isRich {
            opcodes.byteString(count: bytes.count)
            return opcodes.append(raw: bytes)
        }
        let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        guard text.utf8.count <= Int(UInt32.max) else { throw error("holds more than 2 GB of bytes") }
        opcodes.call("_codecs", "encode") { opcodes in
            opcodes.string(text)
            opcodes.string("latin1")
        }
    }

    /// `datetime.date` or `datetime.datetime`, packed as Python does it.
    private mutating func write(_ moment: Timestamp) throws(FormatError) {
        guard isRich else { throw error("is a point in time, which a PyTorch checkpoint can't hold", hint: "store it as text") }
        guard (1...9999).contains(moment.year) else { throw error("is a point in time outside the years 1 to 9999 of Python") }
        let time = moment.time
        guard (time?.nanosecond ?? 0).isMultiple(of: 1000) else { throw error("has nanoseconds, which Python's datetime lacks") }
        opcodes.call("datetime", time == nil ? "date" : "datetime") { opcodes in
            opcodes.byteString(count: time == nil ? 4 : 10)
            opcodes.append(raw: DatetimeVocabulary.packed(moment))
            guard let minutes = time?.offsetMinutes else { return }
            opcodes.call("datetime", "timezone") { opcodes in
                opcodes.call("datetime", "timedelta") { opcodes in
                    // The seconds of a timedelta are never negative.
                    for number in [minutes < 0 ? -1 : 0, (minutes < 0 ? minutes + 1440 : minutes) * 60, 0] { opcodes.integer(number) }
                }
            }
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

    private mutating func write(set items: [Document]) throws(FormatError) {
        for item in items { if case .unhashable = DocumentKey.make(item) { throw error("holds a list, dictionary or set in a set") } }
        guard isRich else {
            opcodes.builtin("set")
            try write(list: items)
            opcodes.append(.tuple1)
            return opcodes.append(.reduce)
        }
        opcodes.append(.emptySet)
        opcodes.append(.mark)
        try writeAll(items)
        opcodes.append(.addItems)
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
        try write(mapping.entries)
        // Only an object of a class has attributes.
        guard mapping.isOrderedDict, !mapping.attributes.isEmpty else { return }
        opcodes.append(.emptyDict)
        try write(mapping.attributes)
        opcodes.append(.build)
    }

    private mutating func write(_ entries: [(key: Document, value: Document)]) throws(FormatError) {
        guard !entries.isEmpty else { return }
        opcodes.append(.mark)
        for entry in entries {
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
