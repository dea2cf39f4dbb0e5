import CrateValues

/// What a model's configuration tells, and what it would have Keras look up. It is a tree of objects with `class_name` and `config`.
struct KerasConfig {
    /// One layer, models inside models with dotted names.
    struct Layer {
        let name: String
        let className: String
        /// Its main settings, as `units=4`.
        let settings: String
    }

    private(set) var layers: [Layer] = []
    /// Names outside Keras' own layers and functions, in the order of the text.
    private(set) var findings: [Pickle.Import] = []
    private let root: Document
    /// For the places of names in the file.
    private var text: KerasText

    /// - Parameter text: the JSON that `root` was read from; `position` is where it stands in the file.
    init(_ root: Document, text: Bytes, position: Int) {
        self.root = root
        self.text = KerasText(text, position: position)
        // The nesting of JSON is bounded by its reader.
        collectLayers(root, prefix: "")
        collectFindings(root)
    }

    var className: String? { root.text("class_name") }
    var name: String? { root["config"]?.text("name") }

    // MARK: Layers

    private mutating func collectLayers(_ model: Document, prefix: String) {
        guard case .list(let items)? = model["config"]?["layers"] else { return }
        for item in items {
            guard let className = item.text("class_name") else { continue }
            let name = prefix + (item["config"]?.text("name") ?? item.text("name") ?? "layer")
            layers.append(Layer(name: name, className: className, settings: KerasConfig.settings(item["config"])))
            collectLayers(item, prefix: name + ".")
        }
    }

    private static let shownSettings = [
        "batch_shape", "batch_input_shape", "units", "filters", "kernel_size", "strides", "padding", "pool_size", "input_dim", "output_dim",
        "rate",
        "num_heads", "activation",
    ]

    private static func settings(_ config: Document?) -> String {
        shownSettings.compactMap { key in config?[key].flatMap(shown).map { "\(key)=\($0)" } }.joined(separator: ", ")
    }

    private static func shown(_ value: Document) -> String? {
        switch value {
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .string(let text) where text.utf8.count < 40: text
        case .list(let items) where items.count < 8: "[\(items.map { shown($0) ?? "None" }.joined(separator: ", "))]"
        default: nil
        }
    }

    // MARK: Findings

    private mutating func collectFindings(_ value: Document) {
        switch value {
        case .mapping(let mapping):
            if let finding = KerasConfig.finding(value) {
                let position = text.position(of: finding.searched)
                findings.append(Pickle.Import(module: finding.module, name: finding.name, position: position, verdict: finding.verdict))
            }
            for entry in mapping.entries { collectFindings(entry.value) }
        case .list(let items): for item in items { collectFindings(item) }
        default: break
        }
    }

    private typealias Finding = (module: String, name: String, searched: String, verdict: Pickle.Verdict)

    /// A Lambda layer and a lambda hold Python code; other names are looked up in the module that the configuration says.
    private static func finding(_ object: Document) -> Finding? {
        guard let className = object.text("class_name") else { return nil }
        let module = object.text("module") ?? ""
        if className == "Lambda" { return ("keras.layers", "Lambda", className, .dangerous) }
        if className == "__lambda__" { return ("keras", "__lambda__", className, .dangerous) }
        let isFunction = className == "function"
        let name = isFunction ? object.text("config") ?? className : className
        if module.isEmpty || (module == "builtins" && isFunction) {
            // Of the user's own making, registered as package>Name.
            guard let registered = object.text("registered_name") else { return nil }
            return ("", isFunction ? name : registered, name, .unknown)
        }
        guard module == "keras" || module.hasPrefix("keras.") else { return (module, name, module, foreignVerdict(module, name)) }
        // Functions that download, unpack and write files stand there; one class is a layer.
        return module.split(separator: ".").contains("utils") && name != "FeatureSpace" ? (module, name, module, .dangerous) : nil
    }

    private static func foreignVerdict(_ module: String, _ name: String) -> Pickle.Verdict {
        let verdict = Pickle.verdict(module: module, name: name)
        return verdict == .harmless ? .unknown : verdict
    }
}

/// The text of a configuration, searched forward for the names that were found in it.
private struct KerasText {
    private let bytes: Bytes
    private let start: Int
    private var searched = 0
    /// Words that were written in another way. After a few no more is searched: each costs a walk to the end.
    private var misses = 0

    init(_ bytes: Bytes, position: Int) {
        self.bytes = bytes
        start = position
    }

    /// Where `word` stands in quotes next; where the last one stood when it is written in another way.
    mutating func position(of word: String) -> Int {
        let quoted = Array("\"\(word)\"".utf8)
        let found: Int? = bytes.withBytes { buffer in
            guard misses < 16, buffer.count - searched >= quoted.count else { return nil }
            return (searched...(buffer.count - quoted.count)).first {
                buffer[$0] == 0x22 && buffer[$0..<($0 + quoted.count)].elementsEqual(quoted)
            }
        }
        if let found { searched = found + 1 } else { misses += 1 }
        return start + (found ?? max(searched - 1, 0))
    }
}

extension Document {
    fileprivate subscript(key: String) -> Document? { if case .mapping(let mapping) = self { mapping[key] } else { nil } }

    fileprivate func text(_ key: String) -> String? { if case .string(let text)? = self[key] { text } else { nil } }
}
