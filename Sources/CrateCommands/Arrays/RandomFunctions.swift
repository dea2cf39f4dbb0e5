import CrateLanguage
import CrateValues

/// The run's own random numbers, for draws without a seed of their own.
final class RandomState {
    /// What the run's draws began from.
    let seed: UInt64
    var generator: RandomGenerator
    /// Whether the run's generator has given anything.
    private(set) var wasDrawn = false

    init(seed: UInt64) {
        self.seed = seed
        generator = RandomGenerator(seed: seed)
    }

    /// Draws from the run's generator, or from a new one when `seed` is given.
    func draw(seed: Int?, _ body: (inout RandomGenerator) throws(ArrayError) -> Tensor) throws(Failure) -> Value {
        try arrayResult { () throws(ArrayError) in
            guard let seed else {
                wasDrawn = true
                return try body(&generator)
            }
            var own = RandomGenerator(seed: UInt64(bitPattern: Int64(seed)))
            return try body(&own)
        }
    }
}

/// Every array function of the language.
func arrayFunctions(random: RandomState) -> [NativeFunction] {
    ArrayFunction.all.map(\.function) + [
        randomFunction(random), randomNormalFunction(random), randomIntegersFunction(random), permutationFunction(random),
        shuffleFunction(random), choiceFunction(random),
    ]
}

private let shapeParameter = Parameter("shape", .sizes, .optional, "sizes; one number when left out").atLeast(0)
private let seedParameter = Parameter("seed", .int, .optional, named: true, "a whole number that always gives the same draw")
private let typeParameter = Parameter("dtype", .string, .optional, named: true, "element type")

/// A function that draws; the body gets its arguments and what to draw from.
private func drawing(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ examples: [String],
    body: @escaping (ArrayArguments) throws(Failure) -> Value
) -> NativeFunction {
    NativeFunction(name, summary, parameters, examples: examples) { (call) throws(Failure) in
        try body(ArrayArguments(name: name, parameters: parameters, values: call.arguments, rest: call.rest))
    }
}

private func randomFunction(_ state: RandomState) -> NativeFunction {
    drawing(
        "random", "Draw floats from 0 up to but without 1.", [shapeParameter, seedParameter, typeParameter],
        ["random([2, 3], seed: 1).shape  # [2, 3]"]
    ) { (call) throws(Failure) in
        let (shape, seed, dtype) = (try call.ints(0) ?? [], try call.int(1), try call.dtype(2) ?? .float64)
        return try state.draw(seed: seed) { (generator) throws(ArrayError) in try Tensor.random(shape, dtype: dtype, using: &generator) }
    }
}

private func randomNormalFunction(_ state: RandomState) -> NativeFunction {
    let parameters = [
        shapeParameter, Parameter("mean", .number, .optional, named: true, "0 by default"),
        Parameter("std", .number, .optional, named: true, "standard deviation, 1 by default"), seedParameter, typeParameter,
    ]
    return drawing("random_normal", "Draw from the normal distribution.", parameters, ["random_normal([4], seed: 1).dtype  # float64"]) {
        (call) throws(Failure) in
        let (shape, mean, deviation) = (try call.ints(0) ?? [], try call.double(1) ?? 0, try call.double(2) ?? 1)
        let (seed, dtype) = (try call.int(3), try call.dtype(4) ?? .float64)
        return try state.draw(seed: seed) { (generator) throws(ArrayError) in
            try Tensor.randomNormal(shape, mean: mean, deviation: deviation, dtype: dtype, using: &generator)
        }
    }
}

private func randomIntegersFunction(_ state: RandomState) -> NativeFunction {
    let parameters = [
        Parameter("low", .int, .required, "least number; the end when it is the only one"),
        Parameter("high", .int, .optional, "end, left out"),
        Parameter("shape", .sizes, .optional, "sizes; one number when left out").atLeast(0), seedParameter, typeParameter,
    ]
    return drawing(
        "random_integers", "Draw whole numbers up to but without the end.", parameters,
        ["random_integers(0, 256, shape: [2, 2], dtype: \"uint8\", seed: 7).dtype  # uint8"]
    ) { (call) throws(Failure) in
        let (first, second, shape) = (try call.int(0) ?? 0, try call.int(1), try call.ints(2) ?? [])
        let (seed, dtype) = (try call.int(3), try call.dtype(4) ?? .int64)
        return try state.draw(seed: seed) { (generator) throws(ArrayError) in
            try Tensor.randomIntegers(second == nil ? 0 : first, second ?? first, shape: shape, dtype: dtype, using: &generator)
        }
    }
}

private func permutationFunction(_ state: RandomState) -> NativeFunction {
    drawing(
        "permutation", "Give the numbers below a bound in random order.",
        [Parameter("count", .int, .required, "the bound"), seedParameter],
        ["sum(permutation(4, seed: 1))  # 6"]
    ) { (call) throws(Failure) in
        let (count, seed) = (try call.int(0) ?? 0, try call.int(1))
        return try state.draw(seed: seed) { (generator) throws(ArrayError) in try Tensor.permutation(count, using: &generator) }
    }
}

private func shuffleFunction(_ state: RandomState) -> NativeFunction {
    drawing(
        "shuffle", "Give an array's or list's items in random order.",
        [Parameter("a", .any, .required, "an array or list"), seedParameter],
        ["sum(shuffle([1, 2, 3], seed: 1))  # 6"]
    ) { (call) throws(Failure) in
        let seed = try call.int(1)
        if case .list(let list)? = call[0] {
            let order = try state.draw(seed: seed) { (generator) throws(ArrayError) in
                try Tensor.permutation(list.items.count, using: &generator)
            }
            return .list(ListObject(try positions(order).map { list.items[$0] }))
        }
        let tensor = try call.tensor(0)
        return try state.draw(seed: seed) { (generator) throws(ArrayError) in try tensor.shuffled(using: &generator) }
    }
}

private func choiceFunction(_ state: RandomState) -> NativeFunction {
    let parameters = [
        Parameter("a", .any, .required, "an array or list"), Parameter("count", .int, .optional, "how many; one item when left out"),
        Parameter("replace", .bool, .optional, named: true, "false takes each item at most once"), seedParameter,
    ]
    return drawing("choice", "Draw items at random.", parameters, ["len(choice([1, 2, 3], 2, seed: 1))  # 2"]) { (call) throws(Failure) in
        let (count, replaces, seed) = (try call.int(1), try call.flag(2) ?? true, try call.int(3))
        if case .list(let list)? = call[0] {
            let order = try state.draw(seed: seed) { (generator) throws(ArrayError) in
                try Tensor.arange(0, list.items.count).choice(count ?? 1, replaces: replaces, using: &generator)
            }
            let chosen = try positions(order).map { list.items[$0] }
            return count == nil ? chosen.first ?? .null : .list(ListObject(chosen))
        }
        let tensor = try call.tensor(0)
        return try state.draw(seed: seed) { (generator) throws(ArrayError) in
            let chosen = try tensor.choice(count ?? 1, replaces: replaces, using: &generator)
            return count == nil ? try chosen.at(0) : chosen
        }
    }
}

private func positions(_ order: Value) throws(Failure) -> [Int] {
    guard let tensor = try Tensor(order) else { return [] }
    return try failing { () throws(ArrayError) in try tensor.integers() }
}
