import CrateCommands
import CrateLanguage
import Glibc

/// The program around a session: reads its command line and decides what to run.
public enum CrateShell {
    /// Does what `arguments` (without the program's own name) ask for. Answers the exit status: 0, 1 when a command failed, 2
    /// for wrong use or a program that doesn't parse, 130 when interrupted, 141 when the reader of the output went away.
    public static func run(_ arguments: [String]) -> Int32 {
        openClosedStandardStreams()
        do {
            let invocation = try Invocation(arguments)
            let environment = ProcessEnvironment()
            let output = StandardOutput(colour: invocation.colour, environment: environment)
            output.form = invocation.form ?? .text
            output.showsProgress = !invocation.isQuiet
            let status = try run(invocation, environment: environment, output: output)
            return output.finish() ?? status
        } catch {
            writeAll("crate: \(error.message.escapedForTerminal)\n", to: STDERR_FILENO)
            return ExitStatus.wrongUse
        }
    }

    private static func run(_ invocation: Invocation, environment: ProcessEnvironment, output: StandardOutput) throws(WrongUse) -> Int32 {
        switch invocation.action {
        case .showVersion:
            output.show("crate \(version)\n")
            return ExitStatus.success
        case .showHelp:
            output.show(usage)
            return ExitStatus.success
        case .run(let program, let arguments):
            var configuration = SessionConfiguration(workingDirectory: environment.workingDirectory, environment: environment.variables)
            if !invocation.isQuiet, let bar = output.bar { configuration.watch(bar.progress()) }
            configuration.seed = invocation.seed
            configuration.isSandboxed = invocation.isSandboxed
            configuration.arguments = arguments
            return try run(program, configuration, output, invocation)
        }
    }

    private static func run(
        _ program: Program, _ configuration: SessionConfiguration, _ output: StandardOutput, _ invocation: Invocation
    ) throws(WrongUse) -> Int32 {
        switch program {
        case .text(let text):
            return ProgramRunner(configuration, output).run(Source(name: "<command>", text: text), showsValue: invocation.form != nil)
        case .standardInput where isatty(STDIN_FILENO) == 1:
            return InteractiveShell(configuration, output, readsStartFile: invocation.readsStartFile).run()
        case .standardInput:
            return ProgramRunner(configuration, output).run(try readSource(.standardInput))
        case .named(let name):
            return try run(named: name, configuration, output)
        }
    }

    private static func run(_ subcommand: Subcommand, _ configuration: SessionConfiguration, _ output: StandardOutput) throws(WrongUse) -> Int32 {
        if configuration.arguments.contains("--help") {
            output.show(usage(of: subcommand))
            return ExitStatus.success
        }
        return try subcommand.run(try SubcommandCall(subcommand, configuration.arguments, configuration, output))
    }

    /// A subcommand's name runs it, a command's name the command; anything else is a script's path. `./save` is always a path.
    private static func run(named name: String, _ configuration: SessionConfiguration, _ output: StandardOutput) throws(WrongUse) -> Int32 {
        if let subcommand = Subcommand.named(name) {
            return try run(subcommand, configuration, output)
        }
        if !name.contains("/"), !name.contains(".") {
            let runner = ProgramRunner(configuration, output)
            if runner.session.verb(named: name) != nil { return try runner.runCommand(name, configuration.arguments) }
        }
        let source = try readSource(.file(name))
        var configuration = configuration
        configuration.scriptPath = name
        let runner = ProgramRunner(configuration, output)
        let text = source.part(0..<source.bytes.count)
        return source.bytes.firstRange(of: Array("\n#~".utf8)) != nil ? runner.run(LessonReader.read(text, name: name)) : runner.run(source)
    }
}

/// The program was called in a way that makes no sense.
struct WrongUse: Error {
    let message: String
    init(_ message: String) { self.message = message }
}

enum ExitStatus {
    static let success: Int32 = 0
    static let failure: Int32 = 1
    static let wrongUse: Int32 = 2
    /// 128 + SIGINT, as shells say it.
    static let interrupted: Int32 = 130
    /// 128 + SIGPIPE.
    static let brokenPipe: Int32 = 141
}
