import Glibc
import Synchronization

/// Work that is done on all cores, item by item.
enum Parallel {
    /// Calls `body` once with each number below `count`, in no order, and returns when all are done.
    static func forEach(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let shared = Shared(count: count, body: body)
        var threads: [pthread_t] = []
        for _ in 1..<max(1, min(count, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))) {
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
