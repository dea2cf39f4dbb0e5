import CrateFormats
import CrateValues
import Testing

/// Any form that is read becomes any that is written, as far as that one has a place for what is there.
@Suite struct CheckpointConversionTests {

    private static let targets: [(Checkpoint.Format, fileExtension: String)] = [
        (.pyTorch, "pth"), (.safetensors, "safetensors"), (.npz, "npz"), (.hdf5, "h5"), (.pickle, "pkl"), (.pickle, "joblib"),
    ]
    private static let readable = Samples.named("pth/", "safetensors/", "npy/", "npz/", "pkl/", "joblib/", "h5/", "keras/", "onnx/", "gguf/")
        .filter { $0.name.hasPrefix("hostile") == false && $0.fileExtension != "bin" }

    /// Every tensor arrives under its name with all of its values; nothing else disappears without being named.
    @Test(arguments: readable, targets)
    func everyTensorArrives(_ sample: Sample, target: (Checkpoint.Format, fileExtension: String)) throws {
        guard let document = try? Checkpoint.decode(sample.bytes(), fileExtension: sample.fileExtension), document.holdsTensor else { return }
        let source = Checkpoint.Format(fileExtension: sample.fileExtension)
        // Its only array is of a type that the form lacks.
        if sample.name == "npy/c16.npy", target.0 == .safetensors { return }
        let conversion = try Checkpoint.convert(document, from: source, to: target.0)
        let back = try Checkpoint.decode(Checkpoint.bytes(conversion.document, target.fileExtension), fileExtension: target.fileExtension).tensorsByName
        let wanted = document.tensorsByName
        for (name, tensor) in wanted {
            let name = Self.newName(name, target.0)
            // HDF5 makes no difference between a number and an array without dimensions.
            if conversion.leftOut.contains(name) || (target.0 == .hdf5 && tensor.shape.isEmpty) { continue }
            let arrived = try #require(back[name], "\(name)")
            let isWidened = conversion.widened.contains(name)
            #expect(arrived.dtype == (isWidened ? .float32 : tensor.dtype) && arrived.shape == tensor.shape, "\(name)")
            #expect(try arrived.converted(to: tensor.dtype).digest() == tensor.digest(), "\(name)")
        }
        #expect(!conversion.leftOut.contains { wanted[$0].map { $0.dtype != .complex128 } ?? false })
    }

    /// The part with the tensors becomes the whole; what had no name gets one where the form asks for it.
    private static func newName(_ name: String, _ target: Checkpoint.Format) -> String {
        guard !name.isEmpty else { return target == .pyTorch || target == .pickle ? "" : "array" }
        for part in ["tensors.", "initializers.", "weights."] where name.hasPrefix(part) { return String(name.dropFirst(part.count)) }
        return name
    }

    @Test(arguments: ["npz", "pkl", "npy"])
    func numbersThatNumpyLacksBecomeWider(_ fileExtension: String) throws {
        let target = try #require(Checkpoint.Format(fileExtension: fileExtension))
        for dtype in DType.allCases where dtype == .bfloat16 || dtype.rawValue.hasPrefix("float8") {
            let every = Bytes((0..<256).flatMap { dtype.size == 1 ? [UInt8($0)] : [0x80, UInt8($0)] })
            let tensor = try #require(Tensor(dtype: dtype, shape: [256], bytes: every))
            let conversion = try Checkpoint.convert(.object([("w", .tensor(tensor))]), from: .safetensors, to: target)
            #expect(conversion.widened == ["w"] && conversion.leftOut == [])
            guard case .tensor(let wide)? = conversion.document["w"] ?? conversion.document as Document? else {
                Issue.record("\(conversion.document)")
                continue
            }
            #expect(wide.dtype == .float32)
            #expect(wide.scalars().map(String.init(describing:)) == tensor.scalars().map(String.init(describing:)))
        }
    }

    @Test func whatHasNoPlaceIsNamedAndLeavesTheOthersInTheirPlaces() throws {
        let odd = Document.opaque(.init(name: "collections.deque", arguments: [.list([.integer(1)])]))
        let document = Document.object([("a", .list([odd, .integer(2)])), ("b", .object([("c", odd), ("d", .integer(4))])), ("e", odd)])
        for target in [Checkpoint.Format.pyTorch, .pickle] {
            let conversion = try Checkpoint.convert(document, from: .pickle, to: target)
            #expect(conversion.leftOut == ["a.0", "b.c", "e"])
            #expect(conversion.document.identity == Document.object([("a", .list([.null, .integer(2)])), ("b", .object([("d", .integer(4))]))]).identity)
        }
    }

    /// The form says no more than the error of its writer.
    @Test func anObjectWithoutTensorsIsRefused() throws {
        let odd = Document.opaque(.init(name: "collections.deque"))
        let conversion = try Checkpoint.convert(odd, from: .pickle, to: .pyTorch)
        #expect(failure { () throws(FormatError) in try Checkpoint.bytes(conversion.document, "pth") }?.kind == .unrepresentable)
    }

    /// As a whole, and inside of a checkpoint.
    @Test func theTensorsOfAnObjectStayWithoutIt() throws {
        let module = try Checkpoint.decode(Samples.bytes("pth/whole_module.pth"), fileExtension: "pth")
        for target in [Checkpoint.Format.pyTorch, .pickle, .hdf5] {
            let inside = try Checkpoint.convert(.object([("model", module), ("epoch", .integer(3))]), from: .pyTorch, to: target)
            #expect(inside.document["model"]?.keys == ["weight", "bias"] && inside.document["epoch"] != nil)
            #expect(inside.leftOut.first == "model" && inside.leftOut.contains("model.training"))
            let whole = try Checkpoint.convert(module, from: .pyTorch, to: target)
            #expect(whole.document.keys == ["weight", "bias"] && whole.leftOut.first == "torch.nn.modules.linear.Linear")
        }
    }

    @Test func complexNumbersThatSafetensorsLacksAreLeftOut() throws {
        let complex = try #require(Tensor(dtype: .complex128, shape: [1], bytes: Bytes([UInt8](repeating: 0, count: 16))))
        let document = Document.object([("z", .tensor(complex)), ("w", .tensor(Tensor.floats([1, 2], [2])))])
        let conversion = try Checkpoint.convert(document, from: .pyTorch, to: .safetensors)
        #expect(conversion.leftOut == ["z"] && conversion.document.keys == ["w"])
    }
}

extension Document.Leaf {
    fileprivate var isTensor: Bool { if case .tensor = value { true } else { false } }
}

extension Document {
    fileprivate var holdsTensor: Bool { leaves.contains(where: \.isTensor) }

    fileprivate var tensorsByName: [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for leaf in leaves { if case .tensor(let tensor) = leaf.value { tensors[leaf.name] = tensor } }
        return tensors
    }
}
