import CrateValues

/// Writes to a buffer that goes to the sink whenever it is full, so that memory does not grow with the document.
struct JSONWriter {
    let options: JSON.WriteOptions
    let limits: Limits
    let sink: any ByteSink
    var buffer: [UInt8] = []

    private static let bufferSize = 1 << 16

    init(options: JSON.WriteOptions, limits: Limits, sink: any ByteSink) {
        self.options = options
        self.limits = limits
        self.sink = sink
    }

    mutating func write(_ document: Document, depth: Int) throws(FormatError) {
        // What is nested deeper than the reader allows could not be read back.
        guard depth <= limits.depth else { throw FormatError(.limit, "JSON", "nested more than \(limits.depth) levels deep") }
        switch document {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): appendText(value.description)
        case .bigInteger(let value): appendText(value.description)
        case .float(let value): try writeFloat(value)
        case .string(let text): appendQuoted(text)
        case .list(let items), .tuple(let items): try writeList(items, depth: depth)
        case .mapping(let mapping): try writeMapping(mapping, depth: depth)
        case .tensor(let tensor): try write(try TextTensor.lists(tensor, format: "JSON", limits: limits), depth: depth)
        case .complex, .bytes, .timestamp, .set, .opaque: throw JSONWriter.unrepresentable(document)
        }
        if buffer.count >= JSONWriter.bufferSize { try flush() }
    }

    private static func unrepresentable(_ document: Document) -> FormatError {
        FormatError(.unrepresentable, "JSON", "JSON has no \(document.kindName)", hint: "turn it into text with str(…), or into numbers, lists or a dict, first")
    }

    mutating func flush() throws(FormatError) {
        try sink.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    mutating func endLine() throws(FormatError) {
        buffer.append(0x0A)
        if buffer.count >= JSONWriter.bufferSize { try flush() }
    }

    // MARK: containers

    private mutating func writeList(_ items: [Document], depth: Int) throws(FormatError) {
        guard !items.isEmpty else { return append("[]") }
        buffer.append(UInt8(ascii: "["))
        for index in items.indices {
            separate(isFirst: index == 0, depth: depth + 1)
            do throws(FormatError) { try write(items[index], depth: depth + 1) } catch { throw error.inside("[\(index)]") }
        }
        breakLine(depth: depth)
        buffer.append(UInt8(ascii: "]"))
    }

    private mutating func writeMapping(_ mapping: Document.Mapping, depth: Int) throws(FormatError) {
        guard !mapping.entries.isEmpty else { return append("{}") }
        buffer.append(UInt8(ascii: "{"))
        var isFirst = true
        for entry in options.sortsKeys ? try JSONWriter.sorted(mapping.entries) : mapping.entries {
            separate(isFirst: isFirst, depth: depth + 1)
            isFirst = false
            let key = try JSONWriter.keyText(entry.key)
            appendQuoted(key)
            append(": ")
            do throws(FormatError) { try write(entry.value, depth: depth + 1) } catch { throw error.inside(key) }
        }
        breakLine(depth: depth)
        buffer.append(UInt8(ascii: "}"))
    }

    private static func sorted(_ entries: [(key: Document, value: Document)]) throws(FormatError) -> [(key: Document, value: Document)] {
        var texts: [(text: String, position: Int)] = []
        for (position, entry) in entries.enumerated() { texts.append((try keyText(entry.key), position)) }
        texts.sort { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
        return texts.map { entries[$0.position] }
    }

    /// A key as Python's `json` writes it.
    private static func keyText(_ key: Document) throws(FormatError) -> String {
        switch key {
        case .string(let text): text
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): value.description
        case .bigInteger(let value): value.description
        case .float(let value): floatText(value)
        default: throw FormatError(.unrepresentable, "JSON", "a \(key.kindName) can't be a key in JSON", hint: "use text as key")
        }
    }

    private mutating func separate(isFirst: Bool, depth: Int) {
        if !isFirst { append(options.indent == nil ? ", " : ",") }
        breakLine(depth: depth)
    }

    private mutating func breakLine(depth: Int) {
        guard let indent = options.indent else { return }
        buffer.append(0x0A)
        buffer.append(contentsOf: repeatElement(0x20, count: max(0, min(indent, 64)) * depth))
    }

    // MARK: scalars

    private mutating func writeFloat(_ value: Double) throws(FormatError) {
        if options.strict, !value.isFinite {
            throw FormatError(
                .unrepresentable, "JSON", "strict JSON has no \(JSONWriter.floatText(value))",
                hint: "leave out `strict`, as Python reads it")
        }
        appendText(JSONWriter.floatText(value))
    }

    /// The shortest digits that read back equal, always with a point or an exponent.
    private static func floatText(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return value.description
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { buffer.append(contentsOf: $0) }
    }

    private mutating func appendText(_ text: String) {
        var text = text
        text.withUTF8 { buffer.append(contentsOf: $0) }
    }

    private mutating func appendQuoted(_ text: String) {
        var text = text
        buffer.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            var start = 0
            for index in utf8.indices where JSONWriter.needsEscape(utf8[index], ascii: options.ascii) {
                buffer.append(contentsOf: utf8[start..<index])
                start = index + 1
                appendEscape(utf8, at: index)
            }
            buffer.append(contentsOf: utf8[start...])
        }
        buffer.append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private static func needsEscape(_ byte: UInt8, ascii: Bool) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || (ascii && byte >= 0x80)
    }

    private mutating func appendEscape(_ utf8: UnsafeBufferPointer<UInt8>, at index: Int) {
        switch utf8[index] {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0x08: append("\\b")
        case 0x0C: append("\\f")
        // The rest of a character beyond ASCII was written with its first byte.
        case 0x80..<0xC0: break
        case 0xC0...:
            let length = utf8[index] >= 0xF0 ? 4 : utf8[index] >= 0xE0 ? 3 : 2
            for unit in String(decoding: utf8[index..<min(index + length, utf8.count)], as: UTF8.self).utf16 { appendUnit(unit) }
        default: appendUnit(UInt16(utf8[index]))
        }
    }

    private mutating func appendUnit(_ unit: UInt16) {
        append("\\u")
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(unit >> shift & 0xF)
            buffer.append(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
        }
    }
}
