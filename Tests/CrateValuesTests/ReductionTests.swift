import CrateValues
import Testing

@Suite struct ReductionTests {
    private func cube() throws -> Tensor { try Tensor.arange(0, 24).reshaped([2, 3, 4]) }

    @Test func axesAreReduced() throws {
        #expect(try cube().reduced(.sum).onlyElement == .int(276))
        #expect(try cube().reduced(.sum, axes: [0, 2]).integers() == [60, 92, 124])
        #expect(try cube().reduced(.max, axes: [1]).integers() == [8, 9, 10, 11, 20, 21, 22, 23])
        #expect(try cube().reduced(.min, axes: [-1], keepsDimensions: true).shape == [2, 3, 1])
        #expect(throws: ArrayError.self) { try cube().reduced(.sum, axes: [0, -3]) }
        #expect(throws: ArrayError.self) { try cube().reduced(.sum, axes: [3]) }
    }

    @Test func typesFollowNumpy() throws {
        #expect(try Tensor.ones([300], dtype: .uint8).reduced(.sum).dtype == .uint64)
        #expect(try Tensor.from([true, true]).reduced(.sum).onlyElement == .int(2))
        #expect(try Tensor.ones([3], dtype: .float32).reduced(.mean).dtype == .float32)
        #expect(try Tensor.ones([3], dtype: .int8).reduced(.mean).dtype == .float64)
        #expect(try Tensor.ones([5000], dtype: .float16).reduced(.sum).onlyElement == .float(5000))
    }

    /// `np.sum(0.1 * np.ones(n))`, to the last bit.
    @Test(arguments: [(10, 1.0), (1000, 100.00000000000001), (100003, 10000.3)])
    func sumsAreTakenByHalves(_ count: Int, _ expected: Double) throws {
        #expect(try Tensor.full([count], .float(0.1)).reduced(.sum).onlyElement == .float(expected))
    }

    @Test func spreadsAreThoseOfNumpy() throws {
        let values = try Tensor.from([1.0, 2, 4])
        #expect(try values.reduced(.variance).onlyElement == .float(1.5555555555555554))
        #expect(try values.reduced(.variance, lostDegrees: 1).onlyElement == .float(2.333333333333333))
        #expect(try values.reduced(.deviation).onlyElement == .float(1.247219128924647))
    }

    @Test func theFirstExtremeCounts() throws {
        let values = try Tensor.from([3, 1, 3, 1])
        #expect(try values.reduced(.argmax).onlyElement == .int(0))
        #expect(try values.reduced(.argmin).onlyElement == .int(1))
        #expect(try Tensor.from([1, Double.nan, .nan]).reduced(.argmin).onlyElement == .int(1))
        #expect(try cube().reduced(.argmax, axes: [0]).integers() == [Int](repeating: 1, count: 12))
    }

    /// A NaN anywhere, also in the stretches that are compared eight at a time.
    @Test(arguments: [0, 5, 8, 30, 39]) func notANumberIsTheExtreme(_ place: Int) throws {
        var numbers = (0..<40).map(Double.init)
        numbers[place] = .nan
        guard case .float(let least)? = try Tensor.from(numbers).reduced(.min).onlyElement else { return #expect(Bool(false)) }
        #expect(least.isNaN)
    }

    @Test func runningTotals() throws {
        #expect(try Tensor.from([1, 2, 3, 4]).reshaped([2, 2]).cumulated(axis: 0).integers() == [1, 2, 4, 6])
        #expect(try Tensor.from([1, 2, 3, 4]).cumulated(.product).integers() == [1, 2, 6, 24])
        #expect(try Tensor.from([200, 100] as [UInt8]).cumulated().integers() == [200, 300])
    }

    @Test func anyAndAll() throws {
        let flags = try Tensor.from([true, false, true, true]).reshaped([2, 2])
        #expect(try flags.reduced(.any, axes: [0]).scalars() == [.bool(true), .bool(true)])
        #expect(try flags.reduced(.all, axes: [0]).scalars() == [.bool(true), .bool(false)])
        #expect(try Tensor.zeros([0], dtype: .bool).reduced(.all).onlyElement == .bool(true))
    }

    @Test func sortingPutsNaNLast() throws {
        let values = try Tensor.from([3, Double.nan, -1, .infinity])
        #expect(try values.sorted().doubles().prefix(3) == [-1, 3, .infinity])
        #expect(try values.argsorted().integers() == [2, 0, 3, 1])
        #expect(try Tensor.from([3, 1, 2, 9, 8, 7]).reshaped([2, 3]).sorted(axis: 0).integers() == [3, 1, 2, 9, 8, 7])
        #expect(try Tensor.from([1, 1, 0]).argsorted(descending: true).integers() == [0, 1, 2])
    }

    @Test func distinctElementsAreCounted() throws {
        let (values, counts) = try Tensor.from([2, 1, 2, 2]).distinct()
        #expect(try values.integers() == [1, 2])
        #expect(try counts.integers() == [1, 3])
        #expect(try Tensor.from([Double.nan, 1, .nan]).distinct().values.count == 2)
    }

    @Test func partsAreJoined() throws {
        let a = try Tensor.from([1, 2]).reshaped([1, 2])
        #expect(try Tensor.concatenated([a, Tensor.from([0.5, 1.5]).reshaped([1, 2])]).doubles() == [1, 2, 0.5, 1.5])
        #expect(try Tensor.stacked([a, a], axis: -1).integers() == [1, 1, 2, 2])
        #expect(try a.repeated(2, axis: 1).integers() == [1, 1, 2, 2])
        #expect(try a.tiled([2, 2]).shape == [2, 4])
        #expect(throws: ArrayError.self) { try Tensor.concatenated([a, Tensor.zeros([1, 3])]) }
        #expect(throws: ArrayError.self) { try Tensor.concatenated([]) }
        #expect(throws: ArrayError.self) { try Tensor.stacked([a, Tensor.zeros([2])]) }
    }
}
