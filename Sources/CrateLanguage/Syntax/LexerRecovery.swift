extension Lexer {
    /// All tokens that can be told apart, and what is wrong between them. What can't be read stands as an empty text, so that the
    /// parser does not stumble there again.
    static func allTokens(of source: Source) -> (TokenList, [Failure]) {
        var lexer = Lexer(source)
        var failures: [Failure] = []
        lexer.skipFirstLine()
        while true {
            do throws(Failure) {
                try lexer.run()
                return (TokenList(tokens: lexer.tokens, comments: lexer.comments), failures)
            } catch {
                if failures.count < Recovery.most { failures.append(error) }
                lexer.skip(error)
            }
        }
    }

    /// Goes past what was wrong.
    private mutating func skip(_ failure: Failure) {
        let span = failure.location?.span ?? Span(position, position)
        if let string = open.last {
            skipString(isBlock: string.isBlock)
            for _ in open { add(.stringEnd, from: position) }
            open = []
            return
        }
        position = min(max(position, span.end, span.start + 1), bytes.count)
        add(.rawString(""), from: span.start)
    }

    /// To behind the closing quotes; else to the end of the line, or of the source for a string that spans lines.
    private mutating func skipString(isBlock: Bool) {
        let quote = UInt8(ascii: "\"")
        while position < bytes.count, isBlock || bytes[position] != UInt8(ascii: "\n") {
            if bytes[position] == quote, !isBlock || (peek(1) == quote && peek(2) == quote) {
                position += isBlock ? 3 : 1
                return
            }
            position += bytes[position] == UInt8(ascii: "\\") && position + 1 < bytes.count && bytes[position + 1] != UInt8(ascii: "\n") ? 2 : 1
        }
    }
}
