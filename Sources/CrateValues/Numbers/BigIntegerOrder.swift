import CGMP

extension BigInteger: CustomStringConvertible {
    /// Decimal digits, with `-` before a negative number.
    public var description: String {
        withExtendedLifetime(self) {
            // GNU MP asks for room for a sign and the terminator.
            let room = Int(__gmpz_sizeinbase(storage, 10)) + 2
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { buffer in
                guard let start = buffer.baseAddress else { return "" }
                __gmpz_get_str(start, 10, storage)
                return String(cString: start)
            }
        }
    }
}

extension BigInteger: Hashable, Comparable {
    public static func == (a: BigInteger, b: BigInteger) -> Bool { a.compare(with: b) == 0 }

    public static func < (a: BigInteger, b: BigInteger) -> Bool { a.compare(with: b) < 0 }

    private func compare(with other: BigInteger) -> Int {
        withExtendedLifetime((self, other)) { Int(__gmpz_cmp(storage, other.storage)) }
    }

    /// Exact comparison: negative, zero or positive as this number is below, equal to or above `other`; `nil` for NaN.
    public func compare(with other: Double) -> Int? {
        other.isNaN ? nil : withExtendedLifetime(self) { Int(__gmpz_cmp_d(storage, other)) }
    }

    public func hash(into hasher: inout Hasher) {
        withExtendedLifetime(self) {
            hasher.combine(storage.pointee._mp_size)
            let limbs = UnsafeBufferPointer(start: storage.pointee._mp_d, count: Int(abs(storage.pointee._mp_size)))
            for limb in limbs { hasher.combine(limb) }
        }
    }
}
