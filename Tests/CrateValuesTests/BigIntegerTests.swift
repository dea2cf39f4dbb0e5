import CrateValues
import Testing

@Suite struct BigIntegerTests {
    private func big(_ text: String) throws -> BigInteger { try #require(BigInteger(decimal: text)) }

    @Test func textGoesInAndOut() throws {
        for text in ["0", "-1", "18446744073709551616", "-340282366920938463463374607431768211456"] {
            #expect(try big(text).description == text)
        }
        #expect(try big("+7") == BigInteger(7))
        #expect(try big("-0") == BigInteger(0))
    }

    @Test(arguments: ["", "-", "+", "1 ", "0x10", "1_000", "--1", "١"])
    func otherTextIsRefused(_ text: String) { #expect(BigInteger(decimal: text) == nil) }

    @Test func tooManyDigitsAreRefused() {
        #expect(BigInteger(decimal: String(repeating: "9", count: 2_500_000)) == nil)
    }

    /// (dividend, divisor, quotient, remainder) as Python gives them.
    @Test(arguments: [
        ("100000000000000000007", "10", "10000000000000000000", "7"), ("-100000000000000000007", "10", "-10000000000000000001", "3"),
        ("100000000000000000007", "-10", "-10000000000000000001", "-3"), ("-100000000000000000007", "-10", "10000000000000000000", "-7"),
    ])
    func divisionRoundsDown(_ a: String, _ b: String, _ quotient: String, _ remainder: String) throws {
        #expect(try big(a).floorDivided(by: big(b))?.description == quotient)
        #expect(try big(a).remainder(dividingBy: big(b))?.description == remainder)
    }

    @Test func divisionByZeroIsNil() throws {
        #expect(try big("5").floorDivided(by: BigInteger(0)) == nil)
        #expect(try big("5").remainder(dividingBy: BigInteger(0)) == nil)
    }

    @Test func arithmeticKeepsAllDigits() throws {
        let a = try big("99999999999999999999")
        let b = BigInteger(Int.max)
        #expect((a + b).description == "109223372036854775806")
        #expect((b - a).description == "-90776627963145224192")
        #expect((a * b)?.description == "922337203685477580690776627963145224193")
        #expect(BigInteger(2).power(100)?.description == "1267650600228229401496703205376")
        #expect(a.negated.description == "-99999999999999999999")
    }

    @Test func growthIsBounded() {
        #expect(BigInteger(3).power(Int.max) == nil)
        #expect(BigInteger(2).power(-1) == nil)
        #expect(BigInteger(1).power(Int.max) == BigInteger(1))
        #expect(BigInteger(-1).power(3) == BigInteger(-1))
        #expect(BigInteger(2).power(65, limit: 64) == nil)
        let half = BigInteger(2).power(BigInteger.maximumBits / 2 + 1)
        #expect(half != nil)
        #expect(half.flatMap { $0 * $0 } == nil)
    }

    /// Number and the bytes that Python's `pickle.encode_long` gives.
    @Test(
        arguments: [
            (0, []), (255, [0xFF, 0x00]), (32767, [0xFF, 0x7F]), (-256, [0x00, 0xFF]), (-32768, [0x00, 0x80]), (-128, [0x80]),
            (127, [0x7F]),
            (-1, [0xFF]), (128, [0x80, 0x00]), (Int.min, [0, 0, 0, 0, 0, 0, 0, 0x80]),
        ] as [(Int, [UInt8])])
    func twosComplementIsThatOfPickles(_ number: Int, _ bytes: [UInt8]) {
        #expect(BigInteger(number).littleEndianTwosComplement == bytes)
        #expect(BigInteger(littleEndianTwosComplement: bytes)?.asInt == number)
    }

    @Test func paddedTwosComplementIsRead() {
        #expect(BigInteger(littleEndianTwosComplement: [0xFE, 0xFF, 0xFF])?.asInt == -2)
        #expect(BigInteger(littleEndianTwosComplement: [UInt8](repeating: 0, count: 2_000_000)) == nil)
    }

    @Test func narrowingSaysWhenItFits() throws {
        #expect(BigInteger(Int.min).asInt == Int.min)
        #expect(try big("9223372036854775808").asInt == nil)
        #expect(try big("18446744073709551615").asUInt64 == UInt64.max)
        #expect(BigInteger(-1).asUInt64 == nil)
        #expect(BigInteger(UInt64.max).description == "18446744073709551615")
    }

    /// The doubles that Python's `float(int)` gives: ties to even.
    @Test func doublesAreRoundedToEven() throws {
        #expect(try big("9007199254740993").toDouble == 9_007_199_254_740_992)
        #expect(try big("36893488147419107329").toDouble == 36_893_488_147_419_111_424)
        #expect(try big("36893488147419107328").toDouble == 36_893_488_147_419_103_232)
        #expect(try big("-36893488147419107329").toDouble == -36_893_488_147_419_111_424)
        #expect(BigInteger(10).power(400)?.toDouble == .infinity)
        #expect(BigInteger(truncating: -1e20)?.description == "-100000000000000000000")
        #expect(BigInteger(truncating: .nan) == nil)
    }

    @Test func orderAndHashGoByValue() throws {
        #expect(try big("-5") < big("3"))
        #expect(Set([try big("77777777777777777777"), try big("77777777777777777777"), BigInteger(1)]).count == 2)
        #expect(BigInteger(5).compare(with: 5.5) ?? 0 < 0)
        #expect(BigInteger(5).compare(with: .nan) == nil)
    }
}
