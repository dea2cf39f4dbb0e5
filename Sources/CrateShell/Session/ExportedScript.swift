import CrateCommands
import CrateLanguage

/// A session as a script that is also a lesson: `crate walk --check` tells whether it still shows the same. `_`, `Out[3]` and `In[3]`, which
/// the prompt alone knows, become names and texts; what failed, and what can't be written so, is left out as a comment, so that the script
/// runs to its end.
struct ExportedScript {
    private let session: Session
    private var parts: [String]
    /// Statements that ran and are comments all the same, and why.
    private(set) var leftOut: [(number: Int, reason: String)] = []

    /// A statement of the script, before it is known whether others refer to it.
    private struct Cell {
        let entry: Transcript.Entry
        let source: Source
        let analysis: Analysis
        var edits: [(span: Span, text: String)] = []
    }

    private var cells: [Int: Cell] = [:]
    /// Numbers of the statements that later ones refer to.
    private var named: Set<Int> = []
    /// Of all statements.
    private var words: Set<String> = []
    private var declared: Set<String> = []
    /// Declared by what is a comment.
    private var lost: Set<String> = []
    private static let promptNames: Set<String> = ["_", "Out", "In"]

    init(_ entries: [Transcript.Entry], title: String, seed: UInt64?, session: Session) {
        self.session = session
        parts = ["# %% \(title)" + (seed.map { "\n#!seed \($0)" } ?? "")]
        let read = entries.map { entry in
            let source = Source(name: "In [\(entry.number)]", text: entry.statement.text)
            return Cell(entry: entry, source: source, analysis: Analysis(of: source, host: session))
        }
        for cell in read { words.formUnion(cell.analysis.words) }
        for (index, cell) in read.enumerated() { take(cell, behind: entries[..<index]) }
        for entry in entries { parts.append(text(of: entry)) }
    }

    /// Laid out as `crate fmt` does it.
    var text: String {
        let text = parts.joined(separator: "\n\n") + "\n"
        do throws(Failure) { return try session.formatted(Source(name: "", text: text)) } catch { return text }
    }

    // MARK: what refers to what

    private mutating func take(_ cell: Cell, behind earlier: ArraySlice<Transcript.Entry>) {
        var cell = cell
        let entry = cell.entry
        let own = Set(cell.analysis.symbols.map(\.name))
        if entry.result.failure != nil { return lost.formUnion(own.subtracting(declared)) }
        do throws(WrongUse) {
            if let name = cell.analysis.usedWords.intersection(lost).min() { throw WrongUse("what declares `\(name)` is one, too") }
            for name in cell.analysis.hostNames(ExportedScript.promptNames.subtracting(declared)) { cell.edits.append(try edit(name, earlier)) }
            try declareAnew(&cell)
        } catch {
            leftOut.append((entry.number, error.message))
            lost.formUnion(own)
            return
        }
        declared.formUnion(own)
        lost.subtract(own)
        cells[entry.number] = cell
    }

    /// A script declares a variable once.
    private func declareAnew(_ cell: inout Cell) throws(WrongUse) {
        var known = declared
        for symbol in cell.analysis.symbols {
            guard !known.insert(symbol.name).inserted else { continue }
            guard let place = cell.analysis.declarations.first(where: { $0.keyword.end == symbol.nameSpan.start }) else {
                throw WrongUse("a script declares `\(symbol.name)` once")
            }
            cell.edits.append((place.keyword, ""))
        }
    }

    /// What a script has in place of a name of the prompt.
    private mutating func edit(_ name: HostName, _ earlier: ArraySlice<Transcript.Entry>) throws(WrongUse) -> (span: Span, text: String) {
        if name.isInFunction { throw WrongUse("`\(name.name)` in a function is known at the prompt alone") }
        if name.name == "_" { return (name.span, try reference(earlier.last { $0.hasValue }, "_")) }
        guard let (number, span) = name.index else { throw WrongUse("`\(name.name)` without a number is known at the prompt alone") }
        let those = name.name == "In" ? Array(earlier) : earlier.filter(\.hasValue)
        let entry = number < 0 ? those.dropLast(-(number + 1)).last : those.last { $0.number == number }
        if name.name == "Out" { return (span, try reference(entry, "Out[\(number)]")) }
        guard let entry else { throw WrongUse("`In[\(number)]` is no statement of this session") }
        return (span, JSONText.quoted(entry.statement.text))
    }

    private mutating func reference(_ entry: Transcript.Entry?, _ what: String) throws(WrongUse) -> String {
        guard let entry, let cell = cells[entry.number], cell.analysis.lastValue != nil else { throw WrongUse("`\(what)` has no statement of its own here") }
        named.insert(entry.number)
        return variable(entry.number)
    }

    /// The name for a statement's value, which nothing else has.
    private func variable(_ number: Int) -> String {
        var name = "out_\(number)"
        while words.contains(name) { name += "_" }
        return name
    }

    // MARK: the text

    private func text(of entry: Transcript.Entry) -> String {
        guard let cell = cells[entry.number] else {
            let reason = entry.result.failure.map { "failed: \($0.message)" } ?? "left out: \(leftOut.first { $0.number == entry.number }?.reason ?? "")"
            let lines = entry.statement.text.split(separator: "\n", omittingEmptySubsequences: false).map { "# \($0)" }
            return (lines + ["#   \(reason.replacing("\n", with: " "))"]).joined(separator: "\n")
        }
        let result = entry.result.withoutColours
        let expected = entry.isWhole && result.attachments.isEmpty ? result.lines.map { $0.isEmpty ? "#=" : "#= \($0)" } : []
        return ([code(of: cell)] + expected).joined(separator: "\n")
    }

    private func code(of cell: Cell) -> String {
        var edits = cell.edits
        var end = ""
        if named.contains(cell.entry.number), let value = cell.analysis.lastValue {
            let name = variable(cell.entry.number)
            switch value {
            case .expression(let span): edits.append((Span(span.start, span.start), "let \(name) = "))
            case .command(let command, let statement):
                edits.append((Span(command.start, command.start), "let \(name) = "))
                edits.append((Span(command.end, firstArgument(behind: command.end, before: statement.end, cell.source)), "("))
                edits.append((Span(statement.end, statement.end), ")"))
            }
            end = "\n" + name
        }
        var bytes = cell.source.bytes
        // From the end on. What is put in front of a word comes after the word's own change.
        let ordered = edits.enumerated().sorted { first, second in
            (first.element.span.start, first.element.span.end, first.offset) > (second.element.span.start, second.element.span.end, second.offset)
        }
        for (_, edit) in ordered {
            bytes.replaceSubrange(edit.span.start..<edit.span.end, with: Array(edit.text.utf8))
        }
        return String(decoding: bytes, as: UTF8.self).trimmingNewlines + end
    }

    private func firstArgument(behind start: Int, before end: Int, _ source: Source) -> Int {
        source.bytes[start..<max(start, end)].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? start
    }
}
