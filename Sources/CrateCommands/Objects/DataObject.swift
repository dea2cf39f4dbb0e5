import CrateFormats
import CrateLanguage
import CrateValues

/// A value that files hold and that the language has no type of its own for.
class DataObject: Object {
    /// What is written to a file.
    var document: Document { .null }
}

/// A complex number.
final class ComplexObject: DataObject {
    let real: Double
    let imaginary: Double
    init(_ real: Double, _ imaginary: Double) { self.real = real; self.imaginary = imaginary }

    override var document: Document { .complex(real, imaginary) }
    override var typeName: String { "complex" }
    override var description: String {
        let sign = imaginary.sign == .minus ? "-" : "+"
        return "(\(Value.float(real))\(sign)\(Value.float(imaginary.magnitude))j)"
    }
    override var memberNames: [String] { ["real", "imag"] }

    override func member(_ name: String) -> Value? {
        switch name {
        case "real": .float(real)
        case "imag": .float(imaginary)
        default: nil
        }
    }

    override func isEqual(to other: Object) -> Bool {
        (other as? ComplexObject).map { $0.real == real && $0.imaginary == imaginary } ?? false
    }
}

/// Python's set, in the order of its file.
final class SetObject: DataObject {
    private let items: [Document]
    init(_ items: [Document]) { self.items = items }

    override var document: Document { .set(items) }
    override var typeName: String { "set" }
    override var description: String { "set(\(value(from: .list(items)).nestedDescription))" }
    override var count: Int? { items.count }
    override func item(at position: Int) throws(Failure) -> Value {
        guard items.indices.contains(position) else { throw Failure("index", "a set of \(items.count) items has no item \(position)") }
        return value(from: items[position])
    }

    override func contains(_ item: Value) throws(Failure) -> Bool {
        for own in items where try Value.areEqual(value(from: own), item) { return true }
        return false
    }

    override func isEqual(to other: Object) -> Bool {
        guard let other = other as? SetObject, other.items.count == items.count else { return false }
        return (try? items.allSatisfy { try other.contains(value(from: $0)) }) ?? false
    }
}

/// An object of another library's class, as a label: nothing of it was run.
final class OpaqueObject: DataObject {
    private let opaque: Document.Opaque
    init(_ opaque: Document.Opaque) { self.opaque = opaque }

    override var document: Document { .opaque(opaque) }
    override var typeName: String { "opaque" }
    override var description: String {
        let arguments = opaque.arguments.map { value(from: $0).nestedDescription }.joined(separator: ", ")
        return "<\(opaque.name.escapedForLine)\(arguments.isEmpty ? "" : "(\(arguments))")>"
    }
    override var memberNames: [String] { ["name", "arguments", "state"] }

    override func member(_ name: String) -> Value? {
        switch name {
        case "name": .string(opaque.name)
        case "arguments": value(from: .list(opaque.arguments))
        case "state": opaque.state.map { value(from: $0) } ?? .null
        default: nil
        }
    }
}
