import CrateLanguage

/// Shows what is longer than the screen page by page, with the program that `PAGER` names, else `less`.
struct Pager {
    private let command: String
    private let programs: ForegroundProgram

    init(environment: [String: String], programs: ForegroundProgram) {
        let wish = environment["PAGER", default: ""]
        // -F leaves at once what fits the screen, -R passes colours on, -X leaves the page on the screen.
        command = wish.isEmpty ? "less -FRX" : wish
        self.programs = programs
    }

    /// Whether `text` is taller than a screen of this size, of which the prompt takes a line.
    func isWorthIt(_ text: String, width: Int, height: Int) -> Bool {
        var rows = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // Without looking at each character of what is long: bytes bound its width from above.
            let size = line.utf8.count <= width ? 1 : displayWidth(Pager.withoutColours(line.prefix(width * height)))
            rows += max(1, (size + width - 1) / max(width, 1))
            if rows >= height { return true }
        }
        return false
    }

    /// False when the pager is not there, or fails; one that a signal ended has shown what was wanted of it.
    func show(_ text: String) -> Bool { !(1..<128).contains(programs.run(command, input: text)) }

    private static func withoutColours(_ text: some StringProtocol) -> String {
        var plain = ""
        var isInside = false
        for scalar in text.unicodeScalars {
            if scalar == "\u{1B}" { isInside = true }
            if !isInside { plain.unicodeScalars.append(scalar) }
            if isInside, scalar == "m" { isInside = false }
        }
        return plain
    }
}
