import Synchronization

/// The wish to stop, which a signal handler or another thread may raise at any moment.
public final class Interruption: Sendable {
    private let flag = Atomic<Bool>(false)

    public init() {}

    /// Safe in a signal handler: one store.
    public func raise() { flag.store(true, ordering: .relaxed) }

    @inline(__always)
    var isRaised: Bool { flag.load(ordering: .relaxed) }

    /// Whether it was raised; lowers it.
    public func take() -> Bool { isRaised && flag.exchange(false, ordering: .relaxed) }

    /// Forgets a wish that came when nothing was running.
    public func lower() { flag.store(false, ordering: .relaxed) }
}
