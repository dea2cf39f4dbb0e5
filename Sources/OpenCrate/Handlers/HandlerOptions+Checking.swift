import CrateFormats
import CrateValues

extension HandlerOptions {
    /// The options of one call, held against what the kind takes.
    ///
    /// Every kind takes `limits`, a mapping that raises or lowers what its reader refuses to go beyond.
    ///
    /// Throws `invalid` for an unknown option, naming the nearest, and for a value of the wrong type.
    init(checking options: [String: Document], against known: [HandlerOption], kind: String, limits: Limits) throws(CrateError) {
        var (options, limits) = (options, limits)
        if let changes = options.removeValue(forKey: "limits") { try limits.change(by: changes) }
        for (name, value) in options.sorted(by: { $0.key < $1.key }) {
            guard let option = known.first(where: { $0.name == name }) else {
                let near = nearestName(name, in: known.map(\.name)).map { "did you mean `\($0)`?" }
                let all = known.isEmpty ? "it takes no options" : "it takes " + known.map(\.name).joined(separator: ", ")
                throw .invalid(what: "option", reason: "`\(kind)` has no option `\(name)`", hint: near ?? all)
            }
            guard option.type.accepts(value) else {
                throw .invalid(what: "option", reason: "`\(name)` of `\(kind)` takes \(option.type.text)", hint: option.summary)
            }
        }
        self.init(options, limits: limits)
    }
}

extension Limits {
    fileprivate mutating func change(by changes: Document) throws(CrateError) {
        guard case .mapping(let mapping) = changes else {
            throw .invalid(what: "option", reason: "`limits` takes a mapping", hint: "such as limits: {pixels: 500000000}")
        }
        for entry in mapping.entries {
            guard case .string(let name) = entry.key, Limits.names.contains(name) else {
                throw .invalid(what: "option", reason: "there is no such limit", hint: "there are \(Limits.names.joined(separator: ", "))")
            }
            guard case .integer(let value) = entry.value, set(name, to: value) else {
                throw .invalid(what: "option", reason: "the limit `\(name)` takes a whole number from 1 to \(Limits.most(name))", hint: nil)
            }
        }
    }
}

extension HandlerOption.ValueType {
    fileprivate func accepts(_ value: Document) -> Bool {
        switch (self, value) {
        case (.bool, .bool), (.int, .integer), (.number, .integer), (.number, .float), (.string, .string): true
        case (.oneOf(let words), .string(let word)): words.contains(word)
        case (.numbers, .integer), (.numbers, .float): true
        case (.numbers, .list(let items)): items.allSatisfy { HandlerOption.ValueType.number.accepts($0) }
        case (.strings, .string): true
        case (.texts, .mapping(let mapping)):
            mapping.entries.allSatisfy { entry in
                if case .string = entry.key, case .string = entry.value { true } else { false }
            }
        case (.strings, .list(let items)): items.allSatisfy { if case .string = $0 { true } else { false } }
        case (.sound, .tensor): true
        case (.sound, .mapping): HandlerOptions(["": value]).sound("") != nil
        default: false
        }
    }

    fileprivate var text: String {
        switch self {
        case .bool: "true or false"
        case .int: "a whole number"
        case .number: "a number"
        case .string: "text"
        case .oneOf(let words): "one of " + words.joined(separator: ", ")
        case .numbers: "a number or a list of numbers"
        case .strings: "a text or a list of texts"
        case .texts: "a dict of texts"
        case .sound: "a sound, or an array of samples"
        }
    }
}
