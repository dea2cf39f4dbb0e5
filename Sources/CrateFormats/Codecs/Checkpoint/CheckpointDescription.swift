import CrateValues

extension Checkpoint {
    /// What a file holds and asks for, also of one that `decode` refuses: nothing of it is run, and nothing but its damage is an error.
    public struct Description: Sendable {
        /// By the file's first bytes, whatever it is called.
        public let format: Format
        /// The content; what is not data is `Document.opaque`. Null when `failure` tells why there is none.
        public var document: Document
        /// Every class and function that a pickle asks for, in the order of the file.
        public var imports: [Pickle.Import]
        /// About the file rather than its content: framework, layout, pickle protocol, byte order, compression, metadata.
        public var facts: [Inspection.Fact]
        /// An archive's files.
        public var members: Inspection.Listing?
        /// What ended the reading of a pickle whose imports up to there are known.
        public var failure: FormatError?

        init(
            _ format: Format, _ document: Document, imports: [Pickle.Import] = [], facts: [Inspection.Fact] = [],
            members: Inspection.Listing? = nil, failure: FormatError? = nil
        ) {
            self.format = format
            self.document = document
            self.imports = imports
            self.facts = facts
            self.members = members
            self.failure = failure
        }

        /// What can run code or reach outside the file.
        public var dangers: [Pickle.Import] { imports.filter { $0.verdict == .dangerous } }
    }

    /// Describes a file of any of the formats, told by its first bytes, or else by its extension.
    ///
    /// - Throws: for damage that leaves nothing to describe, and `.limit`; never for what a pickle asks for.
    public static func describe(
        _ bytes: Bytes, fileExtension: String, limits: Limits = .standard, surroundings: Surroundings = .none
    ) throws(FormatError) -> Description {
        guard let format = Format.recognize(bytes) ?? Format(fileExtension: fileExtension) else { throw unknown(fileExtension) }
        var description = try describe(bytes, as: format, limits: limits, surroundings: surroundings)
        // A pickle's own have been looked for.
        if format != .pickle { description.addImports(ofSequenceIn: bytes, limits: limits) }
        return description
    }

    private static func describe(
        _ bytes: Bytes, as format: Format, limits: Limits, surroundings: Surroundings
    ) throws(FormatError) -> Description {
        switch format {
        case .pyTorch: try PyTorch.describe(bytes, limits: limits)
        case .safetensors: try Safetensors.describe(bytes, limits: limits)
        case .npy: try NPY.describe(bytes, limits: limits)
        case .npz: try NPZ.describe(bytes, limits: limits)
        case .hdf5: try HDF5.describe(bytes, limits: limits)
        case .keras: try Keras.describe(bytes, limits: limits)
        case .pickle: try Joblib.describe(bytes, limits: limits)
        case .gguf: try GGUF.describe(bytes, limits: limits)
        case .onnx: try ONNX.describe(bytes, limits: limits, external: surroundings.neighbour)
        }
    }
}

extension ZipArchive {
    /// The members as rows.
    var listing: Inspection.Listing {
        Inspection.Listing(
            "members", columns: ["name", "size", "stored_size", "method"],
            rows: members.map { member in
                [
                    .string(member.name), .integer(member.size), .integer(member.compressedSize),
                    .string(member.isDeflated ? "deflated" : "stored"),
                ]
            })
    }

    /// How the members are kept.
    var compressionFact: Inspection.Fact {
        let deflated = members.count { $0.isDeflated }
        return ("compression", .string(deflated == 0 ? "stored" : deflated == members.count ? "deflated" : "some members deflated"))
    }
}
