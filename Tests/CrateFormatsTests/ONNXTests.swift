import CrateFormats
import CrateValues
import Testing

@Suite struct ONNXTests {
    private func external(_ location: String) throws(FormatError) -> Bytes {
        do { return try Samples.bytes("onnx/\(location)") } catch { throw FormatError(.system, "ONNX", "no such file: \(location)") }
    }

    @Test func `reads what other programs wrote`() throws {
        let sample = try #require(Samples.named("onnx/linear").first)
        let expect = try #require(sample.expect)
        let document = try ONNX.decode(sample.bytes())
        for key in ["ir_version", "producer", "opset", "graph", "inputs", "outputs", "nodes", "metadata"] {
            #expect(document[key]?.matches(try #require(expect[key])) == true, "\(key)")
        }
        #expect(document["operators"]?.matches(.object(["MatMul": .integer(1), "Add": .integer(1)])) == true)
        #expect(document["external"]?.keys == [])
        try expectInitializers(document, expect)
    }

    private func expectInitializers(_ document: Document, _ expect: Expected) throws {
        let wanted = try #require(expect["initializers"]?.object)
        #expect(document["initializers"]?.keys.sorted() == wanted.keys.sorted())
        for (name, facts) in wanted { try expectMedia(try #require(document["initializers"]?[name]?.tensor), facts) }
    }

    @Test func `takes tensors out of the file beside`() throws {
        let sample = try #require(Samples.named("onnx/external.onnx").first)
        let expect = try #require(sample.expect)
        var asked: [String] = []
        let document = try ONNX.decode(sample.bytes()) { (location) throws(FormatError) in
            asked.append(location)
            return try external(location)
        }
        #expect(asked == ["external.bin"])
        #expect(document["external"]?.matches(try #require(expect["external"])) == true)
        try expectInitializers(document, expect)
    }

    @Test func `describes them without that file`() throws {
        let document = try ONNX.decode(try Samples.bytes("onnx/external.onnx"))
        guard case .opaque(let opaque) = document["initializers"]?["W"] else {
            Issue.record("no description")
            return
        }
        #expect(opaque.name == "onnx.FLOAT")
        #expect(opaque.state?.matches(.object(["type": .string("FLOAT"), "shape": .list([.integer(3), .integer(2)]), "nbytes": .integer(24)])) == true)
        #expect(document["initializers"]?["B"]?.tensor != nil)
    }

    private func failure(_ bytes: Bytes, _ limits: Limits = .standard) -> FormatError? {
        mediaError { () throws(FormatError) in
            _ = try ONNX.decode(bytes, limits: limits) { (location) throws(FormatError) in try external(location) }
        }
    }

    @Test func `refuses lies by their kind`() throws {
        func kind(_ name: String) throws -> FormatError.Kind? { failure(try Samples.bytes("hostile/onnx_\(name).onnx"))?.kind }
        #expect(try kind("truncated") == .truncated)
        #expect(try kind("varint") == .malformed)
        #expect(try kind("deep") == .malformed)
        #expect(try kind("external_traversal") == .unsafe)
    }

    @Test(arguments: ["linear", "external"])
    func `any damaged byte gives a document or an error`(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes("onnx/\(name).onnx"))
        var refused = 0
        for bytes in damage.truncations(limit: 1 << 16) where failure(bytes) != nil { refused += 1 }
        #expect(refused > damage.original.count * 9 / 10)
        for bytes in damage.mutations(limit: 1 << 16) {
            if let error = failure(bytes) { #expect(!error.reason.isEmpty) }
        }
    }

    // MARK: Models made by hand

    private func model(_ tensor: [UInt8]) -> Bytes { model(graph: Proto.bytes(5, tensor)) }
    private func model(graph: [UInt8]) -> Bytes { Bytes(Proto.number(1, 9) + Proto.bytes(7, graph)) }

    private func numbers<Number: BitwiseCopyable>(_ tensor: [UInt8], as: Number.Type, _ dtype: DType) throws -> [Number] {
        let value = try #require(try ONNX.decode(model(tensor))["initializers"]?[""]?.tensor)
        #expect(value.dtype == dtype)
        return mediaElements(value, as: Number.self)
    }

    @Test func `numbers may be packed or stand alone`() throws {
        let shape = Proto.packed(1, [3])
        let alone = Proto.number(1, 3)
        for shape in [shape, alone] {
            #expect(try numbers(shape + Proto.number(2, 7) + Proto.packed(7, [1, -2, 3]), as: Int64.self, .int64) == [1, -2, 3])
            #expect(
                try numbers(shape + Proto.number(2, 7) + [1, -2, 3].flatMap { Proto.number(7, $0) }, as: Int64.self, .int64) == [1, -2, 3])
        }
        #expect(try numbers(shape + Proto.number(2, 6) + Proto.packed(5, [.min >> 32, -1, 5]), as: Int32.self, .int32) == [.min, -1, 5])
        #expect(try numbers(shape + Proto.number(2, 3) + Proto.packed(5, [-128, 0, 127]), as: Int8.self, .int8) == [-128, 0, 127])
        #expect(
            try numbers(shape + Proto.number(2, 12) + Proto.packed(11, [0, 1, 4_294_967_295]), as: UInt32.self, .uint32) == [0, 1, .max])
        #expect(try numbers(shape + Proto.number(2, 13) + Proto.packed(11, [0, 1, -1]), as: UInt64.self, .uint64) == [0, 1, .max])
        #expect(try numbers(shape + Proto.number(2, 9) + Proto.packed(5, [0, 1, 1]), as: UInt8.self, .bool) == [0, 1, 1])
        #expect(
            try numbers(shape + Proto.number(2, 16) + Proto.packed(5, [0x3F80, 0, 0xFFFF]), as: UInt16.self, .bfloat16) == [
                0x3F80, 0, 0xFFFF,
            ])
        #expect(try numbers(shape + Proto.number(2, 17) + Proto.packed(5, [1, 2, 255]), as: UInt8.self, .float8_e4m3fn) == [1, 2, 255])
        let floats = [1.5, -2, 3] as [Float]
        let apart = floats.flatMap { [UInt8(4 << 3 | 5)] + withUnsafeBytes(of: $0) { Array($0) } }
        #expect(try numbers(shape + Proto.number(2, 1) + apart, as: Float.self, .float32) == floats)
        #expect(
            try numbers(
                Proto.packed(1, [1]) + Proto.number(2, 14) + Proto.bytes(4, floats[..<2].withUnsafeBytes { Array($0) }), as: Float.self,
                .complex64) == [1.5, -2])
        #expect(try numbers(Proto.packed(1, [0, 7]) + Proto.number(2, 1), as: Float.self, .float32) == [])
    }

    @Test func `texts are nested lists`() throws {
        let texts = Proto.bytes(6, Array("é".utf8)) + Proto.bytes(6, [0xFF])
        func value(_ shape: [Int]) throws -> Document? {
            try ONNX.decode(model(Proto.packed(1, shape) + Proto.number(2, 8) + texts))["initializers"]?[""]
        }
        let flat = Expected.list([.string("é"), .object(["bytes_hex": .string("ff")])])
        #expect(try value([2])?.matches(flat) == true)
        #expect(try value([1, 2])?.matches(.list([flat])) == true)
        #expect(failure(model(Proto.packed(1, [3]) + Proto.number(2, 8) + texts))?.kind == .malformed)
    }

    @Test func `small numbers are unpacked, the first from the lowest bits`() throws {
        let raw = Proto.bytes(9, [0x21, 0x0F])
        let three = Proto.packed(1, [3])
        #expect(try numbers(three + Proto.number(2, 21) + raw, as: UInt8.self, .uint8) == [1, 2, 15])
        #expect(try numbers(three + Proto.number(2, 22) + raw, as: Int8.self, .int8) == [1, 2, -1])
        #expect(try numbers(three + Proto.number(2, 23) + raw, as: Float.self, .float32) == [0.5, 1, -6])
        #expect(try numbers(three + Proto.number(2, 22) + Proto.packed(5, [0x21, 0x0F]), as: Int8.self, .int8) == [1, 2, -1])
        #expect(try numbers(Proto.packed(1, [5]) + Proto.number(2, 26) + Proto.bytes(9, [0b11_10_01_00, 0b11]), as: Int8.self, .int8) == [0, 1, -2, -1, -1])
        #expect(failure(model(Proto.packed(1, [5]) + Proto.number(2, 22) + raw))?.kind == .malformed)
    }

    @Test func `6-bit numbers are described`() throws {
        let model = model(Proto.packed(1, [4]) + Proto.number(2, 27) + Proto.bytes(9, [1, 2, 3]))
        guard case .opaque(let opaque)? = try ONNX.decode(model)["initializers"]?[""] else {
            Issue.record("no description")
            return
        }
        #expect(opaque.name == "onnx.FLOAT6E2M3")
        #expect(mediaElements(try #require(opaque.state?["values"]?.tensor), as: UInt8.self) == [1, 2, 3])
    }

    @Test func `refuses tensors that don't add up`() {
        func kind(_ tensor: [UInt8]) -> FormatError.Kind? { failure(model(tensor))?.kind }
        let three = Proto.packed(1, [3])
        #expect(kind(three + Proto.number(2, 1) + Proto.bytes(9, [0, 0, 0, 0])) == .malformed)
        #expect(kind(three + Proto.number(2, 7) + Proto.packed(7, [1, 2])) == .malformed)
        #expect(kind(three + Proto.number(2, 7) + Proto.packed(5, [1, 2, 3])) == .malformed)
        #expect(kind(three + Proto.number(2, 2) + Proto.packed(5, [1, 2, 256])) == .malformed)
        #expect(kind(three + Proto.number(2, 9) + Proto.packed(5, [0, 1, 2])) == .malformed)
        #expect(kind(three + Proto.number(2, 7) + Proto.packed(7, [1]) + Proto.packed(5, [2, 3])) == .malformed)
        #expect(kind(Proto.packed(1, [-1]) + Proto.number(2, 1)) == .malformed)
        #expect(kind(Proto.packed(1, [1 << 40, 1 << 40]) + Proto.number(2, 1)) == .malformed)
        #expect(kind(Proto.packed(1, [1 << 62]) + Proto.number(2, 11) + Proto.bytes(9, [])) == .malformed)
        #expect(kind(Proto.packed(1, [Int](repeating: 1, count: 65)) + Proto.number(2, 1)) == .malformed)
        #expect(kind(three + Proto.number(2, 99)) == .unsupported)
        #expect(kind(three + Proto.bytes(3, [])) == .unsupported)
        #expect(failure(model(graph: Proto.bytes(5, three) + Proto.bytes(5, three)))?.kind == .malformed)
    }

    @Test(arguments: ["/etc/passwd", "../a", "a/../../b", "a\\b", "C:a", "", "a\0b", ".."])
    func `refuses files outside of the folder, even without reading any`(_ location: String) {
        let place = Proto.bytes(13, Proto.bytes(1, Array("location".utf8)) + Proto.bytes(2, Array(location.utf8)))
        let bytes = model(Proto.packed(1, [1]) + Proto.number(2, 1) + place + Proto.number(14, 1))
        #expect(mediaError { () throws(FormatError) in _ = try ONNX.decode(bytes) }?.kind == .unsafe)
        #expect(failure(bytes)?.kind == .unsafe)
    }

    @Test func `refuses places that the other file does not have`() {
        func kind(_ entries: [(String, String)]) -> FormatError.Kind? {
            let places = entries.flatMap { Proto.bytes(13, Proto.bytes(1, Array($0.utf8)) + Proto.bytes(2, Array($1.utf8))) }
            return failure(model(Proto.packed(1, [4]) + Proto.number(2, 1) + places + Proto.number(14, 1)))?.kind
        }
        let here = ("location", "external.bin")
        #expect(kind([here]) == nil)
        #expect(kind([here, ("offset", "16"), ("length", "16")]) == nil)
        #expect(kind([here, ("offset", "17")]) == .truncated)
        #expect(kind([here, ("offset", String(Int.max))]) == .truncated)
        #expect(kind([here, ("offset", "-1")]) == .malformed)
        #expect(kind([here, ("offset", "0x10")]) == .malformed)
        #expect(kind([here, ("length", "12")]) == .malformed)
        #expect(kind([("location", "none.bin")]) == .system)
        #expect(kind([]) == .malformed)
    }

    @Test func `initializers are no inputs, and unknown sizes are null`() throws {
        let size = [Proto.number(1, 4), Proto.bytes(2, Array("N".utf8)), [], Proto.bytes(2, [])].flatMap { Proto.bytes(1, $0) }
        let type = Proto.bytes(1, Proto.number(1, 16) + Proto.bytes(2, size))
        func value(_ name: String, _ type: [UInt8]) -> [UInt8] { Proto.bytes(11, Proto.bytes(1, Array(name.utf8)) + Proto.bytes(2, type)) }
        let weight = Proto.bytes(5, Proto.bytes(8, Array("w".utf8)) + Proto.packed(1, [0]) + Proto.number(2, 1))
        let graph =
            value("x", type) + value("w", type) + value("s", Proto.bytes(4, [])) + value("y", Proto.bytes(1, Proto.number(1, 1))) + weight
        let inputs = try #require(try ONNX.decode(model(graph: graph))["inputs"])
        #expect(inputs.keys == ["x", "s", "y"])
        #expect(inputs["x"]?.matches(.list([.string("BFLOAT16"), .list([.integer(4), .string("N"), .null, .null])])) == true)
        #expect(inputs["s"]?.matches(.list([.string("sequence"), .null])) == true)
        #expect(inputs["y"]?.matches(.list([.string("FLOAT"), .null])) == true)
    }

    @Test func `counts the operators of subgraphs, to a depth`() throws {
        func node(_ type: String, inside graph: [UInt8] = []) -> [UInt8] {
            Proto.bytes(1, Proto.bytes(4, Array(type.utf8)) + (graph.isEmpty ? [] : Proto.bytes(5, Proto.bytes(6, graph))))
        }
        let document = try ONNX.decode(model(graph: node("If", inside: node("Add") + node("Add")) + node("Add")))
        #expect(document["nodes"]?.matches(.list([.string("If"), .string("Add")])) == true)
        #expect(document["operators"]?.keys == ["Add", "If"])
        #expect(document["operators"]?["Add"]?.matches(.integer(3)) == true)
        var deep = node("Add")
        for _ in 0..<30 { deep = node("If", inside: deep) }
        #expect(failure(model(graph: deep)) == nil)
        for _ in 0..<10 { deep = node("If", inside: deep) }
        #expect(failure(model(graph: deep))?.kind == .limit)
        var few = Limits()
        few.nodes = 2
        #expect(failure(model(graph: node("Add") + node("Add")), few) == nil)
        #expect(failure(model(graph: node("Add") + node("Add") + node("Add")), few)?.kind == .limit)
    }

    @Test func `skips what it does not know, and refuses what is no message`() {
        let good = model(graph: []).array
        #expect(
            failure(Bytes(good + [0xFA, 0x3E, 1, 7] + [0xF9, 0x3E] + [UInt8](repeating: 0, count: 8) + [0xFD, 0x3E, 0, 0, 0, 0])) == nil)
        #expect(failure(Bytes(good + [0xFB, 0x3E]))?.kind == .malformed)
        #expect(failure(Bytes(good + [0x00, 0x00]))?.kind == .malformed)
        #expect(failure(Bytes(good + good))?.kind == .malformed)
        #expect(failure(Bytes(good + [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02]))?.kind == .malformed)
        #expect(failure(Bytes(good + [0x12, 1, 0xFF]))?.kind == .malformed)
        #expect(failure(Bytes(good + [0x10, 1]))?.kind == .malformed)
        #expect(failure(Bytes([]))?.kind == .malformed)
        #expect(failure(Bytes(Proto.number(1, 9)))?.kind == .malformed)
    }
}

/// Fields of a message in the wire format.
private enum Proto {
    static func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }

    static func number(_ field: UInt64, _ value: Int) -> [UInt8] { varint(field << 3) + varint(UInt64(bitPattern: Int64(value))) }
    static func bytes(_ field: UInt64, _ bytes: [UInt8]) -> [UInt8] { varint(field << 3 | 2) + varint(UInt64(bytes.count)) + bytes }
    static func packed(_ field: UInt64, _ values: [Int]) -> [UInt8] {
        bytes(field, values.flatMap { varint(UInt64(bitPattern: Int64($0))) })
    }
}

extension Document {
    fileprivate var tensor: Tensor? { if case .tensor(let tensor) = self { tensor } else { nil } }
}
