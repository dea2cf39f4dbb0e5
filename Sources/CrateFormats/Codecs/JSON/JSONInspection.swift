import CrateValues

extension JSON {
    /// The shape of the value, or of the values of JSON Lines as a list.
    public static func inspect(_ bytes: Bytes, isLines: Bool, limits: Limits = .standard) throws(FormatError) -> Inspection {
        let document = try isLines ? decodeLines(bytes, limits: limits) : decode(bytes, limits: limits)
        let outline = DocumentOutline(document)
        var facts: [Inspection.Fact] = [("type", .string(isLines ? "lines" : document.kindName))]
        switch document {
        case .list(let items): facts.append(("length", .integer(items.count)))
        case .mapping(let mapping): facts.append(("length", .integer(mapping.entries.count)))
        default: break
        }
        return Inspection(facts: facts + outline.facts, listings: [outline.listing])
    }
}
