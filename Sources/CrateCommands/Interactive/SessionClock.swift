import CrateValues
import OpenCrate
import Synchronization

/// Keeps what the clock said in a session, so that a replay of it sees the same times.
public final class SessionClock: WallClock {
    private let clock: any WallClock
    private let readings = Mutex<[Int]>([])
    /// Times that are kept; a replay sees its own clock after them.
    private static let most = 1 << 20

    init(_ clock: any WallClock) { self.clock = clock }

    public func now() -> Int {
        let time = clock.now()
        readings.withLock { if $0.count < SessionClock.most { $0.append(time) } }
        return time
    }

    public func local(_ nanoseconds: Int) -> Timestamp { clock.local(nanoseconds) }

    /// How often it was looked at.
    public var count: Int { readings.withLock { $0.count } }

    /// A clock that says the same again.
    fileprivate var again: ReplayedClock { ReplayedClock(readings.withLock { $0 }, then: clock) }
}

/// Says what another clock said.
public final class ReplayedClock: WallClock {
    private let readings: [Int]
    private let clock: any WallClock
    private let position = Atomic<Int>(0)

    fileprivate init(_ readings: [Int], then clock: any WallClock) { (self.readings, self.clock) = (readings, clock) }

    public func now() -> Int {
        let place = position.add(1, ordering: .relaxed).oldValue
        return readings.indices.contains(place) ? readings[place] : clock.now()
    }

    public func local(_ nanoseconds: Int) -> Timestamp { clock.local(nanoseconds) }

    /// Goes on with what was said after so many looks.
    public func move(to place: Int) { position.store(place, ordering: .relaxed) }
}

extension SessionConfiguration {
    /// Keeps what the clock says from here on.
    public mutating func recordClock() -> SessionClock {
        let clock = SessionClock(system.clock)
        system.clock = clock
        return clock
    }

    /// Lets the times of another session come again.
    public mutating func replay(_ clock: SessionClock) -> ReplayedClock {
        let again = clock.again
        system.clock = again
        return again
    }
}
