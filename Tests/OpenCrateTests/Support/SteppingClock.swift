import CrateValues
import Synchronization

@testable import OpenCrate

/// A clock that starts at 2025-11-16 11:44:23 in a zone without an offset, and moves on by a fixed step at each look.
final class SteppingClock: WallClock {
    private let time: Mutex<Int>
    private let step: Int

    /// - Parameter step: nanoseconds per look.
    init(start: Int = 1_763_293_463_000_000_000, step: Int = 1_000_000) {
        time = Mutex(start)
        self.step = step
    }

    func now() -> Int {
        time.withLock { time in
            defer { time += step }
            return time
        }
    }

    func local(_ nanoseconds: Int) -> Timestamp {
        let seconds = nanoseconds / 1_000_000_000
        let (day, second) = (seconds / 86400, seconds % 86400)
        // Days to civil date, after Howard Hinnant's published algorithm.
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return Timestamp(
            year: year + era * 400 + (month <= 2 ? 1 : 0), month: month, day: dayOfYear - (153 * march + 2) / 5 + 1,
            time: .init(hour: second / 3600, minute: second / 60 % 60, second: second % 60, nanosecond: nanoseconds % 1_000_000_000, offsetMinutes: 0))
    }
}

/// 1, 2, 3 …
final class Tally: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
