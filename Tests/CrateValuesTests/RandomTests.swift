import CrateValues
import Testing

@Suite struct RandomTests {
    /// What a seed gives is a promise: these digests never change.
    @Test func aSeedAlwaysGivesTheSame() throws {
        var generator = RandomGenerator(seed: 7)
        #expect(generator.next() == 12_923_355_070_828_475_994)
        #expect(
            try Tensor.random([10, 20], using: &generator).digest() == "0ac33a0e403fd14e3b9b645505728e986417082c5ab734362aff49610683c506")
        #expect(
            try Tensor.random([10], dtype: .float32, using: &generator).digest()
                == "dc90d9314ef292e3b65efb35fbd13303b050600cb93917121357c01e69666037")
        #expect(
            try Tensor.randomNormal([100], using: &generator).digest() == "0ce791feb721fafa47a4d2230770d7e5b5dd80a2069281144a70512bbd627ecd"
        )
        #expect(
            try Tensor.randomIntegers(0, 256, shape: [128, 3], dtype: .uint8, using: &generator).digest()
                == "3d0e00d204aa3ca33634979c851395615afa49e75577f80796822f0578d0c945")
        #expect(
            try Tensor.permutation(50, using: &generator).digest() == "9dc8a5db9ce3c75be1bcd9e983e175514927f8d73c33fbd71c849d2f53975b43")
    }

    @Test func drawsFillTheirRangeAndNoMore() throws {
        var generator = RandomGenerator(seed: 1)
        let dice = try Tensor.randomIntegers(-1, 2, shape: [300], dtype: .int8, using: &generator)
        #expect(try dice.distinct().values.integers() == [-1, 0, 1])
        for dtype in [DType.float16, .bfloat16, .float32, .float64] {
            let draws = try Tensor.random([20_000], dtype: dtype, using: &generator)
            guard case .float(let greatest)? = try draws.reduced(.max).onlyElement else { return #expect(Bool(false)) }
            #expect(greatest < 1 && greatest > 0.9)
        }
        #expect(try Tensor.randomIntegers(Int.min, Int.max, shape: [4], using: &generator).distinct().values.count == 4)
    }

    @Test func normalDrawsHaveTheirMeanAndSpread() throws {
        var generator = RandomGenerator(seed: 2)
        let draws = try Tensor.randomNormal([100_000], mean: 5, deviation: 2, using: &generator)
        let mean = try draws.reduced(.mean).doubles()[0]
        let deviation = try draws.reduced(.deviation).doubles()[0]
        #expect(abs(mean - 5) < 0.03 && abs(deviation - 2) < 0.03)
    }

    @Test func choicesComeFromTheirArray() throws {
        var generator = RandomGenerator(seed: 3)
        let source = try Tensor.from([10, 20, 30, 40])
        #expect(try source.shuffled(using: &generator).sorted().integers() == [10, 20, 30, 40])
        #expect(try source.choice(4, replaces: false, using: &generator).distinct().values.count == 4)
        #expect(throws: ArrayError.self) { try source.choice(5, replaces: false, using: &generator) }
        #expect(throws: ArrayError.self) { try source.choice(-1, using: &generator) }
        #expect(throws: ArrayError.self) { try Tensor.zeros([0]).choice(1, using: &generator) }
    }

    @Test func wrongRangesAndTypesAreRefused() {
        var generator = RandomGenerator(seed: 4)
        #expect(throws: ArrayError.self) { try Tensor.randomIntegers(3, 3, shape: [1], using: &generator) }
        #expect(throws: ArrayError.self) { try Tensor.randomIntegers(0, 257, shape: [1], dtype: .uint8, using: &generator) }
        #expect(throws: ArrayError.self) { try Tensor.random([1], dtype: .int8, using: &generator) }
        #expect(throws: ArrayError.self) { try Tensor.randomNormal([1], deviation: -1, using: &generator) }
        #expect(throws: ArrayError.self) { try Tensor.permutation(.min, using: &generator) }
    }

    /// Once for each wish, as whoever is asked says.
    @Test func longWorkStopsWhereItIsAskedTo() throws {
        var generator = RandomGenerator(seed: 5)
        let square = try Tensor.random([64, 64], using: &generator)
        var questions = 0
        func isStopped(at question: Int, _ body: () throws(ArrayError) -> Tensor) -> Bool {
            questions = 0
            let result = ArrayWork.stopping(when: {
                questions += 1
                return questions == question
            }) { () -> ArrayError? in
                do throws(ArrayError) { _ = try body() } catch { return error }
                return nil
            }
            return result?.kind == .interrupted
        }
        #expect(isStopped(at: 3) { () throws(ArrayError) in try square.matrixProduct(square) } && questions == 3)
        #expect(isStopped(at: 3) { () throws(ArrayError) in try square.sorted() } && questions == 3)
        #expect(isStopped(at: 2) { () throws(ArrayError) in try Tensor.random([1_000_000], using: &generator) } && questions == 2)
        #expect(!isStopped(at: 99) { () throws(ArrayError) in try square.matrixProduct(square) } && questions == 4)
    }
}
