import Synchronization

/// The wish to stop, which a signal handler or another thread may raise at any moment.
///
/// Whoever does long work asks with `passOn`, and ends it. What comes of that error is not in the asker's hands, so the wish
/// stands until the interpreter has made a failure of it: cleaning up, which ignores errors, must not swallow a Ctrl-C.
public final class Interruption: Sendable {
    private enum State {
        static let none: UInt8 = 0
        static let raised: UInt8 = 1
        static let passedOn: UInt8 = 2
    }

    private let state = Atomic<UInt8>(State.none)

    public init() {}

    /// Safe in a signal handler: one store.
    public func raise() { state.store(State.raised, ordering: .relaxed) }

    /// Whether there is a wish to stop, passed on or not.
    @inline(__always)
    public var isRaised: Bool { state.load(ordering: .relaxed) != State.none }

    /// Whether work under way is to end with an error. Says so once for each wish, so that cleaning up afterwards can work.
    public func passOn() -> Bool {
        state.load(ordering: .relaxed) == State.raised
            && state.compareExchange(expected: State.raised, desired: State.passedOn, ordering: .relaxed).exchanged
    }

    /// Whether it was raised; lowers it.
    func take() -> Bool { isRaised && state.exchange(State.none, ordering: .relaxed) != State.none }

    /// The failure that came of passing it on has arrived. A wish that came after that one stands.
    func settle() { _ = state.compareExchange(expected: State.passedOn, desired: State.none, ordering: .relaxed) }

    /// Forgets a wish that came when nothing was running.
    public func lower() { state.store(State.none, ordering: .relaxed) }
}
