/// Grid, axes, and the words around them.
struct AxisDrawing {
    let frame: PlotFrame
    let canvas: Canvas

    private var plot: Plot { frame.plot }
    private var box: Box { frame.box }
    private var scale: Double { frame.scale }

    func drawGrid() {
        guard plot.showsGrid else { return }
        canvas.setColor(PlotTheme.grid)
        for y in frame.yTicks.positions {
            let height = frame.vertical(y)
            canvas.crispLine(from: Point(x: box.left, y: height), to: Point(x: box.right, y: height), width: scale)
        }
        // Bars stand on names, between which a line says nothing.
        guard !plot.hasCategories else { return }
        for x in frame.xTicks.positions {
            let place = frame.horizontal(x)
            canvas.crispLine(from: Point(x: place, y: box.top), to: Point(x: place, y: box.bottom), width: scale)
        }
    }

    func drawAxes() {
        canvas.setColor(PlotTheme.axis)
        canvas.crispLine(from: Point(x: box.left, y: box.bottom), to: Point(x: box.right, y: box.bottom), width: scale)
        canvas.crispLine(from: Point(x: box.left, y: box.top), to: Point(x: box.left, y: box.bottom), width: scale)
        if frame.yRange.lowerBound < 0, frame.yRange.upperBound > 0, plot.series.contains(where: { $0.style == .bars }) {
            let zero = frame.vertical(0)
            canvas.crispLine(from: Point(x: box.left, y: zero), to: Point(x: box.right, y: zero), width: scale)
        }
        drawTickLabels()
        drawLabels()
    }

    private func drawTickLabels() {
        canvas.setFont(size: PlotTheme.tickSize * scale)
        canvas.setColor(PlotTheme.text)
        let (ascent, descent) = canvas.fontHeights
        for (y, label) in zip(frame.yTicks.positions, frame.yTicks.labels) {
            let baseline = frame.vertical(y) + (ascent - descent) / 2
            canvas.text(label, at: Point(x: box.left - 7 * scale, y: baseline), .right)
        }
        for (x, label) in zip(frame.xTicks.positions, frame.xTicks.labels) {
            let place = frame.horizontal(x)
            if frame.labelAngle == 0 {
                canvas.text(label, at: Point(x: place, y: box.bottom + 6 * scale + ascent), .center)
            } else {
                canvas.text(label, at: Point(x: place + ascent / 2, y: box.bottom + 4 * scale + ascent), .right, angle: frame.labelAngle)
            }
        }
        canvas.text(frame.yTicks.note, at: Point(x: box.left, y: box.top - 8 * scale), .left)
        let below = plot.xLabel.isEmpty ? 2 * ascent + descent + 8 * scale : 0
        let noteHeight = plot.xLabel.isEmpty ? box.bottom + below : Double(plot.height) - 14 * scale - descent
        canvas.text(frame.xTicks.note, at: Point(x: box.right, y: noteHeight), .right)
    }

    private func drawLabels() {
        let center = Point(x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2)
        canvas.setFont(size: PlotTheme.labelSize * scale)
        let (ascent, descent) = canvas.fontHeights
        canvas.text(line(plot.xLabel), at: Point(x: center.x, y: Double(plot.height) - 14 * scale - descent), .center)
        canvas.text(line(plot.yLabel), at: Point(x: 12 * scale + ascent, y: center.y), .center, angle: -.pi / 2)
        guard !plot.title.isEmpty else { return }
        canvas.setColor(PlotTheme.title)
        let title = line(plot.title)
        canvas.setFont(size: PlotTheme.titleSize * scale, isBold: true)
        // A long title gets smaller rather than cut.
        let fit = min((Double(plot.width) - 20 * scale) / max(canvas.width(of: title), 1), 1)
        canvas.setFont(size: PlotTheme.titleSize * scale * fit, isBold: true)
        let half = canvas.width(of: title) / 2
        let middle = min(max(center.x, half + 10 * scale), Double(plot.width) - half - 10 * scale)
        canvas.text(title, at: Point(x: middle, y: 14 * scale + canvas.fontHeights.ascent), .center)
    }

    private func line(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
}
