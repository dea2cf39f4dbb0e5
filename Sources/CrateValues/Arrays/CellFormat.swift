/// One form for all shown elements of an array, so that they line up: numpy's choice between plain and exponent form, at most
/// eight places after the point, and no more than are needed to tell an element of this type from its neighbours.
struct CellFormat {
    static let places = 8

    private let dtype: DType
    private var isScientific = false
    /// The longest fraction of any element.
    private var fractionWidth = 0
    private var width = 0

    init(_ shown: [Scalar], dtype: DType) {
        self.dtype = dtype
        if dtype.isFloat { chooseForm(shown.map(\.toDouble).filter(\.isFinite)) }
        width = shown.map { unpadded($0).utf8.count }.max() ?? 0
    }

    /// The element, filled on the left to the common width.
    func text(_ scalar: Scalar) -> String {
        let text = unpadded(scalar)
        return String(repeating: " ", count: max(width - text.utf8.count, 0)) + text
    }

    private mutating func chooseForm(_ values: [Double]) {
        let sizes = values.filter { $0 != 0 }.map(\.magnitude)
        if let least = sizes.min(), let greatest = sizes.max() {
            isScientific = greatest >= 1e8 || least < 1e-4 || greatest / least > 1000
        }
        for value in values {
            fractionWidth = max(fractionWidth, isScientific ? scientific(value).fraction.utf8.count : plain(value).fraction.utf8.count)
        }
    }

    private func unpadded(_ scalar: Scalar) -> String {
        guard dtype.isFloat, scalar.toDouble.isFinite else { return scalar.text }
        if isScientific {
            let (head, fraction, exponent) = scientific(scalar.toDouble)
            return head + "." + fraction + String(repeating: "0", count: max(fractionWidth - fraction.utf8.count, 0)) + exponent
        }
        let (head, fraction) = plain(scalar.toDouble)
        return head + "." + fraction + String(repeating: " ", count: max(fractionWidth - fraction.utf8.count, 0))
    }

    /// What stands before and after the point, without zeros at the end.
    private func plain(_ value: Double) -> (whole: String, fraction: String) {
        let shortest = shortestText(value)
        let parts = split(shortest)
        if !shortest.contains("e"), parts.1.utf8.count <= CellFormat.places { return parts }
        return split(NumberFormat(".\(CellFormat.places)f")?.text(value) ?? shortest)
    }

    private func split(_ text: String) -> (String, String) {
        let parts = text.split(separator: ".", maxSplits: 1)
        var fraction = parts.count > 1 ? parts[1] : ""
        while fraction.last == "0" { fraction.removeLast() }
        return (String(parts.first ?? ""), String(fraction))
    }

    private func scientific(_ value: Double) -> (head: String, fraction: String, exponent: String) {
        var text = shortestText(value)
        if let decimal = DecimalDigits(Array(text.utf8)), decimal.digits.count <= CellFormat.places + 1 {
            text = decimal.scientific
        } else {
            text = NumberFormat(".\(CellFormat.places)e")?.text(value) ?? text
        }
        let mark = text.firstIndex(of: "e") ?? text.endIndex
        let (head, fraction) = split(String(text[..<mark]))
        return (head, fraction, String(text[mark...]))
    }

    /// The fewest digits that tell the value from its neighbours in the array's type.
    private func shortestText(_ value: Double) -> String {
        guard dtype.isSmallFloat, let kind = SmallFloat(dtype) else {
            return dtype == .float64 ? value.shortestText : Float(value).shortestText
        }
        let bits = kind.encode(Float(value))
        for digits in 1..<9 {
            guard let text = NumberFormat(".\(digits)g")?.text(value), let candidate = Double(text) else { continue }
            if kind.encode(Float(candidate)) == bits { return candidate.shortestText }
        }
        return Float(value).shortestText
    }
}
