import CrateFormats
import CrateLanguage
import CrateValues

extension Session {
    /// A value as a person looks at it: pictures, plots and sound drawn where the terminal can, and their description below.
    ///
    /// - Parameter isQuoted: texts in quotes, so that `"1"` and `1` differ.
    /// - Parameter folding: how much of it is shown; the output's own measure when left out.
    public func view(_ value: Value, isQuoted: Bool = true, folding: Folding? = nil) -> String {
        wasFolded = false
        if let text = formed(value, isWhole: isQuoted) { return text }
        let text = folded(value, folding ?? output.folding, isQuoted) ?? (isQuoted ? render(value) : value.description)
        guard output.graphics != .none, case .object(let object) = value, let picture = picture(of: object), !picture.isEmpty else { return text }
        return picture + text
    }

    /// Shows `value` as `view` has it, on a line of its own, and hands on what a page can show of it.
    public func present(_ value: Value, isQuoted: Bool = true, folding: Folding? = nil) {
        attach(value)
        output.show(view(value, isQuoted: isQuoted, folding: folding) + "\n")
    }

    /// Lists, dicts, tables, arrays and texts with what is long and deep left out; `nil` for other values.
    private func folded(_ value: Value, _ folding: Folding?, _ isQuoted: Bool) -> String? {
        guard let folding else { return nil }
        switch value {
        case .list, .dict: break
        case .string where isQuoted: break
        case .object(let object as TableObject):
            let text = TableText(object.table, rows: folding.rows)
            wasFolded = text.isFolded
            return text.text
        case .object(let object as ArrayObject):
            wasFolded = !folding.isWhole && object.tensor.isShortened
            return folding.isWhole ? object.tensor.wholeDescription : object.description
        default: return nil
        }
        var text = FoldedText(folding, width: output.width)
        let shown = text.text(value)
        wasFolded = text.isFolded
        return shown
    }

    /// Hands on what a page can show of a value.
    public func attach(_ value: Value) {
        guard case .object(let object) = value else { return }
        if let image = object as? any ArrayLike, image.tensor.byteCount > output.largestAttachment { return }
        if let attachment = attachment(of: object) { output.attach(attachment) }
    }

    private func attachment(of object: Object) -> Attachment? {
        let sink = MemorySink()
        func made(_ mediaType: String, _ encode: () throws -> Void) -> Attachment? {
            do { try encode() } catch { return nil }
            return Attachment(mediaType: mediaType, bytes: sink.array, description: object.description)
        }
        switch object {
        case let image as ImageObject: return made("image/png") { try PNG.encode(image.image.eightBit(), to: sink) }
        case let plot as PlotObject: return made("image/png") { try PNG.encode(plot.rendered(), to: sink) }
        case let animation as AnimationObject: return made("image/gif") { try GIF.encode(animation.animation, to: sink) }
        case let audio as AudioObject:
            // No browser plays samples of 64 bits.
            var options = AudioFile.Options()
            options.subtype = "PCM_16"
            return made("audio/wav") { try AudioFile.encode(audio.clip, fileExtension: "wav", options: options, to: sink) }
        default: return nil
        }
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
        case let video as VideoObject:
            guard let first = try? video.clip.frame(at: 0) else { return nil }
            return try? TerminalPicture(Image(pixels: first), columns: columns, rows: rows).text(output.graphics)
        case let audio as AudioObject: return Waveform.text(audio.clip, columns: min(columns, 72), rows: 4)
        default: return nil
        }
    }
}
