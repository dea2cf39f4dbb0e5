import CrateLanguage
import Glibc
import Synchronization

/// Asks a program to stop, again and again, once it has run for a while.
final class Watch: Sendable {
    private let interruption: Interruption
    private let isOver = Mutex(false)
    private static let milliseconds = 250

    init(interrupting interruption: Interruption) {
        self.interruption = interruption
        Watch.current.withLock { $0 = self }
        _ = Watch.thread
    }

    func end() {
        isOver.withLock { $0 = true }
        Watch.current.withLock { if $0 === self { $0 = nil } }
    }

    private static let current = Mutex<Watch?>(nil)

    /// One thread for all watches. It looks at the watch of the moment twice, so that each has at least one whole turn.
    private static let thread: pthread_t? = {
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, { _ in
            var seen: Watch?
            while true {
                usleep(UInt32(Watch.milliseconds * 1000))
                let present = Watch.current.withLock { $0 }
                if let present, present === seen { present.interruption.raise() }
                seen = present
            }
        }, nil)
        return result == 0 ? thread : nil
    }()
}
