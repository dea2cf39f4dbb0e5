import Glibc

/// What a dict's keys may be. Booleans are not whole numbers here; a float equal to an int is the same key.
///
/// Text is the same when its code points are: a file's keys that differ only in Unicode's normal form stay apart.
public enum Key: Sendable {
    case string(String)
    case int(Int)
    case bool(Bool)
    case float(Double)
    case null
    /// A list of keys, as Python's tuples are.
    case tuple([Key])
}

extension Key: Hashable {
    public static func == (a: Key, b: Key) -> Bool {
        switch (a, b) {
        case (.string(let a), .string(let b)): a.isSame(as: b)
        case (.int(let a), .int(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.float(let a), .float(let b)): a == b || (a.isNaN && b.isNaN)
        case (.int(let a), .float(let b)), (.float(let b), .int(let a)): Int(exactly: b) == a
        case (.null, .null): true
        case (.tuple(let a), .tuple(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(stableHash) }

    /// The same all through the process, never negative.
    var stableHash: Int {
        switch self {
        case .string(let text): return text.stableHash
        case .int(let number): return Hashing.hash(UInt64(bitPattern: Int64(number)))
        case .bool(let flag): return flag ? 1 : 2
        case .float(let number):
            if let whole = Int(exactly: number) { return Key.int(whole).stableHash }
            return number.isNaN ? 4 : Hashing.hash(number.bitPattern)
        case .null: return 3
        case .tuple(let parts):
            return parts.reduce(5) { Hashing.hash(UInt64($0) &* 31 &+ UInt64($1.stableHash)) }
        }
    }
}

extension Key {
    /// The value as a key; `nil` for what can't be one. A list counts only when it came from a Python tuple.
    public init?(_ value: Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .bool(let flag): self = .bool(flag)
        case .float(let number): self = .float(number)
        case .null: self = .null
        case .list(let list) where list.isTuple:
            var parts: [Key] = []
            for item in list.items {
                // Tuples of tuples nest only as deep as a file's reader allows; one level is what keys need.
                if case .list = item { return nil }
                guard let part = Key(item) else { return nil }
                parts.append(part)
            }
            self = .tuple(parts)
        default: return nil
        }
    }
}

extension Value {
    public init(_ key: Key) {
        switch key {
        case .string(let text): self = .string(text)
        case .int(let number): self = .int(number)
        case .bool(let flag): self = .bool(flag)
        case .float(let number): self = .float(number)
        case .null: self = .null
        case .tuple(let parts): self = .list(ListObject(parts.map { Value($0) }, isTuple: true))
        }
    }
}

/// Hashing of keys: multiply and fold, as in wyhash, with a start that differs from process to process so that no file
/// can be made to collide.
enum Hashing {
    private static let seed = UInt64(truncatingIfNeeded: Hasher().finalize())
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    @inline(__always)
    static func hash(_ word: UInt64) -> Int { Int(truncatingIfNeeded: fold(word ^ seed, multiplier) >> 1) }

    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var state = seed ^ UInt64(raw.count)
        var position = 0
        while position &+ 8 <= raw.count {
            state = fold(state ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self), multiplier)
            position &+= 8
        }
        var tail: UInt64 = 0
        while position < raw.count {
            tail = tail << 8 | UInt64(raw[position])
            position &+= 1
        }
        return Int(truncatingIfNeeded: fold(state ^ tail, multiplier) >> 1)
    }
}

extension String {
    /// Native strings are contiguous, so this copies only those that fit in a register pair.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
        return Array(utf8).withUnsafeBufferPointer(body)
    }

    /// Copies the UTF-8 to `buffer[start…]`, which must have room; gives the number of bytes.
    @inline(__always)
    func copyBytes(to buffer: UnsafeMutableBufferPointer<UInt8>, from start: Int) -> Int {
        withBytes { bytes in UnsafeMutableBufferPointer(rebasing: buffer[start...]).update(fromContentsOf: bytes) }
    }

    var stableHash: Int { withBytes { Hashing.hash($0) } }

    /// Code point by code point, as Python compares.
    @inline(__always)
    func isSame(as other: String) -> Bool {
        // Equal representations, as of two short strings, settle it without a look at the bytes.
        if unsafeBitCast(self, to: (UInt64, UInt64).self) == unsafeBitCast(other, to: (UInt64, UInt64).self) { return true }
        return utf8.count == other.utf8.count && commonOrder(other) == 0
    }

    /// Negative, zero or positive, by code points.
    func order(_ other: String) -> Int {
        let order = commonOrder(other)
        return order != 0 ? order : utf8.count - other.utf8.count
    }

    /// The order of the first bytes, as many as both have.
    private func commonOrder(_ other: String) -> Int {
        withBytes { a in
            other.withBytes { b in
                guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
                return Int(memcmp(first, second, min(a.count, b.count)))
            }
        }
    }
}
