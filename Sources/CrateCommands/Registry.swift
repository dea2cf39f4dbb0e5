import CrateLanguage

/// Everything that can be called, built once for a session: one row per command, one list per family of functions.
///
/// To add a command, write its file in `Commands/` and a row here; help, completion, the command line and the
/// reference tables follow from its definition.
struct Registry {
    /// Functions of one theme, in the order of help.
    struct Theme {
        let title: String
        let functions: [NativeFunction]
    }

    let commands: [Theme]
    let functions: [Theme]
    private let commandsByName: [String: NativeFunction]
    private let functionsByName: [String: NativeFunction]

    init(session: Session) {
        commands = Registry.commands(session)
        functions = Registry.functions(session)
        commandsByName = Registry.index(commands)
        functionsByName = Registry.index(functions)
    }

    func command(_ name: String) -> NativeFunction? { commandsByName[name] }
    func function(_ name: String) -> NativeFunction? { functionsByName[name] }
    var names: [String] { Array(commandsByName.keys) + Array(functionsByName.keys) }

    private static func commands(_ session: Session) -> [Theme] {
        [
            Theme(title: "Versions", functions: [
                setupCommand(session), resetCommand(session), listTagsCommand(session), undoCommand(session), transactionCommand(session),
            ]),
            Theme(title: "Care", functions: [verifyCommand(session), usageCommand(session), gcCommand(session)]),
            Theme(title: "Artifacts", functions: [
                saveCommand(session), loadCommand(session), backupCommand(session), listBackupsCommand(session),
                restoreCommand(session), deleteCommand(session), inspectCommand(session), convertCommand(session),
            ]),
            Theme(title: "Log", functions: logCommands(session) + [exceptionCommand(session)]),
            Theme(title: "Showing", functions: [printCommand(session), showCommand(session), showFilesCommand(session), helpCommand(session)]),
            Theme(title: "Flow", functions: [raiseCommand(session), assertCommand(session), exitCommand(session)]),
        ]
    }

    private static func functions(_ session: Session) -> [Theme] {
        [
            Theme(title: "Files", functions: [readFunction(session), writeFunction(session), digestFunction(session)] + fileFunctions(files: session.files)),
            Theme(title: "Archives", functions: archiveFunctions(session)),
            Theme(title: "Values", functions: valueFunctions()),
            Theme(title: "Text", functions: textFunctions()),
            Theme(title: "Run", functions: runFunctions(session)),
            Theme(title: "Arrays", functions: arrayFunctions(random: session.random)),
            Theme(title: "Pictures and sound", functions: mediaFunctions(session)),
        ]
    }

    private static func index(_ themes: [Theme]) -> [String: NativeFunction] {
        var byName: [String: NativeFunction] = [:]
        for theme in themes { for function in theme.functions { byName[function.name] = function } }
        return byName
    }
}
