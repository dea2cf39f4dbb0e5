/// What one instruction does. `a`, `b`, `c` are its operands: registers of the frame, or for those marked `k` below a
/// register when not negative and else the constant `~k`.
enum Operation: UInt8 {
    /// a ← k b
    case move
    /// a ← cell in b; cell in a ← k b; a ← new cell with k b
    case getCell, setCell, newCell
    /// a ← capture b; capture a ← k b
    case getCapture, setCapture
    /// a ← global b, which may have no value yet; global a ← k b
    case getGlobal, setGlobal
    /// a ← what site b's name means now
    case lateName
    /// a ← the host's constant of site b's name
    case hostConstant
    /// raises the failure b of the code
    case fail

    /// a ← k b op k c
    case add, subtract, multiply, divide, floorDivide, remainder, power, matrixMultiply
    /// a ← b op the number c
    case addInt, subtractInt
    /// a ← k b op k c
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case contains, containsNot
    case range, rangeClosed
    /// a ← op k b
    case negate, not
    /// raises unless a is a boolean
    case requireBool

    /// to instruction a
    case jump
    /// to instruction a, asking whether to stop: closes a loop
    case loop
    /// to a when b is true / false; `IfTrue` closes a loop when c is 1
    case jumpIfTrue, jumpIfFalse
    /// to a when b is not null
    case jumpIfValue
    /// to a unless the argument b was left out
    case jumpIfGiven
    /// to a when k b op k c holds: closes a `while`
    case jumpIfEqual, jumpIfNotEqual, jumpIfLess, jumpIfLessOrEqual, jumpIfGreater, jumpIfGreaterOrEqual
    /// to a unless k b op k c holds
    case jumpUnlessEqual, jumpUnlessNotEqual, jumpUnlessLess, jumpUnlessLessOrEqual, jumpUnlessGreater, jumpUnlessGreaterOrEqual

    /// a ← list, dict of the c values from register b
    case newList, newDict
    /// a ← text of the operands of site b
    case interpolate
    /// appends k b to the list a; adds the c pairs from b to the dict a
    case appendItem, addPairs
    /// appends the c values from register b to the list a
    case appendItems

    /// a ← b[k c]; a[k b] ← k c
    case getIndex, setIndex
    /// a ← b[…] with the indices from register b + 1, as site c says; b[…] ← k a
    case getElement, setElement
    /// a ← b.name of site c; a.name of site b ← k c
    case getMember, setMember
    /// The same as the three `set…`, only when the container gives copies of what it holds.
    case storeBackIndex, storeBackElement, storeBackMember

    /// a ← a(…): c arguments from register a + 1; ~c of them, some named, as site b says
    case call
    /// a ← the global c, called with b arguments from register a + 1
    case callGlobal
    case callNative, callMethod, callLate
    /// a ← b.append(…) or b.get(…) as site c says, skipping the two instructions of the usual way; or else nothing
    case quickMethod
    /// a ← function c of the code, capturing what stands around it
    case closure
    /// hands the methods from register a, as site b says, to the host
    case defineHandler

    /// state a ← k b: state is the sequence, position, size, and then the loop's variables
    case iterate
    /// the next item of state a, or to b at the end; c variables
    case next
    /// state a ← k b ..< k c: state is the number, limit, and then the loop's variable
    case rangeStart, rangeStartClosed
    /// the next number of state a, to b unless at the end
    case rangeNext

    /// returns k b
    case giveBack
    /// ends the source with k b; without a value when a is 0
    case halt
    /// the failure caught before the one in a is current again
    case leaveCatch
    /// raises the failure in a again
    case rethrow
}

struct Instruction {
    let operation: Operation
    var a: Int32
    var b: Int32
    var c: Int32
}
