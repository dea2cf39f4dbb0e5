import CrateCommands
import CrateLanguage

/// A lesson and what its cells showed, to be written in one of several forms.
struct LessonRecord {
    let lesson: Lesson
    private let results: [Int: CellResult]
    /// Which words are commands, for colours.
    let isVerb: (String) -> Bool

    init(_ lesson: Lesson, _ check: LessonCheck, isVerb: @escaping (String) -> Bool) {
        self.lesson = lesson
        results = check.results
        self.isVerb = isVerb
    }

    /// - Parameter results: of each cell, by its first line.
    init(_ lesson: Lesson, results: [Int: CellResult], isVerb: @escaping (String) -> Bool) {
        (self.lesson, self.results, self.isVerb) = (lesson, results, isVerb)
    }

    func result(of cell: Lesson.Cell) -> CellResult { results[cell.range.lowerBound] ?? CellResult() }

}

/// The forms of `crate walk --export`.
enum LessonForm: String, CaseIterable {
    case html, md, ipynb, cast

    func text(of record: LessonRecord) -> String {
        switch self {
        case .html: LessonHTML(record).text
        case .md: LessonMarkdown(record).text
        case .ipynb: LessonNotebook(record).text
        case .cast: LessonCast(record).text
        }
    }
}
