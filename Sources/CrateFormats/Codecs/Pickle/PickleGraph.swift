import CrateValues

/// What a pickle's program builds, inert: containers, labels in place of classes, and records of the calls it asks for.
///
/// Objects refer to each other by number, so shared and recursive structures cost nothing and nesting has no depth.
struct PickleGraph {
    /// One value: small ones themselves, objects by number. A hostile file makes millions of them in as many bytes, so what is large and rare
    /// stands apart here and in `Object`.
    enum Item {
        case none
        case bool(Bool)
        case integer(Int)
        case bigInteger(BigInteger)
        case float(Double)
        case string(String)
        indirect case bytes(Bytes)
        /// A string of Python 2, which may have been text or bytes.
        indirect case oldString(Bytes)
        case label(Int)
        case object(Int)
    }

    /// Something with identity.
    struct Object {
        enum Kind {
            case list, tuple, dictionary, set, frozenSet
            /// The call of `callable` with `arguments`, which Python would make here.
            indirect case call(callable: Item, arguments: Item)
            indirect case persistent(Item)
        }

        let kind: Kind
        /// Elements, in order; what was appended to a called object.
        var items: [Item] = []
        /// Keys and values in turn.
        var pairs: [Item] = []
        private var further: Further?
        /// Where in the file it was made.
        let position: Int

        private indirect enum Further {
            case parts(state: Item?, keywords: Item?)
        }

        init(kind: Kind, items: [Item] = [], pairs: [Item] = [], position: Int) {
            self.kind = kind
            self.items = items
            self.pairs = pairs
            self.position = position
        }

        /// What BUILD set.
        var state: Item? {
            get { if case .parts(let state, _)? = further { state } else { nil } }
            set { further = .parts(state: newValue, keywords: keywords) }
        }

        /// The arguments of a call that go by name: a dictionary.
        var keywords: Item? {
            get { if case .parts(_, let keywords)? = further { keywords } else { nil } }
            set { further = .parts(state: state, keywords: newValue) }
        }
    }

    /// A name of another program's class or function.
    struct Label {
        let module: String
        let name: String
        let position: Int
        let verdict: Pickle.Verdict
        /// As Python writes it, with the modules' old names of protocols 0 to 2 replaced by today's.
        var qualifiedName: String { module.isEmpty ? name : "\(module).\(name)" }
    }

    var objects: [Object] = []
    var labels: [Label] = []
    var root = Item.none
    var protocolVersion = 0
    /// One past STOP.
    var end = 0
    /// Requests that no label shows: a call of something computed, a state that replaces a class, a pickle inside an argument.
    var trespasses: [Pickle.Import] = []
    /// The dictionaries with a key that changes what an object is, should they become its state.
    var behaviouralDictionaries: Set<Int> = []
    /// The types of numpy whose elements are, or hold, Python objects.
    var objectTypes: Set<Int> = []

    /// The labels in the order of the file, then the trespasses.
    var imports: [Pickle.Import] {
        labels.map { Pickle.Import(module: $0.module, name: $0.name, position: $0.position, verdict: $0.verdict) } + trespasses
    }

    func label(of item: Item) -> Label? {
        if case .label(let index) = item { labels[index] } else { nil }
    }

    func object(of item: Item) -> Object? {
        if case .object(let index) = item { objects[index] } else { nil }
    }

    /// The elements of a tuple.
    func tuple(_ item: Item) -> [Item]? {
        guard let object = object(of: item), case .tuple = object.kind else { return nil }
        return object.items
    }
}
