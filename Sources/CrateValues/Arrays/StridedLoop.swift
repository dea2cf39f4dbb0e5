/// Visits the elements of up to three arrays of one shape together, in C order, run by run.
///
/// Dimensions that every operand steps through evenly are merged first, so that contiguous arrays are one run.
struct StridedLoop {
    /// Elements per run.
    let runLength: Int
    /// Steps within a run.
    let step: (Int, Int, Int)
    private let start: (Int, Int, Int)
    // The outer dimensions, innermost first.
    private let sizes: [Int]
    private let steps: [(Int, Int, Int)]

    init(_ a: Layout, _ b: Layout? = nil, _ c: Layout? = nil) {
        var sizes: [Int] = []
        var steps: [(Int, Int, Int)] = []
        let isEmpty = a.shape.contains(0)
        // An empty array has no runs to be merged.
        for axis in a.shape.indices.reversed() where a.shape[axis] != 1 && !isEmpty {
            let step = (a.strides[axis], b?.strides[axis] ?? 0, c?.strides[axis] ?? 0)
            if let size = sizes.last, let inner = steps.last, step == (inner.0 &* size, inner.1 &* size, inner.2 &* size) {
                sizes[sizes.count - 1] = size * a.shape[axis]
            } else {
                sizes.append(a.shape[axis])
                steps.append(step)
            }
        }
        start = (a.offset, b?.offset ?? 0, c?.offset ?? 0)
        runLength = isEmpty ? 0 : sizes.first ?? 1
        step = steps.first ?? (1, 1, 1)
        self.sizes = Array(sizes.dropFirst())
        self.steps = Array(steps.dropFirst())
    }

    /// Calls `body` with the first positions of each run, in elements.
    @inline(__always)
    func forEachRun<Failure: Error>(_ body: (Int, Int, Int) throws(Failure) -> Void) throws(Failure) {
        if runLength == 0 { return }
        if sizes.isEmpty { return try body(start.0, start.1, start.2) }
        var position = start
        var counters = [Int](repeating: 0, count: sizes.count)
        while true {
            try body(position.0, position.1, position.2)
            var axis = 0
            while true {
                position = (position.0 + steps[axis].0, position.1 + steps[axis].1, position.2 + steps[axis].2)
                counters[axis] += 1
                if counters[axis] < sizes[axis] { break }
                position.0 -= steps[axis].0 * sizes[axis]
                position.1 -= steps[axis].1 * sizes[axis]
                position.2 -= steps[axis].2 * sizes[axis]
                counters[axis] = 0
                axis += 1
                if axis == sizes.count { return }
            }
        }
    }
}
