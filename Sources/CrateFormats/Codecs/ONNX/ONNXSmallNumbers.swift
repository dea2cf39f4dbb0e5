import CrateValues

/// Numbers of 2 and 4 bits, several to a byte, the first in the lowest bits.
enum ONNXSmallNumbers {
    /// One byte or one float32 for each; `nil` for types that are not unpacked.
    static func unpacked(_ bytes: Bytes, _ element: ONNXElementType, count: Int) -> (DType, Bytes)? {
        switch element {
        case .UINT4, .UINT2: (.uint8, integers(bytes, bits: element.bits, count: count) { $0 })
        case .INT4, .INT2: (.int8, integers(bytes, bits: element.bits, count: count) { signExtended($0, bits: UInt8(element.bits)) })
        case .FLOAT4E2M1: (.float32, floats(bytes, count: count))
        default: nil
        }
    }

    private static func part(_ bytes: UnsafeRawBufferPointer, _ index: Int, bits: Int) -> UInt8 {
        let first = index * bits
        return bytes[first / 8] >> UInt8(first % 8) & (1 << UInt8(bits) - 1)
    }

    private static func signExtended(_ value: UInt8, bits: UInt8) -> UInt8 { value >> (bits - 1) == 1 ? value | 0xFF << bits : value }

    private static func integers(_ bytes: Bytes, bits: Int, count: Int, _ widen: (UInt8) -> UInt8) -> Bytes {
        bytes.withBytes { input in
            Bytes(ByteRegion(count: count) { output in for index in 0..<count { output[index] = widen(part(input, index, bits: bits)) } })
        }
    }

    /// A sign, two bits of exponent, one of mantissa.
    private static func floats(_ bytes: Bytes, count: Int) -> Bytes {
        let magnitudes: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
        return bytes.withBytes { input in
            Bytes(
                ByteRegion(count: count * 4) { output in
                    for index in 0..<count {
                        let code = part(input, index, bits: 4)
                        let value = magnitudes[Int(code & 7)]
                        output.storeBytes(of: (code >= 8 ? -value : value).bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
                    }
                })
        }
    }
}
