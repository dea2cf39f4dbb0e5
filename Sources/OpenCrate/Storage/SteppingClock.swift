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
        var time = Timestamp(secondsSince1970: seconds) ?? Timestamp(year: 1970, month: 1, day: 1)
        time.time?.nanosecond = rest
        return time
    }
}
