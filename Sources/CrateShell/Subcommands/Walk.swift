import CrateCommands
import CrateLanguage

let walkSubcommand = Subcommand(
    name: "walk", summary: "play a script as a lesson, step by step", operands: "FILE…",
    options: [
        CommandLineOption(name: "--check", summary: "run all steps unattended; what they show must be what the lesson says"),
        CommandLineOption(name: "--update", summary: "as --check, and write what is shown in place of what was expected"),
        CommandLineOption(name: "--export", value: "FORM", summary: "the lesson with its outputs in one file", words: LessonForm.allCases.map(\.rawValue)),
        CommandLineOption(name: "--to", value: "FILE", summary: "where --export writes; standard output when left out", takesFile: true),
        CommandLineOption(name: "--speed", value: "NUMBER", summary: "types code out, so many characters a second; at once when left out"),
        CommandLineOption(name: "--autoplay", summary: "goes on by itself; a key takes over"),
    ],
    notes: [
        "A lesson is a script whose comments hold the narration; docs/walkthroughs.md tells how one is written.",
        "Of a Markdown page the code that is fenced as crate runs; --check keeps a README true.",
        "Its files go to a folder of their own, which is removed at the end. Left in the middle, it goes on there the next time.",
        "Exit status: 0 done, 1 something differs (--check), 2 wrong use.",
    ]
) { call throws(WrongUse) in
    if call.operands.isEmpty { throw WrongUse("walk needs a lesson's file; crate walk --help shows how it is used") }
    var lessons: [Lesson] = []
    for path in call.operands { lessons.append(try readLesson(path)) }
    if call.has("--check") || call.has("--update") { return try check(lessons, call) }
    guard lessons.count == 1 else { throw WrongUse("one lesson at a time is played or exported; --check takes several") }
    if let form = call["--export"] { return try export(lessons[0], form, call) }
    let speed = try call["--speed"].map { (word) throws(WrongUse) in
        guard let speed = Int(word), (1...10_000).contains(speed) else { throw WrongUse("--speed takes a number from 1 to 10000, not \(word)") }
        return speed
    }
    let player = try WalkPlayer(
        lessons[0], environment: call.configuration.environment, speed: speed, autoplay: call.has("--autoplay"), output: call.output)
    return player.play()
}

private func readLesson(_ path: String) throws(WrongUse) -> Lesson {
    let source = try readSource(path == "-" ? .standardInput : .file(path))
    let lesson = LessonReader.read(source.part(0..<source.bytes.count), name: source.name)
    if lesson.steps.isEmpty { throw WrongUse("\(path) has no steps; a lesson begins its steps with # %% and a title") }
    return lesson
}

private func check(_ lessons: [Lesson], _ call: SubcommandCall) throws(WrongUse) -> Int32 {
    var isClean = true
    for lesson in lessons {
        let check = try LessonCheck(lesson, environment: call.configuration.environment)
        if call.has("--update") {
            let text = check.updated(lesson)
            do throws(Failure) { try call.session.replaceFile(lesson.name, with: text) } catch {
                throw WrongUse("can't write \(lesson.name): \(error.message)")
            }
        }
        // What was rewritten agrees; an error that should not be, or did not come, is still one.
        let findings = check.findings.filter { !call.has("--update") || !$0.isAboutOutput }
        for finding in findings {
            call.output.report(finding.text(in: lesson))
        }
        if findings.isEmpty { call.output.show("\(lesson.name.escapedForLine): \(lesson.steps.count == 1 ? "1 step as it says" : "\(lesson.steps.count) steps as they say")\n") } else { isClean = false }
    }
    return isClean ? ExitStatus.success : ExitStatus.failure
}

private func export(_ lesson: Lesson, _ word: String, _ call: SubcommandCall) throws(WrongUse) -> Int32 {
    guard let form = LessonForm(rawValue: word) else { throw WrongUse("there is no form called \(word)") }
    let check = try LessonCheck(lesson, environment: call.configuration.environment, shownOn: form == .cast ? RecordedTerminal() : nil)
    for var finding in check.findings where !finding.isAboutOutput {
        finding.details = []
        call.output.report(finding.text(in: lesson))
    }
    let session = call.session
    let text = form.text(of: LessonRecord(lesson, check) { session.verb(named: $0) != nil })
    guard let path = call["--to"] else {
        call.output.show(call.output.isTerminal ? text.escapedForTerminal : text)
        return ExitStatus.success
    }
    do throws(Failure) { try session.replaceFile(path, with: text) } catch { throw WrongUse("can't write \(path): \(error.message)") }
    return ExitStatus.success
}
