import Testing

@testable import CrateValues

@Suite struct CastTests {
    @Test func floatsLoseTheirFractionAndWrap() throws {
        let values = try Tensor.from([1.9, -1.9, 255.9, 256, -129, 3e9])
        #expect(try values.converted(to: .int8).integers() == [1, -1, -1, 0, 127, 0])
        #expect(try values.converted(to: .uint8).integers() == [1, 255, 255, 0, 127, 0])
        #expect(try values.converted(to: .int32).integers() == [1, -1, 255, 256, -129, -2_147_483_648])
        #expect(try values.converted(to: .int64).integers() == [1, -1, 255, 256, -129, 3_000_000_000])
    }

    @Test func whatIsNoNumberBecomesTheLeastOne() throws {
        let values = try Tensor.from([Double.nan, .infinity, -.infinity, 1e300])
        #expect(try values.converted(to: .int64).integers() == [Int.min, Int.min, Int.min, Int.min])
        #expect(try values.converted(to: .bool).scalars() == [.bool(true), .bool(true), .bool(true), .bool(true)])
    }

    /// SHA-256 of all patterns as float32, NaN replaced by -12345, computed with numpy 2.4 and ml_dtypes.
    private let digests = [
        "float16": "d28020e5c41faa2b496b8681c95e2b9eaf76881f2b7cbe80feef3bb2a3a4c8ea",
        "bfloat16": "c8ffc8228f62bcb49a7fceda6700777d73573a2d123c44ed486344f5ba3853e2",
        "float8_e4m3fn": "16ce8486cd4e06690f6947a8dfe1261ba3be22ddf16ffbfe4cb25bb8503e620e",
        "float8_e5m2": "1b6460cdc9346f88f1cdcf928d56b37944fdf2e1afe8a950aa5ed44875aff266",
        "float8_e4m3fnuz": "08d13674f55c750d38c1ced64e6d56b1540cbaeeaea2f154397a8d8397495f9c",
        "float8_e5m2fnuz": "18ef73bd6a3255b6ae44a08f69e9bc47d037497ed8d9979a17b4f8dcb819c343",
        "float8_e8m0fnu": "2585fa4242923e0690d1b4e0b123a457fbc5ebcb7081f5d850bf44c51f7dce68",
    ]

    @Test(arguments: [DType.float16, .bfloat16, .float8_e4m3fn, .float8_e5m2, .float8_e4m3fnuz, .float8_e5m2fnuz, .float8_e8m0fnu])
    func everyPatternOfNarrowFloatsSurvives(_ dtype: DType) throws {
        let count = dtype.size == 1 ? 256 : 65536
        let patterns = try Tensor.arange(0, count, dtype: dtype.size == 1 ? .uint8 : .uint16)
        let floats = try #require(Tensor(dtype: dtype, shape: [count], bytes: patterns.bytes)).converted(to: .float32)
        let isNumber = try floats.combined(.equal, with: floats)
        let back = try #require(Tensor(dtype: patterns.dtype, shape: [count], bytes: floats.converted(to: dtype).bytes))
        #expect(try back.masked(isNumber).isIdentical(to: patterns.masked(isNumber)))
        let marked = try Tensor.select(isNumber, .array(floats), .scalar(.float(-12345)))
        #expect(try marked.digest() == digests[dtype.rawValue])
    }

    @Test func narrowingRoundsOnceToEven() throws {
        // 1 + 2^-11 + 2^-40 lies above the middle of two float16; by way of float32 it would be the middle itself.
        let value = 1 + 0x1p-11 + 0x1p-40
        #expect(try Tensor.from([value]).converted(to: .float16).doubles() == [1 + 0x1p-10])
        #expect(try Tensor.from([1 + 0x1p-11]).converted(to: .float16).doubles() == [1])
        #expect(
            try Tensor.from([65519, 65520, -1e9, 6e-8, 1e-8]).converted(to: .float16).doubles() == [
                65504, .infinity, -.infinity, 0x1p-24, 0,
            ])
    }

    @Test func eightBitFloatsOverflowAsTheirKindSays() throws {
        let large = try Tensor.from([448.0, 464, 465, 57344, 1e9])
        #expect(try large.converted(to: .float8_e4m3fn).doubles().prefix(2) == [448, 448])
        #expect(try large.converted(to: .float8_e4m3fn).doubles()[2].isNaN)
        #expect(try large.converted(to: .float8_e5m2).doubles() == [448, 448, 448, 57344, .infinity])
        #expect(try large.converted(to: .float8_e5m2fnuz).doubles()[4].isNaN)
    }

    @Test func complexNumbersKeepTheirRealPart() throws {
        let values = Tensor(.complex(2.5, -1), dtype: .complex64)
        #expect(try values.converted(to: .int32).integers() == [2])
        #expect(values.imaginary.onlyElement == .float(-1))
        #expect(try Tensor.from([0.0, 3]).converted(to: .complex128).scalars() == [.complex(0, 0), .complex(3, 0)])
        #expect(try Tensor(.complex(0, 1), dtype: .complex128).converted(to: .bool).onlyElement == .bool(true))
    }

    @Test func bytesTurnRoundPerPart() throws {
        #expect(try Tensor.from([1, 256]).converted(to: .int16).byteSwapped().integers() == [256, 1])
        let number = Tensor(.complex(1, 2), dtype: .complex64)
        #expect(try number.byteSwapped().byteSwapped().isIdentical(to: number))
        #expect(try number.byteSwapped().bytes.array == [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0])
    }

    @Test func unalignedBytesAreRead() throws {
        let all = Bytes([0xFF, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])
        let part = try #require(all.slice(1..<9))
        let values = try #require(Tensor(dtype: .float32, shape: [2], bytes: part))
        #expect(try values.combined(.add, with: values).doubles() == [2, 4])
        #expect(try values.reduced(.sum).onlyElement == .float(3))
    }

    /// The notebook's tone: 3 s of 220 Hz at 44100 Hz, cut to int16, whose digest Python gives.
    @Test func theToneIsPythonsToTheLastBit() throws {
        let time = try Tensor.linspace(0, 3, count: 3 * 44100, includesEnd: false)
        let wave = try time.combined(.multiply, with: .float(2 * Double.pi * 220)).elementwise(.sin)
        let samples = try wave.combined(.multiply, with: .float(0.3)).combined(.multiply, with: .int(32767)).converted(to: .int16)
        #expect(try samples.digest() == "bb8ecc9455a1b59900877b46d0ab0c99898feeb40c10dd470a6fb07df83d4e8a")
    }
}
