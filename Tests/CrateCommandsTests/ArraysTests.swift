import CrateLanguage
import CrateValues
import Testing

@testable import CrateCommands

/// Arrays as scripts use them: through the interpreter, with nothing else of the session around.
@Suite struct ArraysTests {
    private final class ArrayHost: Host {
        private let functions: [String: NativeFunction]

        init(seed: UInt64) {
            let all = arrayFunctions(random: RandomState(seed: seed))
            functions = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        }

        var examples: [String] { functions.values.flatMap(\.examples) }
        var names: [String] { Array(functions.keys) }
        func verb(named name: String) -> NativeFunction? { nil }
        func function(named name: String) -> NativeFunction? { functions[name] }
        func constant(named name: String) throws(Failure) -> Value? { nil }
        func define(handler: HandlerDefinition) throws(Failure) {}
    }

    /// The text of the last expression, or `kind: message`.
    private func run(_ text: String, seed: UInt64 = 1) -> String {
        let host = ArrayHost(seed: seed)
        let interpreter = Interpreter(host: host)
        return withExtendedLifetime(host) {
            switch interpreter.run(Source(name: "test", text: text)) {
            case .finished(let value): value?.description ?? ""
            case .failed(let failure): "\(failure.kind): \(failure.message)"
            case .incomplete: "incomplete"
            case .exit(let status): "exit \(status)"
            }
        }
    }

    @Test func everyFunctionHasARealExample() {
        let host = ArrayHost(seed: 1)
        for name in host.names {
            #expect(host.function(named: name)?.examples.isEmpty == false, "\(name) has no example")
        }
    }

    // MARK: making

    @Test(arguments: [
        ("array([[1, 2], [3, 4]]).dtype", "int64"), ("array([1, 2.5]).dtype", "float64"), ("array([true, false]).dtype", "bool"),
        ("array([]).dtype", "float64"), ("array([[1, 2], [3.5, 4]]).shape", "[2, 2]"), ("array([zeros([2]), ones([2])]).shape", "[2, 2]"),
        ("array([1, 2], dtype: \"uint8\").nbytes", "2"), ("array([18446744073709551615]).dtype", "uint64"),
        ("full([2], 2.5, dtype: \"int8\").tolist()", "[2, 2]"),
    ])
    func listsBecomeArrays(_ expression: String, _ expected: String) { #expect(run(expression) == expected) }

    @Test func raggedListsNameThePlace() {
        #expect(run("array([[1, 2], [3]])") == "value: the list is ragged: the part at [1] has shape [1], the one at [0] [2]")
        #expect(run("array([[[1], [2, 3]]])").contains("at [0][1]"))
        #expect(run("array([1, [2]])").hasPrefix("value: the list is ragged"))
        #expect(run("array([1, \"a\"])") == "type: the item at [1] is a value of type string, not a number")
    }

    @Test func wrongArgumentsAreNamed() {
        #expect(run("zeros([2], dtype: \"float99\")") == "value: there is no element type `float99`")
        #expect(run("zeros([-1])").hasPrefix("value: "))
        #expect(run("zeros([1000000, 1000000])").hasPrefix("limit: "))
        #expect(run("int8([300])") == "overflow: 300 doesn't fit int8")
        #expect(run("int8(array([300])).tolist()") == "[44]")
        #expect(run("linspace(0, 1, -1)").hasPrefix("value: "))
        #expect(run("reshape([1, 2], [\"a\"])").hasPrefix("type: reshape: `shape`"))
    }

    // MARK: indexing

    @Test(arguments: [
        ("arange(6).reshape([2, 3])[1, 2]", "5"), ("arange(6).reshape([2, 3])[-1].tolist()", "[3, 4, 5]"),
        ("arange(6)[1:3].tolist()", "[1, 2]"),
        ("arange(12).reshape([3, 4])[0][2:4].tolist()", "[2, 3]"), ("arange(6).reshape([2, 3])[:, 0].tolist()", "[0, 3]"),
        ("arange(6)[arange(6) > 3].tolist()", "[4, 5]"), ("arange(6)[[4, -1, 0]].tolist()", "[4, 5, 0]"),
        ("arange(6).reshape([2, 3])[:, [2, 0]].tolist()", "[[2, 0], [5, 3]]"), ("arange(3)[null].shape", "[1, 3]"),
        ("arange(3)[3]", "index: index 3 is out of bounds for axis 0 with size 3"),
        ("arange(3)[0, 0]", "index: too many indices for an array of 1 dimensions: 2"),
        ("arange(3)[1.5]", "type: an array can't be indexed by a value of type float"),
        ("arange(3)[[true, false]]", "shape: a mask of shape [2] doesn't fit an array of shape [3]"),
    ])
    func elementsAreReached(_ expression: String, _ expected: String) { #expect(run(expression) == expected) }

    @Test(arguments: [
        ("let a = arange(4); a[1] = 9; a.tolist()", "[0, 9, 2, 3]"), ("let a = zeros([2, 3]); a[1][2] = 5; a[1, 2]", "5.0"),
        ("let a = arange(4); let b = a[1:3]; b[0] = 9; a.tolist()", "[0, 1, 2, 3]"), ("let a = arange(4); let b = a; b[0] = 9; a[0]", "9"),
        ("let a = arange(4); a[a > 1] = 0; a.tolist()", "[0, 1, 0, 0]"),
        ("let a = zeros([2, 2]); a[0:2, 1] = [7, 8]; a.tolist()", "[[0.0, 7.0], [0.0, 8.0]]"),
        ("let a = zeros([2], dtype: \"uint8\"); a[0] = 256", "overflow: 256 doesn't fit uint8, the array's type"),
        ("let a = zeros([2]); a[0] = \"x\"", "type: a value of type string can't be stored in an array"),
        ("let a = zeros([2, 2]); a[0] = [1, 2, 3]", "shape: shapes [3] and [2] can't be broadcast together"),
    ])
    func elementsAreStored(_ script: String, _ expected: String) { #expect(run(script) == expected) }

    @Test(arguments: [
        ("let a = arange(6); a[:] = a; a.tolist()", "[0, 1, 2, 3, 4, 5]"),
        ("let a = arange(3); a[a] = a; a.tolist()", "[0, 1, 2]"),
        ("let a = array([2, 0, 1]); a[a] = 7; a.tolist()", "[7, 7, 7]"),
        ("let a = array([2, 0, 1]); a[a] = a; a.tolist()", "[0, 1, 2]"),
        ("let a = array([true, false, true]); a[a] = false; a.tolist()", "[false, false, false]"),
        ("let a = array([true, false]); a[:] = a; a[a] = a[a]; a.tolist()", "[true, false]"),
        ("let a = arange(4); a[1:] = a[:3]; a.tolist()", "[0, 0, 1, 2]"),
        ("let a = arange(6); a[:3] = a", "shape: shapes [6] and [3] can't be broadcast together"),
        ("let a = arange(4).reshape([2, 2]); a[0] = a[1]; a[:, :] = a; a.tolist()", "[[2, 3], [2, 3]]"),
    ])
    func anArrayIsStoredInItself(_ script: String, _ expected: String) { #expect(run(script) == expected) }

    @Test(arguments: [
        "sum(zeros([9223372036854775807, 0, 2]), axis: 1)", "argsort(zeros([4294967296, 4294967296, 0]))", "zeros([1000000000, 0])",
        "sum(zeros([4294967296, 4294967296, 0]), axis: 2)", "zeros([4294967296, 0]) == zeros([4294967296, 0])",
        "zeros([0]).reshape([0, 9223372036854775807])",
        "broadcast_to(zeros([1, 0]), [9223372036854775807, 0])", "broadcast_to(zeros([1, 0]), [1000000000, 0])",
        "zeros([10000001, 1], dtype: \"int8\").tolist()",
    ])
    func rowsOfNothingAreLimited(_ expression: String) { #expect(run(expression).hasPrefix("limit: ")) }

    @Test func emptyArraysKeepTheirRows() {
        #expect(run("zeros([3, 0]).tolist()") == "[[], [], []]")
        #expect(run("sum(zeros([2, 0, 3]), axis: 1).tolist()") == "[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]")
        #expect(run("zeros([1000000, 0])") == "[]")
        #expect(run("arange(6).reshape([2, 3])[:, [false, false, false]].shape") == "[2, 0]")
    }

    // MARK: computing

    @Test(arguments: [
        ("(array([1, 2]) + 1).tolist()", "[2, 3]"), ("(10 - array([1, 2])).tolist()", "[9, 8]"),
        ("(array([1, 2]) * [3, 4]).tolist()", "[3, 8]"),
        ("([1, 2] + array([3, 4])).tolist()", "[4, 6]"), ("(array([1, 2]) == [1, 3]).tolist()", "[true, false]"),
        ("(-array([1, -2])).tolist()", "[-1, 2]"),
        ("array([[1, 2], [3, 4]]) @ array([1, 1])", "[3 7]"), ("(uint8([250]) + 10).tolist()", "[4]"), ("(int8([1]) / 2).dtype", "float64"),
        ("array([1]) // 0", "division_by_zero: a whole number can't be divided by zero"),
        ("uint8([1]) + 300", "overflow: 300 doesn't fit uint8, the array's type"),
        ("array([1, 2]) + [1, 2, 3]", "shape: shapes [2] and [3] can't be broadcast together"),
    ])
    func operatorsWorkBothWays(_ expression: String, _ expected: String) { #expect(run(expression) == expected) }

    @Test(arguments: [
        ("sum([1, 2.5])", "3.5"), ("sum([9223372036854775807, 1])", "9223372036854775808"), ("max(3, 1, 2)", "3"),
        ("min([\"b\", \"a\"])", "a"),
        ("max(array([[1, 5], [3, 2]]), axis: 0).tolist()", "[3, 5]"), ("array([[1, 5], [3, 2]]).max(axis: 1).tolist()", "[5, 3]"),
        ("max([[1, 5], [7, 2]])", "7"),
        ("array([1, 2, 3, 4]).mean()", "2.5"), ("mean([[1, 2], [3, 4]], axis: 1, keepdims: true).shape", "[2, 1]"),
        ("std([1, 2, 3], ddof: 1)", "1.0"),
        ("min([])", "value: min of an empty list is not defined"),
        ("max([1, \"a\"])", "type: a value of type string and one of type int can't be put in order"),
    ])
    func reductionsOfPlainAndArrays(_ expression: String, _ expected: String) { #expect(run(expression) == expected) }

    @Test(arguments: [
        ("abs(-3)", "3"), ("abs(-9223372036854775807 - 1)", "9223372036854775808"), ("round(2.5)", "2"), ("round(2.675, 2)", "2.67"),
        ("round(1234, -2)", "1200"),
        ("round(1e30)", "1000000000000000019884624838656"), ("floor(-1.5)", "-2"), ("sqrt(16)", "4.0"),
        ("sqrt(-1)", "value: sqrt of -1.0 is not defined"),
        ("log(0)", "value: log of 0.0 is not defined"), ("exp(1000)", "overflow: exp of 1000.0 is too large for a float"),
        ("sin(\"x\")", "type: sin: `x` should be an array, a list or a number, not a value of type string"),
        ("sqrt(array([4, 9])).tolist()", "[2.0, 3.0]"), ("float32(0.1)", "0.10000000149011612"), ("clip(5, 0, 3)", "3"),
    ])
    func mathematicsOfPlainNumbers(_ expression: String, _ expected: String) { #expect(run(expression) == expected) }

    // MARK: drawing

    @Test func drawsRepeatWithTheirSeed() {
        #expect(run("random([3], seed: 4).tolist()", seed: 1) == run("random([3], seed: 4).tolist()", seed: 2))
        #expect(run("random([3]).tolist()", seed: 1) == run("random([3]).tolist()", seed: 1))
        #expect(run("random([3]).tolist()", seed: 1) != run("random([3]).tolist()", seed: 2))
        #expect(run("let a = random([3]); (a == random([3])).any()") == "false")
        #expect(run("random_integers(5, 6)") == "5")
        #expect(run("random_integers(3, 3)").hasPrefix("value: "))
        #expect(run("choice([\"a\"], seed: 1)") == "a")
    }

    @Test func loopsAndMembership() {
        #expect(run("let s = 0\nfor x in array([1, 2, 3]) { s = s + x }\ns") == "6")
        #expect(run("2 in array([1, 2])") == "true")
        #expect(run("array([[1, 2], [3, 4]]).T.tolist()") == "[[1, 3], [2, 4]]")
        #expect(run("arange(3).shap").hasPrefix("name") || run("arange(3).shap").contains("shape"))
    }
}
