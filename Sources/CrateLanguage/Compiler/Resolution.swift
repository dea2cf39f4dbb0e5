/// A variable of a block or function.
final class Variable {
    let name: String
    let declaration: Span
    /// Used by an inner function, so it lives in a `Cell` that both share.
    var isCaptured = false
    /// Given by the compiler.
    var register = -1

    init(name: String, declaration: Span) {
        self.name = name
        self.declaration = declaration
    }
}

/// What a name means where it stands.
enum Binding {
    case local(Variable)
    /// The function's capture of that number.
    case capture(Int)
    /// A variable at top level.
    case global(Int)
    /// A verb, function or constant of the host.
    case host
    /// Nothing yet: looked up by name when the code runs. The hint is for when nothing is found then either.
    case late(hint: String?)
}

/// Where a new function finds what it captures.
enum CaptureSource {
    case local(Variable)
    /// A capture of the function around it.
    case capture(Int)
}

/// What the resolver found out; tables beside the tree, by `Identifier.id`.
struct Resolution {
    var bindings: [Binding]
    /// By the id of the function's name.
    var captures: [Int: [CaptureSource]] = [:]
}

/// The variables at top level, which live on from source to source.
struct GlobalTable {
    static let capacity = 32_768
    private(set) var slots: [String: Int] = [:]
    private(set) var names: [String] = []

    subscript(name: String) -> Int? { slots[name] }

    mutating func slot(for name: String) -> Int? {
        if let slot = slots[name] { return slot }
        guard names.count < GlobalTable.capacity else { return nil }
        slots[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
