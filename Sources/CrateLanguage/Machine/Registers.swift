/// All registers of an interpreter, in one block that never moves. Memory that was never used costs nothing.
///
/// Registers above `frontier` are raw memory; all below hold values. A frame that ends leaves behind only values that
/// own nothing, so a new one needs no clearing.
final class Registers {
    /// 64 MB of addresses; a frame of ten registers 10,000 deep needs 2.4 MB.
    private static let capacity = 2_800_000
    /// After the register that a first frame's caller would have and the globals.
    static let firstFree = GlobalTable.capacity

    private let memory: UnsafeMutablePointer<Value>
    private let end: UnsafeMutablePointer<Value>
    @exclusivity(unchecked) private var frontier: UnsafeMutablePointer<Value>
    /// What a global variable holds before its declaration ran.
    private let unset = Object()
    @exclusivity(unchecked) private var globalCount = 0

    /// The first global variable.
    let globals: UnsafeMutablePointer<Value>

    init() {
        memory = .allocate(capacity: Registers.capacity)
        end = memory + Registers.capacity
        memory.initialize(to: .null)
        globals = memory + 1
        frontier = globals + Registers.firstFree
    }

    deinit {
        memory.deinitialize(count: 1 + globalCount)
        let first = globals + Registers.firstFree
        first.deinitialize(count: frontier - first)
        memory.deallocate()
    }

    func index(of register: UnsafeMutablePointer<Value>) -> Int { register - globals }

    /// Makes `count` registers from `start` usable; false when there are no more.
    @inline(__always)
    func hasRoom(from start: UnsafeMutablePointer<Value>, count: Int) -> Bool {
        let top = start + count
        return top <= frontier || extend(to: top)
    }

    private func extend(to top: UnsafeMutablePointer<Value>) -> Bool {
        guard top <= end else { return false }
        frontier.initialize(repeating: .null, count: top - frontier)
        frontier = top
        return true
    }

    /// Makes the first `count` globals usable.
    func openGlobals(_ count: Int) {
        guard count > globalCount else { return }
        (globals + globalCount).initialize(repeating: .object(unset), count: count - globalCount)
        globalCount = count
    }

    func isSet(global slot: Int) -> Bool { slot < globalCount && !isUnset(globals + slot) }

    @inline(__always)
    func isUnset(_ register: UnsafeMutablePointer<Value>) -> Bool {
        if case .object(let object) = register.pointee { return object === unset }
        return false
    }
}

extension Value {
    /// Whether the value owns nothing, so that copying and dropping it are plain memory.
    @inline(__always)
    var isPlain: Bool {
        switch self {
        case .null, .bool, .int, .float: true
        default: false
        }
    }
}

extension UnsafeMutablePointer<Value> {
    /// Stores a value that owns nothing, as do most values that are replaced.
    @inline(__always)
    func put(_ value: Value) {
        if pointee.isPlain { initialize(to: value) } else { pointee = value }
    }

    /// Copies a register.
    @inline(__always)
    func copy(_ other: UnsafeMutablePointer<Value>) {
        if pointee.isPlain && other.pointee.isPlain {
            UnsafeMutableRawPointer(self).copyMemory(from: other, byteCount: MemoryLayout<Value>.size)
        } else {
            pointee = other.pointee
        }
    }

    /// Lets go of what the registers own.
    @inline(__always)
    func clear(_ count: Int) {
        var register = self
        let end = self + count
        while register < end {
            if !register.pointee.isPlain { register.pointee = .null }
            register += 1
        }
    }
}

/// A call under way. Plain memory: it owns nothing.
struct Frame {
    let header: UnsafeMutablePointer<CodeHeader>
    let code: Unmanaged<Code>
    /// The function, when it has captures.
    let closure: Unmanaged<Function>?
    let base: UnsafeMutablePointer<Value>
    /// The first register that belongs to the frame: not `base` for a source, which shares the globals.
    let floor: UnsafeMutablePointer<Value>
    /// The next instruction, kept up to date at calls.
    var next: UnsafeMutablePointer<Instruction>

    init(code: Code, base: UnsafeMutablePointer<Value>, floor: UnsafeMutablePointer<Value>) {
        header = code.header
        self.code = .passUnretained(code)
        closure = nil
        self.base = base
        self.floor = floor
        next = header.pointee.instructions
    }

    init(header: UnsafeMutablePointer<CodeHeader>, code: Unmanaged<Code>, closure: Unmanaged<Function>?, base: UnsafeMutablePointer<Value>) {
        self.header = header
        self.code = code
        self.closure = closure
        self.base = base
        floor = base
        next = header.pointee.instructions
    }

    /// The register after the frame's last.
    var end: UnsafeMutablePointer<Value> { base + header.pointee.registerCount }

    /// The instruction under way.
    var index: Int { next - header.pointee.instructions - 1 }

    var place: Failure.Frame {
        let code = code.takeUnretainedValue()
        return Failure.Frame(function: code.name, location: code.location(index))
    }

    func clear() { floor.clear(end - floor) }
}
