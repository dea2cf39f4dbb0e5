import CrateValues

/// A numpy array's shape, order and bytes, as NPY files and pickles give them.
struct NumpyArray {
    let type: NumpyType
    let shape: [Int]
    let isFortranOrder: Bool
    let bytes: Bytes
    let limits: Limits
    let format: String
    let place: FormatError.Place

    /// Numbers as a tensor over the file's bytes; text, bytes and times as nested lists; records as a mapping of columns.
    func document() throws(FormatError) -> Document {
        guard Tensor.isCountable(shape, elementSize: type.size) else { throw malformed("has an impossible shape") }
        guard let count = Tensor.elementCount(shape), case (let need, let overflow) = count.multipliedReportingOverflow(by: type.size),
            !overflow
        else { throw malformed("has an impossible shape") }
        guard need == bytes.count else { throw malformed("holds \(bytes.count) bytes where its shape needs \(need)") }
        return try document(type)
    }

    private func malformed(_ reason: String) -> FormatError { FormatError(.malformed, format, reason, at: place) }

    private func document(_ type: NumpyType) throws(FormatError) -> Document {
        switch type {
        case .number(let dtype, let isBigEndian): return .tensor(try tensor(dtype, isBigEndian: isBigEndian))
        case .record(let fields, let size):
            guard type.columnSize != nil else { return raw("V\(size)") }
            return try columns(fields)
        case .object: throw FormatError(.unsupported, format, "is an array of Python objects", at: place)
        case .raw(let code, _): return raw(code)
        case .bytes, .text, .time: return try nestedList()
        }
    }

    private func raw(_ code: String) -> Document {
        .opaque(.init(name: "numpy.ndarray", arguments: [.string(code), .tuple(shape.map { .integer($0) })], state: .bytes(bytes.array)))
    }

    private func tensor(_ dtype: DType, isBigEndian: Bool) throws(FormatError) -> Tensor {
        let content = isBigEndian ? try ElementBytes.swapped(bytes, dtype: dtype, format: format) : bytes
        let strides =
            isFortranOrder ? Tensor.contiguousStrides(shape.reversed()).map { Array($0.reversed()) } : Tensor.contiguousStrides(shape)
        guard let strides, let tensor = Tensor(dtype: dtype, shape: shape, strides: strides, offset: 0, bytes: content) else {
            throw malformed("has an impossible shape")
        }
        return tensor
    }

    // MARK: Elements that are not numbers

    private static let mostEmptyElements = 256

    private func nestedList() throws(FormatError) -> Document {
        guard let count = Tensor.elementCount(shape.map { max($0, 1) }), count <= limits.nodes else {
            throw FormatError(.limit, format, "holds more than \(limits.nodes) values", at: place)
        }
        // Values of no bytes could be any number in a file of any size.
        guard type.size > 0 || count <= NumpyArray.mostEmptyElements else {
            throw FormatError(.limit, format, "holds \(count) elements of no bytes, more than \(NumpyArray.mostEmptyElements)", at: place)
        }
        let strides =
            isFortranOrder ? Tensor.contiguousStrides(shape.reversed()).map { Array($0.reversed()) } : Tensor.contiguousStrides(shape)
        return list(axis: 0, element: 0, strides: strides ?? [])
    }

    private func list(axis: Int, element: Int, strides: [Int]) -> Document {
        guard axis < shape.count else { return value(at: element * type.size) }
        return .list((0..<shape[axis]).map { list(axis: axis + 1, element: element + $0 * strides[axis], strides: strides) })
    }

    private func value(at offset: Int) -> Document {
        let element = bytes.slice(offset..<(offset + type.size))?.array ?? []
        switch type {
        case .text(_, let isBigEndian): return .string(NumpyArray.text(element, isBigEndian: isBigEndian))
        case .time(let unit, let isSpan, let isBigEndian):
            let bits = element.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return NumpyTime.document(Int64(bitPattern: isBigEndian ? bits : bits.byteSwapped), unit: unit, isSpan: isSpan)
        default: return .bytes(Array(element[..<(element.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0)]))
        }
    }

    private static func text(_ element: [UInt8], isBigEndian: Bool) -> String {
        var scalars = String.UnicodeScalarView()
        for start in stride(from: 0, to: element.count - 3, by: 4) {
            let little = element[start..<(start + 4)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            scalars.append(Unicode.Scalar(isBigEndian ? little.byteSwapped : little) ?? "\u{FFFD}")
        }
        while scalars.last == "\0" { scalars.removeLast() }
        return String(scalars)
    }

    // MARK: Records

    private func columns(_ fields: [NumpyType.Field]) throws(FormatError) -> Document {
        var entries: [(key: Document, value: Document)] = []
        for field in fields { entries.append((.string(field.name), try column(field))) }
        return .mapping(Document.Mapping(entries))
    }

    /// Gathers one field of all records.
    private func column(_ field: NumpyType.Field) throws(FormatError) -> Document {
        guard let perRecord = Tensor.elementCount(field.shape),
            case (let width, let overflow) = perRecord.multipliedReportingOverflow(by: field.type.size),
            !overflow, field.offset >= 0, width <= type.size, field.offset <= type.size - width
        else { throw malformed("has the field \(field.name) outside its records") }
        let recordCount = type.size == 0 ? 0 : bytes.count / type.size
        let gathered = ByteRegion(count: recordCount * width) { output in
            bytes.withBytes { input in
                for record in 0..<recordCount where width > 0 {
                    let start = record * type.size + field.offset
                    UnsafeMutableRawBufferPointer(rebasing: output[(record * width)...]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: input[start..<(start + width)]))
                }
            }
        }
        // Inside each record the order is C's, whatever that of the records is.
        guard !isFortranOrder || field.shape.isEmpty || shape.count <= 1 else {
            throw FormatError(.unsupported, format, "has arrays inside records in Fortran order", at: place)
        }
        return try NumpyArray(
            type: field.type, shape: shape + field.shape, isFortranOrder: isFortranOrder && field.shape.isEmpty, bytes: Bytes(gathered),
            limits: limits,
            format: format, place: place
        ).document()
    }
}
