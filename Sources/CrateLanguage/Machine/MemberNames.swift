extension Value {
    /// What may stand behind the value's `.`: its methods, fields, and a dict's keys that are words.
    public var memberNames: [String] {
        guard case .dict(let dict) = self else { return BuiltInMethod.names(of: self) }
        let words = dict.keys.prefix(1000).compactMap { key in if case .string(let text) = key, text.isWord { text } else { nil } }
        return words + BuiltInMethod.names(of: self)
    }
}

extension String {
    fileprivate var isWord: Bool {
        guard let first = unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
        return unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
    }
}
