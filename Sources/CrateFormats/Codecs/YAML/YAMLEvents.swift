import CYAML

/// One step of libyaml's parser, as a Swift value.
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart
        case alias(String)
        /// Plain scalars may stand for other types; quoted ones are text.
        case scalar(String, isPlain: Bool)
        case sequenceStart
        case mappingStart
        case end
        /// Carries nothing: the stream's start, a document's end.
        case other
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    /// From 1.
    var line: Int
    var column: Int

    var place: FormatError.Place { .line(line, column: column) }
}

/// libyaml's parser over bytes that outlive it.
final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    init(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { throw FormatError(.system, "YAML", "out of memory") }
        // An empty buffer has no address, which libyaml insists on.
        let start = bytes.bindMemory(to: UInt8.self).baseAddress ?? YAMLEvents.nothing.utf8Start
        yaml_parser_set_input_string(parser, start, bytes.count)
    }

    private static let nothing: StaticString = ""

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    func next() throws(FormatError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw error() }
        defer { yaml_event_delete(&event) }
        var result = YAMLEvent(kind: .other, line: event.start_mark.line + 1, column: event.start_mark.column + 1)
        switch event.type {
        case YAML_STREAM_END_EVENT: result.kind = .streamEnd
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_ALIAS_EVENT: result.kind = .alias(YAMLEvents.text(event.data.alias.anchor) ?? "")
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: result.kind = .end
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            result.kind = .scalar(text, isPlain: scalar.plain_implicit == 1)
            result.anchor = YAMLEvents.text(scalar.anchor)
            result.tag = YAMLEvents.text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.anchor = YAMLEvents.text(event.data.sequence_start.anchor)
            result.tag = YAMLEvents.text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.anchor = YAMLEvents.text(event.data.mapping_start.anchor)
            result.tag = YAMLEvents.text(event.data.mapping_start.tag)
        default: break
        }
        return result
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    // MARK: errors

    private func error() -> FormatError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "libyaml gave no reason"
        switch parser.pointee.error {
        case YAML_MEMORY_ERROR: return FormatError(.system, "YAML", "out of memory")
        // Only the bytes' encoding goes wrong here, and only the offset is known.
        case YAML_READER_ERROR: return FormatError(.malformed, "YAML", problem, at: .byte(parser.pointee.problem_offset))
        default: break
        }
        let mark = parser.pointee.problem_mark
        let context = parser.pointee.context.map { String(cString: $0) + ", " } ?? ""
        return FormatError(
            .malformed, "YAML", context + problem, at: .line(mark.line + 1, column: mark.column + 1), hint: YAMLEvents.hints(problem))
    }

    /// What usually lies behind libyaml's words.
    private static func hints(_ problem: String) -> String? {
        switch problem {
        case "found character that cannot start any token": "indent with spaces, not tabs; text that begins with @ ` or % needs quotes"
        case "mapping values are not allowed in this context": "text that holds `: ` needs quotes"
        case "did not find expected key": "check that the line is indented like those above it"
        default: nil
        }
    }
}
