import CGMP

/// An integer of any size, by GNU MP. Immutable, so it may be shared freely.
public final class BigInteger: Sendable {
    // Written only before the initialiser returns.
    private nonisolated(unsafe) let storage: UnsafeMutablePointer<__mpz_struct>

    /// A new number that `fill` writes.
    private init(_ fill: (UnsafeMutablePointer<__mpz_struct>) -> Void) {
        storage = .allocate(capacity: 1)
        __gmpz_init(storage)
        fill(storage)
    }

    public convenience init(_ value: Int) {
        self.init { __gmpz_set_si($0, value) }
    }

    deinit {
        __gmpz_clear(storage)
        storage.deallocate()
    }
}
