import CrateValues

/// The types that a document holds directly.
protocol PlainValue {
    var document: Document { get }
    /// `nil` when `document` is of another type or does not fit.
    init?(document: Document)
}

extension Bool: PlainValue {
    var document: Document { .bool(self) }
    init?(document: Document) { if case .bool(let value) = document { self = value } else { return nil } }
}

extension String: PlainValue {
    var document: Document { .string(self) }
    init?(document: Document) { if case .string(let value) = document { self = value } else { return nil } }
}

extension PlainValue where Self: FixedWidthInteger {
    var document: Document { Int(exactly: self).map { .integer($0) } ?? .bigInteger(BigInteger(UInt64(truncatingIfNeeded: self))) }
    init?(document: Document) {
        switch document {
        case .integer(let value):
            guard let exact = Self(exactly: value) else { return nil }
            self = exact
        case .bigInteger(let value):
            guard let exact = Self(value.description) else { return nil }
            self = exact
        // JSON of other programs writes whole numbers with a point now and then.
        case .float(let value):
            guard let exact = Self(exactly: value) else { return nil }
            self = exact
        default: return nil
        }
    }
}

extension PlainValue where Self: BinaryFloatingPoint {
    var document: Document { .float(Double(self)) }
    init?(document: Document) {
        switch document {
        case .float(let value): self = Self(value)
        case .integer(let value): self = Self(value)
        default: return nil
        }
    }
}

extension Int: PlainValue {}
extension Int8: PlainValue {}
extension Int16: PlainValue {}
extension Int32: PlainValue {}
extension Int64: PlainValue {}
extension UInt: PlainValue {}
extension UInt8: PlainValue {}
extension UInt16: PlainValue {}
extension UInt32: PlainValue {}
extension UInt64: PlainValue {}
extension Double: PlainValue {}
extension Float: PlainValue {}
