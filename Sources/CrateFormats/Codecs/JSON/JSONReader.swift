import CrateValues

/// One pass over the bytes with an explicit stack, so that nesting costs no call stack.
///
/// `bytes` are valid only while the caller holds them. Every access checks `end` first.
struct JSONReader {
    let bytes: UnsafeRawBufferPointer
    let options: JSON.ReadOptions
    let limits: Limits
    var position = 0
    /// Where the value must end: the input's end, or the line's among JSON Lines.
    var end: Int
    private var containers: [Container] = []
    /// Items of all open lists, and pairs of all open mappings, each container's behind those that hold it.
    private var items: [Document] = []
    private var entries: [(key: Document, value: Document)] = []
    private var nodes = 0

    private struct Container {
        let isMapping: Bool
        /// Where its own items or pairs begin.
        let start: Int
        let openedAt: Int
        /// The key whose value is being read.
        var key = Document.null
    }

    /// Checks that `bytes` are UTF-8 once, so that no string needs to be checked again.
    init(_ bytes: UnsafeRawBufferPointer, options: JSON.ReadOptions, limits: Limits) throws(FormatError) {
        self.bytes = bytes
        self.options = options
        self.limits = limits
        end = bytes.count
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if let offset = Text.firstInvalidUTF8(bytes) { throw malformed("not UTF-8", at: offset) }
    }

    mutating func readWhole() throws(FormatError) -> Document {
        let value = try readValue()
        skipSpace()
        if position < end { throw trailing() }
        return value
    }

    mutating func readLines() throws(FormatError) -> [Document] {
        var values: [Document] = []
        while position < bytes.count {
            end = endOfLine()
            skipSpace()
            if position < end { values.append(try readWhole()) }
            position = end + 1
        }
        return values
    }

    // MARK: the stack

    private mutating func readValue() throws(FormatError) -> Document {
        while true {
            skipSpace()
            var value: Document
            switch peek() {
            case UInt8(ascii: "["):
                try open(isMapping: false)
                if !take(UInt8(ascii: "]")) { continue }
                value = try close()
            case UInt8(ascii: "{"):
                try open(isMapping: true)
                if !take(UInt8(ascii: "}")) {
                    try readKey()
                    continue
                }
                value = try close()
            default:
                value = try readScalar()
            }
            while try endsContainer(with: value) { value = try close() }
            if containers.isEmpty { return value }
        }
    }

    /// Adds a finished value to the innermost container, and answers whether that ends here; if not, another value follows.
    private mutating func endsContainer(with value: Document) throws(FormatError) -> Bool {
        nodes += 1
        if nodes > limits.nodes { throw FormatError(.limit, "JSON", "more than \(limits.nodes) values", at: place(position)) }
        guard let container = containers.last else { return false }
        if container.isMapping { entries.append((container.key, value)) } else { items.append(value) }
        skipSpace()
        let closing = container.isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")
        let byte = peek()
        if byte == closing {
            position += 1
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw missingComma(closing: closing, openedAt: container.openedAt) }
        position += 1
        skipSpace()
        if peek() == closing {
            throw malformed("a comma before `\(Character(Unicode.Scalar(closing)))`", at: position - 1, hint: "remove the comma")
        }
        if container.isMapping { try readKey() }
        return false
    }

    private mutating func open(isMapping: Bool) throws(FormatError) {
        guard containers.count < limits.depth else {
            throw FormatError(.limit, "JSON", "nested more than \(limits.depth) levels deep", at: place(position))
        }
        containers.append(Container(isMapping: isMapping, start: isMapping ? entries.count : items.count, openedAt: position))
        position += 1
        skipSpace()
    }

    private mutating func close() throws(FormatError) -> Document {
        guard let container = containers.popLast() else { return .null }
        guard container.isMapping else {
            let own = Array(items[container.start...])
            items.removeLast(own.count)
            return .list(own)
        }
        let own = Array(entries[container.start...])
        entries.removeLast(own.count)
        let unique = TextKeys.lastWins(own)
        if options.refusesDuplicateKeys, unique.count < own.count {
            throw malformed("`\(TextKeys.firstRepeated(own) ?? "")` stands twice in one object", at: container.openedAt)
        }
        return .mapping(.init(unique))
    }

    private mutating func readKey() throws(FormatError) {
        guard peek() == UInt8(ascii: "\"") else { throw missingKey() }
        containers[containers.count - 1].key = .string(try readString())
        skipSpace()
        guard take(UInt8(ascii: ":")) else {
            throw position < end ? malformed("expected `:` after a key", at: position) : truncated("after a key")
        }
    }

    // MARK: bytes

    /// The byte at `position`, or 0 at the end; JSON has no use for a real 0.
    @inline(__always)
    func peek() -> UInt8 { position < end ? bytes[position] : 0 }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func endOfLine() -> Int {
        bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
    }
}
