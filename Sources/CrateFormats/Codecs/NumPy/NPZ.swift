import CrateValues

/// numpy's `.npz`: a ZIP file of `<name>.npy`.
public enum NPZ {
    static let format = "NPZ"
    private static let suffix = ".npy"

    /// The arrays by name, in the file's order: all, or those whose names are selected; the others are not inflated.
    public static func decode(
        _ bytes: Bytes, limits: Limits = .standard, only selection: Checkpoint.Selection? = nil
    ) throws(FormatError) -> Document {
        let archive = try ZipArchive(bytes, limits: limits)
        var entries: [(key: Document, value: Document)] = []
        for member in archive.members {
            guard member.name.hasSuffix(suffix) else {
                throw FormatError(.malformed, format, "holds \(member.name), which is no array", at: .member(member.name))
            }
            let name = String(member.name.dropLast(suffix.count))
            guard selection?.contains(name) ?? true else { continue }
            do throws(FormatError) {
                entries.append((.string(name), try NPY.decode(try archive.contents(of: member), limits: limits)))
            } catch {
                throw FormatError(error.kind, format, "the array \(name) \(error.reason)", at: .member(member.name), hint: error.hint)
            }
        }
        if let selection, entries.isEmpty {
            throw selection.nothing(in: archive.members.map { String($0.name.dropLast(suffix.count)) }, .npz)
        }
        return .mapping(Document.Mapping(entries))
    }

    /// Shows every array, those of hostile objects too.
    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let archive = try ZipArchive(bytes, limits: limits)
        var description = Checkpoint.Description(
            .npz, .null, facts: [("framework", .string("numpy")), archive.compressionFact], members: archive.listing)
        var entries: [(key: Document, value: Document)] = []
        for member in archive.members where member.name.hasSuffix(suffix) {
            let array = try NPY.describe(try archive.contents(of: member), limits: limits)
            entries.append((.string(String(member.name.dropLast(suffix.count))), array.document))
            description.imports += array.imports
            description.failure = description.failure ?? array.failure
        }
        description.document = .mapping(Document.Mapping(entries))
        return description
    }

    /// Writes a mapping of names to arrays; anything else is refused by its name.
    public static func encode(_ document: Document, compresses: Bool = false, to sink: any ByteSink) throws(FormatError) {
        guard case .mapping(let mapping) = document else {
            throw FormatError(.unrepresentable, format, "holds named arrays; this value is not a mapping", hint: "save it as .npy or .pth")
        }
        var archive = ZipWriter(sink)
        for (key, value) in mapping.entries {
            guard case .string(let name) = key else {
                throw FormatError(.unrepresentable, format, "holds named arrays; a name is not text")
            }
            let member = MemorySink()
            do throws(FormatError) {
                try NPY.encode(value, to: member)
            } catch {
                throw FormatError(error.kind, format, "\(name): \(error.reason)", at: .member(name), hint: error.hint)
            }
            try archive.add(name + suffix, Bytes(member.array), method: compresses ? .deflated(level: 6) : .stored)
        }
        try archive.finish()
    }
}
