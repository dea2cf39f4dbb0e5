import CrateFormats
import CrateValues

/// Trained models: nested data with tensors, in the form that the extension names.
struct CheckpointHandler: Handler {
    let kind = "checkpoint"
    let summary = "Model checkpoints with their tensors"
    var extensions: [String] { Checkpoint.fileExtensions + Checkpoint.readOnlyExtensions }

    var saveOptions: [HandlerOption] {
        [
            HandlerOption("compress", .bool, "npz, joblib: deflate the arrays"),
            HandlerOption("metadata", .texts, "safetensors: texts for the header; kept from the file when left out"),
        ]
    }

    var loadOptions: [HandlerOption] {
        [HandlerOption("only", .strings, "Parts by their dotted names, such as \"layer1.*\"; * stands for any run, ? for one character")]
    }

    var inspectOptions: [HandlerOption] { [HandlerOption("stats", .bool, "Least, greatest and mean value of each tensor, NaN and infinities; reads them all")] }

    func encode(_ content: Content, name: ArtifactName, options: HandlerOptions, to sink: any ByteSink) throws(FormatError) {
        guard let document = content.asCheckpoint else { throw content.unfit(for: "a checkpoint") }
        try Checkpoint.encode(
            document, fileExtension: name.checkpointExtension, rootName: name.stem,
            options: .init(metadata: options.texts("metadata"), compresses: options.bool("compress") ?? false), to: sink)
    }

    func decode(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Content {
        .document(
            try Checkpoint.decode(
                bytes, fileExtension: name.checkpointExtension, limits: options.limits, surroundings: options.surroundings,
                only: options.strings("only").map { Checkpoint.Selection($0) }))
    }

    func inspect(_ bytes: Bytes, name: ArtifactName, options: HandlerOptions) throws(FormatError) -> Inspection {
        try Checkpoint.inspect(
            bytes, fileExtension: name.checkpointExtension, measures: options.bool("stats") ?? false, limits: options.limits,
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
            HandlerSample("model.pkl", .document(model)), HandlerSample("model.joblib", .document(model)),
            HandlerSample("small.joblib", .document(model), options: HandlerOptions(["compress": .bool(true)])),
        ]
    }
}

extension ArtifactName {
    /// "gz" says only how `model.joblib.gz` is compressed.
    var checkpointExtension: String {
        guard fileExtension == "gz" || fileExtension == "z" else { return fileExtension }
        return ArtifactName(stem).fileExtension + "." + fileExtension
    }
}

extension Content {
    /// Nested data; a table as its columns, which are arrays where no cell is missing.
    var asCheckpoint: Document? {
        guard case .table(let table) = self else { return asDocument }
        return .object(table.columns.map { ($0.name, $0.values.array.map { .tensor($0) } ?? .list($0.values.documents)) })
    }
}

extension Table.Values {
    /// `nil` for texts, for cells of several types, and where one is missing.
    fileprivate var array: Tensor? {
        switch self {
        case .floats(let cells): Tensor.column(cells.map(\.bitPattern), .float64)
        case .integers(let cells): Table.Values.whole(cells).flatMap { Tensor.column($0, .int64) }
        case .booleans(let cells): Table.Values.whole(cells).flatMap { Tensor.column($0.map { UInt8($0 ? 1 : 0) }, .bool) }
        case .strings, .mixed: nil
        }
    }

    private static func whole<Cell>(_ cells: [Cell?]) -> [Cell]? {
        let present = cells.compactMap { $0 }
        return present.count == cells.count ? present : nil
    }
}

extension Tensor {
    fileprivate static func column<Element: FixedWidthInteger>(_ elements: [Element], _ dtype: DType) -> Tensor? {
        let region = ByteRegion(count: elements.count * MemoryLayout<Element>.size) { output in
            for (index, element) in elements.enumerated() {
                output.storeBytes(of: element.littleEndian, toByteOffset: index * MemoryLayout<Element>.size, as: Element.self)
            }
        }
        return Tensor(dtype: dtype, shape: [elements.count], bytes: Bytes(region))
    }
}
