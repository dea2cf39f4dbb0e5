import CrateValues

/// A value as an array of numpy, ready to be written: numbers, texts, bytes or times.
struct NumpyColumn {
    /// The type code, such as `<f4` or `<U5`.
    let code: String
    let shape: [Int]
    private let content: Content

    private enum Content {
        case numbers(Tensor)
        /// In C order.
        case packed(Bytes)
    }

    /// A tensor, a plain value, or nested lists of plain values of one sort.
    init(_ document: Document, format: String) throws(FormatError) {
        if case .tensor(let tensor) = document {
            self = try NumpyColumn(tensor, format: format)
            return
        }
        var leaves: [Document] = []
        guard let shape = NumpyColumn.shape(of: document, depth: 0), NumpyColumn.collect(document, shape[...], into: &leaves) else {
            throw FormatError(.unrepresentable, format, "is no array: its lists are of different lengths or not lists of plain values")
        }
        self = try NumpyColumn(leaves, shape: shape, format: format)
    }

    private init(code: String, shape: [Int], _ content: Content) {
        self.code = code
        self.shape = shape
        self.content = content
    }

    private init(_ tensor: Tensor, format: String) throws(FormatError) {
        guard let code = NumpyType.code(for: tensor.dtype) else {
            throw FormatError(
                .unrepresentable, format, "numpy has no \(tensor.dtype.rawValue)", hint: "convert it to float32, or save it as .safetensors")
        }
        guard Tensor.isCountable(tensor.shape, elementSize: tensor.dtype.size) else { throw FormatError(.limit, format, "is too large") }
        self.init(code: code, shape: tensor.shape, .numbers(tensor))
    }

    // MARK: Lists

    private static func shape(of document: Document, depth: Int) -> [Int]? {
        guard case .list(let items) = document else { return [] }
        guard depth < Tensor.highestRank, let first = items.first else { return depth < Tensor.highestRank ? [0] : nil }
        return shape(of: first, depth: depth + 1).map { [items.count] + $0 }
    }

    private static func collect(_ document: Document, _ shape: ArraySlice<Int>, into leaves: inout [Document]) -> Bool {
        guard let size = shape.first else {
            if case .list = document { return false }
            leaves.append(document)
            return true
        }
        guard case .list(let items) = document, items.count == size else { return false }
        return items.allSatisfy { collect($0, shape.dropFirst(), into: &leaves) }
    }

    private init(_ leaves: [Document], shape: [Int], format: String) throws(FormatError) {
        if let numbers = NumpyColumn.numbers(leaves, shape: shape) {
            self = try NumpyColumn(numbers, format: format)
        } else if let times = try NumpyColumn.times(leaves, shape: shape, format: format) {
            self = times
        } else if let texts = try NumpyColumn.texts(leaves, shape: shape, format: format) {
            self = texts
        } else if let strings = try NumpyColumn.byteStrings(leaves, shape: shape, format: format) {
            self = strings
        } else {
            throw FormatError(
                .unrepresentable, format, "is no array of one type", hint: "arrays hold numbers, texts, bytes or times, all of one sort")
        }
    }

    /// Truth values, or the narrowest of int64, float64 and complex128 that holds all numbers. An empty list is of float64, as in numpy.
    private static func numbers(_ leaves: [Document], shape: [Int]) -> Tensor? {
        var (truths, integers, floats, others) = (0, 0, 0, 0)
        for leaf in leaves {
            switch leaf {
            case .bool: truths += 1
            case .integer: integers += 1
            case .float: floats += 1
            case .complex: others += 1
            default: return nil
            }
        }
        if truths > 0, truths < leaves.count { return nil }
        let dtype: DType =
            truths > 0 ? .bool : others > 0 ? .complex128 : floats > 0 || integers == 0 ? .float64 : .int64
        var bytes: [UInt8] = []
        bytes.reserveCapacity(leaves.count * dtype.size)
        for leaf in leaves { leaf.appendNumber(dtype, to: &bytes) }
        return Tensor(dtype: dtype, shape: shape, bytes: Bytes(bytes))
    }

    private static func times(_ leaves: [Document], shape: [Int], format: String) throws(FormatError) -> NumpyColumn? {
        var moments: [Timestamp?] = []
        for leaf in leaves {
            switch leaf {
            case .timestamp(let moment): moments.append(moment)
            case .string(NumpyTime.missing): moments.append(nil)
            default: return nil
            }
        }
        guard moments.contains(where: { $0 != nil }) else { return nil }
        let unit = NumpyTime.unit(of: moments.compactMap { $0 })
        var bytes: [UInt8] = []
        for moment in moments {
            guard let count = moment.map({ NumpyTime.count($0, unit: unit) }) ?? Int64.min else {
                throw FormatError(.unrepresentable, format, "holds a time that numpy's datetime64[\(unit)] can't: with a zone, or out of reach")
            }
            bytes.append(littleEndian: count)
        }
        return NumpyColumn(code: "<M8[\(unit)]", shape: shape, .packed(Bytes(bytes)))
    }

    private static func texts(_ leaves: [Document], shape: [Int], format: String) throws(FormatError) -> NumpyColumn? {
        var texts: [[UInt32]] = []
        for leaf in leaves {
            guard case .string(let text) = leaf else { return nil }
            texts.append(text.unicodeScalars.map(\.value))
        }
        return try padded(texts, unit: "<U", shape: shape, format: format)
    }

    private static func byteStrings(_ leaves: [Document], shape: [Int], format: String) throws(FormatError) -> NumpyColumn? {
        var strings: [[UInt8]] = []
        for leaf in leaves {
            guard case .bytes(let bytes) = leaf else { return nil }
            strings.append(bytes)
        }
        return try padded(strings, unit: "|S", shape: shape, format: format)
    }

    /// All as long as the longest, filled up with NUL; those at the end of an element are lost on reading.
    private static func padded<Unit: FixedWidthInteger>(
        _ elements: [[Unit]], unit: String, shape: [Int], format: String
    ) throws(FormatError) -> NumpyColumn {
        guard elements.allSatisfy({ $0.last != 0 }) else {
            throw FormatError(.unrepresentable, format, "holds a text or bytes that end with NUL, which numpy takes for padding")
        }
        let width = max(elements.map(\.count).max() ?? 0, 1)
        let size = width * MemoryLayout<Unit>.size
        guard case (let total, let overflow) = size.multipliedReportingOverflow(by: elements.count), !overflow,
            total <= Tensor.maximumByteCount
        else { throw FormatError(.limit, format, "would be larger than 64 GB, as all texts take as much room as the longest") }
        let region = ByteRegion(count: total) { output in
            _ = output.initializeMemory(as: UInt8.self, repeating: 0)
            for (index, element) in elements.enumerated() {
                for (place, value) in element.enumerated() {
                    output.storeBytes(of: value.littleEndian, toByteOffset: index * size + place * MemoryLayout<Unit>.size, as: Unit.self)
                }
            }
        }
        return NumpyColumn(code: "\(unit)\(width)", shape: shape, .packed(Bytes(region)))
    }

    // MARK: Writing

    func write(to sink: any ByteSink, format: String) throws(FormatError) {
        switch content {
        case .numbers(let tensor): try ElementBytes.write(tensor, to: sink, format: format)
        case .packed(let bytes): try sink.write(bytes)
        }
    }

    /// The elements in C order.
    func bytes(format: String) throws(FormatError) -> Bytes {
        switch content {
        case .numbers(let tensor):
            let start = tensor.offset * tensor.dtype.size
            if tensor.isContiguous, let bytes = tensor.bytes.slice(start..<(start + tensor.byteCount)) { return bytes }
            return try ElementBytes.computed(format) { () throws(ArrayError) in try tensor.copied() }.bytes
        case .packed(let bytes): return bytes
        }
    }
}

extension Document {
    /// Appends a number as an element of a type that holds it.
    fileprivate func appendNumber(_ dtype: DType, to bytes: inout [UInt8]) {
        switch (self, dtype) {
        case (.bool(let value), _): bytes.append(value ? 1 : 0)
        case (.integer(let value), .int64): bytes.append(littleEndian: value)
        case (.complex(let real, let imaginary), _):
            bytes.append(littleEndian: real.bitPattern)
            bytes.append(littleEndian: imaginary.bitPattern)
        default:
            var number = 0.0
            if case .integer(let value) = self { number = Double(value) }
            if case .float(let value) = self { number = value }
            bytes.append(littleEndian: number.bitPattern)
            if dtype == .complex128 { bytes.append(littleEndian: UInt64(0)) }
        }
    }
}
