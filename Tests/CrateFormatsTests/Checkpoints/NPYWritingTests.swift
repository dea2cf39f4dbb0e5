import CrateFormats
import CrateValues
import Testing

@Suite struct NPYWritingTests {
    private func error(_ document: Document) -> FormatError? {
        failure { () throws(FormatError) in try Checkpoint.bytes(document, "npy") }
    }

    /// What numpy wrote is written again byte for byte, where its widest element is there.
    @Test(arguments: ["unicode", "bytes_S", "datetime"])
    func numpysFilesAreWrittenAgain(_ name: String) throws {
        let bytes = try Samples.bytes("npy/\(name).npy")
        #expect(try Checkpoint.bytes(NPY.decode(bytes), "npy") == bytes)
    }

    /// As copying is to do, with or without a form in between that says the same.
    @Test(arguments: ["unicode", "bytes_S", "datetime", "structured"])
    func convertingToTheSameFormKeepsAll(_ name: String) throws {
        let document = try NPY.decode(Samples.bytes("npy/\(name).npy"))
        let conversion = try Checkpoint.convert(document, from: .npy, to: .npy)
        #expect(try conversion.leftOut.isEmpty && Checkpoint.bytes(conversion.document, "npy") == Checkpoint.bytes(document, "npy"))
    }

    /// A header alone could name any number of them.
    @Test func elementsOfNoBytesAreFew() throws {
        func file(_ count: Int) -> Bytes {
            let header = "{'descr': '|S0', 'fortran_order': False, 'shape': (\(count),), }"
            return Bytes([0x93] + Array("NUMPY\u{1}\u{0}".utf8) + [UInt8(header.utf8.count), 0] + Array(header.utf8))
        }
        #expect(failure { () throws(FormatError) in try NPY.decode(file(256)) } == nil)
        #expect(failure { () throws(FormatError) in try NPY.decode(file(257)) }?.kind == .limit)
    }

    @Test(arguments: [
        (Document.list([.integer(1), .integer(2)]), DType.int64), (.list([.integer(1), .float(2)]), .float64),
        (.list([.bool(true), .bool(false)]), .bool), (.list([.complex(1, 2), .integer(3)]), .complex128), (.list([]), .float64),
        (.list([.list([.integer(1)]), .list([.integer(2)])]), .int64),
    ]) func listsOfNumbersAreArrays(_ list: Document, _ dtype: DType) throws {
        guard case .tensor(let tensor) = try NPY.decode(Checkpoint.bytes(list, "npy")) else {
            Issue.record("no array")
            return
        }
        #expect(tensor.dtype == dtype)
    }

    @Test(arguments: [
        (Document.list([.list([.integer(1)]), .list([])]), "different lengths"), (.list([.integer(1), .list([])]), "different lengths"),
        (.list([.integer(1), .string("a")]), "one type"), (.list([.bool(true), .integer(1)]), "one type"), (.list([.null]), "one type"),
        (.string("a\0"), "NUL"), (.list([.bytes([1, 0])]), "NUL"), (.object([]), "empty mapping"),
        (.object([("a", .list([.integer(1)])), ("b", .list([]))]), "as long as"), (.object([("a", .integer(1))]), "as long as"),
        (.object([("", .list([.integer(1)]))]), "name"),
        (.timestamp(Timestamp(year: 2020, month: 1, day: 1, time: .init(hour: 0, minute: 0, second: 0, offsetMinutes: 60))), "zone"),
        (.timestamp(Timestamp(year: 9000, month: 1, day: 1, time: .init(hour: 0, minute: 0, second: 0, nanosecond: 1))), "out of reach"),
    ]) func whatIsNoArrayIsTold(_ document: Document, _ reason: String) {
        #expect(error(document)?.kind == .unrepresentable)
        #expect(error(document)?.reason.contains(reason) == true, "\(String(describing: error(document)))")
    }

    @Test func tooManyColumnsForNumpyAreRefused() {
        let columns = (0..<1000).map { ("column \($0)", Document.list([.integer($0)])) }
        #expect(error(.object(columns))?.reason.contains("more columns") == true)
    }

    @Test(arguments: [
        ("M8[Y]", 50, "2020"), ("M8[M]", 602, "2020-03"), ("M8[M]", -1, "1969-12"), ("M8[W]", 1, "1970-01-08"), ("M8[h]", -1, "1969-12-31 23:00:00"),
        ("M8[m]", 1, "1970-01-01 00:01:00"), ("M8[ns]", 1000, "1970-01-01 00:00:00.000001"), ("M8[D]", -719_163, "-719163 D"),
        ("M8[D]", -719_162, "0001-01-01"), ("M8[D]", 2_932_896, "9999-12-31"), ("M8[fs]", 5, "5 fs"), ("m8[s]", 5, "5 s"), ("M8[s]", Int.min, "NaT"),
    ]) func timesOfEveryUnit(_ code: String, _ count: Int, _ text: String) throws {
        let header = Array("{'descr': '<\(code)', 'fortran_order': False, 'shape': ()}".utf8)
        let number = withUnsafeBytes(of: count.littleEndian) { Array($0) }
        let document = try NPY.decode(Bytes([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + number))
        #expect(document.matches(.string(text)), "\(document)")
    }
}
