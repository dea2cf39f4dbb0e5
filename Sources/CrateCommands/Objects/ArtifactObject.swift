import CrateLanguage
import CrateValues
import OpenCrate

/// A named artifact of the open version; `self` inside the methods of a handler block.
final class ArtifactObject: Object {
    let artifact: Artifact
    private unowned let session: Session
    /// The handler block that made its kind; `nil` for a built-in kind.
    private let handler: HandlerDefinition?
    /// What a handler's methods keep on `self`.
    private var fields: [String: Value] = [:]

    init(_ artifact: Artifact, session: Session, handler: HandlerDefinition?) {
        self.artifact = artifact
        self.session = session
        self.handler = handler
    }

    static let ownMembers = ["digest", "exists", "kind", "modified", "name", "path", "size", "snapshot_type", "verbose"]
    static let commands = ["backup", "delete", "list_backups", "load", "restore", "save"]

    override var typeName: String { "artifact" }
    override var description: String { "\(artifact.kind)(\"\(artifact.name)\") at \(artifact.path)" }
    override var memberNames: [String] {
        Self.ownMembers + Self.commands + (handler?.methods.map(\.name) ?? []) + fields.keys.sorted()
    }

    override func member(_ name: String) throws(Failure) -> Value? {
        switch name {
        case "digest": artifact.exists ? .string(try throwing { () throws(CrateError) in try artifact.digest() }) : .null
        case "exists": .bool(artifact.exists)
        case "kind", "snapshot_type": .string(artifact.kind)
        case "name": .string(artifact.name)
        case "path": .string(artifact.path)
        case "verbose": .bool(artifact.verbose)
        case "size": artifact.size.map { .int($0) } ?? .null
        case "modified": modified
        default: fields[name]
        }
    }

    override func setMember(_ name: String, to value: Value) throws(Failure) -> Bool {
        if Self.ownMembers.contains(name) { throw Failure("type", "`\(name)` of an artifact can't be changed") }
        guard handler != nil else { return false }
        fields[name] = value
        return true
    }

    override func method(_ name: String) -> NativeFunction? {
        if let custom = custom(name), !Self.commands.contains(name) {
            return NativeFunction(name, "A method of the handler.", [Parameter("values", .any, .variadic)], takesFurtherOptions: true) {
                [self] call throws(Failure) in try run(custom, call.rest, call)
            }
        }
        guard Self.commands.contains(name) else { return nil }
        return session.verb(named: name)?.bound(to: .object(self))
    }

    private func custom(_ name: String) -> Function? { handler?.methods.first { $0.name == name }?.function }

    private func run(_ function: Function, _ arguments: [Value], _ call: Call) throws(Failure) -> Value {
        try call.interpreter.call(function, [.object(self)] + arguments, named: call.options)
    }

    private var modified: Value {
        guard let seconds = artifact.modified, let nanoseconds = Int(exactly: (seconds * 1e9).rounded()) else { return .null }
        return value(from: .timestamp(session.configuration.system.clock.local(nanoseconds)))
    }
}

// MARK: The commands

extension ArtifactObject {
    func save(_ value: Value, _ call: Call) throws(Failure) {
        if let function = custom("save") {
            try throwing { () throws(CrateError) in try artifact.prepare() }
            do throws(Failure) { _ = try run(function, [value], call) } catch {
                artifact.giveUpSaving()
                throw error
            }
            try throwing { () throws(CrateError) in try artifact.reportSaved() }
            return
        }
        let options = try call.kindOptions()
        let content = try content(from: value)
        try throwing { () throws(CrateError) in try artifact.save(content, options: options) }
    }

    func save(folder: String, _ call: Call) throws(Failure) {
        let options = try call.kindOptions()
        try throwing { () throws(CrateError) in try artifact.save(folder: folder, options: options) }
    }

    func save(files: [String], _ call: Call) throws(Failure) {
        let options = try call.kindOptions()
        try throwing { () throws(CrateError) in try artifact.save(files: files, options: options) }
    }

    func save(from path: String, _ call: Call) throws(Failure) {
        try throwing { () throws(CrateError) in try artifact.save(from: path) }
    }

    func load(_ call: Call, isVerified: Bool) throws(Failure) -> Value {
        if let function = custom("load") {
            try throwing { () throws(CrateError) in try artifact.checkUnchanged(isVerified) }
            let result = try run(function, [], call)
            try throwing { () throws(CrateError) in try artifact.reportLoaded() }
            return result
        }
        let options = try call.kindOptions()
        // A script gets the files' names: thousands of them need not be read for that.
        if handler == nil, artifact.isFolder, options.isEmpty { return .strings(try throwing { () throws(CrateError) in try artifact.paths(verify: isVerified) }) }
        return value(from: try throwing { () throws(CrateError) in try artifact.load(options: options, verify: isVerified) }, path: artifact.path)
    }

    func load(to path: String, isVerified: Bool) throws(Failure) {
        try throwing { () throws(CrateError) in try artifact.load(to: path, verify: isVerified) }
    }

    /// The new backup's file name.
    func backup(tag: String?, replace: Bool) throws(Failure) -> String {
        try throwing { () throws(CrateError) in try artifact.backup(tag: tag, replace: replace) }.name
    }

    func listBackups() throws(Failure) -> [String] { try throwing { () throws(CrateError) in try artifact.listBackups() }.map(\.name) }

    /// The file name of the backup that was restored.
    func restore(tag: String?) throws(Failure) -> String { try throwing { () throws(CrateError) in try artifact.restore(tag: tag) }.name }

    /// The bytes that will be freed.
    func delete(confirm: Bool) throws(Failure) -> Int { try throwing { () throws(CrateError) in try artifact.delete(confirm: confirm) } }
}

extension NativeFunction {
    /// The command as a method: its first argument is already there.
    func bound(to receiver: Value) -> NativeFunction {
        NativeFunction(
            name, summary, Array(parameters.dropFirst()), takesFurtherOptions: takesFurtherOptions, furtherOptions: furtherOptions, examples: examples
        ) { call throws(Failure) in
            try body(Call(
                arguments: [receiver] + call.arguments, rest: call.rest, options: call.options, location: call.location, interpreter: call.interpreter))
        }
    }
}
