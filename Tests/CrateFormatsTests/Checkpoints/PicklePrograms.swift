import CrateValues

/// A pickle put together opcode by opcode, as no pickler would.
struct PickleProgram {
    private(set) var bytes: [UInt8] = [0x80, 4]

    static func + (program: PickleProgram, opcodes: [UInt8]) -> PickleProgram {
        var longer = program
        longer.bytes += opcodes
        return longer
    }

    static func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
    static func oldText(_ text: String) -> [UInt8] { [0x55, UInt8(text.utf8.count)] + Array(text.utf8) }
    static func name(_ module: String, _ name: String) -> [UInt8] { text(module) + text(name) + [0x93] }
    static func data(_ bytes: [UInt8]) -> [UInt8] { [0x42] + littleEndian(bytes.count) + bytes }
    static func integer(_ value: Int) -> [UInt8] { [0x4A] + littleEndian(value) }
    static func tuple(_ items: [UInt8]...) -> [UInt8] { ascii("(") + items.joined() + ascii("t") }
    static func dictionary(_ pairs: [UInt8]...) -> [UInt8] { ascii("}(") + pairs.joined() + ascii("u") }
    static func list(_ items: [UInt8]...) -> [UInt8] { ascii("](") + items.joined() + ascii("e") }
    /// The code of opcodes that are characters: `R` calls, `b` sets a state, `N` is None, `.` ends.
    static func ascii(_ opcodes: String) -> [UInt8] { Array(opcodes.utf8) }
    static func repeated(_ opcodes: [UInt8], _ count: Int) -> [UInt8] { Array(repeatElement(opcodes, count: count).joined()) }
    static func littleEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    static let (new, memoize, yes, no): ([UInt8], [UInt8], [UInt8], [UInt8]) = ([0x81], [0x94], [0x88], [0x89])
    /// Runs a command in Python.
    static let attack = ascii("cos\nsystem\n(Vecho\ntR")

    // MARK: numpy and joblib

    /// `dtype(code, False, True)`, or the type that all of numpy shares.
    static func type(_ code: String, isCopy: Bool = true) -> [UInt8] {
        name("numpy", "dtype") + text(code) + no + (isCopy ? yes : no) + [0x87] + ascii("R")
    }

    static func type(_ code: String, isCopy: Bool = true, names: [UInt8] = ascii("N"), fields: [UInt8] = ascii("N"), size: Int = -1, flags: Int = 0) -> [UInt8] {
        type(code, isCopy: isCopy)
            + tuple(integer(3), text("|"), ascii("N"), names, fields, integer(size), integer(-1), integer(flags)) + ascii("b")
    }

    static let standIn = name("joblib.numpy_pickle", "NumpyArrayWrapper") + ascii(")") + new

    static func standInState(_ type: [UInt8], count: Int, _ more: [UInt8] = []) -> [UInt8] {
        dictionary(
            text("subclass"), name("numpy", "ndarray"), text("shape"), tuple(integer(count)), text("order"), text("C"), text("dtype"), type,
            text("allow_mmap"), no, more)
    }
}
