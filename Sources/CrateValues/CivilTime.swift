extension Timestamp {
    /// The date so many days after 1970-01-01, in the proleptic Gregorian calendar; `nil` outside the years 0 to 9999.
    ///
    /// Counts in eras of 400 years that begin on 1 March.
    public init?(daysSince1970 days: Int) {
        guard days > -719_529, days < 2_932_897 else { return nil }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.init(year: year, month: month, day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// UTC, with its time; `nil` outside the years 0 to 9999.
    public init?(secondsSince1970 seconds: Int) {
        let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: 86_400)
        self.init(daysSince1970: remainder < 0 ? quotient - 1 : quotient)
        let second = remainder < 0 ? remainder + 86_400 : remainder
        time = Time(hour: second / 3600, minute: second / 60 % 60, second: second % 60, offsetMinutes: 0)
    }

    /// Days from 1970-01-01 to this date.
    public var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
