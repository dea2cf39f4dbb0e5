extension Plot {
    /// Pixels that a side may have.
    public static var sides: ClosedRange<Int> { 64...10_000 }

    /// Bars over `categories`; each series has a value for each of them.
    public static func bars(categories: [String], _ series: [(name: String, values: [Double])]) -> Plot {
        var plot = Plot(series: series.map { Series(name: $0.name, x: $0.values.indices.map(Double.init), y: $0.values, style: .bars) })
        plot.categories = categories
        return plot
    }

    /// How often values occur, in bins that all series share. `bins` of them, or as many as suit the data.
    public static func histogram(_ series: [(name: String, values: [Double])], bins: Int? = nil) -> Plot {
        let edges = Histogram.edges(for: series.flatMap(\.values), bins: bins)
        var plot = Plot(series: series.map { name, values in
            Series(name: name, x: edges, y: Histogram(values, edges: edges)?.counts ?? [], style: .histogram)
        })
        plot.yLabel = "count"
        return plot
    }
}
