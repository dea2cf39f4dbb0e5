import Foundation
import Testing

@testable import CrateShell

/// A lesson of the project: a script or page whose outputs are written in it.
struct LessonFile: CustomTestStringConvertible, Sendable {
    let path: String
    var testDescription: String { String(path.dropFirst(Self.root.count)) }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path + "/"

    /// Every script below `examples`, and every page with code that is fenced as `crate`.
    static let all: [LessonFile] = ["examples", "docs", "README.md"].flatMap { place in
        let below = (FileManager.default.enumerator(atPath: root + place)?.compactMap { $0 as? String } ?? []).map { "\(place)/\($0)" }
        return ([place] + below).sorted().map { LessonFile(path: root + $0) }
    }.filter { file in
        guard let text = try? file.text() else { return false }
        return file.path.hasSuffix(".crate") || file.path.hasSuffix(".md") && text.contains("\n```crate\n")
    }

    var isTour: Bool { path.contains("/examples/tour/") }
    func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    func lesson() throws -> Lesson { LessonReader.read(try text(), name: path) }
}

@Suite("The tour, the examples and the docs")
struct TourTests {
    @Test func `there are lessons to check`() throws {
        #expect(LessonFile.all.filter(\.isTour).count >= 8)
        #expect(LessonFile.all.contains { $0.path.hasSuffix(".md") })
    }

    @Test(arguments: LessonFile.all)
    func `each does what it says`(_ file: LessonFile) throws {
        let folder = try Folder()
        let finished = try Program.run(["walk", "--check", file.path], in: folder)
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(folder.files().isEmpty)
    }

    @Test(arguments: LessonFile.all.filter(\.isTour))
    func `each lesson of the tour has narration, outputs, a mistake, and exercises with hints and a check`(_ file: LessonFile) throws {
        let lesson = try file.lesson()
        #expect(lesson.title != lesson.fileName && (6...14).contains(lesson.steps.count))
        #expect(lesson.cells.contains { $0.expected != nil } && lesson.cells.contains { $0.expectedError != nil })
        let exercises = lesson.steps.filter(\.isExercise)
        #expect(!exercises.isEmpty && exercises.allSatisfy { !$0.hints.isEmpty })
        for case .exercise(let exercise) in exercises.flatMap(\.parts) { #expect(!exercise.solution.isEmpty && !exercise.check.isEmpty) }
        #expect(lesson.steps.allSatisfy { step in step.parts.contains { if case .narration = $0 { true } else { false } } })
    }

    @Test(arguments: LessonFile.all.filter(\.isTour))
    func `no exercise is right before anything was done`(_ file: LessonFile) throws {
        let lesson = try file.lesson()
        for (index, step) in lesson.steps.enumerated() where step.isExercise {
            let folder = try LessonFolder()
            let run = LessonRun(lesson, folder.configuration(for: lesson, [:]), LessonOutput())
            for cell in lesson.steps[..<index].flatMap(\.cells) { _ = run.run(cell) }
            for case .code(let cell) in step.parts { _ = run.run(cell) }
            for case .exercise(let exercise) in step.parts {
                #expect(exercise.check.contains { run.run($0).failure != nil }, "\(step.title)")
            }
        }
    }

    /// As people run them: in one folder, again and again.
    @Test func `all of them run as scripts, twice in the same folder`() throws {
        let folder = try Folder()
        for _ in 0..<2 {
            for file in LessonFile.all where file.path.hasSuffix(".crate") {
                let finished = try Program.run([file.path], in: folder)
                #expect(finished.status == 0, "\(file): \(finished.errors)")
            }
        }
    }

    @Test(arguments: LessonFile.all.filter(\.isTour))
    func `the tour is laid out as crate fmt does it, and crate check has nothing against it`(_ file: LessonFile) throws {
        #expect(try Program.run(["fmt", "--check", file.path]).status == 0)
        let check = try Program.run(["check", "--strict", file.path])
        #expect(check.status == 0, "\(check.output)")
    }
}
