import CrateValues

extension Failure {
    /// The message with its place, for a person at a terminal:
    /// ```
    /// train.crate:3:9: error: unknown name `rat`
    ///   let x = rat * 2
    ///           ^~~
    /// hint: did you mean `rate`?
    /// ```
    /// followed by the calls that were under way when there were several. No newline at the end. Nothing in it drives the terminal but
    /// its own colours, whatever the program has put into its messages and names.
    ///
    /// - Parameter width: columns that the line of the source may take; of a longer one the part around the mark is shown.
    public func render(colour: Bool, width: Int = .max) -> String { render(colour: colour, width: width, isWarning: false) }

    func render(colour: Bool, width: Int, isWarning: Bool) -> String {
        let paint = Paint(isOn: colour)
        var lines: [String] = []
        let title = "\(isWarning ? paint.yellow("warning:") : paint.red("error:")) \(paint.bold(message.shown(upTo: Failure.longest)))"
        if let location {
            lines.append("\(paint.bold("\(location.short):")) \(title)")
            lines += Excerpt(location).lines(paint, width: width)
        } else {
            lines.append(title)
        }
        if let hint { lines.append("\(paint.cyan("hint:")) \(hint.shown(upTo: Failure.longest))") }
        if stack.count > 1 { lines += stackLines }
        return lines.joined(separator: "\n")
    }

    /// Characters shown of a message: names and values in it may be megabytes long.
    private static let longest = 4000

    /// Innermost first; the middle of a deep stack is counted, not shown.
    private var stackLines: [String] {
        let shown = 6
        let text = stack.map { "  in \($0.function.shown(upTo: 200)) at \($0.location.short)" }
        guard text.count > 2 * shown else { return text }
        return text.prefix(shown) + ["  … \(text.count - 2 * shown) more calls"] + text.suffix(shown)
    }
}

extension String {
    fileprivate func shown(upTo length: Int) -> String { shortened(to: length).escapedForTerminal }

    /// The first `length` code points, which unlike Characters have a size; `…` stands for the others.
    private func shortened(to length: Int) -> String {
        guard utf8.count > length, let end = unicodeScalars.index(startIndex, offsetBy: length, limitedBy: endIndex), end < endIndex else { return self }
        return String(unicodeScalars[..<end]) + "…"
    }
}

extension Location {
    /// `file:line:column`.
    public var short: String { "\(source.name.escapedForLine):\(position.line):\(position.column)" }
}

/// Terminal colours by name; nothing when off.
private struct Paint {
    let isOn: Bool
    func red(_ text: String) -> String { wrap(text, "1;31") }
    func yellow(_ text: String) -> String { wrap(text, "1;33") }
    func bold(_ text: String) -> String { wrap(text, "1") }
    func cyan(_ text: String) -> String { wrap(text, "1;36") }
    private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

/// The line that a location points into, and the marks under its span.
private struct Excerpt {
    private let before: String
    private let marked: String
    private let after: String
    /// A minified line of a megabyte is shown around the mark only.
    private static let widest = 320
    /// Bytes that are looked at on each side.
    private static let longest = 4096
    private static let margin = 2

    init(_ location: Location) {
        let source = location.source
        let line = source.lineRange(at: location.span.start)
        let start = min(max(location.span.start, line.lowerBound), line.upperBound)
        let end = min(max(location.span.end, start), line.upperBound)
        let text = { (range: Range<Int>) in String(decoding: source.bytes[range], as: UTF8.self) }
        before = Excerpt.printable(text(max(line.lowerBound, start - Excerpt.longest)..<start))
        marked = Excerpt.printable(text(start..<min(end, start + Excerpt.longest)))
        after = Excerpt.printable(text(end..<min(line.upperBound, end + Excerpt.longest)))
    }

    func lines(_ paint: Paint, width: Int) -> [String] {
        let room = max(min(width, Excerpt.widest) - Excerpt.margin, 8)
        // What comes first leaves the rest to what comes next, and the line before the mark what the line behind it does not need.
        let middle = Excerpt.clipped(marked, to: room)
        let rest = room - displayWidth(middle)
        let lead = Excerpt.clippedAtStart(before, to: max(rest / 2, rest - displayWidth(after)))
        let tail = Excerpt.clipped(after, to: rest - displayWidth(lead))
        let gap = String(repeating: " ", count: displayWidth(lead))
        let waves = String(repeating: "~", count: max(displayWidth(middle), 1) - 1)
        return ["  \(lead)\(middle)\(tail)", "  \(gap)\(paint.red("^\(waves)"))"]
    }

    /// As much of the beginning as fits, `…` for the others.
    private static func clipped(_ text: String, to columns: Int) -> String {
        guard displayWidth(text) > columns else { return text }
        var width = 0
        let kept = text.prefix { character in
            width += displayWidth(String(character))
            return width < columns
        }
        return columns > 0 ? kept + "…" : ""
    }

    private static func clippedAtStart(_ text: String, to columns: Int) -> String {
        guard displayWidth(text) > columns else { return text }
        return String(clipped(String(text.reversed()), to: columns).reversed())
    }

    /// Tabs as four spaces; control characters can't move the terminal's cursor.
    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 == "\t" || $0.isHidden }) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar == "\t" { result += "    " } else { result.unicodeScalars.append(scalar.isHidden ? "\u{FFFD}" : scalar) }
        }
    }
}
