import CrateValues

/// Builds a pickle opcode by opcode: of protocol 2 with those that `torch.load(weights_only=True)` takes, or of protocol 4.
struct PickleOpcodes {
    let protocolVersion: Int
    /// What has been built since the last array.
    private(set) var bytes: [UInt8]
    /// What stands before `bytes`.
    private var done: [Piece] = []
    private var doneCount = 0
    private var numbers: [String: UInt32] = [:]
    private var nextNumber: UInt32 = 0

    private enum Piece {
        case opcodes([UInt8])
        /// An array's elements in C order, which are not copied before they are written.
        case elements(Tensor)
    }

    init(protocolVersion: Int = 2) {
        self.protocolVersion = protocolVersion
        bytes = [PickleOpcode.proto.rawValue, UInt8(truncatingIfNeeded: protocolVersion)]
    }

    /// Where the next byte will stand.
    var position: Int { doneCount + bytes.count }

    mutating func append(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }
    mutating func append(raw: [UInt8]) { bytes += raw }

    mutating func elements(of tensor: Tensor) {
        done += [.opcodes(bytes), .elements(tensor)]
        doneCount += bytes.count + tensor.byteCount
        bytes = []
    }

    func write(to sink: any ByteSink, format: String) throws(FormatError) {
        for piece in done {
            switch piece {
            case .opcodes(let opcodes): try sink.write(opcodes)
            case .elements(let tensor): try ElementBytes.write(tensor, to: sink, format: format)
            }
        }
        try sink.write(bytes)
    }

    // MARK: Numbers and text

    mutating func integer(_ value: Int) {
        if let small = UInt8(exactly: value) {
            bytes += [PickleOpcode.binInt1.rawValue, small]
        } else if let medium = UInt16(exactly: value) {
            append(.binInt2)
            bytes.append(littleEndian: medium)
        } else if let large = Int32(exactly: value) {
            append(.binInt)
            bytes.append(littleEndian: large)
        } else {
            long(BigInteger(value).littleEndianTwosComplement)
        }
    }

    /// Two's complement.
    mutating func long(_ digits: [UInt8]) {
        if let count = UInt8(exactly: digits.count) {
            bytes += [PickleOpcode.long1.rawValue, count]
        } else {
            append(.long4)
            bytes.append(littleEndian: Int32(clamping: digits.count))
        }
        bytes += digits
    }

    mutating func float(_ value: Double) {
        append(.binFloat)
        bytes.append(bigEndian: value.bitPattern)
    }

    mutating func string(_ value: String) {
        if let count = UInt32(exactly: value.utf8.count) {
            append(.binUnicode)
            bytes.append(littleEndian: count)
        } else {
            append(.binUnicode8)
            bytes.append(littleEndian: UInt64(value.utf8.count))
        }
        bytes += value.utf8
    }

    /// The opcode before so many bytes, since protocol 3.
    mutating func byteString(count: Int) {
        if let short = UInt8(exactly: count) {
            bytes += [PickleOpcode.shortBinBytes.rawValue, short]
        } else if let long = UInt32(exactly: count) {
            append(.binBytes)
            bytes.append(littleEndian: long)
        } else {
            append(.binBytes8)
            bytes.append(littleEndian: UInt64(count))
        }
    }

    // MARK: What is written once

    /// Writes what `body` writes and remembers it as `name`; from the second time on it is recalled.
    mutating func once<Failure: Error>(_ name: String, _ body: (inout PickleOpcodes) throws(Failure) -> Void) throws(Failure) {
        if let number = numbers[name] {
            append(.longBinGet)
            bytes.append(littleEndian: number)
            return
        }
        try body(&self)
        numbers[name] = nextNumber
        append(.longBinPut)
        bytes.append(littleEndian: nextNumber)
        nextNumber += 1
    }

    /// A class or function.
    mutating func label(_ module: String, _ name: String) {
        let text = "\(module)\n\(name)\n"
        once(text) { opcodes in
            opcodes.append(.global)
            opcodes.bytes += text.utf8
        }
    }

    /// A type or function of Python itself, whose module has had another name.
    mutating func builtin(_ name: String) { label(protocolVersion < 3 ? "__builtin__" : "builtins", name) }

    // MARK: Tuples and calls

    /// A tuple of what `body` writes.
    mutating func tuple<Failure: Error>(_ body: (inout PickleOpcodes) throws(Failure) -> Void) throws(Failure) {
        append(.mark)
        try body(&self)
        append(.tuple)
    }

    mutating func integers(_ values: [Int]) {
        tuple { opcodes in for value in values { opcodes.integer(value) } }
    }

    /// The call of a label with what `body` writes.
    mutating func call<Failure: Error>(_ module: String, _ name: String, _ body: (inout PickleOpcodes) throws(Failure) -> Void)
        throws(Failure)
    {
        label(module, name)
        try tuple(body)
        append(.reduce)
    }
}
