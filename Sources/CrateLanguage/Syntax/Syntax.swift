import CrateValues

/// A parsed source. The tree is plain data: the resolver, a checker and a formatter all read it.
public struct Program: Sendable {
    public let source: Source
    public let statements: [Statement]
    public let comments: [Span]
    /// How many identifiers it has; each one's `id` is below.
    public let identifierCount: Int
}

/// A name where it is declared or used.
public struct Identifier: Sendable {
    public let name: String
    public let span: Span
    /// Dense, for tables beside the tree.
    public let id: Int
}

public struct Statement: Sendable {
    public let kind: Kind
    public let span: Span

    public indirect enum Kind: Sendable {
        case declaration(Identifier, Expression)
        /// `operation` for `+=` and its like.
        case assignment(target: Expression, operation: BinaryOperator?, value: Expression)
        case expression(Expression)
        case command(CallSyntax)
        /// `NAME { … }`: the command of the function's name gets the function.
        case blockCommand(FunctionSyntax)
        case conditional([(condition: Expression, body: Block)], otherwise: Block?)
        case loop(ForHeader, Block)
        case whileLoop(Expression, Block)
        case attempt(Block, rescue: Rescue?, cleanup: Block?)
        case function(FunctionSyntax)
        case handler(Identifier, [FunctionSyntax])
        case giveBack(Expression?)
        case leaveLoop
        case nextRound
    }
}

public struct Block: Sendable {
    public let statements: [Statement]
    /// With its braces.
    public let span: Span
}

/// `for first, second in sequence`.
public struct ForHeader: Sendable {
    public let first: Identifier
    public let second: Identifier?
    public let sequence: Expression
}

/// `catch name {…}`.
public struct Rescue: Sendable {
    public let name: Identifier?
    public let body: Block
}

public struct FunctionSyntax: Sendable {
    public let name: Identifier
    public let parameters: [ParameterSyntax]
    public let body: Block
    /// From `def` to the closing brace.
    public let span: Span
    /// `self`, declared by itself in a handler's methods.
    public let receiver: Identifier?
}

public struct ParameterSyntax: Sendable {
    public let name: Identifier
    public let standard: Expression?
}

/// `callee(arguments)` where the callee is a name, as a command or as a call.
public struct CallSyntax: Sendable {
    public let name: Identifier
    public let arguments: [Argument]
}

public struct Argument: Sendable {
    public let label: Label?
    public let value: Expression

    public struct Label: Sendable {
        public let name: String
        public let span: Span
    }
}

public struct Expression: Sendable {
    public let kind: Kind
    public let span: Span
    /// Levels below; the parser refuses trees too tall to walk.
    let height: Int

    public indirect enum Kind: Sendable {
        case literal(Literal)
        /// Texts and expressions in turn.
        case interpolation([Piece])
        case name(Identifier)
        case list([Expression])
        case comprehension(Expression, ForHeader, condition: Expression?)
        case dict([(key: Expression, value: Expression)])
        case negative(Expression)
        case not(Expression)
        case binary(BinaryOperator, Expression, Expression)
        case both(Expression, Expression)
        case either(Expression, Expression)
        case coalesce(Expression, Expression)
        case contains(item: Expression, container: Expression, isNegated: Bool)
        case range(Expression, Expression, isClosed: Bool)
        case namedCall(CallSyntax)
        case call(Expression, [Argument])
        case methodCall(Expression, Argument.Label, [Argument])
        case member(Expression, Argument.Label)
        case element(Expression, [IndexSyntax])
    }

    public enum Piece: Sendable {
        case text(String)
        case value(Expression)
    }
}

public enum Literal: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case bigInt(BigInteger)
    case float(Double)
    case string(String)
}

public enum IndexSyntax: Sendable {
    case at(Expression)
    case slice(start: Expression?, stop: Expression?, step: Expression?)
}
