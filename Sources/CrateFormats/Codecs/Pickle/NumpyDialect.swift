import CrateValues

/// Arrays as numpy's: with their elements as bytes of the pickle, or behind joblib's stand-in, where they can be mapped.
struct NumpyDialect: PickleDialect {
    let isJoblib: Bool
    let protocolVersion = 4

    /// An array that occurs again is the same one.
    mutating func write(_ tensor: Tensor, to opcodes: inout PickleOpcodes) throws(FormatError) {
        guard let code = NumpyType.code(for: tensor.dtype) else {
            throw FormatError(
                .unrepresentable, Pickle.format, "is of type \(tensor.dtype.rawValue), which numpy lacks",
                hint: "convert it to float32, or save it as .pth or .safetensors")
        }
        guard Tensor.isCountable(tensor.shape, elementSize: tensor.dtype.size) else { throw FormatError(.limit, Pickle.format, "is too large") }
        let identity =
            "\(UInt(bitPattern: ObjectIdentifier(tensor.bytes.region))) \(tensor.bytes.range) \(code) \(tensor.offset) \(tensor.shape) \(tensor.strides)"
        opcodes.once(identity) { opcodes in
            if isJoblib { standIn(tensor, code, &opcodes) } else { array(tensor, code, &opcodes) }
        }
    }

    func write(_ opaque: Document.Opaque, to opcodes: inout PickleOpcodes) -> Bool { false }

    /// `_reconstruct(ndarray, (0,), b"b")`, then its state: (1, shape, dtype, Fortran order, bytes). The module's old name serves numpy 1
    /// and 2.
    private func array(_ tensor: Tensor, _ code: String, _ opcodes: inout PickleOpcodes) {
        opcodes.call("numpy.core.multiarray", "_reconstruct") { opcodes in
            opcodes.label("numpy", "ndarray")
            opcodes.integers([0])
            opcodes.byteString(count: 1)
            opcodes.append(raw: Array("b".utf8))
        }
        opcodes.tuple { opcodes in
            opcodes.integer(1)
            opcodes.integers(tensor.shape)
            type(code, &opcodes)
            opcodes.append(.newFalse)
            opcodes.byteString(count: tensor.byteCount)
            opcodes.elements(of: tensor)
        }
        opcodes.append(.build)
    }

    /// `dtype("f4", False, True)` with its byte order.
    private func type(_ code: String, _ opcodes: inout PickleOpcodes) {
        opcodes.once("dtype \(code)") { opcodes in
            opcodes.call("numpy", "dtype") { opcodes in
                opcodes.string(String(code.dropFirst()))
                opcodes.append(.newFalse)
                opcodes.append(.newTrue)
            }
            opcodes.tuple { opcodes in
                opcodes.integer(3)
                opcodes.string(String(code.prefix(1)))
                for _ in 0..<3 { opcodes.append(.none) }
                for number in [-1, -1, 0] { opcodes.integer(number) }
            }
            opcodes.append(.build)
        }
    }

    private func standIn(_ tensor: Tensor, _ code: String, _ opcodes: inout PickleOpcodes) {
        opcodes.label("joblib.numpy_pickle", "NumpyArrayWrapper")
        opcodes.append(.emptyTuple)
        opcodes.append(.newObj)
        opcodes.append(.emptyDict)
        opcodes.append(.mark)
        opcodes.string("subclass")
        opcodes.label("numpy", "ndarray")
        opcodes.string("shape")
        opcodes.integers(tensor.shape)
        opcodes.string("order")
        opcodes.string("C")
        opcodes.string("dtype")
        type(code, &opcodes)
        opcodes.string("allow_mmap")
        // Nothing can't be mapped.
        opcodes.append(tensor.byteCount == 0 ? .newFalse : .newTrue)
        opcodes.string("numpy_array_alignment_bytes")
        opcodes.integer(NumpyDialect.alignment)
        opcodes.append(.setItems)
        opcodes.append(.build)
        let padding = NumpyDialect.alignment - (opcodes.position + 1) % NumpyDialect.alignment
        opcodes.append(raw: [UInt8(padding)] + [UInt8](repeating: 0xFF, count: padding))
        opcodes.elements(of: tensor)
    }

    /// Elements begin at multiples of so many bytes of the stream; a byte before the padding counts it.
    private static let alignment = 16
}

extension Pickle {
    /// Writes `document` as a pickle of protocol 4, for `pickle.load`: plain data, and arrays as numpy's.
    public static func encode(_ document: Document, limits: Limits = .standard, to sink: any ByteSink) throws(FormatError) {
        try encode(document, isJoblib: false, limits: limits, to: sink)
    }

    static func encode(_ document: Document, isJoblib: Bool, limits: Limits, to sink: any ByteSink) throws(FormatError) {
        var writer = PickleWriter(NumpyDialect(isJoblib: isJoblib), format: isJoblib ? "joblib" : format, limits: limits)
        try writer.finish(document).write(to: sink, format: writer.format)
    }
}
