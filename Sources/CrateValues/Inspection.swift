/// What a person wants to know of a file before using it: facts by name, then listings such as tensors, columns or members.
public struct Inspection: Sendable {
    /// One named fact: "width", 640.
    public typealias Fact = (name: String, value: Document)

    /// Rows of the same sort, under a title: one for each tensor, column, member, import.
    public struct Listing: Sendable {
        public var title: String
        public var columns: [String]
        /// As many cells each as there are columns.
        public var rows: [[Document]]

        public init(_ title: String, columns: [String], rows: [[Document]]) {
            self.title = title
            self.columns = columns
            self.rows = rows
        }
    }

    public var facts: [Fact]
    public var listings: [Listing]

    public init(facts: [Fact] = [], listings: [Listing] = []) {
        self.facts = facts
        self.listings = listings
    }

    /// A fact's value; `nil` when it is not told.
    public subscript(fact: String) -> Document? { facts.first { $0.name == fact }?.value }
}
