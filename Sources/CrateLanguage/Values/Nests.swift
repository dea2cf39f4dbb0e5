// A list in a list in a list, a million deep, must not end the process when it goes: each object that may hold others
// takes its contents apart with a list of its own instead of the call stack.

extension Value {
    /// Whether letting go of it may let go of others in turn.
    @inline(__always)
    var isNest: Bool {
        switch self {
        case .list, .dict, .function, .object: true
        default: false
        }
    }

    /// Lets go of everything that `fill` hands over, level by level.
    static func takeApart(_ fill: (inout [Value]) -> Void) {
        var pending: [Value] = []
        fill(&pending)
        while let value = pending.popLast() {
            switch consume value {
            case .list(var list): if isKnownUniquelyReferenced(&list) { list.drain(into: &pending) }
            case .dict(var dict): if isKnownUniquelyReferenced(&dict) { dict.drain(into: &pending) }
            case .function(var function): if isKnownUniquelyReferenced(&function) { function.drain(into: &pending) }
            case .object(let object):
                if let cell = object as? Cell {
                    var cell = cell
                    _ = consume object
                    if isKnownUniquelyReferenced(&cell) { cell.drain(into: &pending) }
                }
            default: break
            }
        }
    }
}

extension ListObject {
    func drain(into values: inout [Value]) {
        values.append(contentsOf: items)
        items = []
    }
}

/// A variable that an inner function shares with the block that declares it.
final class Cell: Object {
    @exclusivity(unchecked) var value: Value
    init(_ value: Value) { self.value = value }

    func drain(into values: inout [Value]) {
        values.append(value)
        value = .null
    }

    deinit {
        if value.isNest { Value.takeApart { drain(into: &$0) } }
    }
}
