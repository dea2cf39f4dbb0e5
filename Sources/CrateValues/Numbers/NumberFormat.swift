import Glibc

/// How a number is to be written: Python's format specification `[[fill]align][sign][0][width][,][.precision][type]`.
public struct NumberFormat: Sendable, Equatable {
    enum Align: UInt8 {
        case left = 60
        case right = 62
        case centre = 94
        case afterSign = 61
    }  // < > ^ =

    var fill: Character = " "
    /// Numbers stand on the right and text on the left when it is not given.
    var align: Align?
    /// `+` or a space before a number that is not negative.
    var sign: Character = "-"
    var width = 0
    /// `,` or `_` between groups of three digits.
    var separator: Character?
    var precision: Int?
    /// One of `d f F e E g G % x X o b n`; `nil` leaves the choice to the number.
    var type: Character?

    /// `nil` when `text` is not a format specification, or asks for more than 10 000 columns or places.
    public init?(_ text: String) {
        var rest = Substring(text)
        parseAlignment(&rest)
        if let first = rest.first, "+- ".contains(first) {
            sign = first
            rest.removeFirst()
        }
        if rest.first == "0" {
            rest.removeFirst()
            if align == nil {
                fill = "0"
                align = .afterSign
            }
        }
        guard let width = NumberFormat.parseNumber(&rest) else { return nil }
        self.width = width
        if let first = rest.first, first == "," || first == "_" {
            separator = first
            rest.removeFirst()
        }
        if rest.first == "." {
            rest.removeFirst()
            guard rest.first?.isWholeNumber == true, let places = NumberFormat.parseNumber(&rest) else { return nil }
            precision = places
        }
        if let letter = rest.first, "dfFeEgG%xXobn".contains(letter) {
            type = letter
            rest.removeFirst()
        }
        guard rest.isEmpty else { return nil }
    }

    private mutating func parseAlignment(_ rest: inout Substring) {
        func alignment(_ character: Character?) -> Align? { character?.asciiValue.flatMap(Align.init(rawValue:)) }
        if let second = rest.dropFirst().first, let found = alignment(second), let first = rest.first {
            fill = first
            align = found
            rest.removeFirst(2)
        } else if let found = alignment(rest.first) {
            align = found
            rest.removeFirst()
        }
    }

    /// The digits at the front; 0 without any, `nil` beyond 10 000.
    private static func parseNumber(_ rest: inout Substring) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isWholeNumber }
        rest.removeFirst(digits.count)
        if digits.isEmpty { return 0 }
        guard let value = Int(digits), value <= 10_000 else { return nil }
        return value
    }

    // MARK: writing

    /// `nil` when the type letter is not one for whole numbers, or a precision stands with `d`.
    public func text(_ value: Int) -> String? {
        let digits = String(value.magnitude)
        return wholeText(digits, isNegative: value < 0, value: Double(value)) { String(value.magnitude, radix: $0) }
    }

    /// As for `Int`; hexadecimal, octal and binary are `nil`.
    public func text(_ value: BigInteger) -> String? {
        wholeText(value.magnitude.description, isNegative: value.signum < 0, value: value.toDouble) { _ in nil }
    }

    private func wholeText(_ digits: String, isNegative: Bool, value: Double, radixText: (Int) -> String?) -> String? {
        if precision != nil, type == nil || type == "d" { return nil }
        switch type {
        case nil, "d", "n": return padded(grouped(digits), isNegative: isNegative)
        case "x": return radixText(16).map { padded($0, isNegative: isNegative) }
        case "X": return radixText(16).map { padded($0.uppercased(), isNegative: isNegative) }
        case "o": return radixText(8).map { padded($0, isNegative: isNegative) }
        case "b": return radixText(2).map { padded($0, isNegative: isNegative) }
        default: return text(value)
        }
    }

    /// `nil` when the type letter is one for whole numbers only.
    public func text(_ value: Double) -> String? {
        if let type, "dxXob".contains(type) { return nil }
        let isNegative = value.sign == .minus && !value.isNaN
        let magnitude = value.magnitude
        guard value.isFinite else {
            let word = value.isNaN ? "nan" : "inf"
            let upper = type == "F" || type == "E" || type == "G"
            return padded((upper ? word.uppercased() : word) + (type == "%" ? "%" : ""), isNegative: isNegative)
        }
        return padded(grouped(body(magnitude)), isNegative: isNegative)
    }

    private func body(_ magnitude: Double) -> String {
        switch type {
        case "f", "F": return printed("f", magnitude, precision ?? 6)
        case "e", "E", "G": return printed(type ?? "e", magnitude, precision ?? 6)
        case "g", "n": return printed("g", magnitude, precision ?? 6)
        case "%": return printed("f", magnitude * 100, precision ?? 6) + "%"
        default:
            guard let precision else { return magnitude.shortestText }
            // Python: like g, but with at least one digit after the point.
            let short = printed("g", magnitude, precision)
            return short.contains(".") || short.contains("e") ? short : short + ".0"
        }
    }

    /// By the C library's printf, which rounds exactly.
    private func printed(_ letter: Character, _ value: Double, _ places: Int) -> String {
        let format = "%.\(places)\(letter)"
        return withVaList([value]) { arguments in
            let room = places + 330
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer in
                guard let start = buffer.baseAddress else { return "" }
                vsnprintf(start, room, format, arguments)
                return String(cString: start)
            }
        }
    }

    /// With the separator between groups of three digits before the point.
    private func grouped(_ text: String) -> String {
        guard let separator else { return text }
        let whole = text.prefix { $0.isASCII && $0.isWholeNumber }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0 && (whole.count - index) % 3 == 0 { result.append(separator) }
            result.append(digit)
        }
        return result + text.dropFirst(whole.count)
    }

    private func padded(_ body: String, isNegative: Bool, defaultAlign: Align = .right) -> String {
        let mark = isNegative ? "-" : sign == "-" ? "" : String(sign)
        let missing = max(width - mark.count - body.count, 0)
        func filler(_ count: Int) -> String { String(repeating: fill, count: count) }
        switch align ?? defaultAlign {
        case .left: return mark + body + filler(missing)
        case .right: return filler(missing) + mark + body
        case .centre: return filler(missing / 2) + mark + body + filler(missing - missing / 2)
        case .afterSign: return mark + filler(missing) + body
        }
    }

    /// Text in the format's width, cut to the precision; `nil` when the format has what only numbers have.
    public func text(_ value: String) -> String? {
        guard type == nil, separator == nil, sign == "-", align != .afterSign else { return nil }
        return padded(precision.map { String(value.prefix($0)) } ?? value, isNegative: false, defaultAlign: .left)
    }
}
