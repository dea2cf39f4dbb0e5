import CrateValues

/// numpy's times, counts of a unit since 1970: dates and points of time where the unit is a week or shorter and the year has four
/// digits, else text. Spans are text.
enum NumpyTime {
    /// Not a time.
    static let missing = "NaT"

    static func document(_ count: Int64, unit: String, isSpan: Bool) -> Document {
        if count == .min { return .string(missing) }
        // Counted by more than one, as in `25s`.
        let digits = unit.prefix { $0.isASCII && $0.isNumber }
        if let factor = Int64(digits) {
            let (whole, overflow) = count.multipliedReportingOverflow(by: factor)
            if !overflow { return document(whole, unit: String(unit.dropFirst(digits.count)), isSpan: isSpan) }
        }
        if !isSpan, let moment = moment(count, unit: unit) { return .timestamp(moment) }
        if !isSpan, let text = monthOrYear(count, unit: unit) { return .string(text) }
        return .string(unit.isEmpty ? "\(count)" : "\(count) \(unit)")
    }

    /// Units in a day, of those that a day is made of.
    private static func perDay(_ unit: String) -> Int64? {
        switch unit {
        case "h": 24
        case "m": 1440
        case "s": 86_400
        case "ms": 86_400_000
        case "us": 86_400_000_000
        case "ns": 86_400_000_000_000
        default: nil
        }
    }

    private static func moment(_ count: Int64, unit: String) -> Timestamp? {
        if unit == "D" { return date(daysSince1970: count) }
        if unit == "W" { return (-110_000...420_000).contains(count) ? date(daysSince1970: count * 7) : nil }
        guard let perDay = perDay(unit) else { return nil }
        let day = count / perDay - (count % perDay < 0 ? 1 : 0)
        let (rest, _) = count.subtractingReportingOverflow(day &* perDay)
        guard rest >= 0, rest < perDay, var moment = date(daysSince1970: day) else { return nil }
        let nanoseconds = rest * (86_400_000_000_000 / perDay)
        let seconds = nanoseconds / 1_000_000_000
        moment.time = .init(
            hour: Int(seconds / 3600), minute: Int(seconds / 60 % 60), second: Int(seconds % 60),
            nanosecond: Int(nanoseconds % 1_000_000_000))
        return moment
    }

    private static func monthOrYear(_ count: Int64, unit: String) -> String? {
        guard (-30_000...120_000).contains(count) else { return nil }
        if unit == "Y" { return String(1970 + count) }
        guard unit == "M" else { return nil }
        let months = 1970 * 12 + count
        return months > 0 ? "\(months / 12)-\(months % 12 < 9 ? "0" : "")\(months % 12 + 1)" : nil
    }

    /// `nil` outside the years 1 to 9999, which Python has.
    private static func date(daysSince1970 days: Int64) -> Timestamp? {
        days >= -719_162 ? Timestamp(daysSince1970: Int(days)) : nil
    }

    // MARK: Writing

    /// The unit that holds all of `moments` exactly, by its name.
    static func unit(of moments: [Timestamp]) -> String {
        let times = moments.compactMap(\.time)
        if times.isEmpty { return "D" }
        return times.contains { !$0.nanosecond.isMultiple(of: 1000) } ? "ns" : "us"
    }

    /// `nil` for what the unit can't count, and for a time with a zone.
    static func count(_ moment: Timestamp, unit: String) -> Int64? {
        guard moment.time?.offsetMinutes == nil, (1...9999).contains(moment.year) else { return nil }
        let days = daysSince1970(moment)
        guard let perDay = perDay(unit) else { return days }
        let time = moment.time ?? .init(hour: 0, minute: 0, second: 0)
        let seconds = Int64((time.hour * 60 + time.minute) * 60 + time.second)
        let inDay = (seconds * 1_000_000_000 + Int64(time.nanosecond)) / (86_400_000_000_000 / perDay)
        let (whole, overflow) = days.multipliedReportingOverflow(by: perDay)
        let (count, overflowCount) = whole.addingReportingOverflow(inDay)
        return overflow || overflowCount || count == .min ? nil : count
    }

    /// The inverse of `date`.
    private static func daysSince1970(_ moment: Timestamp) -> Int64 {
        let year = Int64(moment.month <= 2 ? moment.year - 1 : moment.year)
        let shiftedMonth = Int64(moment.month > 2 ? moment.month - 3 : moment.month + 9)
        let (era, yearOfEra) = (year / 400, year % 400)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(moment.day) - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
