import CrateLanguage
import CrateValues
import OpenCrate

/// What a kind is called and what it does, for help and completion.
struct KindDescription {
    let name: String
    let summary: String
}

extension Session: Host {
    public func verb(named name: String) -> NativeFunction? { registry.command(name) }

    public func function(named name: String) -> NativeFunction? {
        registry.function(name) ?? kind(named: name)
    }

    public func constant(named name: String) throws(Failure) -> Value? {
        switch name {
        case "snapshot": .object(SnapshotObject(session: self))
        case "args": .strings(configuration.arguments)
        case "seed": seedValue
        case "pi": .float(.pi)
        case "inf": .float(.infinity)
        case "nan": .float(.nan)
        default: try keptValue(name)
        }
    }

    public var names: [String] {
        registry.names + kinds.map(\.name) + ["args", "inf", "nan", "pi", "seed", "snapshot"] + (kept == nil ? [] : ["In", "Out", "_"])
    }

    private var seedValue: Value { Int(exactly: seed).map { .int($0) } ?? .bigInt(BigInteger(seed)) }

    public func define(handler: HandlerDefinition) throws(Failure) {
        let names = handler.methods.map(\.name)
        for needed in ["save", "load"] where !names.contains(needed) {
            throw Failure("argument", "handler `\(handler.name)` has no `\(needed)` method", hint: "a handler needs save and load", location: handler.location)
        }
        let crate = try crate()
        try throwing { () throws(CrateError) in try crate.handlers.declare(handler.name) }
        handlers[handler.name] = handler
    }

    /// All kinds, built in and made by handlers.
    var kinds: [KindDescription] {
        let registry = (try? crate())?.handlers ?? .standard
        return registry.kinds.map { KindDescription(name: $0, summary: registry.handler($0)?.summary ?? "A kind made by a handler block") }
    }

    /// A kind's name called with an artifact's name makes the artifact.
    private func kind(named name: String) -> NativeFunction? {
        guard let kind = kinds.first(where: { $0.name == name }) else { return nil }
        return NativeFunction(
            name, "Name an artifact of the kind: \(kind.summary).",
            [
                Parameter("name", .string, "the artifact's file name"),
                Parameter("verbose", .bool, .optional, named: true, "log each save, load, backup and delete"),
            ],
            artifactKind: name,
            examples: [#"setup "demo"; let a = \#(name)("example"); print a.exists"#]
        ) { [unowned self] call throws(Failure) in
            let snapshot = try currentSnapshot("`\(name)`")
            let file = try call.string(0) ?? ""
            let isVerbose = try call.bool(1) ?? false
            let artifact = try throwing { () throws(CrateError) in try snapshot.artifact(kind: name, name: file, verbose: isVerbose) }
            return .object(ArtifactObject(artifact, session: self, handler: handlers[name]))
        }
    }
}
