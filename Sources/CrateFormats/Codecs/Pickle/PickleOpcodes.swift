import CrateValues

/// Builds a pickle of protocol 2 opcode by opcode, with those that `torch.load(weights_only=True)` takes.
struct PickleOpcodes {
    private(set) var bytes: [UInt8] = [PickleOpcode.proto.rawValue, 2]
    private var labels: [String: UInt32] = [:]

    mutating func append(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

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

    /// Two's complement, at most 255 bytes.
    mutating func long(_ digits: [UInt8]) {
        bytes += [PickleOpcode.long1.rawValue, UInt8(truncatingIfNeeded: digits.count)]
        bytes += digits
    }

    mutating func float(_ value: Double) {
        append(.binFloat)
        bytes.append(bigEndian: value.bitPattern)
    }

    mutating func string(_ value: String) {
        append(.binUnicode)
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: value.utf8.count))
        bytes += value.utf8
    }

    /// A class or function; from the second time on it is recalled.
    mutating func label(_ module: String, _ name: String) {
        let text = "\(module)\n\(name)\n"
        if let number = labels[text] {
            append(.longBinGet)
            bytes.append(littleEndian: number)
            return
        }
        append(.global)
        bytes += text.utf8
        let number = UInt32(labels.count)
        labels[text] = number
        append(.longBinPut)
        bytes.append(littleEndian: number)
    }

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
