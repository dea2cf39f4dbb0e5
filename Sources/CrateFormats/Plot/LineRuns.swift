/// A line in pixels, broken where values are missing. Where many values fall into one column of pixels, only the first,
/// least, greatest and last are kept: the picture is the same and a million values are drawn at once.
struct LineRuns: Sequence, IteratorProtocol {
    private let series: Plot.Series
    private let frame: PlotFrame
    private let count: Int
    private let isThinned: Bool
    private var position = 0

    init(_ series: Plot.Series, frame: PlotFrame) {
        self.series = series
        self.frame = frame
        count = Swift.min(series.x.count, series.y.count)
        isThinned = Double(count) > 4 * frame.box.width
    }

    /// The next unbroken run.
    mutating func next() -> [Point]? {
        while position < count, !isPresent(position) { position += 1 }
        guard position < count else { return nil }
        var run = Thinning(isActive: isThinned)
        while position < count, isPresent(position) {
            run.add(frame.point(series.x[position], series.y[position]))
            position += 1
        }
        return run.finish()
    }

    private func isPresent(_ index: Int) -> Bool { series.x[index].isFinite && series.y[index].isFinite }
}

/// Keeps at most four points of those that follow each other within one column of pixels.
private struct Thinning {
    let isActive: Bool
    private var kept: [Point] = []
    private var column = Int.min
    private var low = Point(x: 0, y: 0)
    private var high = Point(x: 0, y: 0)
    private var last = Point(x: 0, y: 0)
    private var lowCameFirst = true
    private var held = 0

    init(isActive: Bool) { self.isActive = isActive }

    mutating func add(_ point: Point) {
        guard isActive else { return kept.append(point) }
        let place = Int(point.x)
        if place != column {
            flush()
            kept.append(point)
            (column, low, high, last, held) = (place, point, point, point, 0)
            return
        }
        // Down the screen is up in y.
        if point.y < high.y { (high, lowCameFirst) = (point, true) }
        if point.y > low.y { (low, lowCameFirst) = (point, false) }
        last = point
        held += 1
    }

    private mutating func flush() {
        guard held > 0 else { return }
        let ends = lowCameFirst ? [low, high] : [high, low]
        for point in ends where point != kept.last { kept.append(point) }
        if last != kept.last { kept.append(last) }
        held = 0
    }

    mutating func finish() -> [Point] {
        flush()
        return kept
    }
}
