import Glibc

/// How array operations that take long learn that they are to stop. Their callers are too many to hand it on through each, so it belongs to the
/// thread on which they run.
public enum ArrayWork {
    private final class Wish {
        let isToStop: () -> Bool
        init(_ isToStop: @escaping () -> Bool) { self.isToStop = isToStop }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Elements after which it is asked again.
    static let stretch = 1 << 18

    /// Runs `body`, in which array operations fail with `interrupted` as soon as `isToStop` says so; it says so once.
    public static func stopping<Result>(when isToStop: @escaping () -> Bool, _ body: () -> Result) -> Result {
        let (wish, outer) = (Wish(isToStop), pthread_getspecific(key))
        pthread_setspecific(key, Unmanaged.passUnretained(wish).toOpaque())
        defer { pthread_setspecific(key, outer) }
        return withExtendedLifetime(wish, body)
    }

    static func requireGoingOn() throws(ArrayError) {
        guard let wish = pthread_getspecific(key), Unmanaged<Wish>.fromOpaque(wish).takeUnretainedValue().isToStop() else { return }
        throw ArrayError(.interrupted, "interrupted")
    }

    /// Calls `body` for each stretch of 0..<`count`, as long as nobody wants to stop.
    @inline(__always)
    static func inStretches(_ count: Int, _ body: (Range<Int>) -> Void) throws(ArrayError) {
        for start in stride(from: 0, to: count, by: stretch) {
            try requireGoingOn()
            body(start..<min(start + stretch, count))
        }
    }
}
