import CrateValues

extension Timestamp {
    private var clockParts: (Int, Int, Int) { (time?.hour ?? 0, time?.minute ?? 0, time?.second ?? 0) }

    /// `2025-11-16`
    var isoDay: String { "\(padded(year, 4))-\(padded(month))-\(padded(day))" }

    /// `2025-11-16 11:44:43`, of log lines.
    var dayAndTime: String {
        let (hour, minute, second) = clockParts
        return "\(isoDay) \(padded(hour)):\(padded(minute)):\(padded(second))"
    }

    /// `2025-11-16 11:44`, of trees.
    var dayAndMinute: String {
        let (hour, minute, _) = clockParts
        return "\(isoDay) \(padded(hour)):\(padded(minute))"
    }

    /// `11:46:37_16-Nov-2025`, of backups without a tag.
    var backupStamp: String {
        let (hour, minute, second) = clockParts
        let name = months.indices.contains(month - 1) ? months[month - 1] : "???"
        return "\(padded(hour)):\(padded(minute)):\(padded(second))_\(padded(day))-\(name)-\(padded(year, 4))"
    }

    /// `2025-11-16_11-44-43_000123`, of rotated logs.
    var rotationStamp: String {
        let (hour, minute, second) = clockParts
        let microsecond = (time?.nanosecond ?? 0) / 1000
        return "\(isoDay)_\(padded(hour))-\(padded(minute))-\(padded(second))_\(padded(microsecond, 6))"
    }

    /// Reads a `backupStamp`.
    init?(backupStamp text: some StringProtocol) {
        let halves = text.split(separator: "_", omittingEmptySubsequences: false)
        guard halves.count >= 2 else { return nil }
        let clock = halves[0].split(separator: ":", omittingEmptySubsequences: false).compactMap { digits($0) }
        let date = halves[1].split(separator: "-", omittingEmptySubsequences: false)
        guard clock.count == 3, date.count == 3, let day = digits(date[0]), let year = digits(date[2]),
            let month = months.firstIndex(where: { $0 == date[1] })
        else { return nil }
        self.init(year: year, month: month + 1, day: day, time: .init(hour: clock[0], minute: clock[1], second: clock[2]))
    }
}

/// English whatever the locale, as C's `%b` has it in Python.
private let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

private func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private func digits(_ text: some StringProtocol) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
}
