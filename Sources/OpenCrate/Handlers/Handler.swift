import CrateFormats
import CrateValues

/// One kind of artifact: turns content into bytes and back. It never sees a path, so it can't do harm to one.
///
/// To add a kind, write one and list it in `HandlerRegistry.standard`; the contract tests then run over it.
public protocol Handler: Sendable {
    /// The kind's name, as users type it: "checkpoint".
    var kind: String { get }
    /// One sentence for help.
    var summary: String { get }
    /// The folder inside a version, such as "checkpoints".
    var folder: String { get }
    /// File extensions without the dot, lower case, the usual one first; empty when any will do.
    var extensions: [String] { get }
    /// Options of `save` and `load`.
    var saveOptions: [HandlerOption] { get }
    var loadOptions: [HandlerOption] { get }
    /// Options of `inspect`.
    var inspectOptions: [HandlerOption] { get }
    /// Whether the artifact is a folder of files rather than one file.
    var isFolder: Bool { get }
    /// Whether it can be made of files and folders: `save(folder:)` and `save(files:)`.
    var holdsFiles: Bool { get }

    /// Writes `content` to `sink` in the form that `name`'s extension asks for.
    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError)

    /// Reads the whole of `bytes`, refusing what is not well formed.
    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content

    /// What a person wants to know of `bytes` before using them; also of files that `decode` refuses to give as data, as far as it is safe.
    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection

    /// Values that must survive a round trip, for the contract tests.
    var samples: [HandlerSample] { get }
}

/// One named option of a kind.
public struct HandlerOption: Sendable {
    public enum ValueType: Sendable {
        case bool, int, number, string, oneOf([String]), strings
        /// One number or a list of them.
        case numbers
        /// A dict of texts.
        case texts
        /// Samples, as an array or as a mapping of `data` and `sample_rate`.
        case sound
    }
    public let name: String
    public let type: ValueType
    public let summary: String
    public init(_ name: String, _ type: ValueType, _ summary: String) { self.name = name; self.type = type; self.summary = summary }
}

/// The options given in one call, already checked against the kind's list.
public struct HandlerOptions: Sendable {
    public var values: [String: Document]
    public var limits: Limits
    /// What a reader may reach beside its bytes.
    public var surroundings: Surroundings
    public init(_ values: [String: Document] = [:], limits: Limits = .standard, surroundings: Surroundings = .none) {
        self.values = values
        self.limits = limits
        self.surroundings = surroundings
    }

    public func bool(_ name: String) -> Bool? { if case .bool(let v)? = values[name] { v } else { nil } }
    public func int(_ name: String) -> Int? { if case .integer(let v)? = values[name] { v } else { nil } }
    public func number(_ name: String) -> Double? {
        switch values[name] { case .float(let v)?: v; case .integer(let v)?: Double(v); default: nil }
    }
    /// One number counts as a list of one.
    public func numbers(_ name: String) -> [Double]? {
        guard case .list(let items)? = values[name] else { return number(name).map { [$0] } }
        return items.compactMap { switch $0 { case .float(let v): v; case .integer(let v): Double(v); default: nil } }
    }
    /// One text counts as a list of one.
    public func strings(_ name: String) -> [String]? {
        guard case .list(let items)? = values[name] else { return string(name).map { [$0] } }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
    public func texts(_ name: String) -> [(key: String, value: String)]? {
        guard case .mapping(let mapping)? = values[name] else { return nil }
        return mapping.entries.compactMap { entry in
            if case .string(let key) = entry.key, case .string(let value) = entry.value { (key, value) } else { nil }
        }
    }
    /// A sample rate of 0 when only samples are given.
    public func sound(_ name: String) -> AudioClip? {
        switch values[name] {
        case .tensor(let samples)?: return AudioClip(samples: samples, sampleRate: 0)
        case .mapping(let clip)?:
            guard case .tensor(let samples)? = clip["data"], case .integer(let rate)? = clip["sample_rate"] else { return nil }
            return AudioClip(samples: samples, sampleRate: rate)
        default: return nil
        }
    }
    public func string(_ name: String) -> String? { if case .string(let v)? = values[name] { v } else { nil } }
}

/// A checked artifact name, split: "model.v2.pth" has the stem "model.v2" and the extension "pth".
public struct ArtifactName: Sendable, Hashable {
    public let text: String
    public let stem: String
    /// Lower case, without the dot; empty when there is none.
    public let fileExtension: String

    /// Splits at the last dot; a leading dot does not count.
    public init(_ text: String) {
        self.text = text
        if let dot = text.lastIndex(of: "."), dot != text.startIndex {
            stem = String(text[..<dot])
            fileExtension = text[text.index(after: dot)...].lowercased()
        } else {
            stem = text
            fileExtension = ""
        }
    }
}

/// One value of the contract tests.
public struct HandlerSample: Sendable {
    public let name: ArtifactName
    public let content: Content
    public let options: HandlerOptions
    /// False for forms that lose information, such as JPEG; then only shape and type must survive.
    public let isExact: Bool
    public init(_ name: String, _ content: Content, options: HandlerOptions = .init(), isExact: Bool = true) {
        self.name = ArtifactName(name); self.content = content; self.options = options; self.isExact = isExact
    }
}
