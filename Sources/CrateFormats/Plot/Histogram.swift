#if canImport(Glibc)
import Glibc
#endif

/// Counts of values in bins of equal width.
struct Histogram: Equatable {
    /// One more than `counts`, ascending.
    let edges: [Double]
    let counts: [Double]

    /// The edges for `values` (those of all series that share an axis): `bins` of them, or as many as numpy's "auto" takes,
    /// the greater of Sturges' and Freedman and Diaconis' numbers.
    static func edges(for values: [Double], bins: Int? = nil) -> [Double] {
        let finite = values.filter(\.isFinite).sorted()
        guard let least = finite.first, let greatest = finite.last else { return [0, 1] }
        let span = greatest - least
        // Equal, or too close for edges between them.
        if span < 1e-290 { return [least - 0.5, greatest + 0.5] }
        guard span.isFinite else { return [least, 0, greatest] }
        let count = min(max(bins ?? automaticCount(finite, span: span), 1), 10_000)
        return (0...count).map { $0 == count ? greatest : least + span * Double($0) / Double(count) }
    }

    /// Counts `values` between `edges`; the last bin has both its ends. Values outside are left out. `nil` for
    /// edges that don't ascend.
    init?(_ values: [Double], edges: [Double]) {
        var counts = [Double](repeating: 0, count: max(edges.count - 1, 1))
        let (low, high) = (edges.first ?? 0, edges.last ?? 1)
        // In halves: the distance of the two ends may be beyond the greatest number.
        let width = high / 2 - low / 2
        guard width > 0 else { return nil }
        for value in values where value >= low && value <= high {
            var bin = min(Int((value / 2 - low / 2) / width * Double(counts.count)), counts.count - 1)
            // Rounding may have put a value next to an edge on its wrong side.
            if value < edges[bin] { bin -= 1 } else if bin + 1 < counts.count, value >= edges[bin + 1] { bin += 1 }
            counts[max(bin, 0)] += 1
        }
        self.edges = edges
        self.counts = counts
    }

    private static func automaticCount(_ sorted: [Double], span: Double) -> Int {
        let sturges = log2(Double(sorted.count)) + 1
        let quartiles = quantile(sorted, 0.75) - quantile(sorted, 0.25)
        let width = 2 * quartiles / cbrt(Double(sorted.count))
        let count = width > 0 ? max(sturges, min(span / width, 500)) : sturges
        return Int(count.rounded(.up))
    }

    /// Between the neighbours, as numpy has it.
    private static func quantile(_ sorted: [Double], _ part: Double) -> Double {
        let place = part * Double(sorted.count - 1)
        let index = Int(place)
        let next = min(index + 1, sorted.count - 1)
        return sorted[index] + (sorted[next] - sorted[index]) * (place - Double(index))
    }
}
