import Glibc
import Synchronization

/// Work that is done on all cores, item by item.
enum Parallel {
    /// Calls `body` once with each number below `count`, in no order, on as many threads as there are cores, and returns when all are done.
    static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) { run(count, threads: min(count, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), body) }

    /// As `forEach`, each number on a thread of its own: for calls that wait.
    static func together(_ count: Int, _ body: @Sendable (Int) -> Void) { run(count, threads: count, body) }

    /// As `forEach`, on more threads than there are cores: for work of which each item waits for the disk.
    static func waiting(_ count: Int, _ body: @Sendable (Int) -> Void) { run(count, threads: min(count, 8), body) }

    private static func run(_ count: Int, threads wanted: Int, _ body: @Sendable (Int) -> Void) {
        withoutActuallyEscaping(body) { run(Shared(count: count, body: $0), threads: wanted) }
    }

    /// Every thread has ended when it returns.
    private static func run(_ shared: Shared, threads wanted: Int) {
        var threads: [pthread_t] = []
        for _ in 0..<max(0, wanted - 1) {
            var thread = pthread_t()
            let argument = Unmanaged.passRetained(shared)
            let isStarted = pthread_create(&thread, nil, { argument in
                guard let argument else { return nil }
                Unmanaged<Shared>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, argument.toOpaque()) == 0
            if isStarted { threads.append(thread) } else { argument.release() }
        }
        shared.work()
        for thread in threads { pthread_join(thread, nil) }
    }

    private final class Shared: Sendable {
        private let next = Atomic(0)
        private let count: Int
        private let body: @Sendable (Int) -> Void

        init(count: Int, body: @escaping @Sendable (Int) -> Void) {
            self.count = count
            self.body = body
        }

        func work() {
            while true {
                let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if number >= count { return }
                body(number)
            }
        }
    }
}
