import CrateLanguage
import Testing

@Suite struct DictObjectTests {
    @Test func keepsTheOrderOfFirstInsertion() {
        let dict = DictObject()
        for name in ["c", "a", "b"] { dict[name] = .string(name) }
        dict["a"] = .int(1)
        dict["c"] = nil
        dict["c"] = .int(3)
        #expect(dict.keys == [.string("a"), .string("b"), .string("c")])
        #expect(dict.entries.map { $0.value.description } == ["1", "b", "3"])
        #expect(dict.count == 3)
    }

    @Test func agreesWithDictionaryUnderRandomUse() {
        var generator = SystemRandomNumberGenerator()
        let dict = DictObject()
        var model: [Key: Int] = [:]
        for step in 0..<20_000 {
            let number = Int.random(in: 0..<300, using: &generator)
            let key: Key = number % 2 == 0 ? .string("k\(number)") : .int(number)
            if step % 3 == 0 {
                dict[key] = nil
                model[key] = nil
            } else {
                dict[key] = .int(step)
                model[key] = step
            }
        }
        #expect(dict.count == model.count && dict.entries.count == model.count)
        for (key, value) in model { #expect(dict[key]?.description == "\(value)") }
        for key in dict.keys { #expect(model[key] != nil) }
    }

    @Test func keepsKeysApartThatOnlyLookAlike() {
        let dict = DictObject()
        dict["é"] = .int(1)
        dict["e\u{301}"] = .int(2)
        #expect(dict.count == 2 && dict["é"]?.description == "1" && dict["e\u{301}"]?.description == "2")
    }

    @Test func numbersAreKeysByValue() {
        let dict = DictObject()
        dict[.int(1)] = .string("one")
        dict[.float(1.5)] = .string("half")
        dict[.bool(true)] = .string("true")
        dict[.null] = .string("null")
        dict[.float(.nan)] = .string("nan")
        dict[.tuple([.int(1), .string("x")])] = .string("pair")
        #expect(dict[.float(1)]?.description == "one" && dict[.bool(true)]?.description == "true" && dict[.float(1.5)]?.description == "half")
        #expect(dict[.null]?.description == "null" && dict[.float(.nan)]?.description == "nan" && dict[.tuple([.float(1), .string("x")])]?.description == "pair")
        #expect(dict[.int(0)] == nil && dict[.tuple([])] == nil && dict[.bool(false)] == nil)
        #expect(Key.float(1).hashValue == Key.int(1).hashValue && Key.float(1) == .int(1) && Key.bool(true) != .int(1))
    }

    @Test func aCopyIsIndependent() {
        let dict = DictObject()
        for number in 0..<100 { dict["k\(number)"] = .int(number) }
        let copy = dict.copy()
        dict["k1"] = nil
        copy["new"] = .null
        #expect(dict.count == 99 && copy.count == 101 && copy["k1"]?.description == "1" && dict["new"] == nil)
        copy.removeAll()
        #expect(copy.count == 0 && copy["k5"] == nil && dict["k5"] != nil)
    }
}
