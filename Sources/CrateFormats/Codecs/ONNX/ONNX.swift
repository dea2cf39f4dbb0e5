import CrateValues

/// Neural networks for exchange: what a model takes, gives, computes and holds. Graphs are described, never run.
/// Facts: onnx.proto of the ONNX project.
public enum ONNX {
    /// Gives the bytes of a file that lies beside the model, by its path relative to the model's folder. The path has been
    /// checked to stay inside; whoever opens it must refuse links that lead out.
    public typealias ExternalFiles = (_ location: String) throws(FormatError) -> Bytes

    /// Reads a model as a mapping:
    ///
    /// - `ir_version`, `producer`, `producer_version`, `domain`, `model_version`, `doc`;
    /// - `opset`: versions by domain, `""` for ONNX's own operators;
    /// - `metadata`: texts by key;
    /// - `graph`: its name;
    /// - `inputs` and `outputs`: by name, each `[type, shape]` as in `["FLOAT", ["N", 3]]`, where an unknown size or shape
    ///   is null; inputs that are initializers are left out;
    /// - `nodes`: the operators' types in order; `operators`: how often each is used, counting subgraphs;
    /// - `external`: where tensors outside the file are, by name;
    /// - `initializers`: tensors by name, views of `bytes` where the format allows. Numbers of 2 and 4 bits are unpacked to int8, uint8
    ///   and float32; texts are nested lists. 6-bit numbers are `Document.opaque` values such as `onnx.FLOAT6E2M3`, as are external
    ///   tensors without `external`.
    ///
    /// - Parameters:
    ///   - external: gives the files with external tensors, each asked for once; without it those are described only.
    ///   - only: what is wanted, by names such as `initializers.fc.weight`; files with other external tensors are not opened.
    /// - Throws: `.unsafe` for external paths that leave the folder, `.limit` beyond 100 nested messages or `limits.nodes`
    ///   nodes, `.truncated`, `.malformed`, and what `external` throws.
    public static func decode(
        _ bytes: Bytes, limits: Limits = .standard, external: ExternalFiles? = nil, only selection: Checkpoint.Selection? = nil
    ) throws(FormatError) -> Document {
        let model = try ONNXModel(bytes, limits: limits)
        var tensors: [(key: Document, value: Document)] = []
        var files = ONNXExternalFiles(external)
        for tensor in model.graph.initializers {
            let isWanted = selection?.contains(tensor.name, in: "initializers") ?? true
            tensors.append((.string(tensor.name), isWanted ? try tensor.document(&files) : try tensor.description()))
        }
        for name in model.graph.sparseInitializers { tensors.append((.string(name), .opaque(Document.Opaque(name: "onnx.SparseTensor")))) }
        let document = model.document(initializers: tensors)
        return try selection?.applied(to: document, format: .onnx) ?? document
    }

    /// The initializers as the content, everything else as facts. Tensors in files that `external` can't give are described only, and
    /// none is shown of a model that reaches outside of its folder.
    static func describe(_ bytes: Bytes, limits: Limits, external: ExternalFiles?) throws(FormatError) -> Checkpoint.Description {
        var (document, failure) = (Document.null, FormatError?.none)
        do throws(FormatError) { document = try decode(bytes, limits: limits, external: external) } catch {
            if let described = try? decode(bytes, limits: limits) {
                document = described
            } else {
                document = try ONNXModel(bytes, limits: limits).document(initializers: [])
            }
            failure = error
        }
        guard case .mapping(let parts) = document else { return Checkpoint.Description(.onnx, document) }
        let facts = parts.entries.filter { $0.key.keyText != "initializers" }.map { Inspection.Fact($0.key.keyText, $0.value) }
        return Checkpoint.Description(.onnx, parts["initializers"] ?? .null, facts: facts, failure: failure)
    }
}
