import CrateValues

extension HDF5 {
    /// `document` as far as groups can hold it: keys as texts, uneven lists as groups with indices as names. Anything else is left out, by its
    /// dotted name.
    static func fitted(_ document: Document) -> Checkpoint.Conversion {
        var conversion = Checkpoint.Conversion(document: .null, leftOut: [])
        let root = if case .tensor = document { Document.object([("array", document)]) } else { document }
        conversion.document = fitted(root, at: "", &conversion.leftOut) ?? .object([])
        return conversion
    }

    private static func fitted(_ value: Document, at name: String, _ leftOut: inout [String]) -> Document? {
        switch value {
        case .mapping(let mapping): return group(mapping.entries.map { ($0.key.keyText, $0.value) }, at: name, &leftOut)
        case .list(let items) where !HDF5Plan.holds(value), .tuple(let items) where !HDF5Plan.holds(value):
            return group(items.enumerated().map { ("\($0)", $1) }, at: name, &leftOut)
        default:
            if !name.isEmpty, HDF5Plan.holds(value) { return value }
            leftOut.append(name.isEmpty ? "(all)" : name)
            return nil
        }
    }

    private static func group(_ items: [(key: String, value: Document)], at name: String, _ leftOut: inout [String]) -> Document {
        var entries: [(String, Document)] = []
        var seen: Set<String> = []
        for (key, value) in items {
            let place = Checkpoint.joined(name, key)
            // Attributes are a group's own, and stand in a mapping that is none.
            if key == attributesKey || key == datasetAttributesKey {
                entries.append((key, value))
            } else if HDF5Plan.isName(key), seen.insert(key).inserted {
                if let fit = fitted(value, at: place, &leftOut) { entries.append((key, fit)) }
            } else {
                leftOut.append(place)
            }
        }
        return .object(entries)
    }
}
