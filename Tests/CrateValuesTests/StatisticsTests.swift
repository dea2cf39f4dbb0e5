import Testing

@testable import CrateValues

@Suite("Statistics of arrays")
struct StatisticsTests {
    private func array<T: BitwiseCopyable>(_ dtype: DType, _ values: [T], shape: [Int]? = nil) throws -> Tensor {
        let bytes = values.withUnsafeBytes { Bytes(Array($0)) }
        return try #require(Tensor(dtype: dtype, shape: shape ?? [values.count], bytes: bytes))
    }

    @Test func `not-a-number and infinities are counted, and hide nothing`() throws {
        let found = try #require(try array(.float64, [1.5, .nan, -2, .infinity, -.infinity, .nan]).statistics())
        #expect(found.minimum == .float(-2) && found.maximum == .float(1.5) && found.mean == -0.25)
        #expect(found.nanCount == 2 && found.infinityCount == 2)
    }

    @Test func `whole numbers are exact at both ends`() throws {
        let signed = try #require(try array(.int64, [Int64.min, 0, Int64.max]).statistics())
        #expect(signed.minimum == .int(.min) && signed.maximum == .int(.max))
        let unsigned = try #require(try array(.uint64, [UInt64.max, 7]).statistics())
        #expect(unsigned.minimum == .int(7) && unsigned.maximum == .unsigned(.max))
        let flags = try #require(try array(.bool, [true, false, true, true]).statistics())
        #expect(flags.minimum == .int(0) && flags.maximum == .int(1) && flags.mean == 0.75)
    }

    @Test func `views are measured by what they show`() throws {
        let matrix = try array(.int32, (0..<12).map { Int32($0) }, shape: [3, 4])
        let column = try #require(try matrix.transposed().at(2).statistics())
        #expect(column.minimum == .int(2) && column.maximum == .int(10) && column.mean == 6)
        let repeated = try #require(try array(.int8, [Int8(5)]).broadcast(to: [1000, 1000]).statistics())
        #expect(repeated.mean == 5 && repeated.finiteCount == 1_000_000)
    }

    @Test func `narrow floats are measured as the numbers they stand for`() throws {
        // bfloat16: 1.0, -2.0, NaN.
        let brain = try #require(try array(.bfloat16, [UInt16(0x3F80), 0xC000, 0x7FC0]).statistics())
        #expect(brain.minimum == .float(-2) && brain.maximum == .float(1) && brain.nanCount == 1)
        let large = try array(.float16, [UInt16(0x3C00), 0x4000]).broadcast(to: [1 << 9, 1 << 9, 2])
        #expect(try #require(try large.statistics()).mean == 1.5)
    }

    @Test func `empty and complex arrays have none`() throws {
        let empty = try #require(try array(.float32, [Float]()).statistics())
        #expect(empty.minimum == nil && empty.mean == nil && empty.nanCount == 0)
        let complex = try #require(Tensor(dtype: .complex64, shape: [1], bytes: Bytes([UInt8](repeating: 0, count: 8))))
        #expect(try complex.statistics() == nil)
    }
}
