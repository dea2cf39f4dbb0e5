import CrateLanguage

/// Looks for a part, which is not empty, in UTF-8. UTF-8 never matches in the middle of a character.
///
/// The way of Knuth, Morris and Pratt: no byte of the text is looked at again after a near miss, so the time is
/// proportional to both lengths also for texts of few different characters.
struct TextSearch {
    let part: [UInt8]
    /// For each length of a match that broke off: the longest shorter one that the same bytes have begun.
    private let shorter: [Int]

    init(_ part: String) {
        let part = Array(part.utf8)
        var shorter = [Int](repeating: 0, count: part.count + 1)
        var matched = 0
        for position in part.indices.dropFirst() {
            while matched > 0, part[position] != part[matched] { matched = shorter[matched] }
            if part[position] == part[matched] { matched += 1 }
            shorter[position + 1] = matched
        }
        self.part = part
        self.shorter = shorter
    }

    /// The first place at or after `start`.
    func first(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        var matched = 0
        var position = start
        while bytes.count - position >= part.count - matched {
            if bytes[position] == part[matched] {
                matched += 1
                position += 1
                if matched == part.count { return position - matched }
            } else if matched > 0 {
                matched = shorter[matched]
            } else {
                position += 1
            }
        }
        return nil
    }

    /// The places, without overlaps. They are given one by one, for a long text may have more than a list could hold.
    func forEach(in bytes: UnsafeBufferPointer<UInt8>, atMost limit: Int = .max, _ body: (Int) -> Void) {
        var (start, count) = (0, 0)
        while count < limit, let place = first(in: bytes, from: start) {
            body(place)
            start = place + part.count
            count += 1
        }
    }
}

/// The parts between the occurrences of a separator that is not empty.
func parts(_ text: String, _ separator: String, _ cuts: Int) -> [String] {
    let search = TextSearch(separator)
    var text = text
    return text.withUTF8 { bytes in
        var parts: [String] = []
        var start = 0
        search.forEach(in: bytes, atMost: cuts) { place in
            parts.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + search.part.count
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }
}

// MARK: calls

/// How often a part of a text or an item occurs, counted up to `limit`.
func occurrences(_ call: Call, atMost limit: Int = .max) throws(Failure) -> Int {
    guard case .string(var text) = call[0] else { return try positions(call, atMost: limit).count }
    let part = try textPart(call)
    guard !part.isEmpty else { return 1 }
    var count = 0
    text.withUTF8 { TextSearch(part).forEach(in: $0, atMost: limit) { _ in count += 1 } }
    return count
}

/// Where a part of a text first stands, counted in characters, or an item.
func firstPosition(_ call: Call) throws(Failure) -> Int? {
    guard case .string(var text) = call[0] else { return try positions(call, atMost: 1).first }
    let part = try textPart(call)
    guard !part.isEmpty else { return 0 }
    return text.withUTF8 { bytes in
        TextSearch(part).first(in: bytes).map { String(decoding: bytes[..<$0], as: UTF8.self).count }
    }
}

private func textPart(_ call: Call) throws(Failure) -> String {
    if case .string(let part) = call[1] { return part }
    throw Failure("type", "a text holds text, not a value of type \(typeName(of: call[1]))")
}

/// Where an item stands.
private func positions(_ call: Call, atMost limit: Int) throws(Failure) -> [Int] {
    if case .dict(let dict) = call[0] {
        return Key(call[1]).flatMap { dict.keys.firstIndex(of: $0) }.map { [$0] } ?? []
    }
    var found: [Int] = []
    for (position, item) in try call.items(0).enumerated() {
        try call.pause(at: position)
        guard try Value.areEqual(item, call[1]) else { continue }
        found.append(position)
        if found.count >= limit { break }
    }
    return found
}
