import CrateLanguage
import CrateValues

/// What `inspect` found. `i.format` and `i["format"]` give a fact, `i.tensors` the listing of that title as a table.
final class InspectionObject: DataObject {
    let inspection: Inspection
    init(_ inspection: Inspection) { self.inspection = inspection }

    /// For `to_json` and for files: the facts, then each listing as a list of rows.
    override var document: Document {
        .object(inspection.facts.map { (Self.member($0.name), $0.value) } + inspection.listings.map { (Self.member($0.title), $0.document) })
    }
    override var typeName: String { "inspection" }
    override var description: String { InspectionText(inspection, width: 100, showsColour: false, showsAll: false).text }
    override var nestedDescription: String { "<inspection of \(inspection.facts.count) facts>" }
    override var memberNames: [String] { inspection.facts.map { Self.member($0.name) } + inspection.listings.map { Self.member($0.title) } }

    override func member(_ name: String) throws(Failure) -> Value? {
        if let fact = inspection.facts.first(where: { Self.member($0.name) == name }) { return value(from: fact.value) }
        guard let listing = inspection.listings.first(where: { Self.member($0.title) == name }) else { return nil }
        return .object(TableObject(try tableOf(listing.document)))
    }

    override func element(_ indices: [Index]) throws(Failure) -> Value {
        guard indices.count == 1, case .at(.string(let name)) = indices[0], let found = try member(name) else {
            throw Failure("key", "there is no such fact", hint: "there are \(memberNames.joined(separator: ", "))")
        }
        return found
    }

    override func contains(_ item: Value) -> Bool {
        if case .string(let name) = item { memberNames.contains(name) } else { false }
    }

    /// Names may be words for people; as a member, "pickle protocol" is `pickle_protocol`.
    private static func member(_ name: String) -> String { name.replacing(" ", with: "_") }
}

extension Inspection.Listing {
    /// One mapping for each row.
    fileprivate var document: Document { .list(rows.map { .object(Array(zip(columns, $0))) }) }
}
