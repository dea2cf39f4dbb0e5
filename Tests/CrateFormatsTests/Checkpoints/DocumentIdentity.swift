import CrateFormats
import CrateValues

extension Document {
    /// Everything, as text that differs when a type, a value, a bit or an order does.
    var identity: String {
        switch self {
        case .float(let value): "float \(value.bitPattern)"
        case .complex(let real, let imaginary): "complex \(real.bitPattern) \(imaginary.bitPattern)"
        case .string(let text): "string \(Array(text.utf8))"
        case .list(let items): "[\(items.map(\.identity).joined(separator: ", "))]"
        case .tuple(let items): "(\(items.map(\.identity).joined(separator: ", ")))"
        case .set(let items): "{\(items.map(\.identity).joined(separator: ", "))}"
        case .mapping(let mapping): mapping.identity
        case .tensor(let tensor): tensor.identity
        case .opaque(let opaque): "\(opaque.name)(\(opaque.arguments.map(\.identity))) \(opaque.state?.identity ?? "")"
        default: "\(self)"
        }
    }
}

extension Document.Mapping {
    fileprivate var identity: String {
        let pairs = (entries + attributes).map { "\($0.key.identity): \($0.value.identity)" }
        return "\(isOrderedDict ? "ordered" : "plain") \(entries.count) {\(pairs.joined(separator: ", "))}"
    }
}

extension Tensor {
    fileprivate var identity: String { "\(dtype) \(shape) \(marks.rawValue) \((try? digest()) ?? "unreadable")" }
}

extension Checkpoint {
    /// The tensors by name, also those that are only described.
    static func tensors(in document: Document) -> [(name: String, tensor: Tensor?)] {
        document.leaves.compactMap { leaf in
            switch leaf.value {
            case .tensor(let tensor): (leaf.name, tensor)
            case .opaque(let opaque): opaque.state?["nbytes"] == nil ? nil : (leaf.name, nil)
            default: nil
            }
        }
    }
}

/// Documents and tensors by chance, the same for the same seed.
struct DocumentMaker {
    private var random: RandomGenerator
    /// Types that the form can hold.
    let dtypes: [DType]
    /// What PyTorch's files lack.
    var makesTimes = false
    /// What only PyTorch's files have.
    var makesMarks = false
    var longestInteger = 20

    init(seed: Int, dtypes: [DType] = DType.allCases) {
        random = RandomGenerator(seed: UInt64(seed))
        self.dtypes = dtypes
    }

    mutating func number(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    private mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }

    mutating func document(depth: Int = 4) -> Document {
        switch number(depth > 0 ? 17 : 11) {
        case 0: .null
        case 1: .bool(number(2) == 1)
        case 2: .integer(Int(bitPattern: UInt(random.next())) >> number(64))
        case 3: .float(Double(bitPattern: random.next()))
        case 4: .complex(Double(bitPattern: random.next()), Double(bitPattern: random.next()))
        case 5: text()
        case 6: .bytes(bytes(number(300)))
        case 7: bigInteger()
        case 8: makesTimes ? moment() : .null
        case 9, 10: .tensor(tensor())
        case 11: .list((0..<number(6)).map { _ in document(depth: depth - 1) })
        case 12: .tuple((0..<number(6)).map { _ in document(depth: depth - 1) })
        case 13: .set((0..<number(6)).map { .integer($0 * 7 - 3) })
        default: mapping(depth)
        }
    }

    private mutating func text() -> Document {
        let letters = Array("aä✓😀\n\"\\'\u{0}\u{301} ")
        return .string(String((0..<number(40)).map { _ in letters[number(letters.count)] }))
    }

    private mutating func bigInteger() -> Document {
        let value = BigInteger(littleEndianTwosComplement: bytes(9 + number(longestInteger)))
        return value.map { value in value.asInt.map { .integer($0) } ?? .bigInteger(value) } ?? .null
    }

    private mutating func moment() -> Document {
        var moment = Timestamp(year: 1 + number(9999), month: 1 + number(12), day: 1 + number(28))
        if number(3) > 0 {
            moment.time = .init(
                hour: number(24), minute: number(60), second: number(60), nanosecond: number(1_000_000) * 1000,
                offsetMinutes: number(2) == 0 ? nil : number(2879) - 1439)
        }
        return .timestamp(moment)
    }

    private mutating func mapping(_ depth: Int) -> Document {
        let keys: [Document] = [.string("a"), .string("b c"), .integer(3), .tuple([.integer(1), .string("x")]), .null, .float(0.5)]
        var mapping = Document.Mapping(
            keys.filter { _ in number(2) == 0 }.map { ($0, document(depth: depth - 1)) }, isOrderedDict: number(2) == 0)
        if mapping.isOrderedDict, number(2) == 0 { mapping.attributes = [(.string("_metadata"), document(depth: 1))] }
        return .mapping(mapping)
    }

    /// Of any shape, empty ones and scalars too; its elements in C order, transposed, repeated, in steps or backwards.
    mutating func tensor() -> Tensor {
        let dtype = dtypes[number(dtypes.count)]
        let shape = (0..<number(4)).map { _ in number(8) == 0 ? 0 : 1 + number(4) }
        let sizes = shape.map { $0 * 2 + 1 }
        let elements = sizes.reduce(3, *)
        let memory = Bytes(bytes(elements * dtype.size).map { dtype == .bool ? $0 & 1 : $0 })
        var strides = Tensor.contiguousStrides(number(2) == 0 ? shape : sizes) ?? []
        var offset = number(2)
        switch number(4) {
        case 0: strides.reverse()
        case 1 where !strides.isEmpty: strides[number(strides.count)] = 0
        case 2 where !strides.isEmpty && !shape.contains(0):
            let axis = number(strides.count)
            offset += strides[axis] * (shape[axis] - 1)
            strides[axis] = -strides[axis]
        default: break
        }
        let view = Tensor(dtype: dtype, shape: shape, strides: strides, offset: offset, bytes: memory)
        var tensor = view ?? Tensor(.float(1), dtype: dtype)
        if makesMarks { tensor.marks = [[], .requiresGrad, .parameter, [.parameter, .requiresGrad]][number(4)] }
        return tensor
    }
}
