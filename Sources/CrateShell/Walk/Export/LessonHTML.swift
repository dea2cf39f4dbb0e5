import CrateCommands
import CrateLanguage

/// A lesson as one page that needs nothing beside it: text, code in colour, outputs, pictures and sound.
struct LessonHTML {
    private let record: LessonRecord
    init(_ record: LessonRecord) { self.record = record }

    var text: String {
        let steps = record.lesson.steps.enumerated().map { section($0.offset, $0.element) }.joined(separator: "\n")
        let contents = record.lesson.steps.enumerated().filter { !$0.element.title.isEmpty }.map { index, step in
            "<li><a href=\"#step-\(index + 1)\">\(Self.escaped(step.title))</a></li>"
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(record.lesson.title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <main>
            <h1>\(Self.escaped(record.lesson.title))</h1>
            \(contents.count > 2 ? "<nav><ol>\(contents.joined())</ol></nav>" : "")
            \(steps)
            </main>
            </body>
            </html>

            """
    }

    private func section(_ index: Int, _ step: Lesson.Step) -> String {
        var parts = step.title.isEmpty ? [] : ["<h2>\(Self.escaped(step.title))</h2>"]
        for part in step.parts {
            switch part {
            case .narration(let text): parts += Markdown(text).blocks.filter { !isTitle($0) }.map(html)
            case .code(let cell): parts.append(html(cell))
            case .exercise(let exercise):
                let hints = step.hints.map { "<details><summary>Hint</summary><p>\(spans($0))</p></details>" }.joined()
                let solution = exercise.solution.map { html($0) }.joined()
                parts.append("<div class=\"exercise\">\(hints)<details><summary>A solution</summary>\(solution)</details></div>")
            }
        }
        return "<section id=\"step-\(index + 1)\">\n\(parts.joined(separator: "\n"))\n</section>"
    }

    /// The heading that stands above all.
    private func isTitle(_ block: Markdown.Block) -> Bool {
        if case .heading(1, record.lesson.title) = block { true } else { false }
    }

    // MARK: code

    private func html(_ cell: Lesson.Cell) -> String {
        var parts: [String] = []
        let shown = cell.shown.joined(separator: "\n").trimmingNewlines
        if !shown.isEmpty { parts.append("<pre class=\"code\"><code>\(coloured(shown))</code></pre>") }
        let result = record.result(of: cell)
        if !result.reported.isEmpty { parts.append("<pre class=\"log\">\(Self.escaped(result.reported.trimmingNewlines))</pre>") }
        for piece in result.pieces {
            switch piece {
            case .text(let text): parts.append("<pre class=\"output\">\(Self.escaped(text.trimmingNewlines))</pre>")
            case .attachment(let attachment): parts.append(html(attachment))
            }
        }
        if let failure = result.failure { parts.append("<pre class=\"error\">\(Self.escaped(failure.render(colour: false)))</pre>") }
        return "<div class=\"cell\">\(parts.joined())</div>"
    }

    private func html(_ attachment: Attachment) -> String {
        let source = "data:\(attachment.mediaType);base64,\(attachment.base64)"
        let words = Self.escaped(attachment.description)
        let media = attachment.mediaType.hasPrefix("audio/") ? "<audio controls src=\"\(source)\"></audio>" : "<img\(Self.isSmall(attachment) ? " class=\"small\"" : "") alt=\"\(words)\" src=\"\(source)\">"
        return "<figure>\(media)<figcaption>\(words)</figcaption></figure>"
    }

    /// Pictures of a few pixels are shown larger. The width stands in the first bytes of PNG and GIF.
    private static func isSmall(_ attachment: Attachment) -> Bool {
        let bytes = attachment.bytes
        guard bytes.count > 24 else { return false }
        let width = attachment.mediaType == "image/png" ? bytes[16..<20].reduce(0) { $0 << 8 | Int($1) } : Int(bytes[6]) | Int(bytes[7]) << 8
        return width < 200
    }

    private func coloured(_ code: String) -> String {
        let source = Source(name: "", text: code)
        var text = ""
        var position = 0
        for piece in highlighting(of: source, isVerb: record.isVerb) where piece.span.start >= position {
            text += Self.escaped(source.part(position..<piece.span.start))
            text += "<span class=\"\(piece.class)\">\(Self.escaped(source.part(piece.span.start..<piece.span.end)))</span>"
            position = piece.span.end
        }
        return text + Self.escaped(source.part(position..<source.bytes.count))
    }

    // MARK: narration

    private func html(_ block: Markdown.Block) -> String {
        switch block {
        case .heading(let level, let text): "<h\(level)>\(spans(text))</h\(level)>"
        case .paragraph(let text): "<p>\(spans(text))</p>"
        case .item(let mark, let depth, let text):
            "<p class=\"item\" style=\"margin-left: \(depth + 1)em\"><span>\(Self.escaped(mark))</span> \(spans(text))</p>"
        case .quote(let text): "<blockquote>\(spans(text))</blockquote>"
        case .code(let lines, let isForeign):
            "<pre class=\"code\"><code>\(isForeign ? Self.escaped(lines.joined(separator: "\n")) : coloured(lines.joined(separator: "\n")))</code></pre>"
        case .rule: "<hr>"
        }
    }

    private func spans(_ text: String) -> String {
        Markdown.spans(text).map { span in
            let inner = Self.escaped(span.text)
            if let target = span.target { return Self.isSafe(target) ? "<a href=\"\(Self.escaped(target))\">\(inner)</a>" : inner }
            return switch span.style {
            case .plain: inner
            case .strong: "<strong>\(inner)</strong>"
            case .emphasis: "<em>\(inner)</em>"
            case .code: "<code>\(inner)</code>"
            }
        }.joined()
    }

    /// A lesson from somewhere else must not bring a program into the page.
    private static func isSafe(_ target: String) -> Bool {
        guard let colon = target.firstIndex(of: ":") else { return true }
        return ["http", "https", "mailto"].contains(target[..<colon].lowercased())
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{00}"..."\u{08}", "\u{0B}"..."\u{1F}", "\u{7F}": escaped += "�"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static let style = """
        :root { color-scheme: light dark; --text: #1f2328; --back: #fff; --soft: #f5f6f8; --line: #d9dce1; --quiet: #667; --accent: #0b62c4;
          --green: #17743b; --purple: #8250b5; --teal: #0a7285; --brown: #8a5a00; --red: #b42318; }
        @media (prefers-color-scheme: dark) { :root { --text: #e4e6ea; --back: #15171b; --soft: #1d2026; --line: #353a43; --quiet: #99a1ad; --accent: #6cb2ff;
          --green: #7ed29b; --purple: #cda5f3; --teal: #6fd0df; --brown: #e0b264; --red: #ff9288; } }
        body { margin: 0; background: var(--back); color: var(--text); font: 17px/1.6 system-ui, sans-serif; }
        main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.2rem 5rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; } h2 { font-size: 1.35rem; margin-top: 2.6rem; border-top: 1px solid var(--line); padding-top: 1.4rem; }
        @media (max-width: 32rem) { body { font-size: 16px; } nav { columns: 1 !important; } h1 { font-size: 1.6rem; } }
        nav { font-size: .92rem; color: var(--quiet); columns: 2; } nav ol { margin: 0; padding-left: 1.4rem; } a { color: var(--accent); }
        pre { margin: 0; padding: .7rem .9rem; overflow-x: auto; font: .86rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
        code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; } p code { background: var(--soft); padding: .1em .3em; border-radius: .25em; } pre code { font: inherit; }
        .cell { margin: 1rem 0; border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; }
        .code { background: var(--soft); border-radius: .5rem; } .cell .code { border-radius: 0; border-left: 3px solid var(--accent); } .output, .log, .error { border-top: 1px solid var(--line); }
        .log { color: var(--quiet); } .error { color: var(--red); } figure { margin: 0; padding: .8rem .9rem; border-top: 1px solid var(--line); }
        figure img, figure audio { display: block; max-width: 100%; margin: 0 auto; } img.small { width: 20rem; image-rendering: pixelated; }
        figcaption { margin-top: .4rem; text-align: center; font-size: .8rem; color: var(--quiet); }
        .exercise { border-left: 3px solid var(--green); padding-left: 1rem; } summary { cursor: pointer; color: var(--accent); }
        blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--quiet); } .item { text-indent: -1em; padding-left: 1em; margin: .3rem 0; }
        .comment { color: var(--quiet); } .keyword { color: var(--purple); } .number { color: var(--teal); } .string { color: var(--green); }
        .verb { color: var(--accent); font-weight: 600; } .call { color: var(--accent); } .label { color: var(--brown); }
        """
}
