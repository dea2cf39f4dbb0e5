import CrateValues

/// The cells of one column, and what type all of them have.
struct CSVColumn {
    let fields: CSVFields
    let rows: ArraySlice<Int>
    let column: Int
    /// In a table of one column a missing cell is written as quotes, since a blank line would be no row.
    let isOnly: Bool
    let buffer: UnsafeRawBufferPointer

    func values() -> Table.Values {
        if let integers = all(CSVNumber.integer) { return .integers(integers) }
        if let floats = all(CSVNumber.float) { return .floats(floats.map { $0 ?? .nan }) }
        if let booleans = all(CSVNumber.bool) { return .booleans(booleans) }
        return .strings(strings())
    }

    func strings() -> [String?] {
        rows.map { row in
            guard let field = field(row), !field.isEmpty else { return nil }
            let text = CSVText.string(buffer, field)
            return isOnly && text.isEmpty ? nil : text
        }
    }

    /// Each cell read by `parse`, a missing one as `nil`; `nil` when a cell is of another type or all are missing.
    @inline(__always)
    private func all<Value>(_ parse: (UnsafeRawBufferPointer) -> Value?) -> [Value?]? {
        var values: [Value?] = []
        var hasValue = false
        for row in rows {
            guard let field = field(row), !field.isEmpty else { values.append(nil); continue }
            guard let content = CSVText.content(buffer, field) else { return nil }
            if content.isEmpty { values.append(nil); continue }
            guard let value = parse(UnsafeRawBufferPointer(rebasing: buffer[content])) else { return nil }
            // Reserved late: most columns of text fail at their first cell.
            if !hasValue { values.reserveCapacity(rows.count); hasValue = true }
            values.append(value)
        }
        return hasValue ? values : nil
    }

    @inline(__always)
    private func field(_ row: Int) -> Range<Int>? {
        let index = fields.rowStarts[row] + column
        return index < fields.rowStarts[row + 1] ? fields.fields[index] : nil
    }
}

/// The spellings that are taken for numbers and booleans.
enum CSVNumber {
    /// `-?(0|[1-9][0-9]*)` within 64 bits, but not `-0`.
    static func integer(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let isNegative = bytes[0] == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        guard index < bytes.count, bytes.count <= 20 else { return nil }
        if bytes[index] == UInt8(ascii: "0") { return bytes.count == 1 ? 0 : nil }
        var value = 0
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            // Counting downwards, since the least integer has no positive counterpart.
            let (sum, overflowSum) = product.subtractingReportingOverflow(Int(digit))
            if overflow || overflowSum { return nil }
            value = sum
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// A decimal number with or without an exponent, NaN or an infinity. Not an integer that a double can't hold exactly, a
    /// number too large for a double, or one with a plus or leading zeros: these are more likely names.
    static func float(_ bytes: UnsafeRawBufferPointer) -> Double? {
        if let integer = integer(bytes) { return Double(exactly: integer) }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        var index = isNegative ? 1 : 0
        guard index < bytes.count, bytes.count <= 400 else { return nil }
        if bytes[index] >= UInt8(ascii: "A") { return named(bytes) }
        var digits = Digits()
        let first = bytes[index]
        let whole = scanDigits(bytes, &index, &digits)
        if whole > 1, first == UInt8(ascii: "0") || index == bytes.count { return nil }
        var fraction = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            fraction = scanDigits(bytes, &index, &digits)
            digits.exponent = -fraction
        }
        guard whole + fraction > 0, isExponent(bytes[index...]) else { return nil }
        if index == bytes.count, let value = digits.exactDouble { return isNegative ? -value : value }
        let value = Double(String(decoding: bytes, as: UTF8.self))
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    /// Nothing, or `e` and digits with or without a sign.
    private static func isExponent(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard let first = bytes.first else { return true }
        let rest = bytes.dropFirst()
        let isSigned = rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+")
        let digits = isSigned ? rest.dropFirst() : rest
        return first | 0x20 == UInt8(ascii: "e") && !digits.isEmpty && digits.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    private static func scanDigits(_ bytes: UnsafeRawBufferPointer, _ index: inout Int, _ digits: inout Digits) -> Int {
        let start = index
        while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
            digits.append(bytes[index] &- UInt8(ascii: "0"))
            index += 1
        }
        return index - start
    }

    private static func named(_ bytes: UnsafeRawBufferPointer) -> Double? {
        switch String(decoding: bytes, as: UTF8.self) {
        case "NaN", "nan", "NAN": .nan
        case "inf", "Inf", "Infinity", "infinity": .infinity
        case "-inf", "-Inf", "-Infinity", "-infinity": -.infinity
        default: nil
        }
    }

    static func bool(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        switch String(decoding: bytes, as: UTF8.self) {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }
}
