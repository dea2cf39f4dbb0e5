/// Lays a program out anew: two spaces of indentation, one space where one belongs, at most 100 columns.
///
/// Only white space changes. Tokens, comments and strings stay as they are, and a line break that was made stays made; lines that are too
/// long get more of them. What is formatted once stays as it is.
public enum Formatter {
    public static let columns = 100
    static let step = 2

    /// - Parameters:
    ///   - isVerb: whether a name is a command's, as for the parser.
    ///   - takesBlock: whether it takes a block, as for the parser.
    /// - Throws: the first mistake of a source that does not parse.
    public static func format(_ source: Source, isVerb: @escaping (String) -> Bool, takesBlock: @escaping (String) -> Bool = { _ in false }) throws(Failure) -> String {
        let program = try Parser.parse(source, isVerb: isVerb, takesBlock: takesBlock)
        let tokens = try Lexer.tokens(of: source)
        let atoms = Atoms(source, tokens, TokenRoles(program, tokens.tokens))
        let lines = Layout(atoms).lines.flatMap { LineBreaker(atoms: atoms.list).parts(of: $0) }
        // Line ends are LF, in strings that span lines as well: their text has LF however the file writes it.
        return FormattedText(source: source, atoms: atoms.list, lines: lines).text.replacing("\r\n", with: "\n")
    }
}
