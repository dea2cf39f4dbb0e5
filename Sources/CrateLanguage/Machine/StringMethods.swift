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
            return .list(ListObject(lines.map { .string($0) }))
        case .replace:
            try arguments.expect(2...2)
            return .string(replacing(try arguments.string(0), by: try arguments.string(1)))
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
            return .int(try parts(try arguments.string(0)).count - 1)
        case .contains:
            try arguments.expect(1...1)
            return .bool(try Value.string(self).contains(arguments.values[0]))
        case .join:
            try arguments.expect(1...1)
            return .string(try joining(try arguments.list(0)))
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
        guard let separator else { return split(whereSeparator: \.isWhitespace).map(String.init) }
        if separator.isEmpty { throw Failure("value", "the separator can't be empty") }
        return pieces(separator)
    }

    private func pieces(_ separator: String) -> [String] {
        var pieces: [String] = []
        var start = 0
        withBytes { bytes in
            while let range = firstRange(ofBytes: separator, from: start) {
                pieces.append(String(decoding: bytes[start..<range.lowerBound], as: UTF8.self))
                start = range.upperBound
            }
            pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        }
        return pieces
    }

    /// Without line ends; a last one does not begin another line.
    private var lines: [String] {
        var lines = split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private func replacing(_ part: String, by other: String) -> String {
        part.isEmpty ? self : pieces(part).joined(separator: other)
    }

    private func joining(_ list: ListObject) throws(Failure) -> String {
        var parts: [String] = []
        parts.reserveCapacity(list.items.count)
        for item in list.items {
            guard case .string(let text) = item else { throw Failure("type", "`join` takes a list of strings; one item is \(typeName(of: item))") }
            parts.append(text)
        }
        return parts.joined(separator: self)
    }
}
