import CrateValues

/// Dates and times as YAML 1.1 spells them: `2024-05-06`, `2024-05-06T07:08:09.5Z`, `2024-5-6 7:08:09 +02:00`.
enum YAMLTimestamp {
    /// `nil` when `text` does not look like one; an error when it does but there is no such day or time.
    static func resolve(_ text: String, at place: FormatError.Place) throws(FormatError) -> Document? {
        guard let timestamp = scan(text) else { return nil }
        guard timestamp.isPossible else {
            throw FormatError(
                .malformed, "YAML", "there is no date `\(text.prefix(40))`", at: place, hint: "put it in quotes if it is text")
        }
        return .timestamp(timestamp)
    }

    private static func scan(_ text: String) -> Timestamp? {
        var cursor = TextCursor(text)
        guard let year = cursor.takeNumber(digits: 4...4), cursor.take(UInt8(ascii: "-")),
            let month = cursor.takeNumber(digits: 1...2), cursor.take(UInt8(ascii: "-")),
            let day = cursor.takeNumber(digits: 1...2)
        else { return nil }
        // A date alone needs both digits of month and day.
        if cursor.isAtEnd { return text.utf8.count == 10 ? Timestamp(year: year, month: month, day: day) : nil }
        guard let time = scanTime(&cursor) else { return nil }
        return Timestamp(year: year, month: month, day: day, time: time)
    }

    private static func scanTime(_ cursor: inout TextCursor) -> Timestamp.Time? {
        guard cursor.take(UInt8(ascii: "T")) || cursor.take(UInt8(ascii: "t")) || cursor.takeBlanks() > 0,
            let hour = cursor.takeNumber(digits: 1...2), cursor.take(UInt8(ascii: ":")),
            let minute = cursor.takeNumber(digits: 2...2), cursor.take(UInt8(ascii: ":")),
            let second = cursor.takeNumber(digits: 2...2)
        else { return nil }
        let nanosecond = cursor.take(UInt8(ascii: ".")) ? scanFraction(&cursor) : 0
        _ = cursor.takeBlanks()
        guard let offset = scanZone(&cursor), cursor.isAtEnd else { return nil }
        return .init(hour: hour, minute: minute, second: second, nanosecond: nanosecond, offsetMinutes: offset)
    }

    private static func scanFraction(_ cursor: inout TextCursor) -> Int {
        let digits = cursor.takeDigits(underscores: false).prefix(9)
        return Int(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
    }

    /// The outer `nil` stands for a zone that can't be read, the inner one for none.
    private static func scanZone(_ cursor: inout TextCursor) -> Int?? {
        if cursor.isAtEnd { return .some(nil) }
        if cursor.take(UInt8(ascii: "Z")) { return .some(0) }
        guard cursor.peek == UInt8(ascii: "+") || cursor.peek == UInt8(ascii: "-") else { return nil }
        let isWest = cursor.takeSign()
        guard let hours = cursor.takeNumber(digits: 1...2) else { return nil }
        var minutes = 0
        if cursor.take(UInt8(ascii: ":")) {
            guard let part = cursor.takeNumber(digits: 2...2) else { return nil }
            minutes = part
        }
        let offset = hours * 60 + minutes
        return .some(isWest ? -offset : offset)
    }
}

extension TextCursor {
    /// Goes past spaces and tabs, and answers how many there were.
    fileprivate mutating func takeBlanks() -> Int {
        let start = position
        while take(0x20) || take(0x09) {}
        return position - start
    }
}

extension Timestamp {
    /// Whether the calendar has this day, and the clock this time.
    fileprivate var isPossible: Bool {
        let isLeapYear = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1, lengths.indices.contains(month - 1), day >= 1, day <= lengths[month - 1] else { return false }
        guard let time else { return true }
        return time.hour < 24 && time.minute < 60 && time.second < 60 && abs(time.offsetMinutes ?? 0) < 24 * 60
    }
}
