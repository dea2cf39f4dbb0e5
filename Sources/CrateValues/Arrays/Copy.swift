extension Tensor {
    /// A C-ordered copy of its own.
    public func copied() throws(ArrayError) -> Tensor {
        try Tensor.make(dtype, shape, as: UInt8.self) { (out, count) throws(ArrayError) in
            bytes.withBytes { source in
                Tensor.copyElements(size: dtype.size, from: source, layout, to: UnsafeMutableRawPointer(out))
            }
        }
    }

    /// Writes the elements of `layout` one after the other to `out`.
    static func copyElements(size: Int, from source: UnsafeRawBufferPointer, _ layout: Layout, to out: UnsafeMutableRawPointer) {
        switch size {
        case 1: copyRuns(UInt8.self, from: source, layout, to: out)
        case 2: copyRuns(UInt16.self, from: source, layout, to: out)
        case 4: copyRuns(UInt32.self, from: source, layout, to: out)
        case 8: copyRuns(UInt64.self, from: source, layout, to: out)
        default: copyRuns(SIMD2<UInt64>.self, from: source, layout, to: out)
        }
    }

    private static func copyRuns<Unit: BitwiseCopyable>(
        _ unit: Unit.Type, from source: UnsafeRawBufferPointer, _ layout: Layout, to out: UnsafeMutableRawPointer
    ) {
        guard let base = source.baseAddress else { return }
        let size = MemoryLayout<Unit>.size
        let loop = StridedLoop(layout)
        let (length, step) = (loop.runLength, loop.step.0)
        var target = out
        loop.forEachRun { start, _, _ in
            if step == 1 {
                target.copyMemory(from: base + start * size, byteCount: length * size)
            } else {
                for index in 0..<length {
                    let value = base.loadUnaligned(fromByteOffset: (start &+ index &* step) &* size, as: Unit.self)
                    target.storeBytes(of: value, toByteOffset: index &* size, as: Unit.self)
                }
            }
            target += length * size
        }
    }

    /// A copy whose elements have their bytes turned round: big-endian input becomes little-endian, and back.
    public func byteSwapped() throws(ArrayError) -> Tensor {
        let source = try contiguous()
        return try Tensor.make(dtype, shape, as: UInt8.self) { (out, _) throws(ArrayError) in
            let total = source.byteCount
            source.withElements(of: UInt8.self) { elements in
                let start = UnsafeRawPointer(elements + source.offset * dtype.size)
                switch dtype.swapUnit {
                case 2: Tensor.swap(UInt16.self, start, out, total / 2)
                case 4: Tensor.swap(UInt32.self, start, out, total / 4)
                case 8: Tensor.swap(UInt64.self, start, out, total / 8)
                default: UnsafeMutableRawPointer(out).copyMemory(from: start, byteCount: total)
                }
            }
        }
    }

    private static func swap<Unit: FixedWidthInteger & BitwiseCopyable>(
        _ unit: Unit.Type, _ source: UnsafeRawPointer, _ out: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        let target = UnsafeMutableRawPointer(out)
        let size = MemoryLayout<Unit>.size
        for index in 0..<count {
            target.storeBytes(
                of: source.loadUnaligned(fromByteOffset: index &* size, as: Unit.self).byteSwapped, toByteOffset: index &* size,
                as: Unit.self)
        }
    }

    /// SHA-256 of the elements as C-order little-endian bytes, as hexadecimal digits. Nothing is copied when they stand so.
    public func digest() throws(ArrayError) -> String {
        let source = isContiguous ? self : try copied()
        guard let part = source.bytes.slice(source.offset * dtype.size..<source.offset * dtype.size + source.byteCount) else {
            return SHA256Digest().hex()
        }
        return SHA256Digest.hex(of: part)
    }
}
