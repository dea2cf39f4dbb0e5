@testable import CrateFormats
import CrateValues
import Foundation
import Testing

@Suite struct TickTests {
    @Test func `steps are round and labels exact`() {
        let ticks = Ticks(0...1, wanted: 5)
        #expect(ticks.labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(ticks.positions == [0, 0.2, 0.4, 0.6, 0.8, 1])
        #expect(ticks.note.isEmpty)
        #expect(Ticks(-1.06...1.06, wanted: 4).labels == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
        #expect(Ticks(0.7...51, wanted: 10).labels.first == "5")
    }

    @Test(arguments: [(0.0...3e7, "×10⁷"), (-4e-6...4e-6, "×10⁻⁶"), (0.0...50_000, ""), (0.0...120_000, "×10⁵"), (0.0...5e-290, "×10⁻²⁹⁰"), (-1e290...1e290, "×10²⁹⁰")])
    func `large and small values share a power of ten`(_ range: ClosedRange<Double>, _ note: String) {
        let ticks = Ticks(range, wanted: 4)
        #expect(ticks.note == note)
        #expect(ticks.labels.count >= 3)
        #expect(ticks.labels.allSatisfy { $0.count <= 6 })
    }

    @Test func `values far from zero are counted from a round number`() {
        let times = Ticks(1_700_000_000...1_700_000_006.3, wanted: 6)
        #expect(times.labels == ["0", "1", "2", "3", "4", "5", "6"])
        #expect(times.note == "+1\u{2009}700\u{2009}000\u{2009}000")
        let negative = Ticks(-1_000_000.5 ... -999_999.5, wanted: 3)
        #expect(negative.note == "−1\u{2009}000\u{2009}000")
        #expect(negative.labels.contains("−0.5") && negative.labels.contains("0.5"))
    }

    @Test func `positions lie inside and are told apart by their labels`() {
        for exponent in stride(from: -280.0, through: 280, by: 7.3) {
            for start in [-3.7, 0, 1, 12.34] {
                let unit = pow(10, exponent)
                let range = (start * unit)...((start + 2.9) * unit)
                let ticks = Ticks(range, wanted: 7)
                #expect(ticks.positions.count >= 4 && ticks.positions.count == ticks.labels.count)
                #expect(Set(ticks.labels).count == ticks.labels.count)
                #expect(ticks.positions.allSatisfy { $0 >= range.lowerBound - unit * 1e-6 && $0 <= range.upperBound + unit * 1e-6 })
            }
        }
    }
}

@Suite struct AxisRangeTests {
    @Test func `covers all finite values with room`() {
        let range = AxisRange.covering([3, .nan, 5, .infinity], padding: 0.1)
        #expect(abs(range.lowerBound - 2.8) < 1e-12 && abs(range.upperBound - 5.2) < 1e-12)
        #expect(AxisRange.covering([], padding: 0.1) == 0...1)
        #expect(AxisRange.covering([2, 4], including: true, padding: 0.1).lowerBound == 0)
        #expect(AxisRange.covering([-2, -4], including: true, padding: 0.1).upperBound == 0)
    }

    @Test(arguments: [0.0, 1, -1, 1e300, -1e300, 1e-300, .leastNonzeroMagnitude, 1e9])
    func `a constant gets a range around it`(_ value: Double) {
        let range = AxisRange.covering([value, value], padding: 0.1)
        #expect(range.lowerBound < range.upperBound)
        #expect((range.upperBound - range.lowerBound).isFinite)
    }

    @Test func `the widest numbers still have a finite span`() {
        let range = AxisRange.covering([-.greatestFiniteMagnitude, .greatestFiniteMagnitude], padding: 0.1)
        #expect((range.upperBound - range.lowerBound).isFinite)
    }
}

@Suite struct HistogramTests {
    @Test func `counts every value once`() {
        #expect(Histogram([0, 0.5, 1, 1.5, 2, 2.5, 3, .nan, 9], edges: [0, 1, 2, 3])?.counts == [2, 2, 3])
        #expect(Histogram([-1e308, 0, 1e308], edges: [-1e308, 0, 1e308])?.counts == [1, 2])
        #expect(Histogram([1], edges: [1, 1]) == nil)
    }

    @Test func `chooses bins as numpy does`() {
        // numpy.histogram_bin_edges(range(100), bins="auto") has 8 bins.
        #expect(Histogram.edges(for: (0..<100).map(Double.init)).count == 9)
        #expect(Histogram.edges(for: [1, 2, 3], bins: 4) == [1, 1.5, 2, 2.5, 3])
        #expect(Histogram.edges(for: [7, 7]) == [6.5, 7.5])
        #expect(Histogram.edges(for: []) == [0, 1])
        #expect(Histogram.edges(for: [-1e308, 1e308]) == [-1e308, 0, 1e308])
    }

    @Test func `no value is lost to rounding`() {
        let values = (0..<1000).map { Double($0) * 0.1 }
        for bins in [1, 3, 7, 10, 333] {
            let edges = Histogram.edges(for: values, bins: bins)
            #expect(Histogram(values, edges: edges)?.counts.reduce(0, +) == 1000)
        }
    }
}

@Suite struct ColorTests {
    @Test func `takes names and digits`() {
        #expect(Color(named: "#FF0000") == Color(red: 1, green: 0, blue: 0))
        #expect(Color(named: "#0f0") == Color(red: 0, green: 1, blue: 0))
        #expect(Color.names.allSatisfy { Color(named: $0) != nil })
        for wrong in ["", "#", "#12", "#12345g", "reddish", "#1234567", "#+12345"] { #expect(Color(named: wrong) == nil) }
    }
}

@Suite struct PlotTests {
    /// Pixels of `color`, allowing for nothing but the exact colour.
    private func count(_ color: UInt32, in image: Image) -> Int {
        let wanted = [UInt8(color >> 16 & 0xFF), UInt8(color >> 8 & 0xFF), UInt8(color & 0xFF)]
        let bytes = mediaElements(image.pixels, as: UInt8.self)
        return stride(from: 0, to: bytes.count, by: 3).count { bytes[$0] == wanted[0] && bytes[$0 + 1] == wanted[1] && bytes[$0 + 2] == wanted[2] }
    }

    /// The columns, from the left, in which `color` stands.
    private func columns(_ color: UInt32, in image: Image) -> Set<Int> {
        let bytes = mediaElements(image.pixels, as: UInt8.self)
        var columns: Set<Int> = []
        for pixel in 0..<(bytes.count / 3) where bytes[pixel * 3] == UInt8(color >> 16 & 0xFF) && bytes[pixel * 3 + 1] == UInt8(color >> 8 & 0xFF) && bytes[pixel * 3 + 2] == UInt8(color & 0xFF) {
            columns.insert(pixel % image.width)
        }
        return columns
    }

    private let blue: UInt32 = 0x0072B2

    @Test func `draws every kind in the size that was asked for`() throws {
        let x = (0..<50).map(Double.init)
        for style in [Plot.Style.line, .points, .linePoints] {
            var plot = Plot(series: [.init(x: x, y: x.map { sin($0 / 5) }, style: style)])
            (plot.width, plot.height) = (640, 400)
            let image = try plot.rendered()
            #expect(image.pixels.shape == [400, 640, 3])
            #expect(count(blue, in: image) > 100 || style == .points)
            #expect(count(0xFFFFFF, in: image) > 150_000)
        }
        #expect(count(blue, in: try Plot.bars(categories: ["a", "b"], [("", [1, 2])]).rendered()) > 10_000)
        #expect(try Plot.histogram([("", [1, 2, 2, 3])]).rendered().pixels.shape == [500, 800, 3])
    }

    @Test func `a missing value leaves a gap`() throws {
        let x = (0..<100).map(Double.init)
        var whole = Plot(series: [.init(x: x, y: x.map { _ in 1 })])
        whole.showsGrid = false
        var broken = whole
        for index in 40..<60 { broken.series[0].y[index] = .nan }
        let full = columns(blue, in: try whole.rendered())
        let gapped = columns(blue, in: try broken.rendered())
        let share = Double(full.count - gapped.count) / Double(full.count)
        #expect(share > 0.17 && share < 0.24)
    }

    @Test func `a thinned line shows the same columns and extremes`() throws {
        let count = 100_000
        var y = (0..<count).map { sin(Double($0) / 9000) }
        y[54_321] = 5
        let series = Plot.Series(x: (0..<count).map(Double.init), y: y)
        let frame = PlotFrame(Plot(series: [series]), on: try Canvas(width: 800, height: 500))
        var runs = LineRuns(series, frame: frame)
        let first = runs.next()
        let run = try #require(first)
        let second = runs.next()
        #expect(second == nil)
        #expect(run.count < 4 * 800)
        #expect(run.contains(frame.point(54_321, 5)))
        #expect(run.first == frame.point(0, y[0]) && run.last == frame.point(Double(count - 1), y[count - 1]))
        #expect(Set(run.map { Int($0.x) }).count >= Int(frame.box.width * 0.93))
    }

    @Test func `hard data are drawn too`() throws {
        let extreme: [[Double]] = [
            [], [1], [.nan], [.infinity, -.infinity], [1e308, -1e308], [.leastNonzeroMagnitude, 0], [1e300, 1e300], [0, .nan, 1, .infinity, 2],
        ]
        for values in extreme {
            for style in [Plot.Style.line, .points, .linePoints, .bars] {
                #expect(throws: Never.self) { try Plot(series: [.init(name: "s", x: values.indices.map(Double.init), y: values, style: style)]).rendered() }
                #expect(throws: Never.self) { try Plot(series: [.init(x: values, y: values, style: style)]).rendered() }
            }
            #expect(throws: Never.self) { try Plot.histogram([("h", values)]).rendered() }
        }
        var limited = Plot(series: [.init(x: [0, 1], y: [0, 1])])
        limited.xRange = 1e15...(1e15 + 1)
        limited.yRange = -5...(-5)
        #expect(throws: Never.self) { try limited.rendered() }
        #expect(throws: Never.self) { try Plot(series: []).rendered() }
        #expect(throws: Never.self) { try Plot(series: [.init(x: [1, 2, 3], y: [1])]).rendered() }
    }

    @Test func `hard words are drawn too`() throws {
        var plot = Plot.bars(categories: (0..<200).map { "a rather long category name \($0)" }, [(String(repeating: "n", count: 500), (0..<200).map(Double.init))])
        plot.title = String(repeating: "long title ", count: 50) + "\n\t\0 ✓ 漢字"
        plot.xLabel = "x\ny"
        plot.yLabel = String(repeating: "y", count: 300)
        for size in [(64, 64), (64, 2000), (3000, 64)] {
            (plot.width, plot.height) = size
            #expect(try plot.rendered().pixels.shape == [size.1, size.0, 3])
        }
        let crowd = Plot(series: (0..<60).map { Plot.Series(name: "series \($0)", x: [0, 1], y: [0, Double($0)]) })
        #expect(throws: Never.self) { try crowd.rendered() }
    }

    @Test func `sizes have bounds`() throws {
        for size in [(63, 500), (500, 10_001), (0, 0), (-5, 100), (Int.max, 100)] {
            var plot = Plot(series: [])
            (plot.width, plot.height) = size
            #expect(mediaError { () throws(FormatError) in _ = try plot.rendered() }?.kind == .unrepresentable)
        }
    }

    @Test func `the legend keeps out of the data's way`() throws {
        var series = Plot.Series(name: "name", x: [], y: [], style: .points)
        for place in 0..<400 {
            let (column, row) = (place % 20, place / 20)
            // The lower right stays free.
            if row < 12 && column > 8 { continue }
            series.x.append(Double(column))
            series.y.append(Double(row))
        }
        var plot = Plot(series: [series])
        let with = try plot.rendered()
        plot.showsLegend = false
        let without = try plot.rendered()
        let (a, b) = (mediaElements(with.pixels, as: UInt8.self), mediaElements(without.pixels, as: UInt8.self))
        let changed = (0..<(a.count / 3)).filter { a[$0 * 3] != b[$0 * 3] }
        #expect(!changed.isEmpty)
        #expect(changed.allSatisfy { $0 % 800 > 400 && $0 / 800 > 250 })
    }
}
