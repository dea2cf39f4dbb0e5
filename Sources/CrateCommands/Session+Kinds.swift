import CrateLanguage
import OpenCrate

// What is known of kinds and artifacts before anything runs, for help, completion and the static check.

extension Session {
    func saveOptions(ofKind kind: String) -> [Parameter]? { handler(kind).map { $0.saveOptions.map(Parameter.init) + [Parameter.limits] } }
    func loadOptions(ofKind kind: String) -> [Parameter]? { handler(kind).map { $0.loadOptions.map(Parameter.init) + [Parameter.limits] } }
    func inspectOptions(ofKind kind: String) -> [Parameter]? { handler(kind).map { $0.inspectOptions.map(Parameter.init) + [Parameter.limits] } }

    public func kind(ofFile path: String) -> String? {
        let file = path.pathParts().last.map(String.init) ?? path
        return knownHandlers.handler(forExtension: ArtifactName(file).fileExtension)?.kind
    }

    public var artifactMemberNames: [String] { ArtifactObject.ownMembers + ArtifactObject.commands }

    public func artifactMethod(named name: String) -> NativeFunction? {
        ArtifactObject.commands.contains(name) ? verb(named: name)?.bound(to: .null) : nil
    }

    /// Those of the project, or the standard ones where there is none.
    var knownHandlers: HandlerRegistry { (try? crate())?.handlers ?? .standard }

    private func handler(_ kind: String) -> (any Handler)? { knownHandlers.handler(kind) }
}

extension Parameter {
    /// What every kind takes beside its own options.
    static let limits = Parameter("limits", .dict, .optional, named: true, "what the reader refuses to go beyond, such as {pixels: 500000000}")

    init(_ option: HandlerOption) {
        self.init(option.name, ParameterType(option.type), .optional, named: true, option.summary)
    }
}

extension ParameterType {
    init(_ type: HandlerOption.ValueType) {
        self =
            switch type {
            case .bool: .bool
            case .int: .int
            case .number: .number
            case .string: .string
            case .oneOf(let words): .oneOf(words)
            case .strings: .anyOf([.string, .list])
            case .texts: .dict
            case .numbers: .anyOf([.number, .list])
            case .sound: .anyOf([.object(["audio", "array"]), .dict])
            }
    }
}
