import CrateLanguage

/// `name`, `name.field` or `name["key"][0].field` at the end of a text, which leads to a value that is there already.
struct ValuePath {
    private let name: String
    private let steps: [Key]

    /// `nil` when the text ends in something else, which would have to run.
    init?(endOf text: some StringProtocol) {
        var rest = String(text)[...]
        var steps: [Key] = []
        while true {
            if rest.last == "]" {
                guard let key = ValuePath.takeSubscript(off: &rest) else { return nil }
                steps.append(key)
                continue
            }
            let word = String(rest.reversed().prefix(while: Session.continuesWord).reversed())
            rest = rest.dropLast(word.count)
            if word.isEmpty { return nil }
            guard rest.last == "." else {
                (name, self.steps) = (word, steps.reversed())
                return
            }
            rest = rest.dropLast()
            steps.append(.string(word))
        }
    }

    /// Takes `["key"]` or `[3]` off the end; `nil` for any other index.
    private static func takeSubscript(off rest: inout Substring) -> Key? {
        let inside = rest.dropLast()
        if inside.last == "\"" {
            let text = inside.dropLast()
            guard let start = text.lastIndex(of: "\""), text[..<start].last == "[" else { return nil }
            let key = text[text.index(after: start)...]
            // Escapes and interpolations stand for something else.
            guard !key.contains("\\") else { return nil }
            rest = text[..<start].dropLast()
            return .string(String(key))
        }
        guard let start = inside.lastIndex(of: "["), let number = Int(inside[inside.index(after: start)...]) else { return nil }
        rest = inside[..<start]
        return .int(number)
    }

    /// Where it leads, found without running anything; `nil` where there is nothing.
    func value(in session: Session) -> Value? {
        var value = session.interpreter.global(named: name) ?? (try? session.constant(named: name)) ?? nil
        for step in steps { value = value.flatMap { ValuePath.part(step, of: $0) } }
        return value
    }

    private static func part(_ key: Key, of value: Value) -> Value? {
        switch (value, key) {
        case (.dict(let dict), _): return dict[key]
        case (.list(let list), .int(let number)):
            let position = number < 0 ? list.items.count + number : number
            return list.items.indices.contains(position) ? list.items[position] : nil
        case (.object(let object), .int) where object is KeptObject || object is TableObject: return try? object.element([.at(Value(key))])
        default: return nil
        }
    }
}
