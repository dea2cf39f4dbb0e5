import CrateFormats
import CrateValues
import Testing

@Suite struct CheckpointSelectionTests {
    private func decode(_ bytes: Bytes, _ fileExtension: String, _ patterns: String...) throws(FormatError) -> Document {
        try Checkpoint.decode(bytes, fileExtension: fileExtension, only: Checkpoint.Selection(patterns))
    }

    private func names(_ document: Document) -> [String] { Checkpoint.tensors(in: document).map(\.name) }

    @Test(arguments: [
        (["model_state_dict.*"], ["model_state_dict"]), (["epoch", "loss"], ["epoch", "loss"]), (["*"], nil), (["model_state_dict"], ["model_state_dict"]),
        (["optimizer_state_dict.state.0.*"], ["optimizer_state_dict"]), (["e?och"], ["epoch"]), (["[el]*"], ["epoch", "loss"]),
    ] as [([String], [String]?)]) func patternsSelect(_ patterns: [String], _ keys: [String]?) throws {
        let bytes = try Samples.bytes("pth/notebook.pth")
        let whole = try Checkpoint.decode(bytes, fileExtension: "pth")
        let part = try Checkpoint.decode(bytes, fileExtension: "pth", only: Checkpoint.Selection(patterns))
        #expect(Set(part.keys) == Set(keys ?? whole.keys))
        for (name, tensor) in Checkpoint.tensors(in: part).map({ ($0.name, $0.tensor) }) {
            let same = Checkpoint.tensors(in: whole).first { $0.name == name }?.tensor
            #expect(try tensor?.digest() == same?.digest(), "\(name)")
        }
    }

    @Test func namesAreJoinedByDots() throws {
        let document = try decode(Samples.bytes("pth/notebook.pth"), "pth", "model_state_dict.0.weight")
        #expect(names(document) == ["model_state_dict.0.weight"])
    }

    @Test func nothingSelectedTellsNearNames() throws {
        let bytes = try Samples.bytes("pth/state_dict.pth")
        let near = failure { () throws(FormatError) in try decode(bytes, "pth", "0.wieght") }
        #expect(near?.kind == .missing && near?.hint?.contains("0.weight") == true, "\(String(describing: near))")
        let far = failure { () throws(FormatError) in try decode(bytes, "pth", "something.else.entirely.*") }
        #expect(far?.hint?.contains("it holds 0.weight, 0.bias") == true, "\(String(describing: far))")
    }

    /// A file in which the storage of one tensor is damaged, so that whoever inflates it fails.
    private func halfDamaged() throws -> Bytes {
        let good = try #require(Tensor(dtype: .float32, shape: [1000], bytes: Bytes([UInt8](repeating: 7, count: 4000))))
        let plain = try ZipArchive(Checkpoint.bytes(.object([("a", .tensor(good)), ("b", .tensor(Tensor.floats([Float](repeating: 2, count: 500), [500])))]), "pth"))
        let sink = MemorySink()
        var archive = ZipWriter(sink)
        for member in plain.members { try archive.add(member.name, try plain.contents(of: member), method: .deflated(level: 6)) }
        try archive.finish()
        let packed = Bytes(sink.array)
        let storage = try #require(try ZipArchive(packed)["model/data/1"])
        return Bytes(Damage.flipped(packed.array, storage.dataRange.lowerBound, 0xFF))
    }

    @Test func whatIsNotSelectedIsNotInflated() throws {
        let file = try halfDamaged()
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(file, fileExtension: "pth") } != nil)
        #expect(failure { () throws(FormatError) in try decode(file, "pth", "b") } != nil)
        guard case .tensor(let a)? = try decode(file, "pth", "a")["a"] else {
            Issue.record("no tensor")
            return
        }
        #expect(a.bytes.array == [UInt8](repeating: 7, count: 4000))
    }

    @Test(arguments: ["pth/big_endian.pth", "pth/legacy.pth", "pth/views.pth", "pth/dtypes.pth", "pth/whole_module.pth", "pth/torchscript.pt", "npz/compressed.npz", "gguf/tiny.gguf"])
    func everyTensorCanBeSelectedAlone(_ name: String) throws {
        let sample = try #require(Samples.named(name).first)
        let bytes = try sample.bytes()
        for wanted in Checkpoint.tensors(in: try Checkpoint.decode(bytes, fileExtension: sample.fileExtension)) {
            let found = Checkpoint.tensors(in: try decode(bytes, sample.fileExtension, wanted.name))
            #expect(found.first?.name == wanted.name)
            #expect(try found.first?.tensor?.digest() == wanted.tensor?.digest(), "\(wanted.name)")
        }
    }

    /// Only the files of wanted tensors are opened.
    @Test func externalFilesAreOpenedWhenNeeded() throws {
        let bytes = try Samples.bytes("onnx/external.onnx")
        let closed = Surroundings(neighbour: { (_) throws(FormatError) in throw FormatError(.system, "file", "was opened") })
        let open = Surroundings(neighbour: { (location) throws(FormatError) in
            guard let found = try? Samples.bytes("onnx/\(location)") else { throw FormatError(.system, "file", "is missing") }
            return found
        })
        func decode(_ surroundings: Surroundings, _ pattern: String) throws(FormatError) -> Document {
            try Checkpoint.decode(bytes, fileExtension: "onnx", surroundings: surroundings, only: Checkpoint.Selection([pattern]))
        }
        #expect(names(try decode(closed, "initializers.B")) == ["initializers.B"])
        #expect(failure { () throws(FormatError) in try decode(closed, "initializers.W") }?.reason == "was opened")
        guard case .tensor(let w)? = try decode(open, "initializers.W")["initializers"]?["W"] else {
            Issue.record("no tensor")
            return
        }
        #expect(w.shape == [3, 2])
    }

    /// A tensor in a set has no name, but is read all the same when what holds it is selected.
    @Test func tensorsWithoutANameAreReadToo() throws {
        let document = Document.object([("s", .set([.tensor(Tensor.floats([3], [1]))])), ("t", .integer(1))])
        let bytes = try Checkpoint.bytes(document, "pth")
        guard case .set(let items)? = try decode(bytes, "pth", "s")["s"], case .tensor(let tensor)? = items.first else {
            Issue.record("no set")
            return
        }
        #expect(tensor.scalars() == [.float(3)])
    }
}
