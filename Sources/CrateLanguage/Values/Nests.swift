// A list in a list in a list, a million deep, must not end the process when it goes: each object that may hold others
// has its contents taken apart by a loop instead of the call stack.

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
    static func takeApart(_ fill: (inout Nest) -> Void) {
        var nest = Nest()
        fill(&nest)
        nest.takeApart()
    }
}

/// Objects to let go of. One that nobody else holds first hands its contents over. The references stay in the arrays
/// while they are asked whether they are the last: a copy beside them would count.
struct Nest {
    private var lists: [ListObject] = []
    private var dicts: [DictObject] = []
    private var functions: [Function] = []
    private var cells: [Cell] = []

    mutating func add(_ value: Value) {
        switch value {
        case .list(let list): lists.append(list)
        case .dict(let dict): dicts.append(dict)
        case .function(let function): functions.append(function)
        case .object(let object): if let cell = object as? Cell { cells.append(cell) }
        default: break
        }
    }

    mutating func add(_ cell: Cell) { cells.append(cell) }

    fileprivate mutating func takeApart() {
        while !(lists.isEmpty && dicts.isEmpty && functions.isEmpty && cells.isEmpty) {
            take(Nest.contentsOfLast(&lists) { $0.drain(into: &$1) })
            take(Nest.contentsOfLast(&dicts) { $0.drain(into: &$1) })
            take(Nest.contentsOfLast(&functions) { $0.drain(into: &$1) })
            take(Nest.contentsOfLast(&cells) { $0.drain(into: &$1) })
        }
    }

    /// Lets go of the last holder; what it held, when that would go with it.
    private static func contentsOfLast<Holder: AnyObject>(_ holders: inout [Holder], _ drain: (Holder, inout Nest) -> Void) -> Nest {
        var contents = Nest()
        guard let last = holders.indices.last else { return contents }
        if isKnownUniquelyReferenced(&holders[last]) { drain(holders[last], &contents) }
        holders.removeLast()
        return contents
    }

    private mutating func take(_ other: Nest) {
        lists += other.lists
        dicts += other.dicts
        functions += other.functions
        cells += other.cells
    }
}

extension ListObject {
    func drain(into nest: inout Nest) {
        for item in items { nest.add(item) }
        items = []
    }
}

/// A variable that an inner function shares with the block that declares it.
final class Cell: Object {
    @exclusivity(unchecked) var value: Value
    init(_ value: Value) { self.value = value }

    func drain(into nest: inout Nest) {
        nest.add(value)
        value = .null
    }

    deinit {
        if value.isNest { Value.takeApart { drain(into: &$0) } }
    }
}
