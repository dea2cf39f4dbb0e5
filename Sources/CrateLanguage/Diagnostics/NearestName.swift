/// The name most like `name`: one that few slips of the keyboard turn it into. `nil` when none is near enough.
public func nearest(_ name: String, in names: some Sequence<String>) -> String? {
    let typed = Array(name.unicodeScalars)
    guard !typed.isEmpty, typed.count <= 64 else { return nil }
    // A third of the letters may be wrong, rounded up.
    var best = max(1, (typed.count + 2) / 3) + 1
    var found: String?
    for candidate in names where candidate != name {
        let letters = Array(candidate.unicodeScalars)
        guard abs(letters.count - typed.count) < best, letters.count > 1 || typed.count == 1 else { continue }
        let distance = editDistance(typed, letters)
        if distance < best, distance < max(typed.count, letters.count) { (best, found) = (distance, candidate) }
    }
    return found
}

/// Damerau's and Levenshtein's distance: insertions, deletions, replacements and swaps of neighbours.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
        var row = [i + 1]
        row.reserveCapacity(b.count + 1)
        for j in b.indices {
            var distance = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, beforeLast[j - 1] + 1) }
            row.append(distance)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
