import CrateValues

/// Files that hold tensors and the plain data around them, chosen by extension and by their first bytes.
public enum Checkpoint {
    /// How a checkpoint is written.
    public struct Options: Sendable {
        /// Texts for the header of `.safetensors`; those that it was read with when left out.
        public var metadata: [(key: String, value: String)]?
        /// Deflates the members of `.npz`, and `.joblib` as a whole.
        public var compresses: Bool
        public init(metadata: [(key: String, value: String)]? = nil, compresses: Bool = false) {
            self.metadata = metadata
            self.compresses = compresses
        }
    }

    /// The formats, by what they are called.
    public enum Format: String, Sendable, CaseIterable {
        case pyTorch = "PyTorch checkpoint"
        case safetensors
        case npy = "NPY"
        case npz = "NPZ"
        case hdf5 = "HDF5"
        case keras = "Keras"
        case pickle
        // Read only:
        case gguf = "GGUF"
        case onnx = "ONNX"

        /// The format of files with this extension (lower case, without the dot).
        public init?(fileExtension: String) {
            switch fileExtension {
            case "pth", "pt": self = .pyTorch
            case "safetensors": self = .safetensors
            case "npy": self = .npy
            case "npz": self = .npz
            case "h5", "hdf5": self = .hdf5
            case "keras": self = .keras
            case "pkl", "pickle", "joblib", "pkl.gz", "pkl.z", "joblib.gz", "joblib.z": self = .pickle
            case "gguf": self = .gguf
            case "onnx": self = .onnx
            default: return nil
            }
        }

        var fileExtension: String {
            switch self {
            case .pyTorch: "pth"
            case .safetensors: "safetensors"
            case .npy: "npy"
            case .npz: "npz"
            case .hdf5: "h5"
            case .keras: "keras"
            case .pickle: "pkl"
            case .gguf: "gguf"
            case .onnx: "onnx"
            }
        }

        /// What the bytes are, by their beginning; `nil` when they could be anything.
        public static func recognize(_ bytes: Bytes) -> Format? {
            if NPY.recognizes(bytes) { return .npy }
            if bytes.starts(with: GGUF.signature) { return .gguf }
            if HDF5.recognizes(bytes) { return .hdf5 }
            if LegacyTorch.recognizes(bytes) { return .pyTorch }
            if ZipArchive.recognizes(bytes) {
                guard let archive = try? ZipArchive(bytes) else { return nil }
                if archive.members.contains(where: { $0.name.hasSuffix("/data.pkl") || $0.name.hasSuffix("/archive_format") }) { return .pyTorch }
                if Keras.recognizes(archive) { return .keras }
                return !archive.members.isEmpty && archive.members.allSatisfy { $0.name.hasSuffix(".npy") } ? .npz : nil
            }
            if Safetensors.recognizes(bytes) { return .safetensors }
            // PROTO with a version, which protocols from 2 on begin with.
            return bytes.starts(with: [0x80]) && bytes.slice(1..<2).map { $0.array[0] <= 5 } ?? false ? .pickle : nil
        }
    }

    /// The extensions that are read and written.
    public static let fileExtensions = ["pth", "pt", "safetensors", "npz", "npy", "pkl", "pickle", "joblib", "h5", "hdf5", "keras"]
    /// The extensions that are read, but not written.
    public static let readOnlyExtensions = ["gguf", "onnx"]

    /// The document in `bytes`. A file whose content is of another kind than its extension says is refused by its true name.
    ///
    /// - Parameters:
    ///   - surroundings: where ONNX's external tensors come from.
    ///   - only: what is wanted; the rest is left out, and neither inflated nor turned round.
    public static func decode(
        _ bytes: Bytes, fileExtension: String, limits: Limits = .standard, surroundings: Surroundings = .none, only selection: Selection? = nil
    ) throws(FormatError) -> Document {
        guard let format = Format(fileExtension: fileExtension) ?? Format.recognize(bytes) else { throw unknown(fileExtension) }
        do throws(FormatError) {
            switch format {
            case .pyTorch: return try PyTorch.decode(bytes, limits: limits, only: selection)
            case .npz: return try NPZ.decode(bytes, limits: limits, only: selection)
            case .gguf: return try GGUF.decode(bytes, limits: limits, only: selection)
            case .onnx: return try ONNX.decode(bytes, limits: limits, external: surroundings.neighbour, only: selection)
            case .safetensors, .npy, .hdf5, .keras, .pickle:
                let document = try decodeWhole(bytes, format, limits)
                return try selection?.applied(to: document, format: format) ?? document
            }
        } catch {
            // Only after a failure: a good file is not looked at twice.
            guard let actual = Format.recognize(bytes), actual != format,
                error.kind == .malformed || error.kind == .truncated || error.kind == .limit
            else { throw error }
            throw FormatError(
                .malformed, format.rawValue, "is in truth a file of another kind: \(actual.rawValue)",
                hint: "name it with the extension .\(actual.fileExtension)")
        }
    }

    /// Formats whose parts are views of the file, or can't be read one by one.
    private static func decodeWhole(_ bytes: Bytes, _ format: Format, _ limits: Limits) throws(FormatError) -> Document {
        switch format {
        case .safetensors: try Safetensors.decode(bytes, limits: limits)
        case .npy: try NPY.decode(bytes, limits: limits)
        case .hdf5: try HDF5.decode(bytes, limits: limits)
        case .keras: try Keras.decode(bytes, limits: limits)
        default: try Joblib.decode(bytes, limits: limits)
        }
    }

    /// Writes `document` in the form that `fileExtension` asks for; `rootName` (the file's stem) names the folder inside.
    public static func encode(
        _ document: Document, fileExtension: String, rootName: String, options: Options = Options(), to sink: any ByteSink
    ) throws(FormatError) {
        let format = Format(fileExtension: fileExtension)
        switch format {
        case .pyTorch: try PyTorch.encode(document, rootName: rootName, to: sink)
        case .safetensors: try Safetensors.encode(document, metadata: options.metadata, to: sink)
        case .npy: try NPY.encode(document, to: sink)
        case .npz: try NPZ.encode(document, compresses: options.compresses, to: sink)
        case .hdf5: try HDF5.encode(document, to: sink)
        case .keras: try Keras.encode(document, to: sink)
        case .pickle: try encodePickle(document, fileExtension: fileExtension, options: options, to: sink)
        case .gguf, .onnx:
            throw FormatError(.unsupported, format?.rawValue ?? "", "is read here, but not written", hint: writable)
        case nil: throw unknown(fileExtension)
        }
    }

    /// joblib's files have their arrays where they can be mapped, or are compressed as their name or the option says.
    private static func encodePickle(
        _ document: Document, fileExtension: String, options: Options, to sink: any ByteSink
    ) throws(FormatError) {
        let isCompressed = fileExtension.contains(".") || (options.compresses && fileExtension == "joblib")
        guard isCompressed || fileExtension == "joblib" else { return try Pickle.encode(document, to: sink) }
        try Joblib.encode(document, compressedBy: !isCompressed ? nil : fileExtension.hasSuffix(".gz") ? .gzip : .zlib, to: sink)
    }

    static func unknown(_ fileExtension: String) -> FormatError {
        FormatError(
            .unsupported, "checkpoint",
            fileExtension.isEmpty ? "has no extension that says its format" : "the extension .\(fileExtension) is none of a checkpoint",
            hint: writable)
    }

    private static var writable: String { "use one of ." + fileExtensions.joined(separator: ", .") }
}
