import CrateValues

/// Where each field of a text stands, quotes included. Scanning and making values are apart, so that a column's type can be
/// found without making a string of each cell.
struct CSVFields {
    let text: Bytes
    private(set) var fields: [Range<Int>] = []
    /// Where each row's fields begin in `fields`, and one entry more for the end.
    private(set) var rowStarts: [Int] = [0]

    var rowCount: Int { rowStarts.count - 1 }
    func row(_ index: Int) -> ArraySlice<Range<Int>> { fields[rowStarts[index]..<rowStarts[index + 1]] }

    /// Scans `buffer`, the bytes of `text`.
    init(_ text: Bytes, _ buffer: UnsafeRawBufferPointer, delimiter: UInt8) throws(FormatError) {
        self.text = text
        fields.reserveCapacity(buffer.count / 8)
        var position = 0
        while position < buffer.count { position = try scanRow(buffer, from: position, delimiter: delimiter) }
    }

    /// The first `rowLimit` rows of `head`, the beginning of a text, up to a quote that is closed behind it.
    init(head: UnsafeRawBufferPointer, delimiter: UInt8, rowLimit: Int) {
        text = Bytes([])
        var position = 0
        while position < head.count, rowCount < rowLimit {
            guard let next = try? scanRow(head, from: position, delimiter: delimiter) else { return }
            position = next
        }
    }

    /// Adds one row's fields, and answers where the next row begins. A blank line has no fields.
    private mutating func scanRow(_ buffer: UnsafeRawBufferPointer, from start: Int, delimiter: UInt8) throws(FormatError) -> Int {
        var position = start
        let isBlank = buffer[start] == 0x0A || buffer[start] == 0x0D
        while true {
            let fieldStart = position
            if position < buffer.count, buffer[position] == UInt8(ascii: "\"") {
                position = try CSVFields.closingQuote(buffer, from: position)
            }
            while position < buffer.count {
                let byte = buffer[position]
                if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
                position &+= 1
            }
            if !isBlank { fields.append(fieldStart..<position) }
            position += 1
            if position <= buffer.count, buffer[position - 1] == delimiter { continue }
            rowStarts.append(fields.count)
            guard position <= buffer.count else { return buffer.count }
            let isPair = buffer[position - 1] == 0x0D && position < buffer.count && buffer[position] == 0x0A
            return isPair ? position + 1 : position
        }
    }

    /// The position behind the quote that closes the one at `start`.
    fileprivate static func closingQuote(_ buffer: UnsafeRawBufferPointer, from start: Int) throws(FormatError) -> Int {
        var position = start + 1
        while position < buffer.count {
            if buffer[position] == UInt8(ascii: "\"") {
                guard position + 1 < buffer.count, buffer[position + 1] == UInt8(ascii: "\"") else { return position + 1 }
                position += 1
            }
            position += 1
        }
        throw FormatError(.truncated, "CSV", "a quote is opened and never closed", at: .line(in: buffer, at: start))
    }
}

/// A field's text.
enum CSVText {
    static func isQuoted(_ buffer: UnsafeRawBufferPointer, _ field: Range<Int>) -> Bool {
        !field.isEmpty && buffer[field.lowerBound] == UInt8(ascii: "\"")
    }

    /// Whether the field stands between quotes as a whole, or has none.
    static func isWhole(_ buffer: UnsafeRawBufferPointer, _ field: Range<Int>) -> Bool {
        guard isQuoted(buffer, field) else { return !buffer[field].contains(UInt8(ascii: "\"")) }
        return (try? CSVFields.closingQuote(buffer, from: field.lowerBound)) == field.upperBound
    }

    static func string(_ buffer: UnsafeRawBufferPointer, _ field: Range<Int>) -> String {
        guard isQuoted(buffer, field) else { return String(decoding: buffer[field], as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(field.count)
        var isInside = true
        var position = field.lowerBound + 1
        while position < field.upperBound {
            let byte = buffer[position]
            position += 1
            if isInside, byte == UInt8(ascii: "\"") {
                // A doubled quote is one; a single one closes, and what follows is taken as it is, as Python does.
                isInside = position < field.upperBound && buffer[position] == UInt8(ascii: "\"")
                guard isInside else { continue }
                position += 1
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes between plain quotes, or all; `nil` when they are not that simple.
    static func content(_ buffer: UnsafeRawBufferPointer, _ field: Range<Int>) -> Range<Int>? {
        guard isQuoted(buffer, field) else { return field }
        let inner = field.lowerBound + 1..<max(field.lowerBound + 1, field.upperBound - 1)
        return buffer[inner].contains(UInt8(ascii: "\"")) ? nil : inner
    }
}
