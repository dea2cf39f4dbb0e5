import CrateFormats
import CrateLanguage
import CrateValues

extension Session {
    /// A value as a person looks at it: pictures, plots and sound drawn where the terminal can, and their description below.
    ///
    /// - Parameter isQuoted: texts in quotes, so that `"1"` and `1` differ.
    public func view(_ value: Value, isQuoted: Bool = true) -> String {
        let text = isQuoted ? render(value) : value.description
        guard output.graphics != .none, case .object(let object) = value, let picture = picture(of: object), !picture.isEmpty else { return text }
        return picture + text
    }

    /// What can't be drawn is only described.
    private func picture(of object: Object) -> String? {
        let (columns, rows) = (min(output.width - 1, 80), max(min(output.height - 6, 30), 4))
        switch object {
        case let image as ImageObject: return try? TerminalPicture(image.image, columns: columns, rows: rows).text(output.graphics)
        case let plot as PlotObject:
            if case .blocks = output.graphics { return PlotText(plot.plot, columns: columns, rows: min(rows, 20)).text(showsColour: output.showsColour) }
            return try? TerminalPicture(plot.rendered(), columns: columns, rows: rows).text(output.graphics)
        case let animation as AnimationObject:
            guard let first = animation.animation.frames.first else { return nil }
            return try? TerminalPicture(Image(pixels: first.pixels), columns: columns, rows: rows).text(output.graphics)
        case let audio as AudioObject: return Waveform.text(audio.clip, columns: min(columns, 72), rows: 4)
        default: return nil
        }
    }
}
