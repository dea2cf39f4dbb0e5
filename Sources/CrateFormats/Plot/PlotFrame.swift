#if canImport(Glibc)
import Glibc
#endif

/// Where everything stands: the area of the data in pixels, what it spans, and the marks on its axes. Margins come from
/// the texts as measured.
struct PlotFrame {
    let plot: Plot
    /// Pixels per pixel of a plot of 800 × 500.
    let scale: Double
    let xRange: ClosedRange<Double>
    let yRange: ClosedRange<Double>
    private(set) var box: Box
    private(set) var xTicks: Ticks
    private(set) var yTicks: Ticks
    /// Radians by which the words under the horizontal axis are turned.
    private(set) var labelAngle = 0.0

    init(_ plot: Plot, on canvas: Canvas) {
        self.plot = plot
        scale = PlotFrame.scale(plot)
        xRange = PlotFrame.xRange(plot)
        yRange = PlotFrame.yRange(plot)
        xTicks = Ticks(positions: [], labels: [])
        yTicks = Ticks(positions: [], labels: [])
        box = Box(left: 0, top: 0, right: Double(plot.width), bottom: Double(plot.height))
        layOut(canvas)
    }

    /// Large plots are the same, sharper; in small ones type shrinks less than the plot, so that it stays legible.
    private static func scale(_ plot: Plot) -> Double {
        let ratio = (Double(plot.width) * Double(plot.height) / (800 * 500)).squareRoot()
        return ratio >= 1 ? ratio : max(ratio.squareRoot(), 0.75)
    }

    /// The place of a value, in pixels. Far outside the area it stays near enough for cairo's 24-bit coordinates.
    func point(_ x: Double, _ y: Double) -> Point { Point(x: horizontal(x), y: vertical(y)) }

    func horizontal(_ x: Double) -> Double {
        box.left + PlotFrame.bounded((x - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)) * box.width
    }

    func vertical(_ y: Double) -> Double {
        box.bottom - PlotFrame.bounded((y - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)) * box.height
    }

    private static func bounded(_ part: Double) -> Double { min(max(part, -100), 100) }

    // MARK: Ranges

    static func xRange(_ plot: Plot) -> ClosedRange<Double> {
        if let given = plot.xRange { return AxisRange.usable(given.lowerBound, given.upperBound) }
        if plot.hasCategories { return -0.5...(Double(plot.categories.count) - 0.5) }
        return AxisRange.covering(plot.series.lazy.map(\.x).joined(), padding: 0.03)
    }

    static func yRange(_ plot: Plot) -> ClosedRange<Double> {
        if let given = plot.yRange { return AxisRange.usable(given.lowerBound, given.upperBound) }
        // Bars fill the area from side to side: only above them is room for a legend.
        let hasNames = plot.showsLegend ?? plot.series.contains { !$0.name.isEmpty }
        let standsOnZero = plot.series.contains { $0.style == .bars || $0.style == .histogram }
        return AxisRange.covering(plot.series.lazy.map(\.y).joined(), including: standsOnZero, padding: standsOnZero && hasNames ? 0.16 : 0.06)
    }

    // MARK: Margins

    private mutating func layOut(_ canvas: Canvas) {
        let edge = 14 * scale
        canvas.setFont(size: PlotTheme.tickSize * scale)
        let tick = canvas.fontHeights
        let tickHeight = tick.ascent + tick.descent
        canvas.setFont(size: PlotTheme.labelSize * scale)
        let label = canvas.fontHeights
        let labelHeight = label.ascent + label.descent
        canvas.setFont(size: PlotTheme.titleSize * scale, isBold: true)
        let title = canvas.fontHeights

        box.top = edge + (plot.title.isEmpty ? tickHeight / 2 : title.ascent + title.descent + 10 * scale)
        box.bottom -= edge + tickHeight + 6 * scale + (plot.xLabel.isEmpty ? 0 : labelHeight + 6 * scale)
        canvas.setFont(size: PlotTheme.tickSize * scale)
        markVertically()
        if !yTicks.note.isEmpty { box.top += tickHeight * 0.8 }
        let widest = yTicks.labels.map { canvas.width(of: $0) }.max() ?? 0
        box.left = edge + widest + 7 * scale + (plot.yLabel.isEmpty ? 0 : labelHeight + 8 * scale)
        box.right -= edge
        markHorizontally(canvas)
        if !xTicks.note.isEmpty && plot.xLabel.isEmpty { box.bottom -= tickHeight }
        if labelAngle != 0 {
            let longest = xTicks.labels.map { canvas.width(of: $0) }.max() ?? 0
            box.bottom -= longest * sin(-labelAngle)
            // The first words reach out to the left of their marks.
            let reach = (canvas.width(of: xTicks.labels.first ?? "") + 4 * scale) * cos(labelAngle)
            box.left = max(box.left, edge / 2 + reach - (xTicks.positions.first.map { horizontal($0) - box.left } ?? 0))
        } else if let last = xTicks.labels.last, let place = xTicks.positions.last {
            let overhang = horizontal(place) + canvas.width(of: last) / 2 + edge / 2 - Double(plot.width)
            if overhang > 0 { box.right -= overhang }
        }
        box.bottom = max(box.bottom, box.top + 10)
        box.right = max(box.right, box.left + 10)
        markVertically()
    }

    private mutating func markVertically() {
        yTicks = Ticks(yRange, wanted: Int(min(max(box.height / (58 * scale), 2), 10)))
    }

    /// As many marks as have room for their words.
    private mutating func markHorizontally(_ canvas: Canvas) {
        if plot.hasCategories { return nameCategories(canvas) }
        var wanted = Int(min(max(box.width / (75 * scale), 2), 12))
        repeat {
            xTicks = Ticks(xRange, wanted: wanted)
            wanted -= 1
        } while wanted > 1 && !hasRoom(canvas)
    }

    private func hasRoom(_ canvas: Canvas) -> Bool {
        let needed = xTicks.labels.map { canvas.width(of: $0) + 14 * scale }.max() ?? 0
        guard xTicks.positions.count > 1 else { return true }
        return horizontal(xTicks.positions[1]) - horizontal(xTicks.positions[0]) >= needed
    }

    private mutating func nameCategories(_ canvas: Canvas) {
        let visible = plot.categories.indices.filter { xRange.contains(Double($0)) }
        let slot = box.width / max(xRange.upperBound - xRange.lowerBound, 1)
        let names = visible.map { PlotFrame.shortened(plot.categories[$0]) }
        let widest = names.map { canvas.width(of: $0) }.max() ?? 0
        if widest + 6 * scale > slot { labelAngle = -Double.pi / 4.5 }
        // Turned words need about a line's height each.
        let needed = labelAngle == 0 ? 0 : PlotTheme.tickSize * scale * 1.5
        let step = max(Int((needed / slot).rounded(.up)), 1)
        let shown = stride(from: 0, to: visible.count, by: step)
        xTicks = Ticks(positions: shown.map { Double(visible[$0]) }, labels: shown.map { names[$0] })
    }

    private static func shortened(_ name: String) -> String {
        let line = name.map { $0.isNewline ? " " : $0 }
        return line.count > 24 ? String(line.prefix(23)) + "…" : String(line)
    }
}
