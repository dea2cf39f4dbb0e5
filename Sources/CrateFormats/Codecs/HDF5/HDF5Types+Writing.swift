import CrateValues

/// Datatype, dataspace and content of one dataset or attribute, as messages of a header.
struct HDF5Value {
    enum Content {
        case bytes([UInt8])
        case tensor(Tensor)
    }

    let type: [UInt8]
    let space: [UInt8]
    let content: Content

    var byteCount: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .tensor(let tensor): tensor.byteCount
        }
    }

    // MARK: Dataspaces

    static let nullSpace: [UInt8] = [2, 0, 0, 2]

    static func space(_ shape: [Int]) -> [UInt8] {
        var message: [UInt8] = [1, UInt8(truncatingIfNeeded: shape.count), 0, 0, 0, 0, 0, 0]
        for size in shape { message.append(littleEndian: UInt64(size)) }
        return message
    }

    // MARK: Datatypes

    /// The type message of an array's elements; `nil` for types that no file of this kind has.
    static func type(of dtype: DType) -> [UInt8]? {
        switch dtype {
        case .bool: return bool
        case .complex64: return complex(.float32)
        case .complex128: return complex(.float64)
        case _ where dtype.isInteger: return integer(dtype)
        default: return float(dtype)
        }
    }

    /// Class and version 1 in one byte, three bytes of flags, and the size.
    private static func head(_ kind: UInt8, _ flags: [UInt8], size: Int) -> [UInt8] {
        var message = [0x10 | kind] + flags
        message.append(littleEndian: UInt32(truncatingIfNeeded: size))
        return message
    }

    private static func integer(_ dtype: DType) -> [UInt8] {
        var message = head(0, [dtype.isSignedInteger ? 8 : 0, 0, 0], size: dtype.size)
        message.append(littleEndian: UInt16(0))
        message.append(littleEndian: UInt16(dtype.size * 8))
        return message
    }

    /// Flags: the mantissa's highest bit is implied, and where the sign stands.
    private static func float(_ dtype: DType) -> [UInt8]? {
        guard let layout = HDF5FloatLayout.of(dtype) else { return nil }
        let bits = dtype.size * 8
        var message = head(1, [0x20, UInt8(bits - 1), 0], size: dtype.size)
        message.append(littleEndian: UInt16(0))
        message.append(littleEndian: UInt16(bits))
        message += [UInt8(layout.mantissaBits), UInt8(layout.exponentBits), 0, UInt8(layout.mantissaBits)]
        message.append(littleEndian: layout.bias)
        return message
    }

    /// As h5py has them: a record of the parts r and i.
    private static func complex(_ part: DType) -> [UInt8]? {
        guard let type = float(part) else { return nil }
        var message = head(6, [2, 0, 0], size: part.size * 2)
        for (index, name) in ["r", "i"].enumerated() {
            message += Array(name.utf8) + [UInt8](repeating: 0, count: 7)
            message.append(littleEndian: UInt32(index * part.size))
            // No array: rank, reserved, permutation, reserved, four sizes.
            message += [UInt8](repeating: 0, count: 28) + type
        }
        return message
    }

    /// As h5py has it: numbers called FALSE and TRUE.
    private static var bool: [UInt8] {
        head(8, [2, 0, 0], size: 1) + integer(.int8) + Array("FALSE\0\0\0TRUE\0\0\0\0".utf8) + [0, 1]
    }

    /// UTF-8 of varying length: its length and a place in a global heap.
    static let variableText: [UInt8] = head(9, [1, 1, 0], size: 16) + integer(.uint8)

    /// Bytes without a tag.
    static func opaque(_ size: Int) -> [UInt8] { head(5, [0, 0, 0], size: size) }
}
