import CrateValues
import Synchronization

/// A clock for runs that are to be the same each time: it begins at 09:00 UTC on 1 January 2026 and moves on by a second whenever it
/// is looked at.
public final class SteppingClock: WallClock {
    private let seconds = Atomic<Int>(0)
    private static let start = 1_767_258_000

    public init() {}

    public func now() -> Int {
        (SteppingClock.start + seconds.add(1, ordering: .relaxed).oldValue) * 1_000_000_000
    }

    public func local(_ nanoseconds: Int) -> Timestamp {
        let (seconds, rest) = nanoseconds.floorDivided(by: 1_000_000_000)
        let (days, second) = seconds.floorDivided(by: 86_400)
        let (year, month, day) = SteppingClock.date(daysSince1970: days)
        return Timestamp(
            year: year, month: month, day: day,
            time: .init(hour: second / 3600, minute: second / 60 % 60, second: second % 60, nanosecond: rest, offsetMinutes: 0))
    }

    /// The Gregorian calendar, counted in years that begin in March so that the leap day comes last.
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).floorDivided(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
