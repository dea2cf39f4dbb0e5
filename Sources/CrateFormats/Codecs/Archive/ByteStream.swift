import CrateValues

/// Bytes that come front to back, and need not be in memory all at once.
protocol ByteStream: AnyObject {
    /// Bytes taken so far.
    var position: Int { get }
    /// The next bytes, at most `most` of them; empty only at the end.
    func next(_ most: Int) throws(FormatError) -> Bytes
    /// Passes over `count` bytes, or to the end.
    func skip(_ count: Int) throws(FormatError)
}

extension ByteStream {
    static var largestStep: Int { 1 << 18 }

    /// Exactly `count` bytes; fewer at the end.
    func read(_ count: Int) throws(FormatError) -> Bytes {
        let first = try next(count)
        if first.count == count || first.isEmpty { return first }
        var gathered = first.array
        while gathered.count < count {
            let piece = try next(min(count - gathered.count, Self.largestStep))
            if piece.isEmpty { break }
            gathered.append(contentsOf: piece.array)
        }
        return Bytes(gathered)
    }

    func skip(_ count: Int) throws(FormatError) {
        var left = count
        while left > 0 {
            let piece = try next(min(left, Self.largestStep))
            if piece.isEmpty { return }
            left -= piece.count
        }
    }
}

/// Bytes that are there already: what is taken is shared, what is passed over is not touched.
final class PlainStream: ByteStream {
    private let bytes: Bytes
    private(set) var position = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    func next(_ most: Int) -> Bytes {
        let end = position + min(max(most, 0), bytes.count - position)
        defer { position = end }
        return bytes.slice(position..<end) ?? Bytes([])
    }

    func skip(_ count: Int) { position += min(max(count, 0), bytes.count - position) }
}
