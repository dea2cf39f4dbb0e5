import CrateFormats
import CrateLanguage
import CrateValues

/// `value` as plain data, for writing. Raises `type` for what is not data, `recursion` for what holds itself or is nested
/// too deeply, `limit` for more values than `most`, and `interrupted` when the run of `interpreter` is to stop.
func document(from value: Value, interpreter: Interpreter? = nil, most: Int = maximumNodes) throws(Failure) -> Document {
    var builder = DocumentBuilder(interpreter: interpreter, most: most)
    return try builder.document(value)
}

/// `document` as a value. Nothing is lost: tuples, ordered dicts, dates, bytes and labels go back as they came.
func value(from document: Document) -> Value {
    switch document {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .integer(let number): .int(number)
    case .bigInteger(let number): .bigInt(number)
    case .float(let number): .float(number)
    case .string(let text): .string(text)
    case .list(let items): .list(ListObject(items.map { value(from: $0) }))
    case .tuple(let items): .list(ListObject(items.map { value(from: $0) }, isTuple: true))
    case .mapping(let mapping): .dict(dict(from: mapping))
    case .tensor(let tensor): .object(ArrayObject(tensor))
    case .complex(let real, let imaginary): .object(ComplexObject(real, imaginary))
    case .bytes(let bytes): .object(BytesObject(Bytes(bytes)))
    case .timestamp(let timestamp): .object(TimestampObject(timestamp))
    case .set(let items): .object(SetObject(items))
    case .opaque(let opaque): .object(OpaqueObject(opaque))
    }
}

private func dict(from mapping: Document.Mapping) -> DictObject {
    let dict = DictObject()
    dict.isOrderedDict = mapping.isOrderedDict
    dict.attributes = mapping.attributes
    for entry in mapping.entries { dict[key(from: entry.key)] = value(from: entry.value) }
    return dict
}

/// Keys that the language has no form for become text.
private func key(from document: Document) -> Key {
    switch document {
    case .string(let text): .string(text)
    case .integer(let number): .int(number)
    case .bool(let flag): .bool(flag)
    case .float(let number): .float(number)
    case .null: .null
    case .tuple(let items), .list(let items): .tuple(items.map { key(from: $0) })
    default: .string(value(from: document).description)
    }
}

/// The most values that are turned into data at once. A list that holds another twice, which holds a third twice …, is small
/// in memory and endless when written out: a value counts as often as it is met.
let maximumNodes = 10_000_000

/// Walks a value. Lists and dicts are shared by reference and may hold themselves, so those under way are remembered.
private struct DocumentBuilder {
    private let interpreter: Interpreter?
    private let most: Int
    private var open: [ObjectIdentifier] = []
    private var nodes = 0

    init(interpreter: Interpreter?, most: Int) {
        self.interpreter = interpreter
        self.most = most
    }

    mutating func document(_ value: Value) throws(Failure) -> Document {
        try count(1)
        switch value {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .integer(number)
        case .bigInt(let number): return .bigInteger(number)
        case .float(let number): return .float(number)
        case .string(let text): return .string(text)
        case .list(let list): return try self.list(list)
        case .dict(let dict): return try mapping(dict)
        case .range(let range):
            // Counted before the numbers are set up.
            try count(range.count)
            return .list((range.lower..<max(range.lower, range.upper)).map { .integer($0) })
        case .function(let function): throw Failure("type", "the function \(function.name) is not data")
        case .object(let object): return try DocumentBuilder.document(object)
        }
    }

    /// Counts values as they are met, before memory is taken for them.
    private mutating func count(_ more: Int) throws(Failure) {
        guard more <= most - nodes else {
            throw Failure("limit", "this holds more than \(most) values, counting what is shared as often as it occurs")
        }
        nodes += more
        if nodes & 4095 == 0 { try interpreter?.checkInterrupted() }
    }

    private mutating func list(_ list: ListObject) throws(Failure) -> Document {
        try enter(list)
        var items: [Document] = []
        items.reserveCapacity(list.items.count)
        for item in list.items { items.append(try document(item)) }
        open.removeLast()
        return list.isTuple ? .tuple(items) : .list(items)
    }

    private mutating func mapping(_ dict: DictObject) throws(Failure) -> Document {
        try enter(dict)
        var entries: [(key: Document, value: Document)] = []
        entries.reserveCapacity(dict.count)
        for entry in dict.entries { entries.append((DocumentBuilder.document(entry.key), try document(entry.value))) }
        open.removeLast()
        var mapping = Document.Mapping(entries, isOrderedDict: dict.isOrderedDict)
        mapping.attributes = dict.attributes
        return .mapping(mapping)
    }

    private mutating func enter(_ container: AnyObject) throws(Failure) {
        let identity = ObjectIdentifier(container)
        if open.contains(identity) { throw Failure("recursion", "this holds itself, which no file can") }
        guard open.count < Limits.standard.depth else {
            throw Failure("recursion", "this is nested more than \(Limits.standard.depth) levels deep")
        }
        open.append(identity)
    }

    private static func document(_ key: Key) -> Document {
        switch key {
        case .string(let text): .string(text)
        case .int(let number): .integer(number)
        case .bool(let flag): .bool(flag)
        case .float(let number): .float(number)
        case .null: .null
        case .tuple(let items): .tuple(items.map(document))
        }
    }

    private static func document(_ object: Object) throws(Failure) -> Document {
        switch object {
        case let data as DataObject: data.document
        case let table as TableObject: table.document
        case let array as any ArrayLike: .tensor(array.tensor)
        case let plot as PlotObject: .tensor(try plot.rendered().pixels)
        default: throw Failure("type", "a value of type \(object.typeName) is not data")
        }
    }
}
