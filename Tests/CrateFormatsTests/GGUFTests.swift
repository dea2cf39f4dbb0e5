import CrateFormats
import CrateValues
import Testing

@Suite struct GGUFTests {
    @Test func `reads what other programs wrote`() throws {
        let sample = try #require(Samples.named("gguf/tiny.gguf").first)
        let bytes = try sample.bytes()
        let document = try GGUF.decode(bytes)
        let expect = try #require(sample.expect)
        #expect(document["version"]?.matches(.integer(3)) == true)
        #expect(document["metadata"]?.matches(try #require(expect["metadata"])) == true)
        let tensors = try #require(document["tensors"])
        #expect(tensors.keys == ["w", "h", "q"])
        for name in ["w", "h"] {
            let tensor = try #require(tensors[name]?.tensor)
            try expectMedia(tensor, expect["tensors"]?[name])
            #expect(tensor.bytes.region === bytes.region)
        }
        guard case .opaque(let opaque) = tensors["q"], let state = opaque.state else { throw Missing() }
        let facts = try #require(expect["tensors"]?["q"])
        #expect(opaque.name == "gguf.Q8_0")
        #expect(state["type"]?.matches(try #require(facts["type"])) == true)
        #expect(state["shape"]?.matches(try #require(facts["shape"])) == true)
        #expect(state["nbytes"]?.matches(try #require(facts["nbytes"])) == true)
        let data = try #require(state["data"]?.tensor)
        #expect(SHA256Digest.hex(of: mediaElements(data, as: UInt8.self)) == facts["sha256"]?.string)
    }

    struct Missing: Error {}

    @Test func `computes 8-bit blocks on request`() throws {
        let document = try GGUF.decode(try Samples.bytes("gguf/tiny.gguf"), dequantizes: true)
        let tensor = try #require(document["tensors"]?["q"]?.tensor)
        #expect(tensor.dtype == .float32)
        #expect(tensor.shape == [2, 32])
        // The numbers were -1 to 1 in 64 even steps, kept to a 127th.
        for (index, value) in mediaElements(tensor, as: Float.self).enumerated() {
            #expect(abs(value - Float(index * 2 - 63) / 63) < 0.01)
        }
    }

    @Test(
        arguments: [(0x3C00, 1), (0x0000, 0), (0x8000, -0.0), (0x0001, 0x1p-24), (0x03FF, 0x3FFp-24), (0xC500, -5), (0x7BFF, 65504)]
            as [(UInt16, Float)])
    func `scales are exact`(_ bits: UInt16, _ scale: Float) throws {
        for isBig in [false, true] {
            var file = GGUFFile(version: 3, isBigEndian: isBig)
            file.start(tensors: 1, keys: 0)
            file.tensor("q", [32], type: 8, offset: 0)
            file.pad()
            file.number(bits)
            file.bytes += (0..<32).map { UInt8(bitPattern: Int8($0 - 16)) }
            let tensor = try #require(try GGUF.decode(file.all, dequantizes: true)["tensors"]?["q"]?.tensor)
            #expect(mediaElements(tensor, as: Float.self) == (-16..<16).map { Float($0) * scale })
        }
    }

    @Test(arguments: [1, 2, 3], [false, true])
    func `reads every version in both byte orders`(_ version: Int, _ isBig: Bool) throws {
        var file = GGUFFile(version: version, isBigEndian: isBig)
        file.start(tensors: 2, keys: 15)
        file.key("u8", 0)
        file.number(UInt8(200))
        file.key("i8", 1)
        file.number(Int8(-2))
        file.key("u16", 2)
        file.number(UInt16(60_000))
        file.key("i16", 3)
        file.number(Int16(-300))
        file.key("u32", 4)
        file.number(UInt32(4_000_000_000))
        file.key("i32", 5)
        file.number(Int32(-70_000))
        file.key("f32", 6)
        file.number(Float(-1.5).bitPattern)
        file.key("bool", 7)
        file.number(UInt8(0))
        file.key("text", 8)
        file.text("schön")
        file.key("u64", 10)
        file.number(UInt64.max)
        file.key("i64", 11)
        file.number(Int64.min)
        file.key("f64", 12)
        file.number(0.1.bitPattern)
        file.key("nested", 9)
        file.number(UInt32(9))
        file.count(2)
        for value in [1, 2] as [UInt16] {
            file.number(UInt32(2))
            file.count(1)
            file.number(value)
        }
        file.key("many", 9)
        file.number(UInt32(5))
        file.count(1025)
        for value in 0..<1025 as Range<Int32> { file.number(-value) }
        file.key("latin", 8)
        file.count(1)
        file.bytes.append(0xE9)
        file.tensor("a", [2, 3], type: 25, offset: 0)
        file.tensor("b", [], type: 28, offset: 32)
        file.pad()
        for value in 0..<6 as Range<Int16> { file.number(value * 1000) }
        file.pad()
        file.number(2.5.bitPattern)

        let document = try GGUF.decode(file.all)
        let metadata = try #require(document["metadata"])
        #expect(
            metadata.keys == [
                "u8", "i8", "u16", "i16", "u32", "i32", "f32", "bool", "text", "u64", "i64", "f64", "nested", "many", "latin",
            ])
        let wanted: [(String, Expected)] = [
            ("u8", .integer(200)), ("i8", .integer(-2)), ("u16", .integer(60_000)), ("i16", .integer(-300)),
            ("u32", .integer(4_000_000_000)),
            ("i32", .integer(-70_000)), ("f32", .float(-1.5)), ("bool", .bool(false)), ("text", .string("schön")),
            ("u64", .object(["int": .string("18446744073709551615")])), ("i64", .integer(.min)), ("f64", .float(0.1)),
            ("nested", .list([.list([.integer(1)]), .list([.integer(2)])])), ("latin", .object(["bytes_hex": .string("e9")])),
        ]
        for (key, value) in wanted { #expect(metadata[key]?.matches(value) == true, "\(key)") }
        let many = try #require(metadata["many"]?.tensor)
        #expect(mediaElements(many, as: Int32.self) == (0..<1025).map { -$0 })
        let matrix = try #require(document["tensors"]?["a"]?.tensor)
        #expect(matrix.shape == [3, 2])
        #expect(mediaElements(matrix, as: Int16.self) == [0, 1000, 2000, 3000, 4000, 5000])
        #expect(try #require(document["tensors"]?["b"]?.tensor).onlyElement?.toDouble == 2.5)
    }

    @Test func `an alignment of the file holds`() throws {
        func kind(alignment: UInt32, offset: UInt64) -> FormatError.Kind? {
            var file = GGUFFile(version: 3, isBigEndian: false)
            file.start(tensors: 1, keys: 1)
            file.key("general.alignment", 4)
            file.number(alignment)
            file.tensor("a", [4], type: 24, offset: offset)
            file.bytes += [UInt8](repeating: 0, count: 200)
            return failure(file.all)?.kind
        }
        #expect(kind(alignment: 64, offset: 64) == nil)
        #expect(kind(alignment: 64, offset: 32) == .malformed)
        #expect(kind(alignment: 8, offset: 8) == nil)
        #expect(kind(alignment: 0, offset: 0) == .malformed)
        #expect(kind(alignment: 48, offset: 0) == .malformed)
    }

    @Test func `tensors that share bytes are refused`() {
        func kind(second: UInt64) -> FormatError.Kind? {
            var file = GGUFFile(version: 3, isBigEndian: true)
            file.start(tensors: 2, keys: 0)
            file.tensor("a", [16], type: 24, offset: 0)
            file.tensor("b", [40], type: 24, offset: second)
            file.pad()
            file.bytes += [UInt8](repeating: 0, count: 200)
            return failure(file.all)?.kind
        }
        #expect(kind(second: 32) == nil)
        #expect(kind(second: 0) == .malformed)
    }

    private func failure(_ bytes: Bytes, _ limits: Limits = .standard) -> FormatError? {
        mediaError { () throws(FormatError) in _ = try GGUF.decode(bytes, limits: limits) }
    }

    @Test func `refuses lies by their kind`() throws {
        func kind(_ name: String) throws -> FormatError.Kind? { failure(try Samples.bytes("hostile/gguf_\(name).gguf"))?.kind }
        #expect(try kind("huge_counts") == .truncated)
        #expect(try kind("huge_string") == .truncated)
        #expect(try kind("many_dims") == .malformed)
        #expect(try kind("nested_arrays") == .limit)
        #expect(try kind("offset") == .truncated)
    }

    @Test func `refuses broken lists and tensors`() {
        func kind(tensors: UInt64 = 0, keys: UInt64 = 0, _ limits: Limits = .standard, _ body: (inout GGUFFile) -> Void) -> FormatError
            .Kind?
        {
            var file = GGUFFile(version: 3, isBigEndian: false)
            file.start(tensors: tensors, keys: keys)
            body(&file)
            return failure(file.all, limits)?.kind
        }
        #expect(kind(keys: 1) { $0.key("k", 13) } == .malformed)
        #expect(
            kind(keys: 1) {
                $0.key("k", 7)
                $0.number(UInt8(2))
            } == .malformed)
        #expect(
            kind(keys: 2) {
                for _ in 0..<2 {
                    $0.key("k", 0)
                    $0.number(UInt8(2))
                }
            } == .malformed)
        #expect(
            kind(keys: 1) {
                $0.key("k", 9)
                $0.number(UInt32(4))
                $0.count(.max >> 1)
                $0.number(UInt32(4))
            } == .truncated)
        #expect(
            kind(keys: 1) {
                $0.key("k", 9)
                $0.number(UInt32(8))
                $0.count(.max)
            } == .malformed)
        var few = Limits()
        few.nodes = 2
        #expect(
            kind(keys: 1, few) {
                $0.key("k", 9)
                $0.number(UInt32(0))
                $0.count(3)
                $0.bytes += [1, 2, 3]
            } == .limit)
        #expect(kind(tensors: 1) { $0.tensor("t", [.max, .max], type: 0, offset: 0) } == .malformed)
        #expect(kind(tensors: 1) { $0.tensor("t", [1 << 40, 1 << 40], type: 0, offset: 0) } == .malformed)
        #expect(kind(tensors: 1) { $0.tensor("t", [1 << 61], type: 0, offset: 0) } == .malformed)
        #expect(
            kind(tensors: 1) {
                $0.tensor("t", [33], type: 8, offset: 0)
                $0.bytes += [UInt8](repeating: 0, count: 200)
            } == .malformed)
        #expect(kind(tensors: 1) { $0.tensor("t", [1], type: 4, offset: 0) } == .unsupported)
        #expect(kind(tensors: 1) { $0.tensor("t", [1], type: 0, offset: .max) } == .malformed)
        #expect(kind(tensors: 1) { $0.tensor("t", [1], type: 0, offset: UInt64(Int64.max) - 31) } == .truncated)
        #expect(kind(tensors: 2) { for _ in 0..<2 { $0.tensor("t", [0], type: 0, offset: 0) } } == .malformed)
        #expect(kind(tensors: 1) { $0.tensor("t", [0], type: 0, offset: 0) } == nil)
        #expect(failure(Bytes(text: "GGUF"))?.kind == .truncated)
        #expect(failure(Bytes(text: "GGML....................."))?.kind == .malformed)
        #expect(failure(Bytes(Array("GGUF".utf8) + [4, 0, 0, 0] + [UInt8](repeating: 0, count: 16)))?.kind == .unsupported)
    }

    @Test func `any damaged byte gives a document or an error`() throws {
        let damage = MediaDamage(try Samples.bytes("gguf/tiny.gguf"))
        // 28 bytes of padding stand at the end.
        for length in 0..<(damage.original.count - 28) { #expect(failure(Bytes(damage.original[..<length])) != nil, "\(length)") }
        for bytes in damage.mutations(limit: 1 << 16) {
            if let document = try? GGUF.decode(bytes, dequantizes: true) { #expect(document.keys == ["version", "metadata", "tensors"]) }
        }
    }
}

/// A file put together piece by piece.
private struct GGUFFile {
    var bytes = Array("GGUF".utf8)
    let version: Int
    let isBigEndian: Bool

    init(version: Int, isBigEndian: Bool) {
        self.version = version
        self.isBigEndian = isBigEndian
        number(UInt32(version))
    }

    var all: Bytes { Bytes(bytes) }

    mutating func number(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { bytes += $0 }
    }

    mutating func count(_ value: UInt64) { if version == 1 { number(UInt32(value)) } else { number(value) } }

    mutating func text(_ text: String) {
        count(UInt64(text.utf8.count))
        bytes += Array(text.utf8)
    }

    mutating func start(tensors: UInt64, keys: UInt64) {
        count(tensors)
        count(keys)
    }

    mutating func key(_ name: String, _ type: UInt32) {
        text(name)
        number(type)
    }

    mutating func tensor(_ name: String, _ sizes: [UInt64], type: UInt32, offset: UInt64) {
        text(name)
        number(UInt32(sizes.count))
        for size in sizes { count(size) }
        number(type)
        number(offset)
    }

    mutating func pad() { while bytes.count % 32 != 0 { bytes.append(0) } }
}

extension Document {
    fileprivate var tensor: Tensor? { if case .tensor(let tensor) = self { tensor } else { nil } }
}
