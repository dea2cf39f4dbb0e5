/// Pictures per second, as the fraction that files hold: 30000/1001 is what is called 29.97.
public struct FrameRate: Sendable, Equatable {
    /// Above 0, without a common divisor.
    public let numerator: Int
    public let denominator: Int

    /// `nil` unless both are above 0.
    public init?(_ numerator: Int, per denominator: Int) {
        guard numerator > 0, denominator > 0 else { return nil }
        let divisor = FrameRate.commonDivisor(numerator, denominator)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// The nearest fraction with a denominator of at most 1001, which holds the rates of television, and a numerator of at most 65535,
    /// which is what MPEG-4 has room for. `nil` for a rate that is not between 1/1000 and 65535.
    public init?(_ perSecond: Double) {
        guard perSecond >= 0.001, perSecond <= 65535 else { return nil }
        var best = (numerator: 1, denominator: 1000, distance: Double.infinity)
        for denominator in 1...max(1, min(1001, Int(65535 / perSecond))) {
            let numerator = max((perSecond * Double(denominator)).rounded(), 1)
            let distance = abs(numerator / Double(denominator) - perSecond) / perSecond
            // A larger denominator must be clearly better: times are kept in whole nanoseconds or less.
            if distance < best.distance - 1e-12 { best = (Int(numerator), denominator, distance) }
        }
        self.init(best.numerator, per: best.denominator)
    }

    private init(wholes: Int) { (numerator, denominator) = (max(wholes, 1), 1) }

    /// 25, which FFmpeg takes for files that name none.
    public static let standard = FrameRate(wholes: 25)
    /// 10, as animations have it, for pictures that come without one.
    public static let ofPictures = FrameRate(wholes: 10)

    /// The same or nearly the same rate in small numbers, for writing; `nil` for a rate that no format has.
    public var simplified: FrameRate? { numerator <= 65535 && denominator <= 1001 ? self : FrameRate(perSecond) }

    public var perSecond: Double { Double(numerator) / Double(denominator) }

    private static func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }
}
