extension String {
    /// `nil` when a string has no such method.
    func call(_ method: BuiltInMethod, _ arguments: MethodArguments) throws(Failure) -> Value? {
        switch method {
        case .upper:
            try arguments.expect(0...0)
            return .string(uppercased())
        case .lower:
            try arguments.expect(0...0)
            return .string(lowercased())
        case .strip:
            try arguments.expect(0...1)
            return .string(stripped(arguments.values.count > 0 ? try arguments.string(0) : nil))
        case .split:
            try arguments.expect(0...1)
            return .list(ListObject(try parts(arguments.values.count > 0 ? try arguments.string(0) : nil).map { .string($0) }))
        case .lines:
            try arguments.expect(0...0)
            return .list(ListObject(try lines().map { .string($0) }))
        case .replace:
            try arguments.expect(2...2)
            return .string(try replacing(try arguments.string(0), by: try arguments.string(1)))
        case .startsWith:
            try arguments.expect(1...1)
            return .bool(utf8.starts(with: try arguments.string(0).utf8))
        case .endsWith:
            try arguments.expect(1...1)
            return .bool(utf8.reversed().starts(with: try arguments.string(0).utf8.reversed()))
        case .find:
            try arguments.expect(1...1)
            let found = firstRange(ofBytes: try arguments.string(0))
            return .int(found.map { range in self[..<utf8.index(startIndex, offsetBy: range.lowerBound)].count } ?? -1)
        case .count:
            try arguments.expect(1...1)
            return .int(try occurrences(of: try arguments.string(0)))
        case .contains:
            try arguments.expect(1...1)
            return .bool(try Value.string(self).contains(arguments.values[0]))
        case .join:
            try arguments.expect(1...1)
            return .string(try arguments.list(0).joined(separator: self))
        default: return nil
        }
    }

    /// Without white space, or the given characters, at both ends.
    private func stripped(_ characters: String?) -> String {
        let isStripped = { (character: Character) in characters?.contains(character) ?? character.isWhitespace }
        guard let start = firstIndex(where: { !isStripped($0) }), let end = lastIndex(where: { !isStripped($0) }) else { return "" }
        return String(self[start...end])
    }

    /// Between separators; without one, the words between white space.
    private func parts(_ separator: String?) throws(Failure) -> [String] {
        guard let separator else {
            let words = split(maxSplits: Limits.listItems, whereSeparator: \.isWhitespace)
            try Limits.checkList(words.count)
            return words.map(String.init)
        }
        if separator.isEmpty { throw .emptySeparator }
        return try pieces(separator)
    }

    private func occurrences(of part: String) throws(Failure) -> Int {
        if part.isEmpty { throw .emptySeparator }
        var (count, start) = (0, 0)
        while let range = firstRange(ofBytes: part, from: start) {
            count += 1
            start = range.upperBound
        }
        return count
    }

    private func pieces(_ separator: String) throws(Failure) -> [String] {
        var pieces: [String] = []
        var start = 0
        withBytes { bytes in
            while pieces.count <= Limits.listItems, let range = firstRange(ofBytes: separator, from: start) {
                pieces.append(String(decoding: bytes[start..<range.lowerBound], as: UTF8.self))
                start = range.upperBound
            }
            pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        }
        try Limits.checkList(pieces.count)
        return pieces
    }

    /// Without line ends; a last one does not begin another line.
    private func lines() throws(Failure) -> [String] {
        let found = split(maxSplits: Limits.listItems, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        try Limits.checkList(found.count)
        var lines = found.map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private func replacing(_ part: String, by other: String) throws(Failure) -> String {
        if part.isEmpty { return self }
        let pieces = try pieces(part)
        try Limits.checkText(utf8.count + (pieces.count - 1) * (other.utf8.count - part.utf8.count))
        return pieces.joined(separator: other)
    }
}

extension Failure {
    fileprivate static var emptySeparator: Failure { Failure("value", "the separator can't be empty") }
}

extension ListObject {
    /// The strings of the list with `separator` between them. Raises `type` when an item is no string, `limit` for too much text.
    public func joined(separator: String) throws(Failure) -> String {
        if let text = try joinedStrings(separator: separator) { return text }
        let other = items.first { if case .string = $0 { false } else { true } } ?? .null
        throw Failure("type", "`join` takes a list of strings; one item is \(typeName(of: other))")
    }

    /// As `joined`; `nil` when an item is no string.
    public func joinedStrings(separator: String) throws(Failure) -> String? {
        var size = separator.utf8.count * max(items.count - 1, 0)
        for item in items {
            guard case .string(let text) = item else { return nil }
            size += text.utf8.count
        }
        try Limits.checkText(size)
        var separator = separator
        // One allocation of the right size; appending piece by piece checks its room each time.
        return separator.withUTF8 { between in
            String(unsafeUninitializedCapacity: size) { buffer in
                var end = 0
                for index in items.indices {
                    if index > 0 {
                        for byte in between {
                            buffer[end] = byte
                            end += 1
                        }
                    }
                    if case .string(let text) = items[index] { end += text.copyBytes(to: buffer, from: end) }
                }
                return end
            }
        }
    }
}
