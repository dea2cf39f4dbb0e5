import CrateValues

/// The layout before PyTorch 0.1.10: a tar file of pickles and storages. Its members are named; its tensors are not read.
enum TorchTar {
    /// By the header's checksum, as Python does: the mark `ustar` is younger than the format.
    static func recognizes(_ bytes: Bytes) -> Bool {
        guard let block = bytes.slice(0..<min(TarHeader.blockSize, bytes.count)) else { return false }
        return (try? TarHeader(block, place: 0)) != nil
    }

    static func document(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Document { document(try members(bytes, limits: limits)) }

    private static func document(_ members: [Archive.Member]) -> Document {
        .opaque(.init(name: "torch.tar", state: .object([("members", .list(members.map { .string($0.name) }))])))
    }

    private static func members(_ bytes: Bytes, limits: Limits) throws(FormatError) -> [Archive.Member] {
        var reader = TarReader(PlainStream(bytes), source: .plain(bytes), limits: limits)
        return try reader.members()
    }

    /// The member `pickle` is one; `storages` and `tensors` have several with numbers between, whose lengths only running them tells.
    static func describe(_ bytes: Bytes, limits: Limits) throws(FormatError) -> Checkpoint.Description {
        let members = try members(bytes, limits: limits)
        var description = Checkpoint.Description(
            .pyTorch, document(members), facts: [("framework", .string("PyTorch")), ("layout", .string("tar, before PyTorch 0.1.10"))],
            failure: FormatError(.unsupported, PyTorch.format, "has pickles between its numbers, not all of which are looked into"))
        for member in members where ["pickle", "storages", "tensors"].contains(member.name) {
            guard case .plain(let content) = member.content else { continue }
            description.imports += Pickle.importsOfSequence(in: content, limits: limits).imports.map { $0.inside(member.name) }
        }
        return description
    }
}
