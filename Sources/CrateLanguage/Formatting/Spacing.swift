/// Whether a space stands between neighbours of a line.
func hasSpace(between left: Atom, and right: Atom) -> Bool {
    switch (left.role, right.role) {
    case (.comma, .sliceColon): true
    case (_, .comma), (_, .semicolon), (_, .colon), (_, .sliceColon), (_, .dot), (_, .close), (_, .range): false
    case (.dot, _), (.open, _), (.unaryMinus, _), (.range, _), (.sliceColon, _): false
    case (.openBlock, .closeBlock): false
    // Glued or not decides what a call and an index belong to.
    case (.operand, .open), (.name, .open), (.close, .open): right.isDict || right.hasSpaceBefore || right.newlines > 0
    default: true
    }
}

extension Atom {
    fileprivate var isDict: Bool { text == "{" }
}
