import CrateValues

/// A diagram, to be drawn as a picture.
public struct Plot: Sendable {
    /// How a series is shown.
    public enum Style: Sendable, Equatable {
        case line
        case points
        /// A line with a point on each value.
        case linePoints
        /// One bar per category, side by side with those of other bar series.
        case bars
        /// Counts of values; `x` holds the edges, one more than `y`.
        case histogram
    }

    /// One set of values with a name and a look.
    public struct Series: Sendable {
        /// For the legend; empty for none.
        public var name: String
        public var x: [Double]
        public var y: [Double]
        public var style: Style
        /// `nil` takes the next of the palette.
        public var color: Color?

        public init(name: String = "", x: [Double], y: [Double], style: Style = .line, color: Color? = nil) {
            self.name = name
            self.x = x
            self.y = y
            self.style = style
            self.color = color
        }
    }

    public var series: [Series]
    public var title = ""
    public var xLabel = ""
    public var yLabel = ""
    /// Names of the bars, at x = 0, 1, 2 …
    public var categories: [String] = []
    /// `nil`: when a series has a name.
    public var showsLegend: Bool?
    public var showsGrid = true
    /// Pixels.
    public var width = 800
    public var height = 500
    /// What the axes span; `nil` leaves room for all values.
    public var xRange: ClosedRange<Double>?
    public var yRange: ClosedRange<Double>?

    public init(series: [Series]) { self.series = series }
}
