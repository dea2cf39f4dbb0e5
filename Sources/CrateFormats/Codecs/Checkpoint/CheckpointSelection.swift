import CrateValues

extension Checkpoint {
    /// Which parts of a checkpoint are wanted, by patterns of their dotted names: `*` any run, dots too, `?` one character, `[abc]`.
    /// A pattern that fits a container's name selects all of it.
    public struct Selection: Sendable {
        public let patterns: [String]
        private let globs: [Glob]

        public init(_ patterns: [String]) {
            self.patterns = patterns
            globs = patterns.map { Glob($0) }
        }

        func contains(_ name: String) -> Bool { globs.contains { $0.matches(name) } }

        /// Whether the part `name` of the mapping `container` is wanted, by itself or with all that stands beside it.
        func contains(_ name: String, in container: String) -> Bool {
            contains("") || contains(container) || contains(joined(container, name))
        }

        /// The document with nothing but what is selected; lists close up.
        ///
        /// - Throws: `.missing` with near names when nothing is.
        func applied(to document: Document, format: Format) throws(FormatError) -> Document {
            guard let selected = selected(document, "") else { throw nothing(in: Checkpoint.names(in: document), format) }
            return selected
        }

        /// `nil` when nothing in it is selected. The whole has no name, and every pattern that fits all fits it.
        private func selected(_ document: Document, _ name: String) -> Document? {
            if contains(name) { return document }
            switch document {
            case .mapping(var mapping):
                mapping.entries = mapping.entries.compactMap { entry in
                    selected(entry.value, joined(name, entry.key.keyText)).map { (entry.key, $0) }
                }
                return mapping.entries.isEmpty ? nil : .mapping(mapping)
            case .list(let items): return selected(items, name).map { .list($0) }
            case .tuple(let items): return selected(items, name).map { .tuple($0) }
            case .opaque(var opaque) where opaque.describedTensor == nil:
                let arguments = selected(opaque.arguments, name)
                opaque.state = opaque.state.flatMap { selected($0, name) }
                opaque.arguments = arguments ?? []
                return opaque.state == nil && arguments == nil ? nil : .opaque(opaque)
            default: return nil
            }
        }

        private func selected(_ items: [Document], _ name: String) -> [Document]? {
            let kept = items.enumerated().compactMap { selected($1, joined(name, String($0))) }
            return kept.isEmpty ? nil : kept
        }

        func nothing(in names: [String], _ format: Format) -> FormatError {
            let shown = patterns.map { "\"\($0)\"" }.joined(separator: " or ")
            let near = patterns.compactMap { nearestName($0, in: names) }
            let hint =
                names.isEmpty ? "nothing in it has a name" : near.isEmpty ? "it holds \(Self.list(names))" : "did you mean \(Self.list(near))?"
            return FormatError(.missing, format.rawValue, "holds nothing that is called \(shown)", hint: hint)
        }

        private static func list(_ names: [String]) -> String {
            names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
        }
    }

    /// The dotted names of all that has no parts.
    static func names(in document: Document) -> [String] {
        var found: [String] = []
        collectNames(document, "", into: &found)
        return found
    }

    private static func collectNames(_ document: Document, _ name: String, into found: inout [String]) {
        guard found.count < 100_000 else { return }
        guard let parts = document.namedParts, !parts.isEmpty else {
            if !name.isEmpty { found.append(name) }
            return
        }
        for (part, value) in parts { collectNames(value, joined(name, part), into: &found) }
    }
}
