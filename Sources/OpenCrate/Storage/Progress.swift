import Synchronization

/// What long work counts while it goes on.
public enum WorkMeasure: UInt8, Sendable {
    /// Bytes.
    case written, read, hashed, packed
    case frames, statements, steps
}

/// How far the work under way is, for whoever shows it. Work reports in at its beginning and end, and counts on the way; one store for each
/// chunk is all that this costs.
public final class Progress: Sendable {
    /// Work under way.
    public struct Work: Sendable {
        /// `save model.pth`
        public let title: String
        public let measure: WorkMeasure
        /// What there is to be done, as far as that is known.
        public internal(set) var total: Int?
        /// Nanoseconds of a clock that never goes back.
        public let start: Int
    }

    private struct State {
        var work: Work?
        /// Work inside of other work is part of that.
        var depth = 0
    }

    private let state = Mutex(State())
    private let measure = Atomic<UInt8>(0)
    private let count = Atomic<Int>(0)
    private let now: @Sendable () -> Int
    private let changed: @Sendable (_ isBeginning: Bool) -> Void

    /// - Parameters:
    ///   - now: nanoseconds of a clock that never goes back.
    ///   - changed: called at the beginning and at the end of work.
    public init(now: @escaping @Sendable () -> Int, changed: @escaping @Sendable (_ isBeginning: Bool) -> Void) {
        (self.now, self.changed) = (now, changed)
    }

    /// What is under way and how much of it is done; `nil` when nothing is.
    public var current: (work: Work, done: Int)? { state.withLock { $0.work }.map { ($0, count.load(ordering: .relaxed)) } }

    /// Counts what was done, if that is what the work under way counts.
    public func advance(_ measure: WorkMeasure, by more: Int) {
        if self.measure.load(ordering: .relaxed) == measure.rawValue { count.wrappingAdd(more, ordering: .relaxed) }
    }

    /// More of what is under way has turned up.
    func expect(_ more: Int) {
        state.withLock { state in
            let known = state.work?.total ?? 0
            state.work?.total = known + more
        }
    }

    /// Work begins; its end is told by `end`.
    public func begin(_ title: String, _ measure: WorkMeasure, total: Int? = nil) {
        let isOutermost = state.withLock { state in
            state.depth += 1
            guard state.depth == 1 else { return false }
            state.work = Work(title: title, measure: measure, total: total, start: now())
            return true
        }
        guard isOutermost else { return }
        count.store(0, ordering: .relaxed)
        self.measure.store(measure.rawValue, ordering: .relaxed)
        changed(true)
    }

    public func end() {
        let isOutermost = state.withLock { state in
            state.depth -= 1
            if state.depth == 0 { state.work = nil }
            return state.depth == 0
        }
        if isOutermost { changed(false) }
    }
}

extension Files {
    /// Runs work that may take long, and lets whoever watches see how far it is.
    ///
    /// - Parameter total: asked only when somebody watches.
    func watched<Result>(
        _ title: String, _ measure: WorkMeasure, total: () -> Int? = { nil }, _ body: () throws(CrateError) -> Result
    ) throws(CrateError) -> Result {
        guard let progress = system.progress else { return try body() }
        progress.begin(title, measure, total: total())
        defer { progress.end() }
        return try body()
    }
}
