import CrateValues

/// Arrays in formats that have none: as lists of lists, one level per dimension.
enum TextTensor {
    static func lists(_ tensor: Tensor, format: String, limits: Limits) throws(FormatError) -> Document {
        // An array may have far more elements than bytes, when its strides are zero.
        guard tensor.count <= limits.nodes else {
            throw FormatError(
                .limit, format, "an array of more than \(limits.nodes) elements as \(format)",
                hint: "npy and safetensors hold arrays in their own form")
        }
        guard !tensor.dtype.isComplex else {
            throw FormatError(
                .unrepresentable, format, "\(format) has no complex numbers", hint: "write the real and the imaginary part apart")
        }
        return nested(tensor.scalars().map(document)[...], shape: tensor.shape[...])
    }

    private static func nested(_ elements: ArraySlice<Document>, shape: ArraySlice<Int>) -> Document {
        guard let size = shape.first else { return elements.first ?? .null }
        if shape.count == 1 { return .list(Array(elements)) }
        let step = size > 0 ? elements.count / size : 0
        return .list(
            (0..<size).map { row in
                let start = elements.startIndex + row * step
                return nested(elements[start..<start + step], shape: shape.dropFirst())
            })
    }

    static func document(_ scalar: Scalar) -> Document {
        switch scalar {
        case .bool(let value): .bool(value)
        case .int(let value): .integer(value)
        case .unsigned(let value): .bigInteger(BigInteger(value))
        case .float(let value): .float(value)
        case .complex(let real, let imaginary): .complex(real, imaginary)
        }
    }
}
