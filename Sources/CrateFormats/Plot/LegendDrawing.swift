/// The names of the series, in the corner where the fewest data stand.
struct LegendDrawing {
    let frame: PlotFrame
    let canvas: Canvas

    private struct Entry {
        let name: String
        let color: Color
        let style: Plot.Style
    }

    private var plot: Plot { frame.plot }
    private var scale: Double { frame.scale }
    private var lineHeight: Double { PlotTheme.tickSize * scale * 1.6 }
    private var swatch: Double { 20 * scale }
    private var margin: Double { 8 * scale }

    func draw() {
        let entries = shownEntries
        guard plot.showsLegend ?? !entries.isEmpty, !entries.isEmpty else { return }
        canvas.setFont(size: PlotTheme.tickSize * scale)
        let widest = entries.map { canvas.width(of: $0.name) }.max() ?? 0
        let width = widest + swatch + 7 * scale + 2 * margin
        let height = Double(entries.count) * lineHeight + margin * 1.2
        let box = place(width: width, height: height)
        canvas.roundedRectangle(box, radius: 4 * scale)
        canvas.setColor(Color(0xFFFFFF), alpha: 0.88)
        canvas.fillAndKeep()
        canvas.setColor(PlotTheme.grid)
        canvas.setLine(width: scale)
        canvas.stroke()
        for (row, entry) in entries.enumerated() { draw(entry, row: row, in: box) }
    }

    /// The named series, as many as have room.
    private var shownEntries: [Entry] {
        var entries = plot.series.indices.compactMap { index -> Entry? in
            let name = plot.series[index].name
            guard !name.isEmpty else { return nil }
            let line = String((name.count > 40 ? name.prefix(39) + "…" : name[...]).map { $0.isNewline ? " " : $0 })
            return Entry(name: line, color: plot.color(of: index), style: plot.series[index].style)
        }
        let room = max(Int((frame.box.height - 4 * margin) / lineHeight), 1)
        if entries.count > room {
            let left = entries.count - room + 1
            entries = entries.prefix(room - 1) + [Entry(name: "and \(left) more", color: Color(0xFFFFFF), style: .bars)]
        }
        return entries
    }

    private func draw(_ entry: Entry, row: Int, in box: Box) {
        let middle = box.top + margin * 0.6 + (Double(row) + 0.5) * lineHeight
        let left = box.left + margin
        canvas.setColor(entry.color)
        if entry.style == .line || entry.style == .linePoints {
            canvas.setLine(width: PlotTheme.lineWidth * scale, isRound: true)
            canvas.move(Point(x: left + scale, y: middle))
            canvas.line(Point(x: left + swatch - scale, y: middle))
            canvas.stroke()
        }
        if entry.style == .points || entry.style == .linePoints {
            canvas.circle(Point(x: left + swatch / 2, y: middle), radius: PlotTheme.pointRadius * scale * 1.1)
            canvas.fill()
        }
        if entry.style == .bars || entry.style == .histogram {
            let half = 5 * scale
            canvas.rectangle(Box(left: left + swatch / 2 - half * 1.4, top: middle - half, right: left + swatch / 2 + half * 1.4, bottom: middle + half))
            canvas.fill()
        }
        canvas.setColor(PlotTheme.text)
        let (ascent, descent) = canvas.fontHeights
        canvas.text(entry.name, at: Point(x: left + swatch + 7 * scale, y: middle + (ascent - descent) / 2))
    }

    // MARK: Placing

    /// The corner, or middle of a side, that covers the fewest data.
    private func place(width: Double, height: Double) -> Box {
        let inner = frame.box.inset(by: 10 * scale)
        let middle = (inner.left + inner.right - width) / 2
        let halfway = (inner.top + inner.bottom - height) / 2
        let (right, low) = (inner.right - width, inner.bottom - height)
        let corners = [
            (right, inner.top), (inner.left, inner.top), (right, low), (inner.left, low),
            (right, halfway), (inner.left, halfway), (middle, inner.top), (middle, low),
        ]
        let boxes = corners.map { Box(left: $0.0, top: $0.1, right: $0.0 + width, bottom: $0.1 + height) }
        let data = occupied
        let covered = boxes.map { box in data.reduce(0) { $0 + (box.contains($1) ? 1 : 0) } }
        let best = covered.indices.min { covered[$0] < covered[$1] } ?? 0
        return boxes[best]
    }

    /// Places where data stand, spread along lines and over bars.
    private var occupied: [Point] {
        let bars = SeriesDrawing(frame: frame, canvas: canvas)
        return plot.series.flatMap { series -> [Point] in
            let count = min(series.x.count, series.y.count)
            let step = max(count / 1500, 1)
            let indices = stride(from: 0, to: count, by: step).filter { series.x[$0].isFinite && series.y[$0].isFinite }
            switch series.style {
            case .points: return indices.map { frame.point(series.x[$0], series.y[$0]) }
            case .line, .linePoints: return alongLine(indices.map { frame.point(series.x[$0], series.y[$0]) })
            case .bars: return indices.flatMap { inside(bars.bar(series.x[$0] - 0.4, series.x[$0] + 0.4, series.y[$0])) }
            case .histogram:
                return indices.filter { $0 + 1 < series.x.count }.flatMap { inside(bars.bar(series.x[$0], series.x[$0 + 1], series.y[$0])) }
            }
        }
    }

    private func alongLine(_ points: [Point]) -> [Point] {
        let parts = max(1500 / max(points.count, 1), 1)
        return zip(points, points.dropFirst()).flatMap { a, b in
            (0..<parts).map { part in
                let share = Double(part) / Double(parts)
                return Point(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
            }
        } + points.suffix(1)
    }

    private func inside(_ box: Box) -> [Point] {
        (0...12).flatMap { row in
            (0...2).map { column in
                Point(x: box.left + box.width * Double(column) / 2, y: box.top + box.height * Double(row) / 12)
            }
        }
    }
}
