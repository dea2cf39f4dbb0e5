import CrateValues

/// What a pax header says of the member behind it: records of the form `length key=value`, each ended by a line feed. POSIX.1-2001.
struct PaxRecords {
    private(set) var path: String?
    private(set) var linkPath: String?
    private(set) var size: Int?
    private(set) var modified: Int?
    private(set) var isSparse = false

    init() {}

    /// Adds the records of `bytes`, whose values count more than earlier ones.
    ///
    /// - Parameter place: where they stand, for errors.
    mutating func add(_ bytes: Bytes, place: Int) throws(FormatError) {
        var rest = bytes.array[...]
        while !rest.isEmpty {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard digits.count < 10, let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 1, length <= rest.count,
                rest[rest.startIndex + digits.count] == UInt8(ascii: " "), rest[rest.startIndex + length - 1] == 0x0A
            else { throw FormatError(.malformed, "tar", "has a damaged pax header", at: .byte(place)) }
            let record = rest.prefix(length - 1).dropFirst(digits.count + 1)
            guard let sign = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw FormatError(.malformed, "tar", "has a pax record without a value", at: .byte(place))
            }
            try set(String(decoding: record[..<sign], as: UTF8.self), record[(sign + 1)...], place)
            rest = rest.dropFirst(length)
        }
    }

    private mutating func set(_ key: String, _ value: ArraySlice<UInt8>, _ place: Int) throws(FormatError) {
        let text = Array(value).withUnsafeBytes { ArchiveName.text($0) }
        switch key {
        case "path": path = text
        case "linkpath": linkPath = text
        case "size":
            guard let number = Int(text), number >= 0 else { throw FormatError(.malformed, "tar", "has the size `\(text.prefix(40))`", at: .byte(place)) }
            size = number
        // Decimal, with or without a fraction.
        case "mtime": modified = Double(text).flatMap { Int(exactly: $0.rounded(.down)) }
        // The three forms in which GNU tar stores files with holes.
        case _ where key.hasPrefix("GNU.sparse."): isSparse = true
        default: break
        }
    }

    /// `key` and `value` as a record. Its length counts its own digits.
    static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = key.utf8.count + value.utf8.count + 3
        var length = rest + String(rest).utf8.count
        length = rest + String(length).utf8.count
        return Array("\(length) \(key)=\(value)\n".utf8)
    }
}
