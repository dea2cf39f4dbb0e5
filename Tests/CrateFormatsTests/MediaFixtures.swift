import CrateFormats
import CrateValues
import Testing

/// An array as `expected.json` describes it: dtype, shape and the digest of its elements.
func expectMedia(_ tensor: Tensor, _ facts: Expected?, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let facts = try #require(facts, sourceLocation: sourceLocation)
    #expect(tensor.dtype.rawValue == facts["dtype"]?.string, sourceLocation: sourceLocation)
    #expect(tensor.shape == facts["shape"]?.list?.compactMap(\.integer), sourceLocation: sourceLocation)
    let start = tensor.offset * tensor.dtype.size
    let packed = try #require(tensor.isContiguous ? tensor.bytes.slice(start..<(start + tensor.byteCount)) : nil, sourceLocation: sourceLocation)
    #expect(SHA256Digest.hex(of: packed) == facts["sha256"]?.string, sourceLocation: sourceLocation)
}

/// What `body` throws, or nil.
func mediaError(_ body: () throws(FormatError) -> Void) -> FormatError? {
    do { try body(); return nil } catch { return error }
}

/// A C-ordered array of `values`.
func mediaTensor<Sample: BitwiseCopyable>(_ dtype: DType, _ shape: [Int], _ values: [Sample]) throws -> Tensor {
    try #require(Tensor(dtype: dtype, shape: shape, bytes: Bytes(values.withUnsafeBytes { Array($0) })))
}

/// The elements of a C-ordered array, or its bytes with `UInt8`.
func mediaElements<Sample: BitwiseCopyable>(_ tensor: Tensor, as: Sample.Type) -> [Sample] {
    precondition(tensor.isContiguous)
    let size = MemoryLayout<Sample>.size
    return tensor.bytes.withBytes { source in
        (0..<(tensor.byteCount / size)).map {
            source.loadUnaligned(fromByteOffset: tensor.offset * tensor.dtype.size + $0 * size, as: Sample.self)
        }
    }
}

/// Damaged copies of a file, the same in every run.
struct MediaDamage {
    let original: [UInt8]
    init(_ bytes: Bytes) { original = bytes.array }

    /// Cut at every length, or at `limit` lengths spread evenly.
    func truncations(limit: Int = 600) -> [Bytes] {
        stride(from: 0, to: original.count, by: max(1, original.count / limit)).map { Bytes(original[..<$0]) }
    }

    /// Bytes at `limit` places changed in four ways.
    func mutations(limit: Int = 400) -> [Bytes] {
        stride(from: 0, to: original.count, by: max(1, original.count / limit)).flatMap { place in
            [original[place] ^ 0x55, 0, 255, original[place] ^ 1].map { value in
                var copy = original
                copy[place] = value
                return Bytes(copy)
            }
        }
    }

    var all: [Bytes] { truncations() + mutations() }
}
