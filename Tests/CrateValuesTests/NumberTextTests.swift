import CrateValues
import Testing

@Suite struct NumberTextTests {
    /// As Python's `repr` writes them.
    @Test(arguments: [
        (1.0, "1.0"), (1e-7, "1e-07"), (1e16, "1e+16"), (1e15, "1000000000000000.0"), (123456789012345680.0, "1.2345678901234568e+17"),
        (0.0001, "0.0001"), (0.00001, "1e-05"), (-0.0, "-0.0"), (.nan, "nan"), (-.infinity, "-inf"), (.leastNonzeroMagnitude, "5e-324"),
        (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (0.1, "0.1"), (12345.678, "12345.678"), (100, "100.0"), (1e22, "1e+22"),
    ])
    func shortestTextIsPythons(_ value: Double, _ text: String) { #expect(value.shortestText == text) }

    @Test func singlesHaveTheirOwnShortestText() { #expect(Float(0.1).shortestText == "0.1") }

    /// As Python's `format` writes them.
    @Test(arguments: [
        (".3f", 1234567.891, "1234567.891"), (",", 1234567.891, "1,234,567.891"), (",.2f", -1234567.891, "-1,234,567.89"),
        ("e", 0.000012345, "1.234500e-05"),
        ("g", 1e20, "1e+20"), ("%", 0.5, "50.000000%"), (".1%", 0.1234, "12.3%"), ("08.2f", -3.14159, "-0003.14"),
        (">10", 2.5, "       2.5"),
        ("<8", 2.5, "2.5     "), ("*^9", 2.5, "***2.5***"), ("+.2f", 2.675, "+2.67"), (".3", 2.0, "2.0"), (" ", 1.5, " 1.5"),
        ("f", .infinity, "inf"),
        ("F", -.infinity, "-INF"), ("08", .nan, "00000nan"),
    ])
    func floatsAreFormatted(_ format: String, _ value: Double, _ text: String) throws {
        #expect(try #require(NumberFormat(format)).text(value) == text)
    }

    @Test(arguments: [
        ("d", 42, "42"), (",", -1_234_567, "-1,234,567"), ("_", 1_234_567, "1_234_567"), ("08d", -42, "-0000042"), ("=+8", 42, "+     42"),
        ("x", 255, "ff"),
        ("X", -255, "-FF"), ("b", 5, "101"), ("o", 8, "10"), (".2f", 3, "3.00"), ("%", 1, "100.000000%"),
        (">6", Int.min, "-9223372036854775808"),
    ])
    func wholeNumbersAreFormatted(_ format: String, _ value: Int, _ text: String) throws {
        #expect(try #require(NumberFormat(format)).text(value) == text)
    }

    @Test(arguments: ["q", ".f", "10 ", ".3ff", "99999", "1.99999f", "é"])
    func otherFormatsAreRefused(_ format: String) { #expect(NumberFormat(format) == nil) }

    @Test func formatsThatDontApplyAreNil() throws {
        #expect(try #require(NumberFormat("d")).text(1.5) == nil)
        #expect(try #require(NumberFormat(".2d")).text(1) == nil)
        #expect(try #require(NumberFormat(",")).text("text") == nil)
    }

    @Test func textIsPaddedAndCut() throws {
        #expect(try #require(NumberFormat("6")).text("ab") == "ab    ")
        #expect(try #require(NumberFormat(">6.3")).text("abcdef") == "   abc")
    }

    @Test func digestsAreThoseOfTheStandard() {
        #expect(SHA256Digest.hex(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        var pieces = SHA256Digest()
        pieces.update(Array("a".utf8))
        pieces.update(Bytes(Array("bc".utf8)))
        #expect(pieces.hex() == SHA256Digest.hex(of: Array("abc".utf8)))
        #expect(SHA256Digest().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
