/// How arrays are printed: as numpy does it, aligned, with `...` for what is left out of large ones.
extension Tensor: CustomStringConvertible {
    /// The elements in nested brackets, a row per line.
    public var description: String { ArrayText(self).text() }

    /// The same with all elements, unless there are more than anybody can look at.
    public var wholeDescription: String { ArrayText(self, threshold: 1_000_000).text() }

    /// Whether `description` leaves elements out.
    public var isShortened: Bool { count > ArrayText.threshold && shape.contains { $0 > 2 * ArrayText.edge } }

    /// Element type and shape, such as `float32 [8, 4]`.
    public var summary: String { "\(dtype.rawValue) \(shape)" }
}

struct ArrayText {
    /// Beyond this many elements only the ends are shown.
    static let threshold = 1000
    /// How many are shown at each end of a dimension.
    static let edge = 3
    static let lineWidth = 75

    private let tensor: Tensor
    private let isShortened: Bool
    private let cells: CellFormat

    init(_ tensor: Tensor, threshold: Int = ArrayText.threshold) {
        self.tensor = tensor
        isShortened = tensor.count > threshold
        var shown: [Scalar] = []
        // An empty array may have any number of rows, and shows none.
        if tensor.count > 0 { ArrayText.collect(tensor, isShortened, into: &shown) }
        cells = CellFormat(shown, dtype: tensor.dtype)
    }

    func text() -> String {
        if tensor.count == 0 { return "[]" }
        if tensor.rank == 0 { return tensor.element(atOffset: tensor.offset).text }
        return lines(tensor, indent: 1)
    }

    private static func positions(_ size: Int, _ isShortened: Bool) -> [Int] {
        isShortened && size > 2 * edge ? Array(0..<edge) + Array(size - edge..<size) : Array(0..<size)
    }

    private static func collect(_ tensor: Tensor, _ isShortened: Bool, into shown: inout [Scalar]) {
        guard tensor.rank > 0 else { return shown.append(tensor.element(atOffset: tensor.offset)) }
        for position in positions(tensor.shape[0], isShortened) {
            if let part = try? tensor.at(position) { collect(part, isShortened, into: &shown) }
        }
    }

    private func lines(_ part: Tensor, indent: Int) -> String {
        guard part.rank > 0 else { return cells.text(part.element(atOffset: part.offset)) }
        let isCut = isShortened && part.shape[0] > 2 * ArrayText.edge
        var items: [String] = []
        for (index, position) in ArrayText.positions(part.shape[0], isShortened).enumerated() {
            if isCut && index == ArrayText.edge { items.append("...") }
            if let item = try? part.at(position) { items.append(lines(item, indent: indent + 1)) }
        }
        if part.rank == 1 { return "[" + wrapped(items, indent: indent) + "]" }
        let gap = String(repeating: "\n", count: part.rank - 1) + String(repeating: " ", count: indent)
        return "[" + items.joined(separator: gap) + "]"
    }

    /// Words in lines of limited width; further lines are indented.
    private func wrapped(_ items: [String], indent: Int) -> String {
        var result = ""
        var column = indent
        for (index, item) in items.enumerated() {
            if index > 0 {
                if column + 1 + item.utf8.count > ArrayText.lineWidth - 1 {
                    while result.hasSuffix(" ") { result.removeLast() }
                    result += "\n" + String(repeating: " ", count: indent)
                    column = indent
                } else {
                    result += " "
                    column += 1
                }
            }
            result += item
            column += item.utf8.count
        }
        return result
    }
}
