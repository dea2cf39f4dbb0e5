import CrateValues
import Testing

/// Texts as numpy 2.4 prints the same arrays.
@Suite struct ArrayTextTests {
    @Test func floatsLineUpByTheirPoints() throws {
        #expect(try Tensor.from([1.0, 2.5, 3.25]).description == "[1.   2.5  3.25]")
        #expect(try Tensor.from([0.1, 1.0 / 3, 2]).description == "[0.1        0.33333333 2.        ]")
        #expect(try Tensor.from([Float(0.1), 1.0 / 3]).description == "[0.1        0.33333334]")
        #expect(try Tensor.from([1, Double.nan, -.infinity]).description == "[  1.  nan -inf]")
    }

    @Test func greatSpansTakeExponents() throws {
        #expect(try Tensor.from([0.001, 5]).description == "[1.e-03 5.e+00]")
        #expect(try Tensor.from([123456.789, 1e-3]).description == "[1.23456789e+05 1.00000000e-03]")
    }

    @Test func narrowFloatsShowTheDigitsThatMatter() throws {
        #expect(try Tensor.from([0.1, 3]).converted(to: .float16).description == "[0.1 3. ]")
    }

    @Test func rowsStandBelowEachOther() throws {
        #expect(try Tensor.from([1, -20, 300, 4]).reshaped([2, 2]).description == "[[  1 -20]\n [300   4]]")
        #expect(try Tensor.arange(0, 4).reshaped([2, 1, 2]).description == "[[[0 1]]\n\n [[2 3]]]")
    }

    @Test func longLinesAreBroken() throws {
        let lines = try Tensor.arange(0, 60).description.split(separator: "\n")
        #expect(lines.map(\.count) == [72, 72, 37])
        #expect(try Tensor.linspace(0, 1, count: 30).description.contains(" \n") == false)
    }

    @Test func largeArraysShowTheirEnds() throws {
        #expect(try Tensor.arange(0, 2000).description == "[   0    1    2 ... 1997 1998 1999]")
        let matrix = try Tensor.arange(0, 4000).reshaped([40, 100]).description
        #expect(matrix.hasPrefix("[[   0    1    2 ...   97   98   99]\n"))
        #expect(matrix.contains("\n ...\n"))
    }

    @Test func anArrayWithoutDimensionsShowsItsElement() {
        #expect(Tensor(.float(2), dtype: .float32).description == "2.0")
        #expect(Tensor(.float(2), dtype: .float32).summary == "float32 []")
    }
}
