#if canImport(Glibc)
    import Glibc
#endif

/// A fixed stretch of memory, allocated or memory-mapped, that tensors and readers share without copying.
///
/// Several tensors may hold one region: its identity says which tensors share their storage, which the
/// checkpoint writers keep.
///
/// Sendable by discipline, as the standard library's own array storage is: the bytes are written only while
/// exactly one owner holds the region (`Tensor` checks with `isKnownUniquelyReferenced`), and a mapped region
/// is never written.
public final class ByteRegion: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    /// Length in bytes.
    public let count: Int
    /// Whether the bytes come from a mapped file and so can't be written in place.
    public let isMapped: Bool
    private let release: (@Sendable (UnsafeMutableRawPointer, Int) -> Void)

    /// A region of `count` zero bytes, aligned for vector loads.
    public init(zeroed count: Int) {
        self.count = count
        base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        isMapped = false
        release = { pointer, _ in pointer.deallocate() }
    }

    /// A region whose bytes `fill` writes; bytes it leaves out are undefined, so it must write them all.
    public init<Failure: Error>(count: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        self.count = count
        base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 64)
        isMapped = false
        release = { pointer, _ in pointer.deallocate() }
        try fill(UnsafeMutableRawBufferPointer(start: base, count: count))
    }

    /// Memory of `count` bytes that nothing has written yet, for a maker that writes them all; `nil` when there is not enough.
    init?(unwritten count: Int) {
        var pointer: UnsafeMutableRawPointer?
        guard count >= 0, posix_memalign(&pointer, 64, max(count, 1)) == 0, let pointer else { return nil }
        if count >= ByteRegion.largeCount { ByteRegion.askForLargePages(pointer, count) }
        base = pointer
        self.count = count
        isMapped = false
        release = { pointer, _ in free(pointer) }
    }

    private static let largeCount = 4 << 20

    /// The first touch of fresh memory otherwise costs more than most array operations. A wish, so its answer does not matter.
    private static func askForLargePages(_ start: UnsafeMutableRawPointer, _ count: Int) {
        let page = 4096
        let skipped = (page - Int(bitPattern: start) % page) % page
        madvise(start + skipped, count - skipped, MADV_HUGEPAGE)
    }

    /// Takes over a mapping made by `mmap`; it is unmapped when the last owner lets go.
    public init(mapped pointer: UnsafeMutableRawPointer, count: Int) {
        base = pointer
        self.count = count
        isMapped = true
        release = { pointer, count in munmap(pointer, count) }
    }

    deinit { release(base, count) }

    /// Calls `body` with the bytes, which must not be kept beyond the call.
    @inline(__always)
    public func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Only for an owner that has checked that it is the only one and that the region is not mapped.
    @inline(__always)
    func withMutableBytes<Result, Failure: Error>(_ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result) throws(Failure)
        -> Result
    {
        try body(UnsafeMutableRawBufferPointer(start: base, count: count))
    }
}

/// Immutable bytes: a range of a shared region. Slicing costs nothing and copies nothing.
public struct Bytes: Sendable {
    /// The memory behind the bytes.
    public internal(set) var region: ByteRegion
    /// The part of the region that these bytes are.
    public let range: Range<Int>

    /// All of `region`.
    public init(_ region: ByteRegion) {
        self.region = region
        range = 0..<region.count
    }

    /// `nil` when `range` reaches past the region.
    public init?(_ region: ByteRegion, range: Range<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= region.count else { return nil }
        self.region = region
        self.range = range
    }

    /// A copy of `elements`.
    public init(_ elements: some Collection<UInt8>) {
        // Contiguous storage is copied in one go; the generic path calls a witness for each byte.
        let copied = elements.withContiguousStorageIfAvailable { bytes in
            ByteRegion(count: bytes.count) { $0.copyMemory(from: UnsafeRawBufferPointer(bytes)) }
        }
        self.init(copied ?? ByteRegion(count: elements.count) { _ = $0.initializeMemory(as: UInt8.self, from: elements) })
    }

    /// Length in bytes.
    public var count: Int { range.count }
    public var isEmpty: Bool { range.isEmpty }

    /// `nil` when `subrange` (relative to these bytes) reaches past the end.
    public func slice(_ subrange: Range<Int>) -> Bytes? {
        guard subrange.lowerBound >= 0, subrange.upperBound <= count else { return nil }
        let start = range.lowerBound + subrange.lowerBound
        return Bytes(region, range: start..<(start + subrange.count))
    }

    /// Calls `body` with the bytes, which must not be kept beyond the call.
    @inline(__always)
    public func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        try region.withBytes { (all) throws(Failure) in try body(UnsafeRawBufferPointer(rebasing: all[range])) }
    }

    /// A copy as an array.
    public var array: [UInt8] { withBytes { [UInt8]($0) } }
}

extension Bytes: Equatable {
    public static func == (a: Bytes, b: Bytes) -> Bool {
        a.withBytes { x in b.withBytes { y in x.count == y.count && x.elementsEqual(y) } }
    }
}
