import CrateValues

/// PyTorch's names for storages and element types.
enum TorchTypes {
    /// What a storage's class says of its elements.
    enum Storage {
        case typed(DType)
        /// Bytes whose type the tensor names.
        case untyped

        /// Bytes of what the storage's size counts.
        var unit: Int {
            if case .typed(let dtype) = self { dtype.size } else { 1 }
        }
    }

    /// Storages of the GPU have the same classes under another module. Quantised ones give their raw integers.
    static func storage(module: String, name: String) -> Storage? {
        switch (module, name) {
        case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): .untyped
        case ("torch", "QInt8Storage"): .typed(.int8)
        case ("torch", "QUInt8Storage"): .typed(.uint8)
        case ("torch", "QInt32Storage"): .typed(.int32)
        case ("torch", _), ("torch.cuda", _): DType.allCases.first { className(for: $0) == name }.map { .typed($0) }
        default: nil
        }
    }

    /// The class of storages that `torch.save` writes for `dtype`; `nil` for those kept as untyped bytes.
    static func className(for dtype: DType) -> String? {
        switch dtype {
        case .float32: "FloatStorage"
        case .float64: "DoubleStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .int64: "LongStorage"
        case .int32: "IntStorage"
        case .int16: "ShortStorage"
        case .int8: "CharStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        case .complex64: "ComplexFloatStorage"
        case .complex128: "ComplexDoubleStorage"
        case .uint16, .uint32, .uint64, .float8_e4m3fn, .float8_e5m2, .float8_e4m3fnuz, .float8_e5m2fnuz, .float8_e8m0fnu: nil
        }
    }

    /// Whether `torch.<name>` is an element type, also one that has no tensor here.
    static func isElementType(_ name: String) -> Bool {
        switch name {
        case "complex32", "float4_e2m1fn_x2", "bits8", "bits16", "bits1x8", "bits2x4", "bits4x2", "qint8", "quint8", "qint32", "quint4x2",
            "quint2x4":
            true
        default: DType(rawValue: name) != nil
        }
    }
}
