import CrateValues

/// A diagram in characters: dots of braille between axes that can be read, for terminals that show no pictures.
public struct PlotText {
    private let plot: Plot
    private let columns: Int
    private let rows: Int
    private let xRange: ClosedRange<Double>
    private let yRange: ClosedRange<Double>
    /// Colours that terminals have names for, far apart from each other.
    private static let colours = ["34", "31", "32", "35", "33", "36"]

    /// - Parameters columns, rows: character cells of the whole.
    public init(_ plot: Plot, columns: Int, rows: Int) {
        self.plot = plot
        self.columns = max(columns, 30)
        self.rows = max(rows, 8)
        xRange = PlotFrame.xRange(plot)
        yRange = PlotFrame.yRange(plot)
    }

    /// Lines with line feeds.
    public func text(showsColour: Bool) -> String {
        let height = rows - 3 - (plot.title.isEmpty ? 0 : 1) - (hasLegend ? 1 : 0)
        let yTicks = Ticks(yRange, wanted: max(height / 4, 2))
        let margin = (yTicks.labels.map(\.count).max() ?? 0) + 1
        let width = columns - margin - 1
        var canvas = BrailleCanvas(columns: width, rows: height)
        for index in plot.series.indices { draw(plot.series[index], PlotText.colours[index % PlotText.colours.count], on: &canvas) }

        var lines = plot.title.isEmpty ? [] : [centred(plot.title, width: width, margin: margin + 1)]
        if hasLegend { lines.append(String(repeating: " ", count: margin + 1) + legend(showsColour)) }
        lines += framed(canvas.lines(showsColour: showsColour), yTicks, margin, height)
        lines += xAxis(width: width, margin: margin)
        let notes = [plot.yLabel.isEmpty ? "" : "↑ \(plot.yLabel)", yTicks.note, plot.xLabel.isEmpty ? "" : "→ \(plot.xLabel)"].filter { !$0.isEmpty }
        if !notes.isEmpty { lines.append(centred(notes.joined(separator: "   "), width: width, margin: margin + 1)) }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: data

    private func place(_ x: Double, _ y: Double, _ canvas: BrailleCanvas) -> (x: Int, y: Int)? {
        guard x.isFinite, y.isFinite else { return nil }
        let across = (x - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
        let up = (y - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)
        // A line that leaves the canvas is followed a little further, so that its slope stays right.
        func bounded(_ part: Double, _ count: Int) -> Int { Int((min(max(part, -2), 3) * Double(count - 1)).rounded()) }
        return (bounded(across, canvas.width), canvas.height - 1 - bounded(up, canvas.height))
    }

    private func draw(_ series: Plot.Series, _ colour: String, on canvas: inout BrailleCanvas) {
        switch series.style {
        case .line, .linePoints: drawLine(series, colour, on: &canvas)
        case .points:
            for (x, y) in zip(series.x, series.y) { if let dot = place(x, y, canvas) { canvas.dot(dot.x, dot.y, colour: colour) } }
        case .bars:
            let bars = plot.series.indices.filter { plot.series[$0].style == .bars }.count
            let position = plot.series.prefix { $0.name != series.name || $0.y != series.y }.count { $0.style == .bars }
            let width = 0.8 / Double(max(bars, 1))
            for (x, y) in zip(series.x, series.y) {
                let left = x - 0.4 + Double(position) * width
                fill(from: left, to: left + width * 0.9, y, colour, on: &canvas)
            }
        case .histogram:
            for (index, count) in series.y.enumerated() where index + 1 < series.x.count && count > 0 {
                fill(from: series.x[index], to: series.x[index + 1], count, colour, on: &canvas)
            }
        }
    }

    private func drawLine(_ series: Plot.Series, _ colour: String, on canvas: inout BrailleCanvas) {
        var last: (x: Int, y: Int)?
        for (x, y) in zip(series.x, series.y) {
            guard let dot = place(x, y, canvas) else { last = nil; continue }
            canvas.line(from: last ?? dot, to: dot, colour: colour)
            last = dot
        }
    }

    private func fill(from left: Double, to right: Double, _ height: Double, _ colour: String, on canvas: inout BrailleCanvas) {
        guard let top = place(left, height, canvas), let bottom = place(right, 0, canvas) else { return }
        for x in top.x...max(top.x, bottom.x - 1) {
            for y in min(top.y, bottom.y)...max(top.y, bottom.y) { canvas.dot(x, y, colour: colour) }
        }
    }

    // MARK: frame

    private var hasLegend: Bool { plot.showsLegend ?? plot.series.contains { !$0.name.isEmpty } }

    private func legend(_ showsColour: Bool) -> String {
        plot.series.enumerated().filter { !$0.element.name.isEmpty }.map { index, series in
            let mark = showsColour ? "\u{1B}[\(PlotText.colours[index % PlotText.colours.count])m━━\u{1B}[0m" : "━━"
            return "\(mark) \(PlotText.readable(series.name))"
        }.joined(separator: "   ")
    }

    private func centred(_ text: String, width: Int, margin: Int) -> String {
        let text = PlotText.readable(text)
        return String(repeating: " ", count: margin + max((width - text.count) / 2, 0)) + text.prefix(max(width, 1))
    }

    /// Words come from anywhere and must not drive the terminal.
    private static func readable(_ text: String) -> String { text.escapedForTerminal.replacing("\n", with: " ") }

    /// The rows with the vertical axis to their left.
    private func framed(_ rows: [String], _ ticks: Ticks, _ margin: Int, _ height: Int) -> [String] {
        var labels = [String?](repeating: nil, count: height)
        for (position, label) in zip(ticks.positions, ticks.labels) {
            let part = (position - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)
            let row = height - 1 - Int((part * Double(height - 1)).rounded())
            if labels.indices.contains(row) { labels[row] = label }
        }
        return zip(rows, labels).map { row, label in
            let text = label ?? ""
            return String(repeating: " ", count: max(margin - 1 - text.count, 0)) + text + " " + (label == nil ? "│" : "┤") + row
        }
    }

    private func xAxis(width: Int, margin: Int) -> [String] {
        let ticks = plot.hasCategories
            ? Ticks(positions: plot.categories.indices.map(Double.init), labels: plot.categories.map(PlotText.readable)) : Ticks(xRange, wanted: max(width / 10, 2))
        var axis = [Character](repeating: "─", count: width)
        var labels = [Character](repeating: " ", count: width + margin + 1)
        var free = 0
        for (position, label) in zip(ticks.positions, ticks.labels) {
            let part = (position - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            let column = Int((part * Double(width - 1)).rounded())
            guard axis.indices.contains(column) else { continue }
            axis[column] = "┬"
            let start = max(column + margin + 1 - label.count / 2, 0)
            // Words that would touch are left out.
            guard start >= free, start + label.count <= labels.count else { continue }
            for (offset, character) in label.enumerated() { labels[start + offset] = character }
            free = start + label.count + 1
        }
        let words = String(labels) + (ticks.note.isEmpty ? "" : " " + ticks.note)
        return [String(repeating: " ", count: margin) + "└" + String(axis), words]
    }
}
