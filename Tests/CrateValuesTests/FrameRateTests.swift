import Testing

@testable import CrateValues

@Suite struct FrameRateTests {
    @Test(arguments: [
        (10, 10, 1), (25, 25, 1), (29.97, 2997, 100), (30000.0 / 1001, 30000, 1001), (23.976, 2997, 125), (24000.0 / 1001, 24000, 1001), (0.5, 1, 2),
        (0.001, 1, 1000), (59.94, 2997, 50), (65535, 65535, 1), (1e9 / 33_366_667, 30000, 1001), (1.0 / 3, 1, 3),
    ] as [(Double, Int, Int)])
    func theNearestSmallFraction(_ rate: Double, _ numerator: Int, _ denominator: Int) throws {
        let found = try #require(FrameRate(rate))
        #expect(found.numerator == numerator && found.denominator == denominator)
        #expect(abs(found.perSecond - rate) <= rate * 1e-6)
    }

    @Test(arguments: [0, -1, .nan, .infinity, 1e-300, 1e300]) func noRate(_ rate: Double) { #expect(FrameRate(rate) == nil) }

    @Test func fractionsAreReduced() {
        #expect(FrameRate(50, per: 2) == FrameRate(25, per: 1))
        #expect(FrameRate(0, per: 1) == nil && FrameRate(1, per: 0) == nil && FrameRate(-1, per: -1) == nil)
        #expect(FrameRate(12_345_678, per: 411_523)?.simplified?.perSecond.rounded() == 30)
        #expect(FrameRate(.max, per: 1)?.simplified == nil)
    }
}
