import CrateFormats
import CrateValues

/// Trained models: nested data with tensors, in the form that the extension names.
struct CheckpointHandler: Handler {
    let kind = "checkpoint"
    let summary = "Model checkpoints with their tensors"
    var extensions: [String] { Checkpoint.fileExtensions + Checkpoint.readOnlyExtensions }

    var saveOptions: [HandlerOption] { [HandlerOption("compress", .bool, "npz: deflate the arrays")] }

    var inspectOptions: [HandlerOption] { [HandlerOption("stats", .bool, "Least, greatest and mean value of each tensor, NaN and infinities; reads them all")] }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        guard let document = content.asDocument else { throw content.unfit(for: "a checkpoint") }
        try Checkpoint.encode(
            document, fileExtension: name.fileExtension, rootName: name.stem, options: .init(compresses: options.bool("compress") ?? false), to: sink)
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .document(try Checkpoint.decode(bytes, fileExtension: name.fileExtension, limits: options.limits))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try Checkpoint.inspect(
            bytes, fileExtension: name.fileExtension, measures: options.bool("stats") ?? false, limits: options.limits,
            surroundings: options.surroundings)
    }

    var samples: [HandlerSample] {
        guard let weight = Tensor.ramp(.float32, [2, 3]), let bias = Tensor.ramp(.int64, [2]) else { return [] }
        let weights = Document.object([("0.bias", .tensor(bias)), ("0.weight", .tensor(weight))])
        let model = Document.object([
            ("epoch", .integer(5)), ("model_state_dict", weights), ("loss", .float(0.015)), ("description", .string("A sample ✓")),
        ])
        let keras = Document.object([("metadata", .object([("keras_version", .string("3.0"))])), ("config", .object([])), ("weights", weights)])
        return [
            HandlerSample("model.pth", .document(model)), HandlerSample("weights.safetensors", .document(weights)),
            HandlerSample("weights.npz", .document(weights)), HandlerSample("weight.npy", .document(.tensor(weight))),
            HandlerSample("weights.h5", .document(weights)), HandlerSample("model.keras", .document(keras)),
        ]
    }
}
