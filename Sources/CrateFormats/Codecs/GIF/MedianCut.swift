/// Heckbert's median cut (1982): the colour cube is cut into boxes, again and again at the median of the box that holds the
/// most pixels over the longest side; a box's colour is the mean of its pixels.
///
/// Colours are told apart by 5 bits per channel here, which bounds the work by 32768 cells, whatever the picture's size.
struct MedianCut {
    /// Pixels of one cell: sums of red, green and blue, and their number.
    private var cells = [SIMD4<UInt64>](repeating: .zero, count: 1 << 15)
    /// The cells with pixels, those of one box next to each other.
    private var occupied: [UInt16] = []
    private var boxes: [Box] = []

    private struct Box {
        var range: Range<Int>
        var population: UInt64
        /// 0 red, 1 green, 2 blue: where the cells are furthest apart.
        var axis: Int
        var lowest: Int
        var highest: Int
        var weight: UInt64 { population * UInt64(highest - lowest) }
    }

    /// - Parameter pixels: as `GIFColors` has them.
    static func reduce(_ pixels: [UInt32], to most: Int) -> GIFColors {
        let hasTransparent = pixels.contains(GIFColors.transparent)
        var cut = MedianCut(pixels)
        cut.divide(into: hasTransparent ? most - 1 : most)
        var colors = cut.boxes.map { cut.mean($0) }
        let numbers = cut.numbers()
        let transparentNumber = UInt8(truncatingIfNeeded: colors.count)
        if hasTransparent { colors.append(GIFColors.transparent) }
        return GIFColors(
            colors: colors, indexes: pixels.map { $0 == GIFColors.transparent ? transparentNumber : numbers[MedianCut.cell($0)] })
    }

    private init(_ pixels: [UInt32]) {
        for pixel in pixels where pixel != GIFColors.transparent {
            cells[MedianCut.cell(pixel)] &+= SIMD4(UInt64(pixel & 255), UInt64(pixel >> 8 & 255), UInt64(pixel >> 16 & 255), 1)
        }
        occupied = cells.indices.filter { cells[$0].w > 0 }.map { UInt16(truncatingIfNeeded: $0) }
        boxes = [box(0..<occupied.count)]
    }

    @inline(__always)
    private static func cell(_ pixel: UInt32) -> Int {
        let low: UInt32 = (pixel >> 3) & 31
        let middle: UInt32 = (pixel >> 6) & 0x3E0
        let high: UInt32 = (pixel >> 9) & 0x7C00
        return Int(low | middle | high)
    }

    private static func level(_ cell: UInt16, _ axis: Int) -> Int { Int(cell >> UInt16(axis * 5) & 31) }

    private func box(_ range: Range<Int>) -> Box {
        var lowest = [31, 31, 31]
        var highest = [0, 0, 0]
        var population: UInt64 = 0
        for cell in occupied[range] {
            for axis in 0..<3 {
                let level = MedianCut.level(cell, axis)
                lowest[axis] = min(lowest[axis], level)
                highest[axis] = max(highest[axis], level)
            }
            population += cells[Int(cell)].w
        }
        let axis = (0..<3).max { highest[$0] - lowest[$0] < highest[$1] - lowest[$1] } ?? 0
        return Box(range: range, population: population, axis: axis, lowest: lowest[axis], highest: max(highest[axis], lowest[axis]))
    }

    private mutating func divide(into most: Int) {
        while boxes.count < most {
            guard let widest = boxes.indices.max(by: { boxes[$0].weight < boxes[$1].weight }), boxes[widest].weight > 0 else { return }
            let (low, high) = halves(boxes[widest])
            boxes[widest] = box(low)
            boxes.append(box(high))
        }
    }

    /// Cuts where half of the pixels are on either side, with at least one cell on each.
    private mutating func halves(_ box: Box) -> (Range<Int>, Range<Int>) {
        var populations = [UInt64](repeating: 0, count: 32)
        for cell in occupied[box.range] { populations[MedianCut.level(cell, box.axis)] += cells[Int(cell)].w }
        var cut = box.lowest
        var below = populations[cut]
        while below < box.population / 2, cut < box.highest - 1 {
            cut += 1
            below += populations[cut]
        }
        let middle = occupied.withUnsafeMutableBufferPointer { all in
            var part = UnsafeMutableBufferPointer(rebasing: all[box.range])
            return box.range.lowerBound + part.partition { MedianCut.level($0, box.axis) > cut }
        }
        return (box.range.lowerBound..<middle, middle..<box.range.upperBound)
    }

    private func mean(_ box: Box) -> UInt32 {
        var sum = SIMD4<UInt64>.zero
        for cell in occupied[box.range] { sum &+= cells[Int(cell)] }
        guard sum.w > 0 else { return 0xFF00_0000 }
        let mean = (sum &+ sum.w / 2) / SIMD4(repeating: sum.w)
        return UInt32(mean.x) | UInt32(mean.y) << 8 | UInt32(mean.z) << 16 | 0xFF00_0000
    }

    /// The box of each cell.
    private func numbers() -> [UInt8] {
        var numbers = [UInt8](repeating: 0, count: cells.count)
        for (number, box) in boxes.enumerated() {
            for cell in occupied[box.range] { numbers[Int(cell)] = UInt8(truncatingIfNeeded: number) }
        }
        return numbers
    }
}
