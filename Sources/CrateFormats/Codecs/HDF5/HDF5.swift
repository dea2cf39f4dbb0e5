import CrateValues

/// HDF5 files: groups of arrays with attributes, as h5py and Keras write them.
///
/// Facts from the HDF5 File Format Specification, version 3.0. No library is used: a file is read as data, with every address and size
/// checked, and nothing outside it is opened.
public enum HDF5 {
    static let format = "HDF5"
    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The key under which a group keeps its own attributes.
    public static let attributesKey = "__attributes__"
    /// The key under which a group keeps the attributes of its arrays, by their names.
    public static let datasetAttributesKey = "__dataset_attributes__"

    /// Whether `bytes` begin as such a file does, or hold one behind a block of the user's own.
    public static func recognizes(_ bytes: Bytes) -> Bool { HDF5Superblock.position(in: bytes) != nil }

    /// Groups as mappings and datasets as their content, in the order of the file's links.
    ///
    /// Datasets of numbers are arrays: views of `bytes` where the file stores them in one piece and little-endian. One number alone is a
    /// plain value when that keeps its type (int64, float64, bool, complex128), else an array without dimensions. Texts are strings, or
    /// nested lists of them; records are mappings of columns; an empty dataspace is null. Attributes stand under `attributesKey` and
    /// `datasetAttributesKey`.
    ///
    /// What can't be given as data is `Document.opaque`, whose state tells `type`, `shape`, `nbytes` and, where there is one, the `reason`:
    /// references, sequences of varying length, unknown filters, external and virtual storage. Links that lead to another file, nowhere, or
    /// back to a group that they are in are `opaque`, too.
    ///
    /// - Throws: `.malformed` and `.truncated` for damage, `.limit` beyond `limits`, `.unsupported` for unknown versions.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        let file = try HDF5File(bytes, limits: limits)
        let tree = HDF5Tree(file)
        return try tree.document()
    }
}
