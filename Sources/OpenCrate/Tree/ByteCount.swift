/// Sizes as the trees show them: Bytes whole, then KB, MB, GB and TB by 1024 with two decimals.
public enum ByteCount {
    public static func text(_ bytes: Int) -> String {
        var value = Double(bytes)
        var unit = 0
        while value >= 1024 && unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        if unit == 0 { return "\(bytes) Bytes" }
        // Division by powers of two is exact, so this rounds as Python's "%.2f" does.
        let hundredths = Int((value * 100).rounded(.toNearestOrEven))
        let cents = hundredths % 100
        return "\(hundredths / 100).\(cents < 10 ? "0" : "")\(cents) \(units[unit])"
    }

    private static let units = ["Bytes", "KB", "MB", "GB", "TB"]
}
