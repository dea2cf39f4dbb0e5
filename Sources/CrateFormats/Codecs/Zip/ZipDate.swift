import CrateValues

/// ZIP's dates: days since 1980 in fields of bits, and steps of two seconds.
enum ZipDate {
    private static let firstDay: (date: UInt16, time: UInt16) = (0x0021, 0)
    private static let lastMoment: (date: UInt16, time: UInt16) = (0xFF9F, 0xBF7D)

    /// What stands in the headers for a time in seconds since 1970; those the format has no form for become its first or last.
    static func fields(_ seconds: Int?) -> (date: UInt16, time: UInt16) {
        guard let seconds, let moment = Timestamp(secondsSince1970: seconds), let time = moment.time, moment.year >= 1980 else {
            return seconds ?? 0 > 0x1_0000_0000 ? lastMoment : firstDay
        }
        guard moment.year < 2108 else { return lastMoment }
        return (
            UInt16((moment.year - 1980) << 9 | moment.month << 5 | moment.day), UInt16(time.hour << 11 | time.minute << 5 | time.second / 2)
        )
    }

    /// Seconds since 1970; `nil` for what is no date.
    static func seconds(date: UInt16, time: UInt16) -> Int? {
        let (month, day) = (Int(date >> 5 & 15), Int(date & 31))
        let (hour, minute, second) = (Int(time >> 11), Int(time >> 5 & 63), Int(time & 31) * 2)
        guard (1...12).contains(month), day > 0, hour < 24, minute < 60, second < 60 else { return nil }
        return Timestamp(year: 1980 + Int(date >> 9), month: month, day: day).daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
    }
}
