import CrateFormats
import CrateValues
import Foundation
import Testing

/// Files made by PyTorch, numpy and the safetensors package, and files made to do harm.
@Suite struct CheckpointSampleTests {
    private static let folders = ["pth/", "safetensors/", "npy/", "npz/", "pkl/", "joblib/"]

    static let loadable = Samples.named("pth/", "safetensors/", "npy/", "npz/", "pkl/", "joblib/").filter { $0.want == "load" }

    @Test(arguments: loadable)
    func load(_ sample: Sample) throws {
        let document = try Checkpoint.decode(sample.bytes(), fileExtension: sample.fileExtension)
        guard var facts = sample.expect?.object else { return }
        facts["__metadata__"] = nil
        // Its entry has the number of tensors and the last one.
        if sample.name == "pth/many.pth" {
            #expect(document.keys.count == 300)
            #expect(document["layer299.weight"]?.differences(from: facts["layer299.weight"] ?? .null) == [])
            return
        }
        let isArray = sample.name.hasPrefix("npy/") || sample.name == "joblib/array.joblib"
        let content = isArray ? Document.object([("array", document)]) : document
        #expect(content.differences(from: .object(facts)) == [])
    }

    @Test func everyFolderHasSamples() {
        for folder in CheckpointSampleTests.folders {
            #expect(CheckpointSampleTests.loadable.contains { $0.name.hasPrefix(folder) }, "\(folder)")
        }
    }

    /// What is not data is named, and the data beside it is right.
    @Test(arguments: ["pth/sparse_quant.pth", "pth/numpy_inside.pth"])
    func partial(_ name: String) throws {
        let sample = try #require(Samples.named(name).first)
        let document = try Checkpoint.decode(sample.bytes(), fileExtension: "pth")
        for (key, wanted) in try #require(sample.expect?.object) {
            #expect(document[key]?.differences(from: wanted, path: key) == [])
        }
    }

    // MARK: joblib

    @Test(arguments: ["bz2", "lzma", "xz", "lz4"])
    func everyCompressionIsRead(_ method: String) throws {
        let sample = try #require(Samples.named("joblib/mixed_\(method).joblib").first)
        let document = try Checkpoint.decode(sample.bytes(), fileExtension: "joblib")
        #expect(document.differences(from: try #require(sample.expect)) == [])
    }

    /// Equal bytes shrink much more than by deflate, but a small file becomes no gigabyte.
    @Test(arguments: ["bz2", "lzma", "xz", "lz4"])
    func whatTheyBecomeIsBounded(_ method: String) throws {
        let bytes = try Samples.bytes("joblib/mixed_\(method).joblib")
        var limits = Limits.standard
        limits.inflatedBytes = 100
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: "joblib", limits: limits) }?.kind == .limit)
    }

    /// An array of objects is a pickle of its own in the middle of the stream; what follows it is read on.
    @Test func anObjectArrayInsideJoblibIsDescribed() throws {
        let document = try Checkpoint.decode(Samples.bytes("joblib/object_array.joblib"), fileExtension: "joblib")
        guard case .opaque(let array) = document["o"] ?? document else {
            Issue.record("\(document)")
            return
        }
        #expect(array.name == "numpy.ndarray")
        #expect(array.arguments.first?.matches(.string("object")) == true)
    }

    @Test func plainJoblibArraysAreViewsOfTheFile() throws {
        let bytes = try Samples.bytes("joblib/array.joblib")
        guard case .tensor(let array) = try Checkpoint.decode(bytes, fileExtension: "joblib") else {
            Issue.record("no array")
            return
        }
        #expect(array.bytes.region === bytes.region)
    }

    /// A fitted model is described by its class and its attributes. The other file's model was fitted to other data.
    @Test(arguments: [("pkl/sklearn_logreg.pkl", 0.03066509313407068), ("joblib/sklearn_logreg.joblib", 0.14652772340501813)])
    func modelsAreDescribed(_ name: String, _ coefficient: Double) throws {
        let sample = try #require(Samples.named(name).first)
        guard case .opaque(let model) = try Checkpoint.decode(sample.bytes(), fileExtension: sample.fileExtension) else {
            Issue.record("no description")
            return
        }
        #expect(model.name == sample.expect?["class"]?.string)
        for (key, wanted) in try #require(sample.expect?["attributes"]?.object) {
            if name.hasPrefix("joblib"), ["coef_", "intercept_"].contains(key) { continue }
            #expect(try #require(model.state?[key]).differences(from: wanted, path: key) == [])
        }
        guard case .tensor(let coefficients)? = model.state?["coef_"] else {
            Issue.record("no coefficients")
            return
        }
        #expect(coefficients.shape == [1, 2] && coefficients.scalars().first == .float(coefficient))
    }

    @Test(arguments: ["array", "mixed", "mixed_zlib", "mixed_gzip", "mixed_bz2", "mixed_xz", "mixed_lzma", "mixed_lz4", "object_array"])
    func damagedJoblibFilesGiveDataOrAnError(_ name: String) throws {
        let damage = MediaDamage(try Samples.bytes("joblib/\(name).joblib"))
        for bytes in damage.truncations() {
            #expect(failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: "joblib") } != nil)
        }
        for bytes in damage.mutations() {
            let error = failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: "joblib") }
            #expect(error?.reason.isEmpty != true)
        }
    }

    @Test(arguments: ["gguf", "onnx"])
    func formsThatAreOnlyReadAreNotWritten(_ fileExtension: String) {
        let error = failure { () throws(FormatError) in try Checkpoint.bytes(.object([]), fileExtension) }
        #expect(error?.kind == .unsupported)
        #expect(error?.hint?.contains(".pth") == true)
    }

    @Test func sparseAndQuantisedTensorsKeepTheirParts() throws {
        let document = try Checkpoint.decode(Samples.bytes("pth/sparse_quant.pth"), fileExtension: "pth")
        guard case .mapping(let mapping) = document else {
            Issue.record("no mapping")
            return
        }
        let names = mapping.entries.compactMap { entry in if case .opaque(let opaque) = entry.value { opaque.name } else { nil } }
        #expect(names.sorted() == ["torch._utils._rebuild_qtensor", "torch._utils._rebuild_sparse_tensor"])
    }

    /// A module's parameters are found where its state dict has them.
    @Test func aWholeModuleIsDescribed() throws {
        let bytes = try Samples.bytes("pth/whole_module.pth")
        guard case .opaque(let module) = try Checkpoint.decode(bytes, fileExtension: "pth"), case .tensor(let weight)? = module.state?["weight"]
        else {
            Issue.record("no module")
            return
        }
        #expect(module.name == "torch.nn.modules.linear.Linear")
        #expect(weight.shape == [2, 2] && weight.marks == [.parameter, .requiresGrad])
        #expect(module.state?["in_features"]?.matches(.integer(2)) == true)
        #expect(module.state?["_backward_hooks"] == nil && module.state?["_parameters"] == nil)
        #expect(Checkpoint.tensors(in: .opaque(module)).map(\.name) == ["weight", "bias"])
        let imports = try Checkpoint.describe(bytes, fileExtension: "pth").imports
        #expect(imports.contains { $0.qualifiedName == module.name && $0.verdict == .unknown })
        #expect(!imports.contains { $0.verdict == .dangerous })
    }

    @Test func torchScriptIsDescribed() throws {
        guard case .opaque(let script) = try Checkpoint.decode(Samples.bytes("pth/torchscript.pt"), fileExtension: "pt") else {
            Issue.record("no description")
            return
        }
        #expect(script.name == "torch.jit.ScriptModule")
        #expect(script.state?["classes"]?.matches(.list([.string("__torch__.torch.nn.modules.linear.Linear")])) == true)
        #expect(script.state?["code"]?.matches(.list([.string("torchscript/code/__torch__/torch/nn/modules/linear.py")])) == true)
        #expect(Checkpoint.tensors(in: .opaque(script)).map(\.name) == ["module.weight", "module.bias"])
    }

    @Test func anObjectArrayIsDescribed() throws {
        guard case .opaque(let array) = try NPY.decode(Samples.bytes("npy/object.npy")), case .list(let items)? = array.state else {
            Issue.record("no description")
            return
        }
        #expect(array.name == "numpy.ndarray" && items.count == 4)
        #expect(items[0].matches(.integer(1)) && items[1].matches(.string("a")) && items[2].matches(.null))
    }

    @Test func recordsBecomeColumns() throws {
        let document = try NPY.decode(Samples.bytes("npy/structured.npy"))
        #expect(document.keys == ["a", "b", "c", "d"])
        guard case .tensor(let a)? = document["a"], case .tensor(let b)? = document["b"], case .list(let c)? = document["c"],
            case .tensor(let d)? = document["d"]
        else {
            Issue.record("\(document)")
            return
        }
        #expect(a.scalars() == [.int(1), .int(3)])
        #expect(b.scalars() == [.float(2.5), .float(4.5)])
        #expect(c.count == 2)
        #expect(d.shape == [2, 2])
        #expect(d.scalars() == [.int(1), .int(2), .int(3), .int(4)])
    }

    @Test func metadataOfSafetensors() throws {
        let texts = try Safetensors.metadata(Samples.bytes("safetensors/dtypes.safetensors"))
        #expect(Dictionary(uniqueKeysWithValues: texts.map { ($0.key, $0.value) }) == ["format": "pt", "note": "é ✓"])
    }

    @Test func storedTensorsAreViewsOfTheFile() throws {
        let bytes = try Samples.bytes("pth/views.pth")
        let document = try Checkpoint.decode(bytes, fileExtension: "pth")
        guard case .tensor(let base)? = document["base"], case .tensor(let row)? = document["row1"] else {
            Issue.record("\(document)")
            return
        }
        #expect(base.bytes.region === bytes.region)
        #expect(row.bytes.range == base.bytes.range)
    }

    // MARK: Harm

    @Test(arguments: Samples.named("hostile/pth_", "hostile/st_", "hostile/npy_", "hostile/pkl_"))
    func hostile(_ sample: Sample) throws {
        let bytes = try sample.bytes()
        let error = failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: sample.fileExtension) }
        if sample.want == "refuse" { #expect(error != nil) }
        if sample.name.contains("malicious") { #expect(error?.kind == .unsafe) }
        #expect(error?.reason.isEmpty != true)
        #expect(!FileManager.default.fileExists(atPath: "PWNED"))
    }

    /// A description never fails for what a pickle asks for, only for damage.
    @Test(arguments: Samples.named("hostile/pkl_malicious").filter { !$0.name.contains("_ext") })
    func maliciousPicklesAreDescribed(_ sample: Sample) throws {
        let description = try Pickle.describe(sample.bytes())
        #expect(description.imports.contains { $0.verdict == .dangerous })
        #expect(!FileManager.default.fileExists(atPath: "PWNED"))
    }

    @Test func aRefusalNamesTheImportAndItsPlace() throws {
        let bytes = try Samples.bytes("hostile/pth_malicious.pth")
        let error = failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: "pth") }
        #expect(error?.reason.contains("posix.system") == true)
        guard case .byte(let position)? = error?.place else {
            Issue.record("no place")
            return
        }
        // The opcode GLOBAL, its module and its name stand there in the file.
        #expect(bytes.array[position...].starts(with: Array("cposix\nsystem\n".utf8)))
    }

    @Test func sharedPartsOfAPickleAreCountedEachTime() throws {
        let bytes = try Samples.bytes("hostile/pkl_memo_bomb.pkl")
        #expect(failure { () throws(FormatError) in try Pickle.decode(bytes) }?.kind == .limit)
    }

    @Test func aListInsideItselfEnds() throws {
        guard case .list(let items) = try Pickle.decode(Samples.bytes("hostile/pkl_recursive_list.pkl")),
            case .opaque(let inner)? = items.first
        else {
            Issue.record("no list")
            return
        }
        #expect(inner.name == "recursive reference")
    }

    /// No products of such sizes can be counted, though the arrays are empty or repeat one element.
    @Test(arguments: ["(1099511627776, 1099511627776, 0)", "(4611686018427387904, 4, 0)", "(\(String(repeating: "1, ", count: 65)))"])
    func shapesThatCannotBeCountedAreRefused(_ shape: String) throws {
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape)}"
        let npy: [UInt8] =
            [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count % 256), UInt8(text.utf8.count / 256)] + Array(text.utf8)
        #expect(failure { () throws(FormatError) in try NPY.decode(Bytes(npy + [0, 0, 0, 0, 0, 0, 0, 0])) }?.kind == .malformed)
        let list = shape.dropFirst().dropLast().split(separator: ",").joined(separator: ",").replacingOccurrences(of: " ", with: "")
        let end = list.hasSuffix("0") ? 0 : 1
        let entry = #"{"a":{"dtype":"U8","shape":[\#(list.hasSuffix(",") ? String(list.dropLast()) : list)],"data_offsets":[0,\#(end)]}}"#
        let header = [UInt8(entry.utf8.count % 256), UInt8(entry.utf8.count / 256), 0, 0, 0, 0, 0, 0] + Array(entry.utf8)
        let file = Bytes(header + [UInt8](repeating: 0, count: end))
        #expect(failure { () throws(FormatError) in try Safetensors.decode(file) }?.kind == .malformed)
    }

    /// One element repeated along an axis needs no bytes, but its size must be a number of bytes.
    @Test(arguments: [
        ("I1000000000\n", true), ("I4611686018427387904\n", false), ("I1099511627776\nI1099511627776\nI0\n", false), ("I-1\n", false),
    ])
    func repeatedElementsAreCounted(_ sizes: String, _ isFine: Bool) throws {
        let strides = String(repeating: "I0\n", count: sizes.split(separator: "\n").count)
        let storage = "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI1\ntQ"
        let program = "ctorch._utils\n_rebuild_tensor_v2\n(\(storage)I0\n(\(sizes)t(\(strides)tI00\nNtR."
        let sink = MemorySink()
        var archive = ZipWriter(sink)
        try archive.add("m/data.pkl", text: program)
        try archive.add("m/data/0", Bytes([0, 0, 128, 63]))
        try archive.finish()
        let error = failure { () throws(FormatError) in
            let document = try Checkpoint.decode(Bytes(sink.array), fileExtension: "pth")
            _ = try Checkpoint.bytes(document, "pth")
        }
        #expect(error?.kind == (isFine ? nil : .malformed))
    }

    @Test func aHighlyCompressedCheckpointObeysTheLimit() throws {
        let bytes = try Samples.bytes("hostile/pth_bomb.pth")
        var limits = Limits.standard
        limits.inflatedBytes = 1 << 20
        #expect(failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: "pth", limits: limits) }?.kind == .limit)
    }

    @Test(arguments: [
        ("pth/state_dict.pth", "safetensors", "PyTorch"), ("safetensors/numpy.safetensors", "pth", "safetensors"),
        ("npz/plain.npz", "pth", "NPZ"), ("npy/f4.npy", "npz", "NPY"),
    ])
    func aWrongExtensionIsTold(_ name: String, _ fileExtension: String, _ actual: String) throws {
        let bytes = try Samples.bytes(name)
        let error = failure { () throws(FormatError) in try Checkpoint.decode(bytes, fileExtension: fileExtension) }
        #expect(error?.reason.contains(actual) == true, "\(String(describing: error))")
        #expect(error?.hint != nil)
    }
}
