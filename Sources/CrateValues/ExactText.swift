/// Text that is equal only to the same code points. `String` takes different spellings of an accent for one text, which names in files and keys
/// of mappings are not.
public struct ExactText: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static func == (a: ExactText, b: ExactText) -> Bool {
        // Equal code points are always equivalent, and the standard library's comparison is the quicker one.
        a.text == b.text && a.text.utf8.elementsEqual(b.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        // The bytes, since hashing text as such normalises it first.
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
