/// What tokens are for that look alike, from the tree. By the place of their first byte.
struct TokenRoles {
    private(set) var statementStarts: Set<Int> = []
    private(set) var commandNames: Set<Int> = []
    /// `{` of blocks; every other one begins a dict.
    private(set) var blocks: Set<Int> = []

    init(_ program: Program, _ tokens: [Token]) { add(program.statements, tokens) }

    private mutating func add(_ statements: [Statement], _ tokens: [Token]) {
        for statement in statements {
            statementStarts.insert(statement.span.start)
            for block in statement.blocks {
                blocks.insert(block.span.start)
                add(block.statements, tokens)
            }
            switch statement.kind {
            case .command(let call): commandNames.insert(call.name.span.start)
            case .blockCommand(let function): commandNames.insert(function.name.span.start)
            case .handler(let name, let methods):
                if let brace = tokens.first(where: { $0.span.start >= name.span.end }) { blocks.insert(brace.span.start) }
                for method in methods { statementStarts.insert(method.span.start) }
            default: break
            }
        }
    }
}
