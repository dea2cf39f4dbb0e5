import CrateLanguage

/// All that can be called and made, for the man page and the completions of other shells.
public struct Catalogue {
    /// Functions of one theme, in the order of help.
    public struct Theme {
        public let title: String
        public let functions: [NativeFunction]
    }

    public struct Kind {
        public let name: String
        public let summary: String
        public let saveOptions: [Parameter]
        public let loadOptions: [Parameter]
    }

    public let commands: [Theme]
    public let functions: [Theme]
    public let kinds: [Kind]
}

extension Session {
    public var catalogue: Catalogue {
        Catalogue(
            commands: registry.commands.map { .init(title: $0.title, functions: $0.functions) },
            functions: registry.functions.map { .init(title: $0.title, functions: $0.functions) },
            kinds: kinds.map {
                .init(
                    name: $0.name, summary: $0.summary, saveOptions: saveOptions(ofKind: $0.name) ?? [],
                    loadOptions: loadOptions(ofKind: $0.name) ?? [])
            })
    }
}
