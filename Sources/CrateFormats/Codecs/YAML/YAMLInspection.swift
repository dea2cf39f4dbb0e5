import CrateValues

extension YAML {
    /// Documents, anchors, aliases and tags; and the shape of the data, or why they are not read.
    public static func inspect(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Inspection {
        var marks = YAMLMarks()
        try bytes.withBytes { (buffer) throws(FormatError) in try marks.count(try YAMLEvents(buffer), depth: limits.depth) }
        var found = Inspection(facts: marks.facts)
        do throws(FormatError) {
            let document = try load(bytes, limits: limits).document
            let outline = DocumentOutline(document)
            found.facts = [("type", .string(document.kindName))] + found.facts + outline.facts
            found.listings.append(outline.listing)
        } catch {
            // Legal YAML may ask for objects, or grow beyond all limits.
            found.facts.append(("problem", .string(error.reason)))
        }
        if !marks.tags.isEmpty { found.listings.append(marks.tagListing) }
        return found
    }
}

/// What stands in a YAML file beside its data.
private struct YAMLMarks {
    private var documents = 0
    private var anchors = 0
    private var aliases = 0
    private(set) var tags: [(tag: String, line: Int)] = []

    private static let mostTags = 1000

    /// Up to where the nesting is deeper than anything is read: libyaml takes the longer for each further level.
    mutating func count(_ events: YAMLEvents, depth most: Int) throws(FormatError) {
        var depth = 0
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return
            case .documentStart: documents += 1
            case .alias: aliases += 1
            case .sequenceStart, .mappingStart: depth += 1
            case .end: depth -= 1
            default: break
            }
            if depth > most { return }
            if event.anchor != nil { anchors += 1 }
            if let tag = event.tag, tags.count < YAMLMarks.mostTags { tags.append((tag, event.line)) }
        }
    }

    var facts: [Inspection.Fact] {
        [("documents", .integer(documents)), ("anchors", .integer(anchors)), ("aliases", .integer(aliases)), ("tag_count", .integer(tags.count))]
    }

    var tagListing: Inspection.Listing {
        Inspection.Listing("tags", columns: ["tag", "line"], rows: tags.map { [.string($0.tag), .integer($0.line)] })
    }
}
