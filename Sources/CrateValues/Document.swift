/// A tree of plain data: what JSON, YAML and pickles hold, with arrays kept as tensors.
///
/// Mappings keep the order of their keys; keys need not be text, as PyTorch's optimizer states use integers.
public enum Document: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// An integer that does not fit 64 bits.
    case bigInteger(BigInteger)
    case float(Double)
    indirect case complex(Double, Double)
    case string(String)
    case bytes([UInt8])
    indirect case timestamp(Timestamp)
    case list([Document])
    /// Python's tuple: like a list, kept apart so that a file written again has the same types.
    case tuple([Document])
    case set([Document])
    case mapping(Mapping)
    indirect case tensor(Tensor)
    /// Something that is named but not data here: a class, function, dtype or device of another library.
    indirect case opaque(Opaque)

    /// Ordered pairs of key and value. Keys are unique.
    public struct Mapping: Sendable {
        public var entries: [(key: Document, value: Document)]
        private var sort: Sort

        // One word beside the entries: a document has many mappings, and few of them are more than their entries.
        private enum Sort {
            case plain, ordered
            indirect case attributed([(key: Document, value: Document)], isOrdered: Bool)
        }

        public init(_ entries: [(key: Document, value: Document)] = [], isOrderedDict: Bool = false) {
            self.entries = entries
            sort = isOrderedDict ? .ordered : .plain
        }

        /// Python's `collections.OrderedDict` is kept apart from a plain dictionary.
        public var isOrderedDict: Bool {
            get {
                switch sort {
                case .plain: false
                case .ordered: true
                case .attributed(_, let isOrdered): isOrdered
                }
            }
            set { set(attributes, isOrdered: newValue) }
        }

        /// What a file says of the mapping beside its entries: the `_metadata` of PyTorch's state dicts, safetensors' `__metadata__`.
        public var attributes: [(key: Document, value: Document)] {
            get { if case .attributed(let attributes, _) = sort { attributes } else { [] } }
            set { set(newValue, isOrdered: isOrderedDict) }
        }

        private mutating func set(_ attributes: [(key: Document, value: Document)], isOrdered: Bool) {
            sort = attributes.isEmpty ? (isOrdered ? .ordered : .plain) : .attributed(attributes, isOrdered: isOrdered)
        }

        /// The value of the text key `key`, searched from the front.
        public subscript(key: String) -> Document? {
            for entry in entries { if case .string(key) = entry.key { return entry.value } }
            return nil
        }
    }

    /// An object of another library's class, kept as a label and never made.
    public struct Opaque: Sendable {
        /// Its class or function, such as `sklearn.linear_model._logistic.LogisticRegression` or `torch.float16`.
        public var name: String
        /// The arguments its constructor would have got.
        public var arguments: [Document]
        /// The state it would have been given.
        public var state: Document?

        public init(name: String, arguments: [Document] = [], state: Document? = nil) {
            self.name = name
            self.arguments = arguments
            self.state = state
        }
    }

    /// A mapping with text keys, in the order given.
    public static func object(_ pairs: [(String, Document)]) -> Document {
        .mapping(Mapping(pairs.map { (key: .string($0.0), value: $0.1) }))
    }
}

/// A point of civil time as files write it, with or without a zone.
public struct Timestamp: Sendable, Hashable {
    public var year: Int, month: Int, day: Int
    /// `nil` for a date without a time.
    public var time: Time?

    public struct Time: Sendable, Hashable {
        public var hour: Int, minute: Int, second: Int, nanosecond: Int
        /// Minutes east of UTC; `nil` when the file does not say.
        public var offsetMinutes: Int?
        public init(hour: Int, minute: Int, second: Int, nanosecond: Int = 0, offsetMinutes: Int? = nil) {
            self.hour = hour
            self.minute = minute
            self.second = second
            self.nanosecond = nanosecond
            self.offsetMinutes = offsetMinutes
        }
    }

    public init(year: Int, month: Int, day: Int, time: Time? = nil) {
        self.year = year
        self.month = month
        self.day = day
        self.time = time
    }
}
