import CrateValues

/// Changes to elements that file formats ask for on reading.
enum ElementBytes {
    /// Big-endian elements turned into little-endian ones. `bytes` hold whole elements.
    static func swapped(_ bytes: Bytes, dtype: DType, format: String) throws(FormatError) -> Bytes {
        guard let elements = Tensor(dtype: dtype, shape: [bytes.count / dtype.size], bytes: bytes) else {
            throw FormatError(.malformed, format, "holds a part of a \(dtype.rawValue) number")
        }
        return try computed(format) { () throws(ArrayError) in try elements.byteSwapped() }.bytes
    }

    /// Runs an array operation, whose only failure here is a lack of memory.
    static func computed(_ format: String, _ body: () throws(ArrayError) -> Tensor) throws(FormatError) -> Tensor {
        do throws(ArrayError) { return try body() } catch { throw FormatError(.limit, format, error.message, hint: error.hint) }
    }

    /// A copy of the elements with the opposite sign: of the imaginary parts (PyTorch's `conj` flag) or of everything (its `neg` flag).
    static func negated(_ bytes: Bytes, dtype: DType, onlyImaginaryParts: Bool) -> Bytes {
        let isComplex = dtype == .complex64 || dtype == .complex128
        let part = isComplex ? dtype.size / 2 : dtype.size
        let step = isComplex && onlyImaginaryParts ? part * 2 : part
        return Bytes(
            ByteRegion(count: bytes.count) { output in
                bytes.withBytes { output.copyMemory(from: $0) }
                // The sign is the highest bit of the last byte.
                for last in stride(from: step - 1, to: output.count, by: step) { output[last] ^= 0x80 }
            })
    }

    /// Writes the elements in C order, copied only when they stand otherwise.
    static func write(_ tensor: Tensor, to sink: any ByteSink, format: String) throws(FormatError) {
        let start = tensor.offset * tensor.dtype.size
        if tensor.isContiguous, let bytes = tensor.bytes.slice(start..<(start + tensor.byteCount)) { return try sink.write(bytes) }
        try sink.write(try computed(format) { () throws(ArrayError) in try tensor.copied() }.bytes)
    }

    /// The only element as a plain value.
    static func scalar(_ tensor: Tensor) -> Document? {
        switch tensor.onlyElement {
        case .bool(let value): .bool(value)
        case .int(let value): .integer(value)
        case .unsigned(let value): .bigInteger(BigInteger(value))
        case .float(let value): .float(value)
        case .complex(let real, let imaginary): .complex(real, imaginary)
        case nil: nil
        }
    }
}

extension Tensor {
    /// The most dimensions that numpy and PyTorch give an array.
    static let highestRank = 64

    /// Whether a file's shape can be one: every product of the sizes can be counted in bytes, that of the other sizes of an empty
    /// array, too.
    static func isCountable(_ shape: [Int], elementSize: Int) -> Bool {
        guard shape.count <= highestRank else { return false }
        var bytes = max(elementSize, 1)
        for size in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: max(size, 1))
            guard size >= 0, !overflow else { return false }
            bytes = product
        }
        return true
    }
}
