import CrateValues
import Glibc

/// The system's clock and time zone.
public struct PosixClock: WallClock {
    public init() {}

    public func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    public func local(_ nanoseconds: Int) -> Timestamp {
        let (seconds, rest) = nanoseconds.floorDivided(by: 1_000_000_000)
        var time = time_t(seconds)
        var parts = tm()
        localtime_r(&time, &parts)
        return Timestamp(
            year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
            time: .init(
                hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec), nanosecond: rest,
                offsetMinutes: parts.tm_gmtoff / 60))
    }
}

/// The system's random numbers.
public struct SystemEntropy: Entropy {
    public init() {}
    public func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

extension Int {
    /// Quotient rounded down and the remainder that goes with it, for times before 1970.
    func floorDivided(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
