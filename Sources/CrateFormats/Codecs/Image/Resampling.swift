import CrateValues

/// A picture on its way to another size: across, then down, or the other way round where that makes it smaller first, as Pillow
/// does it.
///
/// Old rows are read as they are needed, and kept while the new row that is being made reaches them.
struct Resizing {
    private let rows: SampleRows
    private let hasAlpha: Bool
    private let width: Int
    private let height: Int
    private let across: Resampling
    private let down: Resampling

    init(_ rows: SampleRows, hasAlpha: Bool, width: Int, height: Int, _ filter: Image.Filter) {
        (self.rows, self.hasAlpha, self.width, self.height) = (rows, hasAlpha, width, height)
        across = Resampling(from: rows.width, to: width, filter)
        down = Resampling(from: rows.height, to: height, filter)
    }

    func pixels() throws(FormatError) -> Tensor {
        let isAcrossFirst = height >= rows.height || rows.height * width <= height * rows.width
        let length = (isAcrossFirst ? width : rows.width) * rows.channels
        var source = [Double](repeating: 0, count: rows.width * rows.channels)
        var between = source
        var window = RowWindow(rows: down.mostTaps, length: length)
        return try rows.array(width: width, height: height, channels: rows.channels) { y, target in
            window.reach(down.taps[y]) { row, place in
                if !isAcrossFirst { return load(row, to: place) }
                load(row, to: &source)
                apply(source, to: place)
            }
            if isAcrossFirst {
                window.add(down, y, to: target)
                limit(target, length)
            } else {
                window.add(down, y, to: &between)
                limit(&between, length)
                apply(between, to: target)
            }
            if hasAlpha { divideByAlpha(target) }
        }
    }

    /// An old row, its colours weighed by their alpha.
    private func load(_ row: Int, to target: UnsafeMutablePointer<Double>) {
        rows.load(row, into: target)
        guard hasAlpha else { return }
        for pixel in stride(from: 0, to: rows.width * rows.channels, by: rows.channels) {
            for channel in 0..<(rows.channels - 1) { target[pixel + channel] *= target[pixel + rows.channels - 1] }
        }
    }

    private func apply(_ source: UnsafePointer<Double>, to target: UnsafeMutablePointer<Double>) {
        across.apply(source, channels: rows.channels, to: target)
        limit(target, width * rows.channels)
    }

    /// Filters with negative weights swing over at edges. Between the two directions, too, samples of 8 and 16 bits are cut to
    /// their range, as Pillow's are.
    private func limit(_ row: UnsafeMutablePointer<Double>, _ length: Int) {
        guard rows.dtype == .uint8 || rows.dtype == .uint16 else { return }
        let full = rows.fullScale
        for index in 0..<length {
            let isWeighed = hasAlpha && index % rows.channels != rows.channels - 1
            row[index] = min(max(row[index], 0), isWeighed ? full * full : full)
        }
    }

    private func divideByAlpha(_ row: UnsafeMutablePointer<Double>) {
        for pixel in stride(from: 0, to: width * rows.channels, by: rows.channels) {
            let alpha = row[pixel + rows.channels - 1]
            for channel in 0..<(rows.channels - 1) { row[pixel + channel] = alpha > 0 ? row[pixel + channel] / alpha : 0 }
        }
    }
}

/// The last rows of a picture, as many as one new row needs.
private struct RowWindow {
    private let rows: Int
    private let length: Int
    private var samples: [Double]
    /// Rows that have been taken in or passed over.
    private var done = 0

    init(rows: Int, length: Int) {
        (self.rows, self.length) = (rows, length)
        samples = [Double](repeating: 0, count: rows * length)
    }

    /// Takes in the rows of `taps` that are new; `fill` writes one.
    mutating func reach(_ taps: Resampling.Taps, _ fill: (Int, UnsafeMutablePointer<Double>) -> Void) {
        samples.withUnsafeMutableBufferPointer { samples in
            guard let start = samples.baseAddress else { return }
            for row in max(done, taps.first)..<max(done, taps.first + taps.count) { fill(row, start + row % rows * length) }
        }
        done = max(done, taps.first + taps.count)
    }

    /// The weighed sum of the rows that new row `y` is made of.
    func add(_ resampling: Resampling, _ y: Int, to target: UnsafeMutablePointer<Double>) {
        let taps = resampling.taps[y]
        target.update(repeating: 0, count: length)
        samples.withUnsafeBufferPointer { samples in
            guard let start = samples.baseAddress else { return }
            for step in 0..<taps.count {
                let weight = resampling.weights[taps.start + step]
                let row = start + (taps.first + step) % rows * length
                for index in 0..<length { target[index] += weight * row[index] }
            }
        }
    }
}

/// Weights that make `to` samples out of `from` along one direction.
struct Resampling {
    /// For one new sample: the first old one that counts, their number, and where their weights begin.
    typealias Taps = (first: Int, count: Int, start: Int)

    let taps: [Taps]
    let weights: [Double]
    let mostTaps: Int
    /// Bounds the weights' memory.
    static let longestSide = 1 << 22

    init(from: Int, to: Int, _ filter: Image.Filter) {
        let scale = Double(from) / Double(to)
        let stretch = max(scale, 1)
        let reach = filter.reach * stretch
        var taps: [Taps] = []
        var weights: [Double] = []
        taps.reserveCapacity(to)
        for index in 0..<to {
            let center = (Double(index) + 0.5) * scale
            let first = min(max(Int(center - reach + 0.5), 0), from - 1)
            let last = min(max(Int(center + reach + 0.5), first + 1), from)
            let start = weights.count
            for old in first..<last { weights.append(filter.weight((Double(old) - center + 0.5) / stretch)) }
            let sum = weights[start...].reduce(0, +)
            for place in start..<weights.count { weights[place] = sum != 0 ? weights[place] / sum : 1 / Double(last - first) }
            taps.append((first, last - first, start))
        }
        self.taps = taps
        self.weights = weights
        mostTaps = taps.reduce(1) { max($0, $1.count) }
    }

    /// One row of pixels of `channels` samples each to another.
    func apply(_ source: UnsafePointer<Double>, channels: Int, to target: UnsafeMutablePointer<Double>) {
        for (pixel, tap) in taps.enumerated() {
            let out = target + pixel * channels
            for channel in 0..<channels {
                var sum = 0.0
                for step in 0..<tap.count { sum += weights[tap.start + step] * source[(tap.first + step) * channels + channel] }
                out[channel] = sum
            }
        }
    }
}
