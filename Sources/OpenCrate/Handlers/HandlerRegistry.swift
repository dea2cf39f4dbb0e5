import CrateFormats
import CrateValues

/// A kind whose storage is up to its author: `save` and `load` get the artifact and do as they like at its `path`.
///
/// The engine has made the folder around it (and the folder itself, when the artifact's name has no extension).
public protocol CustomHandler {
    /// The kind's name, which is also its folder's.
    var kind: String { get }
    func save(_ content: Content, to artifact: Artifact) throws(CrateError)
    func load(from artifact: Artifact) throws(CrateError) -> Content
}

/// The kinds of artifacts that a crate knows.
public struct HandlerRegistry {
    /// How a kind is stored.
    public enum Entry {
        case standard(any Handler)
        case custom(any CustomHandler)
        /// Saved and loaded by the caller, who has said so with `declare`.
        case declared
    }

    private var order: [String] = []
    private var entries: [String: Entry] = [:]

    public init(_ handlers: [any Handler] = []) {
        for handler in handlers { add(.standard(handler), handler.kind) }
    }

    /// The kinds that come with the library.
    public static var standard: HandlerRegistry {
        HandlerRegistry([
            TextHandler(), JSONHandler(), YAMLHandler(), CSVHandler(), ImageHandler(), GIFHandler(), AudioHandler(), VideoHandler(), CheckpointHandler(),
            DirectoryHandler(), ArchiveHandler(), FileHandler(),
        ])
    }

    /// The names, in order of registration.
    public var kinds: [String] { order }

    /// The handlers of the kinds that are not custom.
    public var handlers: [any Handler] {
        order.compactMap { if case .standard(let handler)? = entries[$0] { handler } else { nil } }
    }

    public subscript(kind: String) -> Entry? { entries[kind] }

    /// The handler of a kind that is not custom.
    public func handler(_ kind: String) -> (any Handler)? {
        if case .standard(let handler)? = entries[kind] { handler } else { nil }
    }

    /// Adds or replaces a custom kind.
    ///
    /// Throws `invalid` for a name that is no folder name, or that a standard kind or its folder has.
    public mutating func register(_ handler: some CustomHandler) throws(CrateError) {
        try checkCustom(handler.kind)
        add(.custom(handler), handler.kind)
    }

    /// Adds a custom kind whose artifacts the caller saves and loads: see `Artifact.prepare` and `reportSaved`.
    public mutating func declare(_ kind: String) throws(CrateError) {
        try checkCustom(kind)
        add(.declared, kind)
    }

    /// The handler that reads files with this extension; `nil` when none says so.
    public func handler(forExtension fileExtension: String) -> (any Handler)? {
        fileExtension.isEmpty ? nil : handlers.first { $0.extensions.contains(fileExtension) }
    }

    /// The kind's folder inside a version.
    func folder(of kind: String) -> String { handler(kind)?.folder ?? kind }

    private func checkCustom(_ kind: String) throws(CrateError) {
        try NameRules.check(kind, as: "kind")
        if let taken = handlers.first(where: { $0.kind == kind || $0.folder == kind }) {
            throw .invalid(what: "kind", reason: "`\(kind)` belongs to the kind `\(taken.kind)`", hint: "choose another name")
        }
    }

    private mutating func add(_ entry: Entry, _ kind: String) {
        if entries.updateValue(entry, forKey: kind) == nil { order.append(kind) }
    }
}

extension Handler {
    public var folder: String { HandlerFolder.name(of: kind) }
    public var isFolder: Bool { false }
    public var holdsFiles: Bool { isFolder }
    public var saveOptions: [HandlerOption] { [] }
    public var loadOptions: [HandlerOption] { [] }
    public var inspectOptions: [HandlerOption] { [] }

    /// What the content itself tells, for kinds that have nothing to add.
    public func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        let content = try decode(bytes, name: name, options: HandlerOptions(limits: options.limits, surroundings: options.surroundings))
        return Inspection(facts: [("type", .string(content.typeName))])
    }
}

/// Kind + "s"; a kind ending in s, + "es", as the Python side has it.
enum HandlerFolder {
    static func name(of kind: String) -> String {
        if kind == "directory" { return "directories" }
        return kind + (kind.hasSuffix("s") ? "es" : "s")
    }
}
