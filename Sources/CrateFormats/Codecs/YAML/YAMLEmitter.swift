import CYAML

/// libyaml's emitter, writing to a sink.
final class YAMLEmitter {
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let sink: any ByteSink
    /// What the sink threw, since libyaml's callback can only say that it failed.
    private var sinkError: FormatError?

    init(sink: any ByteSink) throws(FormatError) {
        self.sink = sink
        emitter = .allocate(capacity: 1)
        emitter.initialize(to: yaml_emitter_t())
        guard yaml_emitter_initialize(emitter) == 1 else { throw FormatError(.system, "YAML", "out of memory") }
        yaml_emitter_set_output(
            emitter,
            { context, bytes, count in
                guard let context else { return 0 }
                let emitter = Unmanaged<YAMLEmitter>.fromOpaque(context).takeUnretainedValue()
                return emitter.write(UnsafeRawBufferPointer(start: bytes, count: count)) ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
        yaml_emitter_set_encoding(emitter, YAML_UTF8_ENCODING)
        yaml_emitter_set_unicode(emitter, 1)
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do throws(FormatError) {
            try sink.write(bytes)
            return true
        } catch {
            sinkError = error
            return false
        }
    }

    // MARK: events

    func beginDocument() throws(FormatError) {
        try emit { yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
        try emit { yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
    }

    func endDocument() throws(FormatError) {
        try emit { yaml_document_end_event_initialize($0, 1) }
        try emit { yaml_stream_end_event_initialize($0) }
    }

    func beginSequence(isFlow: Bool) throws(FormatError) {
        try emit { yaml_sequence_start_event_initialize($0, nil, nil, 1, isFlow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE) }
    }

    func endSequence() throws(FormatError) { try emit { yaml_sequence_end_event_initialize($0) } }

    /// `tag` without the standard prefix.
    func beginMapping(tag: StaticString? = nil, isFlow: Bool) throws(FormatError) {
        let style = isFlow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
        try emit { yaml_mapping_start_event_initialize($0, nil, YAMLEmitter.pointer(tag), tag == nil ? 1 : 0, style) }
    }

    func endMapping() throws(FormatError) { try emit { yaml_mapping_end_event_initialize($0) } }

    /// Whether `text` may stand without quotes is libyaml's decision, unless `mustQuote`.
    func scalar(_ text: String, mustQuote: Bool = false) throws(FormatError) {
        try emit(text, tag: nil, plain: mustQuote ? 0 : 1, quoted: 1, YAML_ANY_SCALAR_STYLE)
    }

    func literal(_ text: String, tag: StaticString) throws(FormatError) {
        try emit(text, tag: tag, plain: 0, quoted: 0, YAML_LITERAL_SCALAR_STYLE)
    }

    private func emit(_ text: String, tag: StaticString?, plain: Int32, quoted: Int32, _ style: yaml_scalar_style_t) throws(FormatError) {
        guard let length = Int32(exactly: text.utf8.count) else { throw FormatError(.limit, "YAML", "a text of more than 2 GB") }
        var text = text
        let event = text.withUTF8 { utf8 -> yaml_event_t? in
            var event = yaml_event_t()
            // An empty text may have no address, which libyaml insists on.
            let start = utf8.baseAddress ?? YAMLEmitter.pointer("")
            return yaml_scalar_event_initialize(&event, nil, YAMLEmitter.pointer(tag), start, length, plain, quoted, style) == 1
                ? event : nil
        }
        try emit { target in
            guard let event else { return 0 }
            target.pointee = event
            return 1
        }
    }

    private func emit(_ initialize: (UnsafeMutablePointer<yaml_event_t>) -> Int32) throws(FormatError) {
        var event = yaml_event_t()
        guard initialize(&event) == 1 else { throw FormatError(.system, "YAML", "out of memory") }
        // The emitter takes the event over, also when it fails.
        guard yaml_emitter_emit(emitter, &event) == 1 else {
            throw sinkError ?? FormatError(.system, "YAML", emitter.pointee.problem.map { String(cString: $0) } ?? "libyaml failed")
        }
    }

    private static func pointer(_ text: StaticString?) -> UnsafePointer<yaml_char_t>? { text?.utf8Start }
}
