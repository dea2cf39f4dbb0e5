import CrateValues

/// Finds what would change an object's class or methods rather than its values, and names that must not be handed on.
extension PickleMachine {
    /// Looks at keys when they are set, since many objects may share one dictionary as their state.
    mutating func noteBehaviour(_ pairs: [PickleGraph.Item], of number: Int) {
        for index in stride(from: 0, to: pairs.count, by: 2) where graph.isBehavioural(pairs[index]) {
            graph.behaviouralDictionaries.insert(number)
            return
        }
    }
}

extension PickleGraph.Label {
    /// Whether a call may give back one of its arguments, or a class.
    var mayReturnClass: Bool { module == "torch.jit._pickle" || (module == "builtins" && name == "type") }

    fileprivate var isDictionary: Bool {
        switch (module, name) {
        case ("collections", "OrderedDict"), ("collections", "defaultdict"), ("collections", "Counter"), ("builtins", "dict"): true
        default: false
        }
    }
}

extension PickleGraph {
    /// Whether the state is a dictionary with a key that changes what the object is rather than what it holds, or may be one. Python
    /// takes a pair for the attributes of two sorts.
    func replacesBehaviour(_ state: Item) -> Bool {
        guard let object = object(of: state) else { return false }
        if case .tuple = object.kind { return object.items.prefix(2).contains(where: replacesBehaviourAsDictionary) }
        return replacesBehaviourAsDictionary(state)
    }

    private func replacesBehaviourAsDictionary(_ state: Item) -> Bool {
        guard case .object(let number) = state else { return false }
        if behaviouralDictionaries.contains(number) { return true }
        switch objects[number].kind {
        case .call(let callable, let arguments): return mayReturn("builtins.tuple", callable, arguments)
        // Anything but a storage is what PyTorch's older files give back as it is.
        case .persistent(let id): return !isText(tuple(id)?.first, "storage")
        default: return false
        }
    }

    /// Whether a called dictionary begins with such a key, or with pairs that were not looked at.
    func startsWithBehaviour(_ callable: Item, _ arguments: [Item]) -> Bool {
        guard let label = label(of: callable), label.isDictionary,
            case .object(let start)? = arguments.dropFirst(label.name == "defaultdict" ? 1 : 0).first
        else { return false }
        if behaviouralDictionaries.contains(start) { return true }
        if case .dictionary = objects[start].kind { return false }
        return !objects[start].items.isEmpty || !objects[start].pairs.isEmpty || !objects[start].isContainer
    }

    fileprivate func isBehavioural(_ key: Item) -> Bool {
        switch key {
        case .string(let text): Pickle.behaviouralAttributes.contains(text)
        case .oldString(let bytes): PickleText.decode(bytes).map(Pickle.behaviouralAttributes.contains) ?? false
        case .object(let number): mayBeText(objects[number])
        default: false
        }
    }

    /// Whether the object may be a text that only Python knows.
    private func mayBeText(_ object: Object) -> Bool {
        switch object.kind {
        case .call(let callable, let arguments): mayReturn("builtins.str", callable, arguments)
        case .persistent: true
        default: false
        }
    }

    /// Whether a call may give a value of Python's own `type`, with a content that is not looked at.
    private func mayReturn(_ type: String, _ callable: Item, _ arguments: Item) -> Bool {
        guard let label = label(of: callable) else { return true }
        switch label.qualifiedName {
        // (class, base, content of the base): an object has none.
        case "copyreg._reconstructor": return tuple(arguments)?.dropFirst().first.flatMap(self.label)?.qualifiedName != "builtins.object"
        case "copyreg.__newobj__": return tuple(arguments)?.first.flatMap(self.label).map { $0.module == "builtins" } ?? true
        default: return label.mayReturnClass || label.qualifiedName == type
        }
    }

    private func isText(_ item: Item?, _ wanted: String) -> Bool {
        switch item {
        case .string(let text): text == wanted
        case .oldString(let bytes): PickleText.decode(bytes) == wanted
        default: false
        }
    }

    // MARK: numpy's types

    /// Whether the elements of a type hold Python objects: by its code, its fields, or the type that it is an array of.
    func holdsObjects(typeWith arguments: [Item], _ parts: [Item]) -> Bool {
        if isObjectCode(arguments.first) { return true }
        if let base = tuple(parts[2])?.first, holdsObjects(type: base) { return true }
        guard let pairs = object(of: parts[4])?.pairs else { return false }
        return stride(from: 1, to: pairs.count, by: 2).contains { index in
            tuple(pairs[index])?.first.map(holdsObjects(type:)) ?? false
        }
    }

    private func holdsObjects(type item: Item) -> Bool {
        guard case .object(let number) = item else { return false }
        if objectTypes.contains(number) { return true }
        guard case .call(_, let arguments) = objects[number].kind else { return false }
        return isObjectCode(tuple(arguments)?.first)
    }

    private func isObjectCode(_ item: Item?) -> Bool {
        let code: String? =
            switch item {
            case .string(let text): text
            case .oldString(let bytes): PickleText.decode(bytes)
            default: nil
            }
        if case .object? = code.flatMap(NumpyType.init(code:)) { return true }
        return false
    }

    // MARK: Names that must not be handed on

    /// Names whose calls are judged by their arguments; handed on as a value, another function may call them with any.
    private static let calledOnly: Set<String> = [
        "torch.storage._load_from_bytes", NumpyVocabulary.mappedArray, JoblibArray.className,
    ]

    /// The first use as a value of each such name. A mapped array's class may be named as the class of an array.
    func misplacedLabels() -> [Pickle.Import] {
        var guarded = Set(labels.indices.filter { PickleGraph.calledOnly.contains(labels[$0].qualifiedName) })
        guard !guarded.isEmpty else { return [] }
        let places = arrayClassPlaces()
        var found: [Pickle.Import] = []
        for (number, object) in objects.enumerated() {
            forEachValue(of: object) { place, item in
                guard case .label(let name) = item, guarded.contains(name) else { return }
                let isClass = place == object.arrayClassPlace && places.contains(number)
                if isClass, labels[name].qualifiedName == NumpyVocabulary.mappedArray { return }
                guarded.remove(name)
                found.append(.init(module: labels[name].module, name: labels[name].name, position: object.position, verdict: .dangerous))
            }
        }
        return found
    }

    /// The tuples and dictionaries that are nothing but the arguments of numpy's `_reconstruct` or the state of joblib's stand-in.
    private func arrayClassPlaces() -> Set<Int> {
        var places: Set<Int> = []
        var others: Set<Int> = []
        func note(_ item: Item, _ isPlace: Bool) {
            guard case .object(let number) = item else { return }
            if isPlace { places.insert(number) } else { others.insert(number) }
        }
        for object in objects {
            var name: String?
            if case .call(let callable, let arguments) = object.kind {
                name = label(of: callable)?.qualifiedName
                note(arguments, name == NumpyVocabulary.maker)
            }
            forEachValue(of: object) { place, item in note(item, place == .state && name == JoblibArray.className) }
        }
        return places.subtracting(others)
    }

    fileprivate enum Place: Equatable {
        case item(Int), pair(Int), state, other
    }

    /// All that an object holds, except for what it calls and the tuple of its arguments.
    private func forEachValue(of object: Object, _ body: (Place, Item) -> Void) {
        for (index, item) in object.items.enumerated() { body(.item(index), item) }
        for (index, item) in object.pairs.enumerated() { body(.pair(index), item) }
        if let state = object.state { body(.state, state) }
        if let keywords = object.keywords { body(.other, keywords) }
        if case .persistent(let id) = object.kind { body(.other, id) }
    }
}

extension PickleGraph.Object {
    fileprivate var isContainer: Bool {
        switch kind {
        case .list, .tuple, .dictionary, .set, .frozenSet: true
        case .call, .persistent: false
        }
    }

    /// Where the class of an array stands: first among the arguments, or under `subclass` in the state.
    fileprivate var arrayClassPlace: PickleGraph.Place? {
        if case .tuple = kind { return .item(0) }
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            if case .string("subclass") = pairs[index] { return .pair(index + 1) }
        }
        return nil
    }
}
