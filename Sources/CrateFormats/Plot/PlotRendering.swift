import CrateValues

extension Plot {
    /// Draws the plot as RGB of shape (height, width, 3). Type and lines grow with the size, so that a plot of twice the
    /// size is the same plot, sharper.
    ///
    /// - Throws: `.missingLibrary` without cairo, `.unrepresentable` for sizes outside `sides`.
    public func rendered() throws(FormatError) -> Image {
        guard Plot.sides.contains(width), Plot.sides.contains(height) else {
            throw FormatError(
                .unrepresentable, "plot", "can't have a size of \(width) × \(height)",
                hint: "a side has \(Plot.sides.lowerBound) to \(Plot.sides.upperBound) pixels")
        }
        let canvas = try Canvas(width: width, height: height)
        let frame = PlotFrame(self, on: canvas)
        AxisDrawing(frame: frame, canvas: canvas).drawGrid()
        canvas.clipped(to: frame.box) { SeriesDrawing(frame: frame, canvas: canvas).draw() }
        AxisDrawing(frame: frame, canvas: canvas).drawAxes()
        LegendDrawing(frame: frame, canvas: canvas).draw()
        return try canvas.image()
    }

    /// The colour of the series at `index`.
    func color(of index: Int) -> Color { series[index].color ?? Color.series(index) }

    /// The indices of the series that stand as bars.
    var barSeries: [Int] { series.indices.filter { series[$0].style == .bars } }

    /// Whether the horizontal axis names things rather than measures.
    var hasCategories: Bool { !categories.isEmpty }
}

/// The few greys and lengths that all parts share. Lengths are in pixels of a plot of 800 × 500.
enum PlotTheme {
    static var title: Color { Color(0x1F2328) }
    static var text: Color { Color(0x3D444D) }
    static var axis: Color { Color(0x8C959F) }
    static var grid: Color { Color(0xE4E7EB) }
    static var titleSize: Double { 16 }
    static var labelSize: Double { 13 }
    static var tickSize: Double { 11.5 }
    static var lineWidth: Double { 2 }
    static var pointRadius: Double { 3.2 }
}
