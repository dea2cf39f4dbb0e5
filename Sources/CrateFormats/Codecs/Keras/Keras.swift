import CrateValues

/// Keras models: `.keras` archives of a configuration and weights. Weights alone (`.weights.h5`) and older whole models (`.h5`) are HDF5.
///
/// Facts from Keras' `saving/saving_lib.py`. Nothing in a configuration is looked up, built or run.
public enum Keras {
    static let format = "Keras"
    static let metadataMember = "metadata.json"
    static let configMember = "config.json"
    static let weightsMember = "model.weights.h5"

    static func recognizes(_ archive: ZipArchive) -> Bool { archive[configMember] != nil && archive[metadataMember] != nil }

    /// A mapping of `metadata` and `config` (as the file's JSON has them), `weights` (the groups of its HDF5 file, whose arrays are views
    /// of `bytes`) and, when there are other members, `assets`: their bytes by name.
    ///
    /// - Throws: what `ZipArchive`, `JSON` and `HDF5` throw, with the member's name.
    public static func decode(_ bytes: Bytes, limits: Limits = .standard) throws(FormatError) -> Document {
        let archive = try ZipArchive(bytes, limits: limits)
        var entries: [(String, Document)] = []
        for (key, member) in [("metadata", metadataMember), ("config", configMember)] {
            entries.append((key, try json(member, of: archive, limits: limits)))
        }
        entries.append(
            ("weights", try weights(of: archive, limits: limits) { (bytes) throws(FormatError) in try HDF5.decode(bytes, limits: limits) }))
        var assets: [(String, Document)] = []
        for member in archive.members where !member.isDirectory && ![metadataMember, configMember, weightsMember].contains(member.name) {
            assets.append((member.name, .bytes(try archive.contents(of: member).array)))
        }
        if !assets.isEmpty { entries.append(("assets", .object(assets))) }
        return .object(entries)
    }

    /// The value of a JSON member.
    static func json(_ name: String, of archive: ZipArchive, limits: Limits) throws(FormatError) -> Document {
        let member = try member(name, of: archive)
        do { return try JSON.decode(try archive.contents(of: member), limits: limits) } catch { throw inside(member, error) }
    }

    /// What `read` makes of the weights. Their checksum would mean to read every number, and is left out.
    static func weights<Content>(
        of archive: ZipArchive, limits: Limits, _ read: (Bytes) throws(FormatError) -> Content
    ) throws(FormatError) -> Content {
        let member = try member(weightsMember, of: archive)
        do { return try read(try archive.contents(of: member, checksCRC: member.isDeflated)) } catch { throw inside(member, error) }
    }

    private static func member(_ name: String, of archive: ZipArchive) throws(FormatError) -> ZipArchive.Member {
        guard let member = archive[name] else {
            throw FormatError(
                .malformed, format, "has no \(name); its members are \(archive.members.prefix(5).map(\.name).joined(separator: ", "))")
        }
        return member
    }

    private static func inside(_ member: ZipArchive.Member, _ error: FormatError) -> FormatError {
        FormatError(error.kind, format, "\(member.name): \(error.reason)", at: .member(member.name), hint: error.hint)
    }

    // MARK: Writing

    /// Writes what `decode` gives: a mapping of `metadata`, `config`, `weights` and perhaps `assets`. A model that came from elsewhere has
    /// no configuration, and Keras can't build a model without one.
    public static func encode(_ document: Document, to sink: any ByteSink) throws(FormatError) {
        guard case .mapping(let mapping) = document, let metadata = mapping["metadata"], let config = mapping["config"],
            let weights = mapping["weights"]
        else {
            throw FormatError(
                .unrepresentable, format, "needs the keys metadata, config and weights, as a .keras file read here has them",
                hint: "save weights alone as .weights.h5")
        }
        let known = ["metadata", "config", "weights", "assets"]
        for entry in mapping.entries where !known.contains(entry.key.textOrEmpty) {
            throw FormatError(
                .unrepresentable, format, "has no place for the key \(entry.key.textOrEmpty)", at: .member(entry.key.textOrEmpty))
        }
        var archive = ZipWriter(sink)
        for (name, value) in [(metadataMember, metadata), (configMember, config)] {
            let text = MemorySink()
            try JSON.encode(value, to: text)
            try archive.add(name, Bytes(text.array))
        }
        let file = MemorySink()
        try HDF5.encode(weights, to: file)
        try archive.add(weightsMember, Bytes(file.array))
        for (name, bytes) in try assets(mapping["assets"]) { try archive.add(name, Bytes(bytes)) }
        try archive.finish()
    }

    private static func assets(_ document: Document?) throws(FormatError) -> [(String, [UInt8])] {
        guard let document else { return [] }
        guard case .mapping(let mapping) = document else {
            throw FormatError(.unrepresentable, format, "needs a mapping of files as assets")
        }
        var assets: [(String, [UInt8])] = []
        for entry in mapping.entries {
            guard case .string(let name) = entry.key, case .bytes(let bytes) = entry.value, !known(name) else {
                throw FormatError(.unrepresentable, format, "has an asset that is not bytes under a name of its own", at: .member("assets"))
            }
            assets.append((name, bytes))
        }
        return assets
    }

    private static func known(_ name: String) -> Bool { [metadataMember, configMember, weightsMember].contains(name) }
}

extension Document {
    fileprivate var textOrEmpty: String { if case .string(let text) = self { text } else { "" } }
}
