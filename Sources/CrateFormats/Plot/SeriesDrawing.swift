/// The data themselves.
struct SeriesDrawing {
    let frame: PlotFrame
    let canvas: Canvas

    private var plot: Plot { frame.plot }
    private var scale: Double { frame.scale }

    func draw() {
        for index in plot.series.indices {
            let series = plot.series[index]
            let color = plot.color(of: index)
            switch series.style {
            case .line: drawLine(series, color)
            case .points: drawPoints(series, color)
            case .linePoints:
                drawLine(series, color)
                drawPoints(series, color)
            case .bars: drawBars(series, index, color)
            case .histogram: drawHistogram(series, color)
            }
        }
    }

    // MARK: Lines

    private func drawLine(_ series: Plot.Series, _ color: Color) {
        canvas.setColor(color)
        canvas.setLine(width: PlotTheme.lineWidth * scale, isRound: true)
        for run in LineRuns(series, frame: frame) {
            if run.count == 1 { drawDot(run[0], color) } else { stroke(run) }
        }
    }

    /// In pieces: cairo's work on one path grows faster than its length.
    private func stroke(_ run: [Point]) {
        for start in stride(from: 0, to: run.count - 1, by: 4000) {
            canvas.move(run[start])
            for point in run[(start + 1)...min(start + 4000, run.count - 1)] { canvas.line(point) }
            canvas.stroke()
        }
    }

    private func drawDot(_ point: Point, _ color: Color) {
        canvas.setColor(color)
        canvas.circle(point, radius: PlotTheme.pointRadius * scale)
        canvas.fill()
    }

    // MARK: Points

    private func drawPoints(_ series: Plot.Series, _ color: Color) {
        let points = distinctPoints(series)
        let radius = PlotTheme.pointRadius * scale * (points.count > 20_000 ? 0.35 : points.count > 2000 ? 0.6 : 1)
        canvas.setLine(width: 0.7 * scale)
        for point in points {
            canvas.setColor(color, alpha: points.count > 500 ? 0.6 : 0.9)
            canvas.circle(point, radius: radius)
            if points.count > 500 {
                canvas.fill()
            } else {
                canvas.fillAndKeep()
                canvas.setColor(Color(0xFFFFFF))
                canvas.stroke()
            }
        }
    }

    /// One point per half pixel (per pixel and a half when there are very many): more can't be told apart.
    private func distinctPoints(_ series: Plot.Series) -> [Point] {
        let count = min(series.x.count, series.y.count)
        let cell = count > 50_000 ? 1.5 : 0.5
        let columns = Int(frame.box.width / cell) + 1
        var seen = [Bool](repeating: false, count: columns * (Int(frame.box.height / cell) + 1))
        var points: [Point] = []
        for index in 0..<count where series.x[index].isFinite && series.y[index].isFinite {
            let point = frame.point(series.x[index], series.y[index])
            guard frame.box.contains(point) else { continue }
            let place = Int((point.y - frame.box.top) / cell) * columns + Int((point.x - frame.box.left) / cell)
            if seen[place] { continue }
            seen[place] = true
            points.append(point)
        }
        return points
    }

    // MARK: Bars

    private func drawBars(_ series: Plot.Series, _ index: Int, _ color: Color) {
        let group = plot.barSeries
        guard let position = group.firstIndex(of: index) else { return }
        let width = 0.8 / Double(group.count)
        canvas.setColor(color)
        for (x, y) in zip(series.x, series.y) where x.isFinite && !y.isNaN {
            let left = x - 0.4 + Double(position) * width
            let gap = group.count > 1 ? width * 0.04 : 0
            drawBar(left + gap, left + width - gap, y)
        }
    }

    private func drawHistogram(_ series: Plot.Series, _ color: Color) {
        let isAlone = plot.series.count == 1
        for (index, count) in series.y.enumerated() where index + 1 < series.x.count && count > 0 {
            canvas.setColor(color, alpha: isAlone ? 0.9 : 0.55)
            drawBar(series.x[index], series.x[index + 1], count)
            let box = bar(series.x[index], series.x[index + 1], count)
            guard box.width > 4 * scale else { continue }
            canvas.setColor(isAlone ? Color(0xFFFFFF) : color)
            canvas.setLine(width: scale)
            canvas.rectangle(box)
            canvas.stroke()
        }
    }

    private func drawBar(_ left: Double, _ right: Double, _ height: Double) {
        canvas.rectangle(bar(left, right, height))
        canvas.fill()
    }

    /// From zero to `height`; never thinner than half a pixel.
    func bar(_ left: Double, _ right: Double, _ height: Double) -> Box {
        let (a, b) = (frame.point(left, height), frame.point(right, 0))
        return Box(left: a.x, top: min(a.y, b.y), right: max(b.x, a.x + 0.5), bottom: max(a.y, b.y))
    }
}
