import CrateValues
import Testing

@Suite struct ArithmeticTests {
    @Test func shapesAreBroadcast() throws {
        let column = try Tensor.from([1, 2]).reshaped([2, 1])
        let sum = try column.combined(.add, with: Tensor.from([10, 20, 30]))
        #expect(sum.shape == [2, 3])
        #expect(try sum.integers() == [11, 21, 31, 12, 22, 32])
    }

    @Test func shapesThatDontMeetAreNamed() throws {
        let a = try Tensor.zeros([2, 3])
        let error = #expect(throws: ArrayError.self) { try a.combined(.add, with: Tensor.zeros([4])) }
        #expect(error?.kind == .shape)
        #expect(error?.message == "shapes [2, 3] and [4] can't be broadcast together")
    }

    /// Left type, right type, type of the sum: numpy's table.
    @Test(
        arguments: [
            (.uint8, .int8, .int16), (.uint16, .int8, .int32), (.uint64, .int64, .float64), (.int64, .float32, .float64),
            (.int16, .float32, .float32),
            (.uint8, .float16, .float16), (.bool, .uint8, .uint8), (.float32, .complex64, .complex64), (.int32, .complex64, .complex128),
            (.float16, .bfloat16, .float32),
        ] as [(DType, DType, DType)])
    func typesArePromoted(_ a: DType, _ b: DType, _ expected: DType) throws {
        #expect(try Tensor.ones([2], dtype: a).combined(.add, with: Tensor.ones([2], dtype: b)).dtype == expected)
        #expect(DType.promoted(b, a) == expected)
    }

    @Test func numbersAreWeak() throws {
        let bytes = try Tensor.from([250, 5] as [UInt8])
        #expect(try bytes.combined(.add, with: .int(10)).scalars() == [.int(4), .int(15)])
        #expect(try bytes.combined(.multiply, with: .float(0.5)).dtype == .float64)
        #expect(try Tensor.ones([1], dtype: .float32).combined(.multiply, with: .float(0.1)).dtype == .float32)
        let error = #expect(throws: ArrayError.self) { try bytes.combined(.add, with: .int(300)) }
        #expect(error?.kind == .overflow)
        #expect(try bytes.combined(.less, with: .int(300)).scalars() == [.bool(true), .bool(true)])
        #expect(try Tensor.combine(.less, .scalar(.int(-1)), .array(bytes)).reduced(.all).onlyElement == .bool(true))
    }

    @Test func wholeDivisionRoundsDown() throws {
        let a = try Tensor.from([7, -7, 7, -7, Int.min])
        let b = try Tensor.from([2, 2, -2, -2, -1])
        #expect(try a.combined(.floorDivide, with: b).integers() == [3, -4, -4, 3, Int.min])
        #expect(try a.combined(.remainder, with: b).integers() == [1, 1, -1, -1, 0])
        #expect(try a.combined(.divide, with: .int(0)).doubles().first == .infinity)
        let error = #expect(throws: ArrayError.self) { try a.combined(.remainder, with: Tensor.from([1, 1, 1, 1, 0])) }
        #expect(error?.kind == .divisionByZero)
    }

    @Test func floatDivisionFollowsPythonAtTheEdges() throws {
        let a = try Tensor.from([7.5, -7.5, 1, -1, 0, .infinity])
        let b = try Tensor.from([2.0, 2, .infinity, .infinity, -3, 2])
        #expect(try a.combined(.floorDivide, with: b).doubles().prefix(5) == [3, -4, 0, -1, 0])
        let remainders = try a.combined(.remainder, with: b).doubles()
        #expect(remainders.prefix(4) == [1.5, 0.5, 1, .infinity])
        #expect(remainders[4].sign == .minus && remainders[5].isNaN)
    }

    @Test func powersOfWholeNumbersWrapAndRefuseNegativeOnes() throws {
        #expect(try Tensor.from([3, -2]).combined(.power, with: .int(3)).integers() == [27, -8])
        #expect(try Tensor.from([200] as [UInt8]).combined(.power, with: .int(2)).integers() == [64])
        #expect(throws: ArrayError.self) { try Tensor.from([3]).combined(.power, with: .int(-1)) }
        #expect(try Tensor.from([4.0]).combined(.power, with: .float(-0.5)).doubles() == [0.5])
    }

    @Test func truthValuesAreNotSubtracted() throws {
        let flags = try Tensor.from([true, false])
        #expect(try flags.combined(.add, with: flags).scalars() == [.bool(true), .bool(false)])
        #expect(throws: ArrayError.self) { try flags.combined(.subtract, with: flags) }
        #expect(throws: ArrayError.self) { try flags.elementwise(.negative) }
    }

    @Test func narrowFloatsAreComputedWideAndRoundedBack() throws {
        let a = try Tensor.from([0.1, 1000]).converted(to: .float16)
        let product = try a.combined(.multiply, with: a)
        #expect(product.dtype == .float16)
        #expect(try product.doubles() == [0.0099945068359375, .infinity])
    }

    @Test func notANumberSpreadsThroughExtremes() throws {
        let a = try Tensor.from([Double.nan, 1, 2])
        let b = try Tensor.from([1, Double.nan, 3])
        let least = try a.combined(.minimum, with: b).doubles()
        #expect(least[0].isNaN && least[1].isNaN && least[2] == 2)
        #expect(try a.clipped(nil, .scalar(.int(1))).doubles().suffix(2) == [1, 1])
    }

    @Test func complexNumbersCompute() throws {
        let a = Tensor(.complex(1, 2), dtype: .complex128)
        let b = Tensor(.complex(0, 2), dtype: .complex128)
        #expect(try a.combined(.multiply, with: b).onlyElement == .complex(-4, 2))
        #expect(try a.combined(.multiply, with: b).combined(.divide, with: b).onlyElement == .complex(1, 2))
        #expect(try Tensor(.complex(3, 4), dtype: .complex64).elementwise(.abs).onlyElement == .float(5))
        #expect(throws: ArrayError.self) { try a.combined(.less, with: b) }
    }

    @Test func matricesMultiply() throws {
        let a = try Tensor.arange(0, 6).reshaped([2, 3])
        #expect(try a.matrixProduct(a.transposed()).integers() == [5, 14, 14, 50])
        #expect(try a.matrixProduct(Tensor.from([1, 1, 1])).shape == [2])
        #expect(try Tensor.from([1, 2]).matrixProduct(Tensor.from([3, 4])).onlyElement == .int(11))
        #expect(try Tensor.ones([4, 1, 2, 3]).matrixProduct(Tensor.ones([5, 3, 2])).shape == [4, 5, 2, 2])
        #expect(throws: ArrayError.self) { try a.matrixProduct(a) }
    }

    /// Shapes that end inside of the tiles in which it is made.
    @Test(arguments: [(1, 1, 1), (3, 66, 5), (17, 131, 1030), (2, 64, 512)])
    func largeProductsAreSumsOfProducts(rows: Int, inner: Int, columns: Int) throws {
        var generator = RandomGenerator(seed: 7)
        let a = try Tensor.randomIntegers(-9, 10, shape: [rows, inner], using: &generator)
        let b = try Tensor.randomIntegers(-9, 10, shape: [inner, columns], using: &generator)
        let (x, y) = (try a.integers(), try b.integers())
        let sums = (0..<rows).flatMap { row in
            (0..<columns).map { column in (0..<inner).reduce(0) { $0 + x[row * inner + $1] * y[$1 * columns + column] } }
        }
        #expect(try a.matrixProduct(b).integers() == sums)
        #expect(try a.converted(to: .float64).matrixProduct(b.converted(to: .float64)).converted(to: .int64).integers() == sums)
    }

    @Test func roundingGoesToEven() throws {
        #expect(try Tensor.from([0.5, 1.5, -2.5]).rounded().doubles() == [0, 2, -2])
        #expect(try Tensor.from([1.234, 5.678]).rounded(decimals: 1).doubles() == [1.2, 5.7])
        #expect(try Tensor.from([15, 25]).rounded(decimals: -1).integers() == [20, 20])
    }

    @Test func chosenElementsComeFromBothSides() throws {
        let condition = try Tensor.from([true, false, true])
        let chosen = try Tensor.select(condition, .array(Tensor.from([1, 2, 3])), .scalar(.float(0.5)))
        #expect(try chosen.doubles() == [1, 0.5, 3])
    }

    @Test func tooLargeResultsAreRefusedBeforeTheyAreMade() throws {
        #expect(throws: ArrayError.self) { try Tensor.zeros([1 << 40]) }
        #expect(throws: ArrayError.self) { try Tensor.zeros([-1]) }
        let long = try Tensor.zeros([1 << 20]).reshaped([1 << 20, 1])
        let error = #expect(throws: ArrayError.self) { try long.combined(.add, with: Tensor.zeros([1 << 20])) }
        #expect(error?.kind == .limit)
        #expect(throws: ArrayError.self) { try long.tiled([1 << 30, 1 << 30]) }
        let wide = try Tensor.from([1]).broadcast(to: [1 << 40, 1])
        #expect(throws: ArrayError.self) { try wide.combined(.add, with: wide.transposed()) }
        #expect(throws: ArrayError.self) { try wide.broadcast(to: [1 << 40, -1]) }
        #expect(throws: ArrayError.self) { try Tensor.arange(0, Int.max) }
        #expect(throws: ArrayError.self) { try Tensor.arange(Int.min, Int.max) }
    }
}
