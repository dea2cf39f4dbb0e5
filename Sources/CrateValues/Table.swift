/// Named columns of equal length, each of one type.
public struct Table: Sendable {
    public struct Column: Sendable {
        public var name: String
        public var values: Values
        public init(name: String, values: Values) {
            self.name = name
            self.values = values
        }
    }

    /// A column's cells; a missing cell is `nil` (or NaN among floats, as pandas has it).
    public enum Values: Sendable {
        case integers([Int?])
        case floats([Double])
        case booleans([Bool?])
        case strings([String?])
        /// Cells of several types.
        case mixed([Document])

        public var count: Int {
            switch self {
            case .integers(let v): v.count
            case .floats(let v): v.count
            case .booleans(let v): v.count
            case .strings(let v): v.count
            case .mixed(let v): v.count
            }
        }
    }

    public private(set) var columns: [Column]
    public let rowCount: Int

    /// `nil` when the columns differ in length. Without columns the table has no rows.
    public init?(columns: [Column]) {
        let count = columns.first?.values.count ?? 0
        guard columns.allSatisfy({ $0.values.count == count }) else { return nil }
        self.columns = columns
        rowCount = count
    }

    public subscript(column name: String) -> Column? { columns.first { $0.name == name } }
}
