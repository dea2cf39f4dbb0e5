import CrateValues
import Testing

@Suite struct ViewTests {
    private func counting(_ shape: [Int]) throws -> Tensor { try Tensor.arange(0, shape.reduce(1, *)).reshaped(shape) }

    @Test func slicesFollowPython() throws {
        let line = try counting([10])
        #expect(try line.sliced(start: 2, stop: 8, step: 3).integers() == [2, 5])
        #expect(try line.sliced(start: -3).integers() == [7, 8, 9])
        #expect(try line.sliced(step: -4).integers() == [9, 5, 1])
        #expect(try line.sliced(start: 100, stop: -100, step: -3).integers() == [9, 6, 3, 0])
        #expect(try line.sliced(start: 5, stop: 2).integers() == [])
        #expect(try line.sliced(start: .min, stop: .max, step: .max).integers() == [0])
        #expect(throws: ArrayError.self) { try line.sliced(step: 0) }
    }

    @Test func viewsShareTheirBytes() throws {
        let matrix = try counting([3, 4])
        let part = try matrix.transposed().sliced(axis: 0, start: 1, stop: 3)
        #expect(part.bytes.region === matrix.bytes.region)
        #expect(part.shape == [2, 3])
        #expect(try part.integers() == [1, 5, 9, 2, 6, 10])
        #expect(!part.isContiguous)
    }

    @Test func reshapingCopiesOnlyWhenItMust() throws {
        let cube = try counting([2, 3, 4])
        #expect(try cube.reshaped([6, -1]).bytes.region === cube.bytes.region)
        #expect(try cube.sliced(axis: 0, start: 1).reshaped([4, 3]).bytes.region === cube.bytes.region)
        let turned = try cube.transposed().reshaped([24])
        #expect(turned.bytes.region !== cube.bytes.region)
        #expect(try turned.integers().prefix(4) == [0, 12, 4, 16])
        #expect(try cube.transposed([1, 0, 2]).reshaped([3, 8]).integers().prefix(8) == [0, 1, 2, 3, 12, 13, 14, 15])
    }

    @Test(arguments: [[5, 5], [-1, 7], [-1, -1], [-2, -12], [Int.max, 2, 12]])
    func shapesThatDontFitAreRefused(_ shape: [Int]) throws {
        let cube = try counting([2, 3, 4])
        #expect(throws: ArrayError.self) { try cube.reshaped(shape) }
    }

    @Test func positionsOutsideAreRefused() throws {
        let matrix = try counting([3, 4])
        #expect(try matrix.element([-1, -4]) == .int(8))
        #expect(throws: ArrayError(.index, "index 3 is out of bounds for axis 0 with size 3")) { try matrix.at(3) }
        #expect(throws: ArrayError.self) { try matrix.at(Int.min) }
        #expect(throws: ArrayError.self) { try matrix.element([1]) }
        #expect(throws: ArrayError.self) { try matrix.transposed([0, 0]) }
        #expect(throws: ArrayError.self) { try matrix.at(0, axis: 2) }
    }

    @Test func aViewOutsideTheBytesIsRefused() throws {
        let line = try counting([4])
        #expect(throws: ArrayError.self) { try line.seen { _ in Layout(shape: [5], strides: [1], offset: 0) } }
        #expect(throws: ArrayError.self) { try line.seen { _ in Layout(shape: [2], strides: [-1], offset: 0) } }
        #expect(Tensor(dtype: .int64, shape: [2, Int.max], strides: [Int.max, Int.max], offset: 0, bytes: line.bytes) == nil)
    }

    @Test func emptyArraysOfAnyShapeWork() throws {
        let empty = try Tensor.zeros([0, 1 << 20, 4])
        #expect(empty.isContiguous)
        #expect(try empty.combined(.add, with: .int(1)).shape == [0, 1 << 20, 4])
        #expect(try empty.reduced(.sum, axes: [0]).shape == [1 << 20, 4])
        #expect(empty.hasEqualElements(empty))
        #expect(try empty.reduced(.sum).onlyElement == .float(0))
        #expect(empty.description == "[]")
        #expect(throws: ArrayError.self) { try empty.reduced(.max) }
        #expect(throws: ArrayError.self) { try empty.repeated(8, axis: 1) }
    }

    @Test(arguments: [[Int.max, 0, 2], [1 << 40, 1 << 40, 0], [0, 1 << 62, 4], [1_000_000_000, 0], [0, 10_000_001]])
    func emptyArraysWithEndlessRowsAreNotMade(_ shape: [Int]) throws {
        func isRefused(_ make: () throws(ArrayError) -> Tensor) -> Bool {
            do { _ = try make() } catch { return error.kind == .limit }
            return false
        }
        #expect(isRefused { () throws(ArrayError) in try Tensor.zeros(shape) })
        #expect(isRefused { () throws(ArrayError) in try Tensor.full(shape, .int(1)) })
        #expect(isRefused { () throws(ArrayError) in try Tensor.zeros([0]).reshaped(shape) })
    }

    @Test func sizesThatCantBeCountedAreRefused() throws {
        let none = Bytes([UInt8]())
        let one = Bytes([UInt8](repeating: 0, count: 16))
        #expect(Tensor.elementCount([1 << 40, 1 << 40, 0]) == nil)
        #expect(Tensor.elementCount([1 << 40, 0, 1 << 40, -1]) == nil)
        #expect(Tensor.elementCount([0, -1]) == nil)
        #expect(Tensor.elementCount([0, 1 << 40]) == 0)
        #expect(Tensor(dtype: .uint8, shape: [1 << 40, 1 << 40, 0], strides: [0, 0, 0], offset: 0, bytes: none) == nil)
        #expect(Tensor(dtype: .uint8, shape: [1 << 40, 1 << 40, 0], bytes: none) == nil)
        #expect(Tensor(dtype: .uint8, shape: [0, -1], strides: [0, 0], offset: 0, bytes: none) == nil)
        // A step of zero keeps any number of elements inside the bytes, but not countable in bytes.
        #expect(Tensor(dtype: .float32, shape: [1 << 61], strides: [0], offset: 0, bytes: one) == nil)
        #expect(Tensor(dtype: .uint8, shape: [1 << 61], strides: [0], offset: 0, bytes: one)?.byteCount == 1 << 61)
        #expect(throws: ArrayError.self) { try Tensor.from([1.5]).broadcast(to: [1 << 61]) }
    }

    /// Files may hold any number where a step is never taken.
    @Test func stepsThatAreNeverTakenCanBeMultiplied() throws {
        let bytes = Bytes([UInt8](repeating: 1, count: 16))
        let empty = try #require(Tensor(dtype: .uint8, shape: [4, 0], strides: [.max, .min], offset: 0, bytes: bytes))
        #expect(try empty.at(3).count == 0)
        #expect(try empty.sliced(step: 2).shape == [2, 0])
        let single = try #require(Tensor(dtype: .complex64, shape: [1, 2], strides: [.max, 1], offset: 0, bytes: bytes))
        #expect(single.real.shape == [1, 2])
        #expect(try single.at(0).shape == [2])
    }

    @Test func manyRowsOfNothingAreShownAtOnce() throws {
        let rows = try #require(Tensor(dtype: .uint8, shape: [1 << 50, 0], bytes: Bytes([UInt8]())))
        #expect(rows.description == "[]")
        #expect(rows.hasEqualElements(rows))
    }

    // MARK: writing

    @Test func writingLeavesCopiesAlone() throws {
        var matrix = try counting([2, 3])
        let before = matrix
        try matrix.assign(Tensor.from([7, 8, 9])) { (all) throws(ArrayError) in try all.at(1, axis: 0) }
        #expect(try matrix.integers() == [0, 1, 2, 7, 8, 9])
        #expect(try before.integers() == [0, 1, 2, 3, 4, 5])
    }

    @Test func writingAloneNeedsNoCopy() throws {
        var line = try counting([4])
        let region = ObjectIdentifier(line.bytes.region)
        try line.assign(Tensor.from([1.9])) { (all) throws(ArrayError) in try all.sliced(axis: 0, start: 1, stop: nil, step: 2) }
        #expect(try line.integers() == [0, 1, 2, 1])
        #expect(ObjectIdentifier(line.bytes.region) == region)
    }

    @Test func anArrayCanBeWrittenFromItself() throws {
        var line = try counting([5])
        let source = try line.sliced(stop: 4)
        try line.assign(source) { (all) throws(ArrayError) in try all.sliced(axis: 0, start: 1, stop: nil, step: nil) }
        #expect(try line.integers() == [0, 0, 1, 2, 3])
    }

    @Test func repeatedElementsBecomeSingleOnesWhenWritten() throws {
        var matrix = try Tensor.from([1, 2]).broadcast(to: [2, 2])
        try matrix.assign(Tensor.from([9])) { (all) throws(ArrayError) in try all.at(0, axis: 0) }
        #expect(try matrix.integers() == [9, 9, 1, 2])
    }

    @Test func masksAndPositionsWrite() throws {
        var matrix = try counting([2, 3])
        try matrix.put(Tensor.from([-1]), where: matrix.combined(.greater, with: .int(3)))
        #expect(try matrix.integers() == [0, 1, 2, 3, -1, -1])
        try matrix.put(Tensor.from([5, 6, 7]), at: Tensor.from([-1, 0]))
        #expect(try matrix.integers() == [5, 6, 7, 5, 6, 7])
        #expect(throws: ArrayError.self) { try matrix.put(Tensor.from([1]), at: Tensor.from([2])) }
        #expect(throws: ArrayError.self) { try matrix.put(Tensor.from([1]), where: Tensor.from([true, false, true])) }
        #expect(throws: ArrayError.self) { try matrix.put(Tensor.from([1, 2]), at: Tensor.from([0])) }
    }
}
