import CEdit

/// Commands that need nothing but the line. Lengths count characters.
extension EditBuffer {
    func moveByKey(_ characters: Int) -> UInt8 {
        move(characters)
        return UInt8(CC_NORM)
    }

    func deleteByKey(backward characters: Int) -> UInt8 {
        deleteBackward(characters)
        return UInt8(CC_NORM)
    }

    func deleteByKey(forward characters: Int) -> UInt8 {
        deleteForward(characters)
        return UInt8(CC_NORM)
    }

    /// Swaps the characters around the cursor; at the end of a line, the last two.
    func transpose() -> UInt8 {
        if afterCursor.isEmpty || afterCursor.first == "\n" { move(-1) }
        guard let left = beforeCursor.last, left != "\n", let right = afterCursor.first, right != "\n" else { return UInt8(CC_NORM) }
        deleteBackward(1)
        move(1)
        insert(String(left))
        return UInt8(CC_NORM)
    }

    var lengthToLineStart: Int { beforeCursor.reversed().prefix { $0 != "\n" }.count }
    var lengthToLineEnd: Int { afterCursor.prefix { $0 != "\n" }.count }

    var wordLengthBefore: Int {
        let backward = beforeCursor.reversed()
        let gap = backward.prefix { !Self.isWord($0) }.count
        return gap + backward.dropFirst(gap).prefix(while: Self.isWord).count
    }

    var wordLengthAfter: Int {
        let forward = afterCursor
        let gap = forward.prefix { !Self.isWord($0) }.count
        return gap + forward.dropFirst(gap).prefix(while: Self.isWord).count
    }

    /// Of the word that blanks end.
    var blankWordLengthBefore: Int {
        let backward = beforeCursor.reversed()
        let gap = backward.prefix(while: \.isWhitespace).count
        return gap + backward.dropFirst(gap).prefix { !$0.isWhitespace }.count
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
}
