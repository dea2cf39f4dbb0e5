/// How far an axis reaches so that all values are on it.
enum AxisRange {
    /// Beyond this, spans overflow; below its inverse, steps vanish.
    private static let extreme = 1e290

    /// Room for all finite `values`, with `padding` times the span on either side, and always wide enough to be divided
    /// into ticks. 0…1 without values.
    static func covering(_ values: some Sequence<Double>, including zero: Bool = false, padding: Double) -> ClosedRange<Double> {
        var least = zero ? 0 : Double.infinity
        var greatest = zero ? 0 : -Double.infinity
        for value in values where value.isFinite {
            if value < least { least = value }
            if value > greatest { greatest = value }
        }
        guard least <= greatest else { return 0...1 }
        let (low, high) = (max(least, -extreme), min(greatest, extreme))
        let span = high - low
        // A bar stands on zero, so no room is left beyond it.
        let below = zero && low == 0 ? 0 : padding
        let above = zero && high == 0 && low < 0 ? 0 : padding
        return usable(low - span * below, high + span * above)
    }

    /// `low...high`, widened around its middle when it is too narrow for its place on the number line.
    static func usable(_ low: Double, _ high: Double) -> ClosedRange<Double> {
        let low = min(max(low, -extreme), extreme)
        let high = min(max(high, low), extreme)
        let size = max(abs(low), abs(high))
        if high - low > max(size * 1e-11, 1 / extreme) { return low...high }
        let margin = size > 1 / extreme ? size * 0.1 : 1
        return (low - margin)...(high + margin)
    }
}
