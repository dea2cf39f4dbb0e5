extension Source {
    /// Numbers, from 0, of the lines that begin inside of a string: what looks like a comment there is text.
    public var linesInsideStrings: Set<Int> {
        guard bytes.firstRange(of: Array("\"\"\"".utf8)) != nil else { return [] }
        let table = LineTable(self)
        var inside: Set<Int> = []
        // A string's interpolation may hold strings in turn.
        var open: [Int] = []
        for token in Lexer.allTokens(of: self).0.tokens {
            switch token.kind {
            case .stringStart: open.append(token.span.start)
            case .stringEnd: if let start = open.popLast() { inside.formUnion(table.line(at: start)..<table.line(at: token.span.end)) }
            default: break
            }
        }
        return inside
    }
}
